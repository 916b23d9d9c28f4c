"""How many of those who write are known, namesakes or relatives, and how many customers changed a contact: from unlabelled events.

Dempster, Laird & Rubin, "Maximum likelihood from incomplete data via the EM algorithm" (1977), for a mixture of "a customer
wrote", "a namesake of a customer wrote", "somebody of a customer's household or office wrote" and "someone new wrote". What
names are worth is given; shares, and how often a customer's contact value is another one than is on file, are estimated. The
last is what tells namesakes from customers: where those whom one value proves mostly bring the other one too, whoever brings
nothing but a name is a namesake sooner.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from matching.evidence import changes_among
from matching.model import DIFFERENT, Field
from matching.records import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matching.model import ChannelPrior, Comparison, Model
    from matching.scoring import Posterior, ScoredCandidate

Key = TypeVar("Key")

PSEUDO_COUNT = 20.0
"""Events that the shares of the model count for, beside those that were seen."""

PSEUDO_NAMESAKES = 100.0
"""Newcomers that the model's word on how many are namesakes counts for."""

PSEUDO_NEWCOMERS = 200.0
"""Newcomers that the model's word on how many are a customer's relatives counts for."""


class Seldom(NamedTuple):
    """How much rarer than by chance a customer writes with no kind of contact value that we have of them.

    It counts `weight` times as much as what a stream says of that.
    """

    factor: float
    weight: float


SELDOM_ELSEWHERE: Mapping[str, Seldom] = {"booking_form": Seldom(0.02, 5.0)}
"""By channel: a form asks for a phone and an email, and whoever leaves out all that we have is mostly a namesake. Namesakes explain
the same events, so that a stream cannot tell (judgement, by streams of several makers)."""

SELDOM_ELSEWHERE_OTHERWISE = Seldom(0.3, 1.0)

PSEUDO_CHANGES = 20.0
"""Customers' contact values that the model's word on how many are others counts for."""

LARGEST_SHARE = 0.99
"""Where N is small beside half_saturation, no share is large enough for a stream of known senders."""

_CERTAIN = 1e-200
_CLOSE = 1e-6
_MOST_ROUNDS = 500
CHANGED: Mapping[Field, frozenset[str]] = {
    Field.PHONE: frozenset({DIFFERENT}),
    Field.EMAIL: frozenset({DIFFERENT, "same_local", "same_local_from_name"}),
    Field.HANDLE: frozenset({DIFFERENT, "lookalike", "lookalike_from_name"}),
}
"""The levels at which two contact values are two, though one may look like the other; at all others they are one, or a slip of it."""

LEAST_ELSEWHERE = 0.01
"""However seldom it is seen, a customer may write with another kind of contact value than we have."""

LEAST_CHANGED = 0.005
"""However seldom it is seen, a customer's value may have changed."""


class Compared(NamedTuple):
    """Which contact values a query and a candidate both have: those that are the same, or nearly, and those that are not.

    Of several that differ entirely the one that tells most: that the others changed, too, has a chance of its own.
    Where none is the same, nor nearly, it is not told which changed. `is_elsewhere`: each has some, and none of a kind in common.
    """

    kept: frozenset[Field]
    changed: frozenset[Field]
    is_elsewhere: bool = False


class Sighting(NamedTuple):
    """What one event tells about who its sender is, whatever shares are assumed: weights against those of a mere stranger.

    `found`: that of the candidates, summed by what was compared. `namesakes`: that of people who bear a candidate's name,
    summed over the candidates. `related`: that of someone of a candidate's household or office, as many as `Sharing`
    says, by the kind of value that they share. `strangers` counts the candidates who are not the sender, `elsewhere` those of
    them who have contact values and none of a kind that the event has.
    """

    found: Mapping[Compared, float]
    namesakes: float
    related: Mapping[Field, float]
    strangers: float = 0.0
    elsewhere: float = 0.0


class Shares(NamedTuple):
    """The share of known senders of a channel, that of namesakes among the others, and factors as in `ChannelPrior`."""

    known: float
    namesakes: float
    kin_factors: Mapping[Field, float]
    elsewhere_factor: float = 1.0


