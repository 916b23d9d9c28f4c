"""How many of those who write are known already: P(known) of a channel, estimated from unlabelled events by EM.

Dempster, Laird & Rubin, "Maximum likelihood from incomplete data via the EM algorithm" (1977), for the share of a mixture
of two whose densities are given: those of "a customer wrote" and of "someone new wrote", which do not depend on the share.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matching.model import Model
    from matching.scoring import Posterior

PSEUDO_COUNT = 20.0
"""Events that the share of the model counts for, beside those that were seen."""

LARGEST_SHARE = 0.99
"""Where N is small beside half_saturation, no share is large enough for a stream of known senders."""

_CERTAIN = 1e-200
_CLOSE = 1e-6
_MOST_ROUNDS = 500


class Sighting(NamedTuple):
    """What one event tells about whether its sender is known, whatever share is assumed.

    `found`: likelihood ratios against "someone new", summed over the candidates. `related`: weight of "someone of a
    candidate's household wrote", against that of "someone new".
    """

    found: float
    related: float


def sighting_of(posterior: Posterior) -> Sighting:
    """Take the prior out of a posterior again.

    Customers whom retrieval counted and did not read stay in "someone new", where the posterior has them.
    """
    new = max(posterior.new_probability, _CERTAIN)
    known = math.fsum(each.probability for each in posterior.candidates)
    prior_bits = posterior.candidates[0].explanation.prior_bits if posterior.candidates else 0.0
    return Sighting(found=known / new * math.exp2(-prior_bits), related=posterior.related_probability / new)


def estimate_known_share(
    sightings: Sequence[Sighting], *, model: Model, channel: str, customers: int
) -> float:
    """The `known_share` of a channel's prior that its events speak for, in a base of `customers`.

    Each round asks of every event how probable it is that its sender is known, customers whom blocking misses
    included, and takes the mean for the next share. The share of the model counts for PSEUDO_COUNT events, so
    that nothing follows from few. The order of the events does not matter.
    """
    prior = model.prior_of(channel)
    base = max(customers, 1)
    saturation = base / (base + prior.half_saturation)
    assumed = known = prior.known_share * saturation
    for _ in range(_MOST_ROUNDS):
        before = known
        expected = math.fsum(_chance_known(each, before, base, model.recall) for each in sightings)
        known = (PSEUDO_COUNT * assumed + expected) / (PSEUDO_COUNT + len(sightings))
        if abs(known - before) < _CLOSE:
            break
    return min(known / saturation, LARGEST_SHARE)


def with_known_shares(model: Model, shares: Mapping[str, float]) -> Model:
    """The model with other shares of known senders, by channel; its version says which."""
    if not shares:
        return model
    priors = {
        **model.priors,
        **{channel: replace(model.prior_of(channel), known_share=share) for channel, share in shares.items()},
    }
    told = ",".join(f"{channel}={share:.3f}" for channel, share in sorted(shares.items()))
    return replace(model, priors=priors, version=f"{model.version}+known:{told}")


def _chance_known(sighting: Sighting, known: float, customers: int, recall: float) -> float:
    """P(known | event), where `known` is that before the event was looked at; weights as in `matching.scoring`."""
    found = known * sighting.found / customers
    not_found = known * (1 - recall)
    others = (1 + sighting.related) * (1 - recall * known)
    return (found + not_found) / (found + others)
