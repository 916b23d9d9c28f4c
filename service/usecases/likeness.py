"""How much a sentence is like those of people who want to hear no more: a second opinion, where no pattern of the tables fits.

A logistic regression over single words, neighbours, next but one, and parts of words (which forgive slips, endings, and
languages without spaces), fitted once in a process to the sentences in `wording_examples/`: to teach it, add a sentence
there. `{stop|quit} {texting|calling} me{ please|}` is several in one; of many, some are taken.
"""

from __future__ import annotations

import math
import re
from functools import cache
from importlib.resources import files
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: How sure it has to be, in log odds, of what is in doubt and of what is certain: chosen on examples that it was not fitted to.
LIKE_FROM = 0.5
SURE_FROM = 3.5

_ROUNDS = 4
_STEP = 0.1
_SHRINKAGE = 1e-3
_INTERCEPT = ""
_LARGEST = 30.0
#: An example that is read so well already teaches nothing.
_LEARNT = 0.05
_PART = 4
_CHOICE = re.compile(r"\{([^}]*)\}")
#: Of an example that is many in one, so many are taken, spread evenly.
_VARIANTS = 8


def log_odds(words: Sequence[str], split: Callable[[str], Sequence[str]]) -> float:
    """The log odds that whoever wrote `words` wants to hear no more; `split` makes words of the examples."""
    weights = fitted(split)
    return sum(weights.get(feature, 0.0) for feature in _features(words))


@cache
def fitted(split: Callable[[str], Sequence[str]]) -> dict[str, float]:
    """The weight of each feature: by stochastic gradient descent with a step of its own for each (AdaGrad), the same each time."""
    places: dict[str, int] = {}
    rows = [
        ([places.setdefault(each, len(places)) for each in _features(split(line))], revokes)
        for line, revokes in _both_in_turn()
    ]
    weights, seen = [0.0] * len(places), [1e-2] * len(places)
    for _ in range(_ROUNDS):
        for features, revokes in rows:
            odds = max(-_LARGEST, min(_LARGEST, sum(weights[place] for place in features)))
            error = 1 / (1 + math.exp(-odds)) - revokes
            if abs(error) < _LEARNT:
                continue
            for place in features:
                slope = error + _SHRINKAGE * weights[place]
                seen[place] += slope * slope
                weights[place] -= _STEP * slope / math.sqrt(seen[place])
    return dict(zip(places, weights, strict=True))


def examples(name: str) -> Iterator[str]:
    """The sentences that `wording_examples/` has of a kind: "revokes" or "harmless"."""
    table = files("service.usecases") / "wording_examples" / f"{name}.txt"
    for line in table.read_text(encoding="utf-8").splitlines():
        yield from _variants(line)


def _variants(line: str) -> Iterator[str]:
    # What stood in braces is every other part.
    parts = [part.split("|") if place % 2 else [part] for place, part in enumerate(_CHOICE.split(line))]
    in_all = math.prod(map(len, parts))
    taken = min(in_all, _VARIANTS)
    for number in range(taken):
        yield _variant(parts, number * in_all // taken + (number if in_all > taken else 0))


def _variant(parts: Sequence[Sequence[str]], number: int) -> str:
    chosen = []
    for choices in reversed(parts):
        number, place = divmod(number, len(choices))
        chosen.append(choices[place])
    return "".join(reversed(chosen))


def _features(words: Sequence[str]) -> list[str]:
    """Each once, in one order: sums of floats depend on it."""
    shown = ["0" if word.isdigit() else word for word in words]
    framed = ["^", *shown, "$"]
    pairs = (f"{one} {other}" for one, other in pairwise(framed))
    wide = (f"{one} _ {other}" for one, other in zip(framed, framed[2:], strict=False))
    spaced = f" {' '.join(shown)} "
    parts = (f"#{spaced[start : start + _PART]}" for start in range(len(spaced) - _PART + 1))
    return list(dict.fromkeys([_INTERCEPT, *shown, *pairs, *wide, *parts]))


def _both_in_turn() -> list[tuple[str, bool]]:
    revokes = ((line, True) for line in examples("revokes"))
    harmless = ((line, False) for line in examples("harmless"))
    return [each for pair in zip_longest(revokes, harmless) for each in pair if each is not None]
