"""Japanese names in kanji, as they are mostly read: a table, since the characters alone do not tell."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from matching.normalize.text import fold

_LONGEST_FAMILY_NAME = 3
"""Characters of the longest family name of the table (長谷川)."""

_LENGTH_OF_CHINESE_NAMES = 3
"""Characters up to which a name may as well be Chinese, unless both of its parts are Japanese."""


class Reading(NamedTuple):
    """The parts of a name in Latin letters, folded."""

    given: str
    family: str


def read_japanese(written: str) -> Reading | None:
    """Read a name with its family name first, with or without a space; None where it is none that the table knows.

    A given name that the table lacks is spelled as if it were Chinese, which is no worse than nothing.
    """
    if not _is_kanji(written[:1]):
        return None
    for length in range(min(_LONGEST_FAMILY_NAME, len(written) - 1), 0, -1):
        family = _family_names().get(written[:length])
        rest = written[length:].strip()
        if family is None or not rest:
            continue
        given = _given_names().get(rest)
        is_certain = length > 1 and (len(written) > _LENGTH_OF_CHINESE_NAMES or not _is_kanji(rest))
        if given or is_certain:
            return Reading(given or fold(rest).replace(" ", ""), family)
    return None


def _is_kanji(text: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" for character in text)


@cache
def _family_names() -> dict[str, str]:
    return _readings(0)


@cache
def _given_names() -> dict[str, str]:
    return _readings(1)


def _readings(part: int) -> dict[str, str]:
    """Spelling -> reading; the table has family names, a blank line, given names. Of two readings the first counts."""
    text = (files("matching") / "data" / "japanese_names.txt").read_text(encoding="utf-8")
    _, *parts = text.strip().split("\n\n")
    lines = [line.split() for line in parts[part].splitlines() if not line.startswith("#")]
    return {spelling: reading for reading, *spellings in reversed(lines) for spelling in reversed(spellings)}
