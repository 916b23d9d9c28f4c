"""How many of those who write are known already, and how many are namesakes: estimated from unlabelled events by EM.

Dempster, Laird & Rubin, "Maximum likelihood from incomplete data via the EM algorithm" (1977), for the shares of a mixture
whose densities are given: those of "a customer wrote", "a namesake of a customer wrote" and "someone new wrote", which do
not depend on the shares.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matching.model import ChannelPrior, Model
    from matching.scoring import Posterior

PSEUDO_COUNT = 20.0
"""Events that the share of the model counts for, beside those that were seen."""

LARGEST_SHARE = 0.99
"""Where N is small beside half_saturation, no share is large enough for a stream of known senders."""

_CERTAIN = 1e-200
_CLOSE = 1e-6
_MOST_ROUNDS = 500


class Sighting(NamedTuple):
    """What one event tells about who its sender is, whatever shares are assumed: weights against those of a mere stranger.

    `found`: that of the candidates, summed. `namesakes`: that of people who bear a candidate's name, summed over the
    candidates. `related`: that of someone of a candidate's household.
    """

    found: float
    namesakes: float
    related: float


class Shares(NamedTuple):
    """The share of known senders of a channel (as in `ChannelPrior`), and that of namesakes among the others."""

    known: float
    namesakes: float


def sighting_of(posterior: Posterior, prior: ChannelPrior, *, customers: int) -> Sighting:
    """Take the prior that a posterior was made with out of it again.

    Customers whom retrieval counted and did not read stay in "someone new", where the posterior has them.
    """
    new = max(posterior.new_probability - posterior.namesake_probability, _CERTAIN)
    known = math.fsum(each.probability for each in posterior.candidates)
    prior_bits = posterior.candidates[0].explanation.prior_bits if posterior.candidates else 0.0
    namesakes = posterior.namesake_probability / new * max(customers, 1) / prior.namesake_share
    return Sighting(
        found=known / new * math.exp2(-prior_bits),
        namesakes=namesakes,
        related=posterior.related_probability / new,
    )


def estimate_shares(
    sightings: Sequence[Sighting], prior: ChannelPrior, *, recall: float, customers: int
) -> Shares:
    """The shares that the events of a channel speak for, in a base of `customers`.

    Each round asks of every event how probable it is that its sender is known, customers whom blocking misses (1 -
    `recall`) included, and that they are a namesake, and takes the means for the next shares. Those of the prior count
    for PSEUDO_COUNT events, so that nothing follows from few. The order of the events does not matter.
    """
    base = max(customers, 1)
    saturation = base / (base + prior.half_saturation)
    assumed = shares = Shares(prior.known_share * saturation, prior.namesake_share)
    for _ in range(_MOST_ROUNDS):
        before = shares
        shares = _next_shares(sightings, before, assumed, base, recall)
        if max(abs(one - other) for one, other in zip(shares, before, strict=True)) < _CLOSE:
            break
    return Shares(min(shares.known / saturation, LARGEST_SHARE), min(shares.namesakes, LARGEST_SHARE))


def _next_shares(
    sightings: Sequence[Sighting], shares: Shares, assumed: Shares, customers: int, recall: float
) -> Shares:
    chances = [_chances(each, shares, customers, recall) for each in sightings]
    known = math.fsum(chance.known for chance in chances)
    namesakes = math.fsum(chance.namesakes for chance in chances)
    others = len(sightings) - known
    return Shares(
        (PSEUDO_COUNT * assumed.known + known) / (PSEUDO_COUNT + len(sightings)),
        (PSEUDO_COUNT * assumed.namesakes + namesakes) / (PSEUDO_COUNT + others),
    )


def _chances(sighting: Sighting, shares: Shares, customers: int, recall: float) -> Shares:
    """P(known | event) and P(namesake | event); weights as in `matching.scoring`."""
    not_known = 1 - recall * shares.known
    found = shares.known * sighting.found / customers
    not_found = shares.known * (1 - recall)
    namesakes = not_known * shares.namesakes * sighting.namesakes / customers
    whole = found + namesakes + not_known * (1 + sighting.related)
    return Shares((found + not_found) / (whole + not_found), namesakes / whole)


def with_shares(model: Model, shares: Mapping[str, Shares]) -> Model:
    """The model with other shares of known senders and namesakes, by channel; its version says which."""
    if not shares:
        return model
    priors = {
        channel: replace(model.prior_of(channel), known_share=each.known, namesake_share=each.namesakes)
        for channel, each in shares.items()
    }
    told = ",".join(
        f"{channel}={each.known:.3f}/{each.namesakes:.3f}" for channel, each in sorted(shares.items())
    )
    return replace(model, priors={**model.priors, **priors}, version=f"{model.version}+known:{told}")