class Estimate(NamedTuple):
    """What events tell: the shares of each channel, and of each kind of contact value the share that is not on file.

    `changed` counts what known senders bring themselves, beside another value that is on file: how many bring nothing else is a
    figure of the model, since namesakes explain the same events.
    """

    shares: Mapping[str, Shares]
    changed: Mapping[Field, float]


def sighting_of(posterior: Posterior, model: Model, *, channel: str, customers: int) -> Sighting:
    """Take the prior that a posterior was made with out of it again.

    Customers whom retrieval counted and did not read stay in "someone new", where the posterior has them. Relatives are taken
    for as many more as the model says, those whom further holders of the value bring included; those who bear a customer's
    name, whose number is the model's, are left out.
    """
    new = max(posterior.new_probability - posterior.namesake_probability, _CERTAIN)
    kin_factors = model.prior_of(channel).kin_factors
    return Sighting(
        found=_sums(
            (_compared(each), each.probability / new * math.exp2(-each.explanation.prior_bits))
            for each in posterior.candidates
            if each.probability > 0
        ),
        namesakes=posterior.namesake_probability / new / model.namesake_chance(channel, customers),
        related=_sums(
            (each.kind, each.probability / new / kin_factors.get(each.kind, 1.0))
            for each in posterior.relations
            if not each.bears_name
        ),
        strangers=math.fsum(1 - each.probability for each in posterior.candidates),
        elsewhere=math.fsum(
            1 - each.probability for each in posterior.candidates if each.explanation.is_elsewhere
        ),
    )


def _sums(terms: Iterable[tuple[Key, float]]) -> dict[Key, float]:
    """The sum of each key's terms; rounded once, so that their order does not matter."""
    terms_of: dict[Key, list[float]] = defaultdict(list)
    for key, term in terms:
        terms_of[key].append(term)
    return {key: math.fsum(each) for key, each in terms_of.items()}


def _compared(candidate: ScoredCandidate) -> Compared:
    contacts = [
        each
        for each in candidate.explanation.features
        if each.feature in CHANGED and each.source is not Provenance.MENTIONED
    ]
    changed = frozenset(each.feature for each in contacts if each.level in CHANGED[each.feature])
    kept = frozenset(each.feature for each in contacts) - changed
    changes = changes_among(candidate.explanation.features)
    told = frozenset() if changes.alone else changed.difference(changes.too)
    return Compared(kept, told, is_elsewhere=candidate.explanation.is_elsewhere)


# ---------------------------------------------------------------- the rounds


def estimate(sightings: Mapping[str, Sequence[Sighting]], model: Model, *, customers: int) -> Estimate:
    """What the events of each channel speak for, in a base of `customers`.

    Each round asks of every event how probable it is that its sender is known, customers whom blocking misses included,
    and that they are a namesake, and takes the means for the next shares. What the model says counts for some events
    beside them, so that nothing follows from few. The order of the events does not matter.
    """
    base = max(customers, 1)
    assumed = Estimate(
        {channel: _assumed_shares(model, channel, base) for channel in sightings},
        _assumed_changes(model),
    )
    before, current, rounds = assumed, _next(sightings, assumed, assumed, model, base), 1
    while _distance(current, before) >= _CLOSE and rounds < _MOST_ROUNDS:
        before, current, rounds = current, _next(sightings, current, assumed, model, base), rounds + 1
    return Estimate(
        {
            channel: Shares(
                min(each.known / _saturation(model.prior_of(channel), base), LARGEST_SHARE),
                each.namesakes,
                each.kin_factors,
                each.elsewhere_factor,
            )
            for channel, each in current.shares.items()
        },
        current.changed,
    )


def _saturation(prior: ChannelPrior, customers: int) -> float:
    return customers / (customers + prior.half_saturation)


def _assumed_shares(model: Model, channel: str, customers: int) -> Shares:
    prior = model.prior_of(channel)
    return Shares(
        prior.known_share * _saturation(prior, customers),
        prior.namesake_share,
        {kind: prior.kin_factors.get(kind, 1.0) for kind in model.sharing},
        prior.elsewhere_factor,
    )


def _assumed_changes(model: Model) -> dict[Field, float]:
    trust = usual_trust(model)
    return {field: trust * share + 1 - trust for field, share in changed_shares(model).items()}


