"""How people should read a name: capitals as typed, unless nothing but capitals, or none, were typed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from matching.normalize.text import fold, plain
from matching.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NUMERALS = frozenset({"ii", "iii", "iv"})

_VOWELS = frozenset("aeiouy")


def presentable(words: Sequence[str]) -> list[str]:
    """Write the words of a name as names are written: "JOHN O'NEIL" as "John O'Neil"."""
    typed = " ".join(words)
    shouted = typed.isupper() and sum(map(str.isalpha, typed)) > 1
    if not shouted and not typed.islower():
        return list(words)
    later = (_later_word(word, before=before) for before, word in pairwise(words))
    return [_first_word(words[0]), *later] if words else []


def joins_surnames(letter: str, *, before: str) -> bool:
    """True for the y of "ortega y gasset" where no capitals tell it from an initial: the surname before it does."""
    return letter.lower() in vocabulary("joining_letters") and fold(before) in vocabulary("double_surnames")


def _first_word(word: str) -> str:
    lower = word.lower()
    if _is_initials(lower):
        return word.upper()
    return plain("-".join("'".join(_pieces(part.split("'"))) for part in lower.split("-")))


def _later_word(word: str, *, before: str) -> str:
    lower = word.lower()
    is_small = lower in vocabulary("small_particles") or joins_surnames(word, before=before)
    return lower if is_small else _first_word(word)


def _pieces(pieces: Sequence[str]) -> Iterator[str]:
    """Capitalize O'Neil and D'Angelo on both sides of the apostrophe, Ma'ayan on one."""
    previous = "-"
    for piece in pieces:
        yield _capitalized(piece) if len(previous) == 1 else piece
        previous = piece


def _capitalized(word: str) -> str:
    if word.startswith("mc") and len(word) > len("mcab"):
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def _is_initials(lower: str) -> bool:
    """True for "jd", "aj" and "iii"; false for "Ng" and "Li"."""
    if len(lower) != len("jd") or lower == "ng" or not lower.isascii():
        return lower in NUMERALS
    return lower in NUMERALS or lower.endswith("j") or not _VOWELS & set(lower)
