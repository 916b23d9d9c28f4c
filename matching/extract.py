"""What a message says of its sender: phones, addresses, handles, each with whose it is, and self-introductions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matching.attribution import MAX_CUE_DISTANCE, Whose, find_cue
from matching.introductions import find_introductions
from matching.labels import Label, label_from_cue
from matching.normalize.emails import find_emails
from matching.normalize.handles import INSTAGRAM, normalize_handle
from matching.normalize.phones import find_phones
from matching.normalize.text import plain, plain_text
from matching.records import Email, Handle, PersonName, Phone, Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["MAX_TEXT_LENGTH", "Extraction", "Mention", "Whose", "extract"]

MAX_TEXT_LENGTH = 10_000
"""Characters of a message that are read. Instagram cuts at 1,000; a form may paste more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A value in a text: `text[start:end]` is how it was spelled.

    `cue` is what said whose it is or what it is for ("my husband's"), None where nothing did: then a phone or an
    address is taken for the writer's own, and a handle for somebody else's (people tag others, and us).
    """

    value: Phone | Email | Handle
    start: int
    end: int
    whose: Whose = Whose.OWN
    cue: str | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that was found in a text, in the order of the text."""

    mentions: tuple[Mention, ...] = ()
    names: tuple[PersonName, ...] = ()


def extract(text: str, *, region: str) -> Extraction:
    """Find what a message says of its sender; `region` is where numbers without a country code are taken to be."""
    read = text[:MAX_TEXT_LENGTH]
    found = _without_overlaps([*_found_emails(read), *_found_handles(read), *_found_phones(read, region)])
    return Extraction(
        mentions=tuple(_attributed(read, found, index) for index in range(len(found))),
        names=find_introductions(read),
    )


# --- The values ---

_HANDLE = re.compile(r"(?<![\w@./+-])@([a-z0-9_](?:[a-z0-9._]{0,28}[a-z0-9_])?)(?![\w@])", re.IGNORECASE)
_PROFILE_LINK = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:www\.|m\.)?(?:instagram\.com|instagr\.am)/[\w.@/-]{1,60}", re.IGNORECASE
)
_NAMED_HANDLE = re.compile(
    r"\b(?:ig|insta|instagram)(?: (?:handle|name|account|user(?:name)?))?\s?[:=]\s?([a-z0-9._]{2,30})(?![\w@])",
    re.IGNORECASE,
)


def _found_emails(text: str) -> Iterator[Mention]:
    return (Mention(value=found.email, start=found.start, end=found.end) for found in find_emails(text))


def _found_phones(text: str, region: str) -> Iterator[Mention]:
    return (
        Mention(value=found.phone, start=found.start, end=found.end)
        for found in find_phones(text, region=region)
    )


def _found_handles(text: str) -> Iterator[Mention]:
    readable = plain_text(text)
    for pattern, whose in (
        (_HANDLE, Whose.OTHER),
        (_PROFILE_LINK, Whose.OTHER),
        (_NAMED_HANDLE, Whose.OWN),
    ):
        for match in pattern.finditer(readable.text):
            typed = match[match.lastindex or 0]
            handle = normalize_handle(typed, platform=INSTAGRAM, provenance=Provenance.MENTIONED)
            if isinstance(handle, Handle):
                start, end = readable.original_span(*match.span())
                yield Mention(value=handle, start=start, end=end, whose=whose)


def _without_overlaps(mentions: Sequence[Mention]) -> list[Mention]:
    """Keep the first kind that claims a stretch of text: the digits inside an address are no phone."""
    kept: list[Mention] = []
    for mention in mentions:
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


def _attributed(text: str, found: Sequence[Mention], index: int) -> Mention:
    """Say whose a value is, by the words between it and its neighbours."""
    mention = found[index]
    previous_end = found[index - 1].end if index else 0
    next_start = found[index + 1].start if index + 1 < len(found) else len(text)
    cue = find_cue(
        before=plain(text[max(previous_end, mention.start - MAX_CUE_DISTANCE) : mention.start]),
        after=plain(text[mention.end : min(next_start, mention.end + MAX_CUE_DISTANCE)]),
    )
    return (
        replace(mention, whose=cue.whose, cue=cue.words, label=label_from_cue(cue.words)) if cue else mention
    )
