"""Replaying a decision that was kept: its bits are added up and its probabilities computed anew, from what is stored alone.

This is deliberately not the engine's own code, so that a mistake there is not repeated here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matching.decisions import Outcome
from matching.explanation import log2_odds
from matching.scoring import MAX_BITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BITS_OFF = 0.0002
"""Bits are stored to four digits, so that sums may be off in the last one."""

PROBABILITY_OFF = 1e-6

_LEAST = 1e-300
"""Stands for a probability of 0, which has no logarithm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A decision computed anew: probabilities by customer, and a sentence for everything that is not as it was stored."""

    probabilities: Mapping[str, float]
    findings: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.findings


def replay(decision: Mapping[str, Any]) -> Replay:
    """Compute a decision anew from its stored explanation (`Explanation.to_dict` for each candidate, and what is beside them).

    A decision without `new_bits` comes from an earlier version, and can only be added up.
    """
    candidates: Sequence[Mapping[str, Any]] = decision["candidates"]
    probabilities = {each["customer_id"]: each["probability"] for each in candidates}
    if "new_bits" in decision:
        whole = decision["new_bits"] - math.log2(max(decision["new_probability"], _LEAST))
        probabilities = {each["customer_id"]: _probability(each, whole) for each in candidates}
    return Replay(
        probabilities=probabilities,
        findings=(
            *(finding for candidate in candidates for finding in _check_bits(candidate)),
            *_check_posterior(decision, probabilities),
            *_check_outcome(decision),
        ),
    )


# ---------------------------------------------------------------- the weights of all hypotheses, as bits


def _probability(candidate: Mapping[str, Any], whole: float) -> float:
    """`whole` is the log2 of what the weights of all hypotheses add up to."""
    if candidate["explanation"]["vetoes"]:
        return 0.0
    return math.exp2(min(_log_probability(candidate, whole), 1))


def _log_probability(candidate: Mapping[str, Any], whole: float) -> float:
    """The total bits, with those that twins and others of the household lend; an earlier version stored none of these."""
    why = candidate["explanation"]
    bits: float = why["total_bits"] + why.get("lent_bits", 0.0)
    return min(bits, MAX_BITS) - whole


# ---------------------------------------------------------------- what is not as it was stored


def _check_bits(candidate: Mapping[str, Any]) -> Iterator[str]:
    who, why = candidate["customer_id"], candidate["explanation"]
    added = why["prior_bits"] + math.fsum(each["bits"] + each["tf_bits"] for each in why["features"])
    if abs(added - why["total_bits"]) > BITS_OFF:
        yield f"{who}: the bits add up to {added:+.4f}, and {why['total_bits']:+.4f} are stored"
    left = 0.0 if why["vetoes"] else log2_odds(candidate["probability"]) - why["total_bits"]
    if abs(left - why["competition_bits"]) > BITS_OFF:
        yield f"{who}: competition takes {left:+.4f} bits, and {why['competition_bits']:+.4f} are stored"
    if candidate["probability"] != why["probability"]:
        yield f"{who}: two probabilities are stored"


def _check_posterior(decision: Mapping[str, Any], probabilities: Mapping[str, float]) -> Iterator[str]:
    for candidate in decision["candidates"]:
        anew = probabilities[candidate["customer_id"]]
        if abs(anew - candidate["probability"]) > PROBABILITY_OFF:
            who, stored = candidate["customer_id"], candidate["probability"]
            yield f"{who}: the probability is {anew:.6f}, and {stored:.6f} is stored"
    stored = math.fsum(each["probability"] for each in decision["candidates"])
    together = stored + decision["related_probability"] + decision["new_probability"]
    if abs(together - 1) > PROBABILITY_OFF:
        yield f"all probabilities add up to {together:.6f}, not to 1"
    related = math.fsum(each["probability"] for each in decision["relations"])
    if abs(related - decision["related_probability"]) > PROBABILITY_OFF:
        yield f"the relations add up to {related:.6f}, and {decision['related_probability']:.6f} is stored"


def _check_outcome(decision: Mapping[str, Any]) -> Iterator[str]:
    """Whether the thresholds lead to the outcome; a review may have reasons that are not stored."""
    best = max((each["probability"] for each in decision["candidates"]), default=0.0)
    limits, caps = decision["thresholds"], decision["caps"]
    fits = {
        Outcome.LINKED: best > limits["link"] and not caps,
        Outcome.PROMPTED: best > limits["ask"],
        Outcome.CREATED: best <= limits["ask"],
    }
    if not fits.get(decision["decision"], True):
        yield f"{decision['decision']} does not follow from a probability of {best:.4f} and the thresholds"
