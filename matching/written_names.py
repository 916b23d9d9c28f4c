"""Whether two names that are alike in Latin letters are written as two people's: Han characters, Vietnamese tone marks, Arabic and Hebrew vowels.

王伟 and 王薇 are both Wang Wei in Latin letters, Hùng and Hưng are both Hung: where both are written out, that tells them apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from matching.normalize.text import fold

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


# ---------------------------------------------------------------- Arabic and Hebrew letters

_ONE_LETTER = str.maketrans("ىیکةہھٱ", "ييكههها", "ءـ")
"""Letters that one keyboard has and another one lacks, or that are typed for each other; the hamza and the dash are often left out."""


def differ_in_letters(one: PersonName, other: PersonName) -> bool:
    """True for two names in Arabic or in Hebrew letters whose first or last words are not written alike, in either order.

    Folding leaves out the alif, the ayin and the aleph, so that كامل and كمال are both `kml`.
    """
    return sorted(_first_and_last(one)) != sorted(_first_and_last(other))


def given_differs_in_letters(one: PersonName, other: PersonName) -> bool:
    """The same of the given names, unless one is an initial; each may be written in two words."""
    (given, givens, _), (other_given, other_givens, _) = _written_parts(one), _written_parts(other)
    letters, others = _plain_letters(given), _plain_letters(other_given)
    is_one = letters == others or _plain_letters(givens) == _plain_letters(other_givens)
    return not is_one and min(len(letters), len(others)) > 1


def _first_and_last(name: PersonName) -> tuple[str, str]:
    given, _, family = _written_parts(name)
    return _plain_letters(given), _plain_letters(family)


def _written_parts(name: PersonName) -> tuple[str, str, str]:
    """The given name, the same with the middle names, and the family name as they are written."""
    words = name.display.split()
    start = len(words) - len(name.family.split())
    return words[0], " ".join(words[:start]), " ".join(words[start:])


@lru_cache(maxsize=65_536)
def _plain_letters(written: str) -> str:
    letters = unicodedata.normalize("NFD", written).translate(_ONE_LETTER)
    return "".join(filter(str.isalpha, letters))


_SAID_AS_Z = str.maketrans("ضذظ", "ززز")
"""Letters that Persians, and many Arabs, say as a z, and others as a d."""


def readings_of(name: PersonName) -> tuple[tuple[str, str], ...]:
    """Given and family name of a name in Arabic or Hebrew letters, folded: as they stand, and as a Persian says them (rda, rza)."""
    given, _, family = _written_parts(name)
    said = fold(given.translate(_SAID_AS_Z)), fold(family.translate(_SAID_AS_Z))
    return tuple(dict.fromkeys(((name.given, name.family), said)))


_LONG_VOWELS = {"ي": "iey", "\u05d9": "iey", "و": "ouvw", "\u05d5": "ouvw"}
"""Letters that stand for a long vowel or for a consonant near it, and the Latin letters of which one stands for each."""
_LONG_AT_THE_END = (
    (re.compile("(?:ou|oo)[^aeiou]+$"), "\u0648\u05d5"),
    (re.compile("(?:ee|ei|ie)[^aeiou]+$"), "\u064a\u05d9"),
)
"""Latin spellings of a vowel that is long in a last syllable, and the letters of which one is written for it (Mahmoud is no محمد)."""
_ENDS_OF_WOMEN = "هاה"
_ENDS_AS_A = _ENDS_OF_WOMEN + "يאע"


def may_be_read_as(name: PersonName, *words: str) -> bool:
    """True where the vowels that a name in Arabic or Hebrew letters writes are those of its given name, or of it and the family name, in Latin letters.

    Most vowels are not written, so that consonants alone make one name of سمير (Samir), Samar and Samira.
    """
    return all(map(_is_heard, _first_and_last(name), words))


@lru_cache(maxsize=65_536)
def _is_heard(written: str, latin: str) -> bool:
    inner = re.sub(r"(.)\1", r"\1", written[1:-1])
    heard = iter(latin)
    if not all(
        any(letter in _LONG_VOWELS[vowel] for letter in heard) for vowel in inner if vowel in _LONG_VOWELS
    ):
        return False
    if any(
        pattern.search(latin) and not set(letters) & set(written) for pattern, letters in _LONG_AT_THE_END
    ):
        return False
    if latin.endswith("a"):
        return written.endswith(tuple(_ENDS_AS_A))
    return latin[-1] in "eiouyht" or not written.endswith(tuple(_ENDS_OF_WOMEN))
