"""Whether two names that fold to the same letters are written as two people's: Han characters, Vietnamese tone marks.

王伟 and 王薇 are both Wang Wei in Latin letters, Hùng and Hưng are both Hung: where both are written out, that tells them apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matching.records import PersonName

_VIETNAMESE = re.compile("[\u0103\u0111\u01a1\u01b0\u1ea0-\u1ef9]")
"""Letters that hardly another language has: ă, đ, ơ, ư, and those with a dot below, a hook, or two marks."""


def differ_in_characters(one: PersonName, other: PersonName) -> bool:
    """True for two names in Han characters of which one character or more differs, beyond its simplified and traditional form."""
    if one.script != "Han" or other.script != "Han":
        return False
    characters = [list(filter(str.isalpha, name.display)) for name in (one, other)]
    return len(characters[0]) == len(characters[1]) and not all(
        map(_is_one_character, characters[0], characters[1])
    )


def family_differs_in_characters(one: PersonName, other: PersonName) -> bool:
    """The same of the first character, with which the family name begins."""
    return not _is_one_character(one.display[0], other.display[0])


def differ_in_marks(one: PersonName, other: PersonName) -> bool:
    """True for two names that are written with marks, one of them with Vietnamese ones, and not with the same ones, wherever in a syllable they stand (Hòa, Hoà)."""
    if one.display.isascii() or other.display.isascii():
        return False
    written = [name.display.lower() for name in (one, other)]
    return any(map(_VIETNAMESE.search, written)) and _letters_of(written[0]) != _letters_of(written[1])


@lru_cache(maxsize=65_536)
def _letters_of(written: str) -> tuple[str, ...]:
    return tuple(sorted(filter(str.strip, unicodedata.normalize("NFD", written))))


@lru_cache(maxsize=65_536)
def _is_one_character(one: str, other: str) -> bool:
    """True for a character, and for its simplified and its traditional form.

    Nobody's table is needed for that: GB 2312 has no traditional forms, and Big5 no simplified ones.
    """
    simplified, traditional = _is_in(one, "gb2312"), _is_in(one, "big5")
    others_simplified, others_traditional = _is_in(other, "gb2312"), _is_in(other, "big5")
    are_forms = not (simplified or others_traditional) or not (others_simplified or traditional)
    return one == other or are_forms


def _is_in(character: str, encoding: str) -> bool:
    return bool(character.encode(encoding, errors="ignore"))
