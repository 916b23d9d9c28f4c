"""What a message says of its sender: phones, addresses, handles, each with whose it is, and self-introductions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from matching.attribution import Cue, Whose, attribute
from matching.handles_in_text import find_handles
from matching.introductions import find_introductions
from matching.known_words import is_family_name, is_ordinary
from matching.labels import Label, label_from_cue
from matching.normalize.emails import ROLE_LOCALS, find_emails, is_public_domain
from matching.normalize.phones import find_phones, is_toll_free
from matching.normalize.text import fold
from matching.quoting import others_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matching.records import Email, Handle, PersonName, Phone

__all__ = ["MAX_TEXT_LENGTH", "Extraction", "Mention", "Whose", "extract"]

MAX_TEXT_LENGTH = 10_000
"""Characters of a message that are read. Instagram cuts at 1,000; a form may paste more."""

MAX_HANDLES = 100
"""Handles of a text that are read: more are a list of tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A value in a text: `text[start:end]` is how it was spelled.

    `cue` is what said whose it is or what it is for ("my husband's"), None where nothing did: then a phone or an
    address is taken for the writer's own, a toll-free number for a company's, and a handle for somebody else's (people
    tag others, and us).
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
    relayed = others_words(read)
    theirs = _without(read, relayed)
    names = find_introductions(theirs)
    found = _without_overlaps([*_found_emails(read), *_found_handles(read), *_found_phones(read, region)])
    spans = [(mention.start, mention.end) for mention in found]
    cues = attribute(read, spans, own_names=_tokens(names))
    own = [
        span
        for span, mention, cue in zip(spans, found, cues, strict=True)
        if (cue.whose if cue else mention.whose) is Whose.OWN
    ]
    signed = find_introductions(theirs, own=own) if own else names
    if signed != names:
        names, cues = signed, attribute(read, spans, own_names=_tokens(signed))
    return Extraction(
        mentions=tuple(
            _relayed(mention) if _lies_in(mention, relayed) else _attributed(mention, cue)
            for mention, cue in zip(found, cues, strict=True)
        ),
        names=names,
    )


def _tokens(names: Iterable[PersonName]) -> frozenset[str]:
    return frozenset(token for name in names for token in name.tokens)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with line breaks in the place of these spans, so that nothing runs on over them."""
    for start, end in spans:
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def _lies_in(mention: Mention, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= mention.start and mention.end <= end for start, end in spans)


def _relayed(mention: Mention) -> Mention:
    return replace(mention, whose=Whose.OTHER, cue="quoted")


_SAID_BEFORE_AT = re.compile(r"([\w'-]+(?:\.[\w'-]+)?)\s+at\s", re.IGNORECASE)


def _found_emails(text: str) -> Iterator[Mention]:
    for found in find_emails(text):
        said = _SAID_BEFORE_AT.match(text[found.start : found.end])
        if said is None or not _is_of_words(said[1], found.email.address):
            yield Mention(value=found.email, start=found.start, end=found.end)


def _is_of_words(local: str, address: str) -> bool:
    """True before the "at" of a place: "see you at gmail dot com", "booked at opentable dot com", "thanks.lunch at ana.com"."""
    first, *others = map(fold, local.split("."))
    if others:
        is_public = is_public_domain(address.rpartition("@")[2])
        return not is_public and any(
            is_ordinary(word) and not is_family_name(word) for word in (first, *others)
        )
    return is_ordinary(first) and first not in ROLE_LOCALS


def _found_phones(text: str, region: str) -> Iterator[Mention]:
    for found in find_phones(text, region=region):
        whose = Whose.OTHER if is_toll_free(found.phone) else Whose.OWN
        yield Mention(value=found.phone, start=found.start, end=found.end, whose=whose)


def _found_handles(text: str) -> Iterator[Mention]:
    for found in islice(find_handles(text), MAX_HANDLES):
        whose = Whose.OWN if found.introduction else Whose.OTHER
        yield Mention(value=found.handle, start=found.start, end=found.end, whose=whose)


def _without_overlaps(mentions: Sequence[Mention]) -> list[Mention]:
    """Keep the first kind that claims a stretch of text: the digits inside an address are no phone."""
    kept: list[Mention] = []
    for mention in mentions:
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


def _attributed(mention: Mention, cue: Cue | None) -> Mention:
    if cue is None:
        return mention
    return replace(mention, whose=cue.whose, cue=cue.words, label=label_from_cue(cue.words))