def usual_trust(model: Model) -> float:
    """Chance that a value of a form and one on file are both their bearers' own."""
    return model.contact_trust[Provenance.ASSERTED] * model.contact_trust[Provenance.IMPORTED]


def changed_shares(model: Model) -> dict[Field, float]:
    """Of each kind of contact value, the chance that a customer's own is another one than is on file."""
    return {each.feature: _changed_share(each) for each in model.comparisons if each.feature in CHANGED}


def _changed_share(comparison: Comparison) -> float:
    return math.fsum(level.m for level in comparison.levels if level.level in CHANGED[comparison.feature])


def _distance(one: Estimate, other: Estimate) -> float:
    shares = (
        abs(a - b)
        for channel, each in one.shares.items()
        for a, b in zip(_figures(each), _figures(other.shares[channel]), strict=True)
    )
    changes = (abs(share - other.changed[field]) for field, share in one.changed.items())
    return max((*shares, *changes))


def _figures(shares: Shares) -> tuple[float, ...]:
    return shares.known, shares.namesakes, shares.elsewhere_factor, *shares.kin_factors.values()


def _next(
    sightings: Mapping[str, Sequence[Sighting]],
    current: Estimate,
    assumed: Estimate,
    model: Model,
    customers: int,
) -> Estimate:
    shares: dict[str, Shares] = {}
    found: list[tuple[Compared, float]] = []
    for channel, seen in sightings.items():
        terms = _terms(current, assumed, model, channel, customers)
        chances = [_chances(each, terms) for each in seen]
        seldom = SELDOM_ELSEWHERE.get(channel, SELDOM_ELSEWHERE_OTHERWISE)
        shares[channel] = _mean_shares(
            chances, assumed.shares[channel], model, _usual_elsewhere(seen), seldom
        )
        found.extend(item for chance in chances for item in chance.found.items())
    compared = _sums(found)
    kept = _sums((field, chance) for each, chance in compared.items() for field in each.kept)
    changed = _sums((field, chance) for each, chance in compared.items() for field in each.changed)
    return Estimate(
        shares,
        {
            field: (PSEUDO_CHANGES * share + changed.get(field, 0.0))
            / (PSEUDO_CHANGES + changed.get(field, 0.0) + kept.get(field, 0.0))
            for field, share in assumed.changed.items()
        },
    )


def _usual_elsewhere(seen: Sequence[Sighting]) -> float:
    """Chance that an event has no kind of contact value in common with a customer who did not send it."""
    strangers = math.fsum(each.strangers for each in seen)
    return math.fsum(each.elsewhere for each in seen) / strangers if strangers else 0.0


def _mean_shares(
    chances: Sequence[_Chances], assumed: Shares, model: Model, usual_elsewhere: float, seldom: Seldom
) -> Shares:
    known = math.fsum(chance.known for chance in chances)
    namesakes = math.fsum(chance.namesake for chance in chances)
    related = _sums(item for chance in chances for item in chance.related.items())
    others = len(chances) - known
    found = _sums(
        (compared.is_elsewhere, chance) for each in chances for compared, chance in each.found.items()
    )
    customers = math.fsum(found.values())
    elsewhere = usual_elsewhere * (
        PSEUDO_COUNT * assumed.elsewhere_factor + seldom.weight * customers * seldom.factor
    ) + found.get(True, 0.0)
    usual = usual_elsewhere * (PSEUDO_COUNT + (1 + seldom.weight) * customers)
    return Shares(
        (PSEUDO_COUNT * assumed.known + known) / (PSEUDO_COUNT + len(chances)),
        min((PSEUDO_NAMESAKES * assumed.namesakes + namesakes) / (PSEUDO_NAMESAKES + others), LARGEST_SHARE),
        {
            kind: (PSEUDO_NEWCOMERS * factor + related.get(kind, 0.0) / model.sharing[kind].kin)
            / (PSEUDO_NEWCOMERS + others)
            for kind, factor in assumed.kin_factors.items()
        },
        max(min(elsewhere / usual, 1.0), LEAST_ELSEWHERE) if usual else assumed.elsewhere_factor,
    )


# ---------------------------------------------------------------- one event in a round


