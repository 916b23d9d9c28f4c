"""How much a message is like those of people who want to hear no more: a second opinion, where no pattern of the tables fits.

A logistic regression over single words, neighbours and next but one, fitted once in a process to the
sentences in `wording_examples/`: to teach it, add a sentence there.
"""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: How sure it has to be, in log odds: chosen on sentences that it was not fitted to.
LIKE_FROM = 1.8

_ROUNDS = 20
_STEP = 0.1
_SHRINKAGE = 1e-3
_INTERCEPT = ""
_LARGEST = 30.0


def log_odds(words: Sequence[str], split: Callable[[str], Sequence[str]]) -> float:
    """The log odds that whoever wrote `words` wants to hear no more; `split` makes words of the examples."""
    weights = fitted(split)
    return sum(weights.get(feature, 0.0) for feature in _features(words))


@cache
def fitted(split: Callable[[str], Sequence[str]]) -> dict[str, float]:
    """The weight of each feature: by stochastic gradient descent with a step of its own for each (AdaGrad), the same each time."""
    places: dict[str, int] = {}
    examples = [
        ([places.setdefault(each, len(places)) for each in _features(split(line))], revokes)
        for line, revokes in _examples()
    ]
    weights, seen = [0.0] * len(places), [1e-8] * len(places)
    for _ in range(_ROUNDS):
        for features, revokes in examples:
            odds = max(-_LARGEST, min(_LARGEST, sum(weights[place] for place in features)))
            error = 1 / (1 + math.exp(-odds)) - revokes
            for place in features:
                slope = error + _SHRINKAGE * weights[place]
                seen[place] += slope * slope
                weights[place] -= _STEP * slope / math.sqrt(seen[place])
    return dict(zip(places, weights, strict=True))


def _features(words: Sequence[str]) -> list[str]:
    """Each once, in one order: sums of floats depend on it."""
    shown = ["0" if word.isdigit() else word for word in words]
    framed = ["^", *shown, "$"]
    pairs = (f"{one} {other}" for one, other in pairwise(framed))
    wide = (f"{one} _ {other}" for one, other in zip(framed, framed[2:], strict=False))
    return list(dict.fromkeys([_INTERCEPT, *shown, *pairs, *wide]))


def _examples() -> list[tuple[str, bool]]:
    """Sentences, both kinds in turn."""
    revokes = [(line, True) for line in _lines("revokes")]
    harmless = [(line, False) for line in _lines("harmless")]
    return [each for pair in zip_longest(revokes, harmless) for each in pair if each is not None]


def _lines(name: str) -> list[str]:
    table = files("service.usecases") / "wording_examples" / f"{name}.txt"
    return table.read_text(encoding="utf-8").splitlines()
