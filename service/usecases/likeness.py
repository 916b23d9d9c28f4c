"""How much a message is like those of people who want to hear no more: the weights of words, and the sum of those that it has.

A logistic regression over single words, neighbours, next but one, parts of words (which forgive slips, endings, and languages
without spaces), and what the patterns of `wording.toml` make of the message. Its weights are in `wording_weights.json`;
`make wording` fits them to the messages in `fixtures/wording/examples/`, and a test tells when they are out of step.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The log odds from which a message is in doubt (a missed one costs more than a needless stop), and from which it is certain.
LIKE_FROM = -0.25
SURE_FROM = 3.0

_INTERCEPT = ""
_PART = 4


def log_odds(words: Sequence[str], hint: str) -> float:
    """The log odds that whoever wrote `words` wants to hear no more; `hint` names what the patterns make of them."""
    table = weights()
    return sum(table.get(feature, 0.0) for feature in features_of(words, hint))


def features_of(words: Sequence[str], hint: str) -> list[str]:
    """Each once, in one order: sums of floats depend on it."""
    shown = ["0" if word.isdigit() else word for word in words]
    framed = ["^", *shown, "$"]
    pairs = (f"{one} {other}" for one, other in pairwise(framed))
    wide = (f"{one} _ {other}" for one, other in zip(framed, framed[2:], strict=False))
    spaced = f" {' '.join(shown)} "
    parts = (f"#{spaced[start : start + _PART]}" for start in range(len(spaced) - _PART + 1))
    return list(dict.fromkeys([_INTERCEPT, f"={hint}", *shown, *pairs, *wide, *parts]))


@cache
def weights() -> dict[str, float]:
    """The weight of each feature."""
    table = files("service.usecases") / "wording_weights.json"
    return msgspec.json.decode(table.read_bytes(), type=dict[str, float])