class _Terms(NamedTuple):
    """What the hypotheses of an event weigh, by the shares of a round.

    `each_known` and `each_namesake` are those of one customer. `factors`: how many times as probable a customer's value is
    kept or changed as by the model.
    """

    each_known: float
    not_found: float
    not_known: float
    each_namesake: float
    kin_factors: Mapping[Field, float]
    elsewhere_factor: float
    factors: Mapping[tuple[Field, bool], float]


class _Chances(NamedTuple):
    """Of one event: that its sender is a candidate, by what was compared; that they are known; a namesake; a relative."""

    found: Mapping[Compared, float]
    known: float
    namesake: float
    related: Mapping[Field, float]


def _terms(current: Estimate, assumed: Estimate, model: Model, channel: str, customers: int) -> _Terms:
    shares = current.shares[channel]
    namesake = model.namesake_chance(channel, customers) / model.prior_of(channel).namesake_share
    return _Terms(
        each_known=shares.known / customers,
        not_found=shares.known * (1 - model.recall),
        not_known=1 - model.recall * shares.known,
        each_namesake=namesake * shares.namesakes,
        kin_factors=shares.kin_factors,
        elsewhere_factor=shares.elsewhere_factor,
        factors={
            (field, is_changed): now / then
            for field, share in current.changed.items()
            for is_changed, now, then in (
                (True, share, assumed.changed[field]),
                (False, 1 - share, 1 - assumed.changed[field]),
            )
        },
    )


def _chances(sighting: Sighting, terms: _Terms) -> _Chances:
    """Weights as in `matching.scoring`; somebody known whom blocking missed is part of its "someone new"."""
    found = {
        compared: terms.each_known * weight * _factor(compared, terms)
        for compared, weight in sighting.found.items()
    }
    namesake = terms.not_known * terms.each_namesake * sighting.namesakes
    related = {
        kind: terms.not_known * terms.kin_factors[kind] * weight for kind, weight in sighting.related.items()
    }
    whole = math.fsum((*found.values(), namesake, *related.values(), terms.not_known))
    found = {compared: weight / whole for compared, weight in found.items()}
    unread = terms.not_found / (whole + terms.not_found)
    return _Chances(
        found=found,
        known=math.fsum((*found.values(), unread)),
        namesake=namesake / whole,
        related={kind: weight / whole for kind, weight in related.items()},
    )


def _factor(compared: Compared, terms: _Terms) -> float:
    kept = (terms.factors[field, False] for field in compared.kept)
    changed = (terms.factors[field, True] for field in compared.changed)
    return math.prod((*kept, *changed, terms.elsewhere_factor if compared.is_elsewhere else 1.0))


# ---------------------------------------------------------------- the model with it


def with_estimate(model: Model, estimated: Estimate) -> Model:
    """The model by what was estimated; its version says so."""
    if not estimated.shares:
        return model
    priors = {
        channel: replace(
            model.prior_of(channel),
            known_share=each.known,
            namesake_share=each.namesakes,
            kin_factors=each.kin_factors,
            elsewhere_factor=each.elsewhere_factor,
        )
        for channel, each in estimated.shares.items()
    }
    told = ",".join(
        f"{channel}={each.known:.3f}/{each.namesakes:.3f}"
        for channel, each in sorted(estimated.shares.items())
    )
    return replace(
        model,
        priors={**model.priors, **priors},
        comparisons=tuple(
            _with_changes(each, estimated.changed, usual_trust(model)) for each in model.comparisons
        ),
        version=f"{model.version}+known:{told}",
    )


def _with_changes(comparison: Comparison, changed: Mapping[Field, float], trust: float) -> Comparison:
    """The comparison with another share of changed values, among which each level keeps its part."""
    if comparison.feature not in changed:
        return comparison
    share = min(max((changed[comparison.feature] - 1 + trust) / trust, LEAST_CHANGED), 1 - LEAST_CHANGED)
    before = _changed_share(comparison)
    factors = {True: share / before, False: (1 - share) / (1 - before)}
    return replace(
        comparison,
        levels=tuple(
            replace(level, m=level.m * factors[level.level in CHANGED[comparison.feature]])
            for level in comparison.levels
        ),
    )
