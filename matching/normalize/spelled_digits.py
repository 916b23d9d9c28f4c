"""Digits that are not written as such: "nine one six", "double five", and the O and l that pass for 0 and 1."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS_OF_LANGUAGES = (
    # English, Spanish, Portuguese (which says "meia" for six on the telephone), French, German, Italian, Dutch, Russian.
    "zero one two three four five six seven eight nine",
    "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "zero um dois três quatro cinco meia sete oito nove",
    "zéro un deux trois quatre cinq six sept huit neuf",
    "null eins zwei drei vier fünf sechs sieben acht neun",
    "zero uno due tre quattro cinque sei sette otto nove",
    "nul een twee drie vier vijf zes zeven acht negen",
    "ноль один два три четыре пять шесть семь восемь девять",
)
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: str(unit) for words in _WORDS_OF_LANGUAGES for unit, word in enumerate(words.split()) if unit}
_SAID = (
    dict.fromkeys(("o", "oh", *(words.split()[0] for words in _WORDS_OF_LANGUAGES)), "0")
    | _UNITS
    | {word: str(number) for number, word in enumerate(_TEENS.split(), 10)}
    | {word: str(ten) for ten, word in enumerate(_TENS.split(), 2)}
    | {"zwo": "2", "uma": "1", "duas": "2", "hundred": "00", "thousand": "000"}
)
_REPEATS = {"double": 2, "triple": 3, "doble": 2}

_ENGLISH_DIGIT = rf"(?:{'|'.join(_WORDS_OF_LANGUAGES[0].split())}|oh)"
_SEPARATOR = r"[\s,.()-]{1,3}"
# Spanish and Italian say "o" for or, so that it is a zero only before an English digit.
_WORD = "|".join(
    rf"o(?={_SEPARATOR}{_ENGLISH_DIGIT}\b)" if word == "o" else word
    for word in sorted((*_SAID, *_REPEATS), key=len, reverse=True)
)
_ITEM = rf"(?:{_WORD}|\d{{1,12}})(?!\w)"
_RUN = re.compile(
    rf"(?<!\w)(?P<plus>(?:plus\s|\+)\s?)?(?P<items>{_ITEM}(?:{_SEPARATOR}{_ITEM}){{2,19}}+)", re.IGNORECASE
)

_FEWEST_WORDS = 3
"""Of a number in words. Fewer may count something else: "for two 916…"."""

_COUNTING = "123456789"
"""What somebody says who counts."""


class SpelledNumber(NamedTuple):
    """Digits that words spell: `text[start:end]` says them; `digits` begins with + where the words do."""

    start: int
    end: int
    digits: str


def find_spelled_numbers(text: str) -> Iterator[SpelledNumber]:
    """Yield the runs of words for digits, which may have some digits among them ("916 867 five three oh nine")."""
    for match in _RUN.finditer(text):
        items = re.findall(r"\w+", match["items"].casefold())
        digits = _said(items)
        if sum(not item.isdecimal() for item in items) >= _FEWEST_WORDS and _COUNTING not in digits:
            yield SpelledNumber(match.start(), match.end(), f"{'+' if match['plus'] else ''}{digits}")


def _said(items: list[str]) -> str:
    digits, times = "", 1
    for item, following in pairwise((*items, "")):
        if item in _REPEATS:
            times = _REPEATS[item]
            continue
        # "Fifty five" is 55, "fifty oh" is 500.
        is_round = item in _TENS.split() and following not in _UNITS
        digits += f"{_SAID.get(item, item)}{'0' if is_round else ''}" * times
        times = 1
    return digits


_WITH_LETTERS = re.compile(r"(?<![\w@.])[+(]?[\dOolI](?:[ .()-]{0,2}[\dOolI]){8,17}+(?![\w@])")
_DIGIT_LETTERS = str.maketrans("OolI", "0011")
_SHORTEST_PART_WITH_LETTERS = 3
"""Digits of a part of a number that may have a letter among them: "O2" is a company."""


def with_digits_for_letters(text: str) -> str:
    """Put digits for the O and l inside what is shaped like a number ("916-867-53O9"); every position stays."""
    return _WITH_LETTERS.sub(_read_letters, text)


def _read_letters(match: re.Match[str]) -> str:
    parts = [part for part in re.findall(r"\w+", match[0]) if not part.isdecimal()]
    mistaken = all(
        len(part) >= _SHORTEST_PART_WITH_LETTERS and 2 * sum(map(str.isdecimal, part)) >= len(part)
        for part in parts
    )
    return match[0].translate(_DIGIT_LETTERS) if mistaken else match[0]
