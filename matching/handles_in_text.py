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
_INSTAGRAM = r"(?:ig|insta|instagram)(?:\s(?:handle|name|account|acc?t?|user(?:\s?name)?|page|profile))?"
_IS = r"(?:is|es|ist|est|[èé])"
#: Before "insta" or "page", and which of several: then it is the writer's.
_MY = r"(?:my|our|mi|mein|unser|meu|nosso|mon|notre|mio|nostro)"
_WHICH = r"(?:other|new|second|2nd|main|backup|personal|private|public|business|work|photo|art)"
_ANNOUNCED = re.compile(
    rf"\b(?P<announced>{_INSTAGRAM}(?:\s?[:=]\s?|(?P<stated>\s{_IS}\s)"
    # "IG - ana"; "my ig ana_88": no word looks like that
    r"|(?P<beside>\s-\s|\s(?=@?(?:[a-z0-9.]{1,29}_|[a-z.]{3,29}\d)))))"
    r"(?P<name>@?[a-z0-9._]{2,30})(?![\w@]|-\w)",
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
_OWN_BEFORE = re.compile(
    rf"(?:^|[\n.,;:!?|/(&•-])\s*(?:(?:and|or|also|y|the|{_MY}|{_WHICH})\s+)*$|\b(?:{_MY}|me|us)\b[^.!?\n]*$",
    re.IGNORECASE,
)
_OWN_RIGHT_BEFORE = re.compile(
    rf"(?:^|[\n.,;:!?|/(&•])\s*(?:and\s)?$|\b{_MY}\s(?:{_WHICH}\s)?$", re.IGNORECASE
)
"""Before "ig ana_88", where no colon says that a name follows: "saw it on IG - 7.30pm" does not."""

_MY_ACCOUNT = rf"{_MY}\s(?:{_WHICH}\s){{0,2}}(?:page|main|backup|acc?t?|account|profile|handle|user\s?name|business|shop|spam)"
_ANNOUNCES_TAG = re.compile(
    # "my insta is", and at the beginning of a clause "ig:"
    rf"(?:(?:^|[\n.,;:!?|/(&]|\b(?:{_MY}|and|me)\b)\s*|\b(?:me|us|i'?m|we're)\son\s)(?P<instagram>{_INSTAGRAM})(?:\s{_IS}|'s)?\s?[:=-]?\s?$"
    # "my main is", "on my other acc"
    rf"|(?<!not\s)\b(?P<account>{_MY_ACCOUNT})(?:\s{_IS}|'s)?\s?[:=-]?\s?$"
    r"|\b(?P<oneself>(?:that'?s|this\sis|this|it'?s)\sme)[\s:,-]*$",
    re.IGNORECASE,
)
"""Before a tag or a link: it is the writer's own."""

_CLAIMS_TAG = re.compile(rf"\s{_IS}\s(?P<account>{_MY_ACCOUNT})\b(?!')", re.IGNORECASE)
"""After one: "@ana is my other page"."""

#: "on ig, I'm @…", "I'm @… on ig"; "I'm @…" at the beginning of a clause, and at its end.
_ON_INSTAGRAM = r"\b(?:on|su|auf|en|sur|no)\s(?:ig|insta|instagram)\b"
_I_AM = re.compile(
    rf"(?:(?P<there>{_ON_INSTAGRAM}[\s,:]*)|(?:^|[\n.,;:!?(-]|\b(?:hi|hey|hello|hola|ciao|hallo|and|so|yes|yeah)\b)\s*)(?P<words>i'?m|i\sam|we're|we\sare|soy|somos|ich\sbin|wir\ssind|je\ssuis|sono|siamo|sou)\s$",
    re.IGNORECASE,
)
_THERE = re.compile(rf"\s{_ON_INSTAGRAM}", re.IGNORECASE)
_ENDS_CLAUSE = re.compile(r"\s*(?:$|[\n.,;!?|)])")


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
    if match["beside"] and not _OWN_RIGHT_BEFORE.search(_before(text, match.start("announced"))):
        return False
    if _LOOKS_LIKE_A_HANDLE.search(name):
        return True
    alone = _STANDS_ALONE.match(text, match.start("name") + len(name))
    return bool(alone) and not is_ordinary(fold(name)) and _is_ones_own(text, match)


def _is_ones_own(text: str, match: re.Match[str]) -> bool:
    return bool(_OWN_BEFORE.search(_before(text, match.start("announced"))))


def _introduction(text: str, match: re.Match[str]) -> str:
    if match.re is not _ANNOUNCED:
        return _introduction_of_tag(text, match)
    return match["announced"].strip(" :=-") if _is_ones_own(text, match) else ""


def _introduction_of_tag(text: str, match: re.Match[str]) -> str:
    """The words that announce a tag as one's own.

    "I'm @…" may say where one is: it counts where it speaks of Instagram, or ends on what is no plain word.
    """
    before = _before(text, match.start())
    announced = _ANNOUNCES_TAG.search(before) or _CLAIMS_TAG.match(text, match.end())
    if announced:
        return next(words for words in announced.groups() if words)
    oneself = _I_AM.search(before)
    if oneself is None:
        return ""
    ends = _ENDS_CLAUSE.match(text, match.end()) and not match["name"].lstrip("@").isalpha()
    is_meant = oneself["there"] or ends or _THERE.match(text, match.end())
    return oneself["words"] if is_meant else ""
