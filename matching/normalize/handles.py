"""User names on platforms: how the platform writes them, and what a person would recognise in them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from matching.normalize.text import fold, plain
from matching.records import Handle, Provenance, Rejected
from matching.vocabulary import vocabulary

MAX_HANDLE_LENGTH = 300
"""Characters of a field that are looked at: a profile link with its tracking parameters is long."""

MAX_OTHER_HANDLE_LENGTH = 100
"""Longer than the user names of any platform that has them."""

INSTAGRAM = "instagram"

_INSTAGRAM_NAME = re.compile(r"[a-z0-9._]{1,30}")
_OTHER_NAME = re.compile(rf"[^\s@/\\?#<>\"]{{1,{MAX_OTHER_HANDLE_LENGTH}}}")

_EMPTY = Rejected(code="handle_empty", detail="There is no user name here.")
_TOO_LONG = Rejected(code="handle_too_long", detail="This user name is too long.")
_BAD_CHARACTERS = Rejected(
    code="handle_bad_characters", detail="A user name has only letters, digits, dots and underscores."
)
_NOT_A_PROFILE = Rejected(
    code="handle_not_a_profile", detail="This link leads to a post or a page, not to somebody's profile."
)

_LINK = re.compile(
    r"^(?:https?://)?(?:[\w-]+\.)*"
    r"(?:instagram|instagr|ig|facebook|fb|messenger|m|tiktok|twitter|x|threads|linkedin|snapchat|t|telegram)"
    r"\.(?:com|am|me|net)/+(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?",
    re.IGNORECASE,
)
_PATH_BEFORE_NAME = frozenset({"_u", "_n", "stories", "m", "t", "add", "in", "people", "pg"})
"""Path segments of links after which the user name follows."""

_PATH_OF_PAGES = frozenset(
    {"p", "reel", "reels", "tv", "explore", "accounts", "direct", "share", "s", "groups", "events", "watch"}
)
_QUERY_NAME = re.compile(r"(?:^|&)(?:username|id)=([^&]+)")


def normalize_handle(raw: str, *, platform: str, provenance: Provenance) -> Handle | Rejected:
    """Bring a user name, or the link to a profile, to the form that the platform gives it, without @."""
    if len(raw) > MAX_HANDLE_LENGTH:
        return _TOO_LONG
    typed = _user_name(plain(raw).strip())
    if isinstance(typed, Rejected):
        return typed
    value = plain(typed.casefold()).strip(". ") if platform == INSTAGRAM else plain(typed.casefold())
    rejected = _rejection(value, platform)
    return rejected or Handle(
        platform=platform, value=value, skeleton=handle_skeleton(value), provenance=provenance
    )


def _user_name(typed: str) -> str | Rejected:
    link = _LINK.match(typed)
    if link:
        return _name_in_link(link)
    return re.sub(
        r"^(?:(?:ig|insta|instagram)\s*[:=]\s*)?[\s@]+|^(?:ig|insta|instagram)\s*[:=]|[\s,;:]+$",
        "",
        typed,
        flags=re.IGNORECASE,
    )


def _name_in_link(link: re.Match[str]) -> str | Rejected:
    segments = [unquote(segment) for segment in link["path"].split("/") if segment.strip()]
    while segments and segments[0].casefold() in _PATH_BEFORE_NAME:
        segments = segments[1:]
    name = segments[0].strip().lstrip("@") if segments else ""
    if name.casefold() in {"profile.php", "user", ""}:
        named = _QUERY_NAME.search(link["query"] or "")
        return named[1] if named else _NOT_A_PROFILE
    return _NOT_A_PROFILE if name.casefold() in _PATH_OF_PAGES else name


def _rejection(value: str, platform: str) -> Rejected | None:
    longest = 30 if platform == INSTAGRAM else MAX_OTHER_HANDLE_LENGTH
    if not value:
        return _EMPTY
    if len(value) > longest:
        return _TOO_LONG
    allowed = _INSTAGRAM_NAME if platform == INSTAGRAM else _OTHER_NAME
    return None if allowed.fullmatch(value) else _BAD_CHARACTERS


# --- What a person would recognise ---

_GLUED_BEFORE = re.compile(
    r"^(?:official|oficial|thereal|theofficial|itsme|iamthe|imthe|iam|its(?!u)|hey(?=its|im))(?=[a-z0-9]{5})"
)
_GLUED_AFTER = re.compile(r"(?<=[a-z0-9]{5})(?:official|oficial|business|biz|xoxo)$")
_FEWEST_LETTERS = 3
"""What is left must still tell people apart; a shorter skeleton keeps its decoration."""


def handle_skeleton(value: str) -> str:
    """Reduce a user name to what a person would recognise: `johndoe` of `_johndoe_`, `john.doe_biz`, `itsjohndoe77`.

    Drops separators, digits at the ends, and decoration, as long as enough remains.
    """
    current = fold(value)
    reduced = _reduced(current)
    while reduced != current:
        current, reduced = reduced, _reduced(reduced)
    return current


def _reduced(folded: str) -> str:
    parts = folded.split()
    telling = [word for word in parts if word not in vocabulary("handle_decoration") and not word.isdecimal()]
    joined = _enough("".join(telling), "".join(parts))
    without_digits = _enough(joined.strip("0123456789"), joined)
    return _enough(_GLUED_AFTER.sub("", _GLUED_BEFORE.sub("", without_digits)), without_digits)


def _enough(reduced: str, whole: str) -> str:
    return reduced if reduced is whole or sum(map(str.isalpha, reduced)) >= _FEWEST_LETTERS else whole
