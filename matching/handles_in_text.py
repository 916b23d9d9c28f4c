"""Instagram names in a text: tagged (@name), linked, or announced ("IG: name")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching.known_words import is_ordinary
from matching.normalize.emails import names_provider
from matching.normalize.handles import INSTAGRAM, normalize_handle
from matching.normalize.text import fold, plain_text
from matching.records import Handle, Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHandle:
    """A handle in a text: `text[start:end]` is how it was spelled; `introduction` is what announced it as one's own."""

    start: int
    end: int
    handle: Handle
    introduction: str = ""


def find_handles(text: str) -> Iterator[FoundHandle]:
    """Yield the handles of a text; names on other platforms, numbers and ordinary words are none."""
    readable = plain_text(text)
    for pattern in (_TAGGED, _PROFILE_LINK, _ANNOUNCED):
        for match in pattern.finditer(readable.text):
            handle = normalize_handle(match["name"], platform=INSTAGRAM, provenance=Provenance.MENTIONED)
            if isinstance(handle, Handle) and _is_meant(readable.text, match, handle.value):
                start, end = readable.original_span(*match.span("name"))
                yield FoundHandle(
                    start=start, end=end, handle=handle, introduction=_introduction(readable.text, match)
                )


_TAGGED = re.compile(
    r"(?<![\w@./+-])(?P<name>@[a-z0-9_](?:[a-z0-9._]{0,28}[a-z0-9_])?)(?![\w@]|-\w)", re.IGNORECASE
)
_PROFILE_LINK = re.compile(
    r"(?<![\w@.-])(?P<name>(?:https?://)?(?:www\.|m\.)?(?:instagram\.com|instagr\.am)/[\w.@/-]{1,60})",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"\b(?P<announced>(?:ig|insta|instagram)(?:\s(?:handle|name|account|user(?:name)?|page|profile))?"
    r"(?:\s?[:=]\s?|(?P<stated>\s(?:is|es)\s)))(?P<name>@?[a-z0-9._]{2,30})(?![\w@]|-\w)",
    re.IGNORECASE,
)

_ELSEWHERE_BEFORE = re.compile(
    r"\b(?:venmo|cash\s?app|paypal|zelle|tik\s?tok|twitter|x|snap(?:chat)?|telegram|facebook|fb|you\s?tube|threads|linkedin|discord|twitch)"
    r"(?:\s+(?:handle|name|account|user(?:name)?))?(?:\s+is|\s+es|'s)?\s*[:=-]?\s*$",
    re.IGNORECASE,
)
_LONGEST_CONTEXT = 60
_FEWEST_DIGITS_OF_A_PHONE = 7
_LOOKS_LIKE_A_HANDLE = re.compile(r"[a-z].*[\d_.]|[\d_.].*[a-z]|^@", re.IGNORECASE)
_STANDS_ALONE = re.compile(r"\s*(?:$|[\n,;|/)]|\.(?:\s|$))")
_OWN_BEFORE = re.compile(r"(?:^|[\n.,;:!?|/(&•-])\s*(?:(?:and|or|also|y|my|our|mi|meu|mon|mein|the|personal|business|work|other)\s+)*$|\b(?:my|our|mi|me|us|meu|mon|mein)\b[^.!?\n]*$", re.IGNORECASE)  # fmt: skip


_ANNOUNCES_TAG = re.compile(
    r"(?:^|[\n.,;:!?|/(&]|\b(?:my|our|mi|and|me|on)\b)\s*(?P<announced>(?:ig|insta|instagram)(?:\s(?:handle|name|account))?)\s?[:=-]?\s?$",
    re.IGNORECASE,
)


def _before(text: str, position: int) -> str:
    return text[max(0, position - _LONGEST_CONTEXT) : position]


def _is_meant(text: str, match: re.Match[str], value: str) -> bool:
    if value.isdecimal() and len(value) >= _FEWEST_DIGITS_OF_A_PHONE:
        return False
    if match.re is _TAGGED and names_provider(value):
        return False
    if _ELSEWHERE_BEFORE.search(_before(text, match.start("name"))):
        return False
    return match.re is not _ANNOUNCED or _is_meant_as_name(text, match)


def _is_meant_as_name(text: str, match: re.Match[str]) -> bool:
    """A word after "IG:" is a name where it looks like one, or where nothing follows and it is no ordinary word."""
    name = match["name"].rstrip(".")
    if match["stated"] and not _is_ones_own(text, match):
        return False
    if _LOOKS_LIKE_A_HANDLE.search(name):
        return True
    alone = _STANDS_ALONE.match(text, match.start("name") + len(name))
    return bool(alone) and not is_ordinary(fold(name)) and _is_ones_own(text, match)


def _is_ones_own(text: str, match: re.Match[str]) -> bool:
    return bool(_OWN_BEFORE.search(_before(text, match.start("announced"))))


def _introduction(text: str, match: re.Match[str]) -> str:
    if match.re is _TAGGED:
        tag = _ANNOUNCES_TAG.search(_before(text, match.start()))
        return tag["announced"] if tag else ""
    if match.re is not _ANNOUNCED or not _is_ones_own(text, match):
        return ""
    return match["announced"].strip(" :=")
