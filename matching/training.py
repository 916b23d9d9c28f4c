"""Re-estimating the model from decisions that were kept, and from what people answered to the questions among them.

Shares of known senders and of namesakes: by EM over unlabelled decisions (`prior_estimation`). m and kin of comparison levels:
one more step of EM (Fellegi & Sunter, 1969; Winkler, "Using the EM Algorithm for Weight Computation", 1988) over the same
decisions, each candidate counted as probable as it is, and with certainty where a person has answered. Counting answers alone
would not do: nobody is asked about what links by itself. The figures of the model count for some pairs beside those that were
seen (Dirichlet pseudo-counts), so that nothing follows from few.

u is left alone: it follows from the census and from how many hold a value, and who was asked about is no sample of strangers.
So is the level of skeletons, which is told only where it agrees, and what was merely mentioned, perhaps somebody else's.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import msgspec

from matching.evidence import changes_among
from matching.explanation import Explanation
from matching.model import CONTACTS, Field
from matching.prior_estimation import (
    Estimate,
    Sighting,
    estimate,
    sighting_of,
    usual_trust,
    with_estimate,
)
from matching.records import Provenance
from matching.scoring import Posterior, Relation, ScoredCandidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matching.model import Comparison, Level, Model

PSEUDO_PAIRS = 100.0
"""Pairs that m and kin of the model count for, beside those that were seen."""

LEAST_EVENTS = 100
"""With fewer events of a channel its shares are mostly the model's."""

LEAST_PAIRS = 50.0
"""With fewer pairs the levels of a comparison are mostly the model's."""

_CERTAIN = 1e-9
_TRAINED = "; trained: "
_LEARNT = (Field.NAME, *CONTACTS)

LevelKey = tuple[Field, str]


# ---------------------------------------------------------------- decisions as they were kept


def posterior_of(decision: Mapping[str, Any]) -> Posterior:
    """The posterior of a decision, out of what is kept of it."""
    return Posterior(
        candidates=tuple(
            ScoredCandidate(
                customer_id=each["customer_id"],
                probability=each["probability"],
                explanation=Explanation.from_dict(each["explanation"]),
            )
            for each in decision["candidates"]
        ),
        related_probability=decision["related_probability"],
        new_probability=decision["new_probability"],
        namesake_probability=decision.get("namesake_probability", 0.0),
        unshown_probability=decision.get("unshown_probability", 0.0),
        new_bits=decision.get("new_bits", 0.0),
        relations=msgspec.convert(decision["relations"], tuple[Relation, ...]),
        model_version=decision["model_version"],
    )


def sighting_in_base(posterior: Posterior, model: Model, *, channel: str, customers: int) -> Sighting:
    """What a decision by `model` tells, as weights for a base of `customers`, however large it was then."""
    if not posterior.candidates:
        return Sighting(found={}, namesakes=0.0, related={})
    then = _customers_then(posterior, model, channel)
    seen = sighting_of(posterior, model, channel=channel, customers=then)
    known = _ratio(customers, then, model.prior_of(channel).half_saturation)
    return seen._replace(
        found={compared: weight * known for compared, weight in seen.found.items()},
        namesakes=seen.namesakes * _ratio(customers, then, model.names.namesake_half_saturation),
    )


def _customers_then(posterior: Posterior, model: Model, channel: str) -> int:
    """How many customers there were, as the prior tells: see `matching.scoring`."""
    prior = model.prior_of(channel)
    explanation = posterior.candidates[0].explanation
    odds = math.exp2(explanation.prior_bits) / (prior.elsewhere_factor if explanation.is_elsewhere else 1.0)
    customers = (prior.known_share / odds - prior.half_saturation) / (1 - model.recall * prior.known_share)
    return max(round(customers), 1)


def _ratio(now: int, then: int, half_saturation: float) -> float:
    return (max(now, 1) + half_saturation) / (then + half_saturation)


# ---------------------------------------------------------------- counting


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many pairs of each level were one person, and how many someone of a customer's household: expected counts.

    Decisions are added one by one, so that no more than the counts is held.
    """

    matches: dict[LevelKey, float] = field(default_factory=lambda: defaultdict(float))
    kin: dict[LevelKey, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, posterior: Posterior, answers: Mapping[str, bool]) -> None:
        """Count a decision. `answers` tells of candidates, by customer id, whether a person said that it is them."""
        chances, others = _answered(posterior, answers)
        for each in posterior.candidates:
            _count(self.matches, _levels_of_match(each.explanation), chances[each.customer_id])
        for relation in posterior.relations:
            _count(self.kin, _levels_of_kin(posterior, relation), relation.probability * others)

    def add_match(self, explanation: Explanation) -> None:
        """Count two customers of whom a person said that they are one."""
        _count(self.matches, _levels_of_match(explanation), 1.0)


def _answered(posterior: Posterior, answers: Mapping[str, bool]) -> tuple[dict[str, float], float]:
    """The chance of each candidate once the answers are known, and what they multiply that of everybody else by."""
    if any(answers.values()):
        return {
            each.customer_id: float(answers.get(each.customer_id, False)) for each in posterior.candidates
        }, 0.0
    refused = math.fsum(each.probability for each in posterior.candidates if each.customer_id in answers)
    factor = 1 / max(1 - refused, _CERTAIN)
    return {
        each.customer_id: 0.0 if each.customer_id in answers else each.probability * factor
        for each in posterior.candidates
    }, factor


def _levels_of_kin(posterior: Posterior, relation: Relation) -> Iterator[LevelKey]:
    """The levels that the relation was weighed with.

    Those are the contacts of the member whom the sender resembles most, without what is shared, and the name of the member
    whose name does.
    """
    members = [each for each in posterior.candidates if each.customer_id in relation.customer_ids]
    if not members:
        return  # An earlier version left a twin out of the candidates, and named it here.
    closest = min(members, key=lambda each: (-each.explanation.total_bits, each.customer_id))
    alike = min(members, key=lambda each: (-each.explanation.name_bits, each.customer_id))
    yield from (each for each in _levels(alike.explanation) if each[0] is Field.NAME)
    yield from (each for each in _levels(closest.explanation) if each[0] not in {Field.NAME, relation.kind})


def _levels_of_match(explanation: Explanation) -> Iterator[LevelKey]:
    """The levels but for values that changed with another: how many do is a figure of its own, which is not learnt."""
    besides = changes_among(explanation.features).too
    yield from (each for each in _levels(explanation) if each[0] not in besides)


def _levels(explanation: Explanation) -> Iterator[LevelKey]:
    for each in explanation.features:
        if each.feature in _LEARNT and each.source is not Provenance.MENTIONED:
            yield each.feature, each.level


def _count(counts: dict[LevelKey, float], levels: Iterator[LevelKey], weight: float) -> None:
    for level in levels:
        counts[level] += weight


# ---------------------------------------------------------------- the model with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure before and after. Of a level: `seen` of `compared` pairs had it; of a share, `compared` are events."""

    figure: str
    of: str
    before: float
    after: float
    compared: float
    seen: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model with what is new in it; `thin` says where there was too little to learn from."""

    model: Model
    changes: tuple[Change, ...]
    thin: tuple[str, ...]


def train(
    model: Model, sightings: Mapping[str, Sequence[Sighting]], tally: Tally, *, customers: int, version: str
) -> Trained:
    """The model by what was seen: `sightings` by channel, in a base of `customers`, and pairs by level."""
    estimated = estimate(sightings, model, customers=customers)
    # How often a value changed is counted with the other levels.
    shared = with_estimate(model, Estimate(estimated.shares, {}))
    trained = replace(
        shared,
        version=version,
        comparisons=tuple(_learnt(each, tally, usual_trust(model)) for each in model.comparisons),
    )
    return Trained(
        model=trained,
        changes=(*_changed_shares(model, trained, sightings), *_changed_levels(model, trained, tally)),
        thin=(*_few_events(sightings), *_few_pairs(tally)),
    )


def _learnt(comparison: Comparison, tally: Tally, usual: float) -> Comparison:
    """The comparison with m and kin by what was counted."""
    if not _pairs(comparison, tally.matches) and not _pairs(comparison, tally.kin):
        return comparison
    trust = usual if comparison.feature in CONTACTS else 1.0
    levels = comparison.levels
    m = _estimated([level.m for level in levels], comparison, tally.matches, trust)
    kin = _estimated([level.kin for level in levels], comparison, tally.kin, trust)
    told = _told(comparison, tally)
    return replace(
        comparison,
        levels=tuple(
            replace(level, m=one, kin=other, figures=level.figures.partition(_TRAINED)[0] + told)
            for level, one, other in zip(levels, m, kin, strict=True)
        ),
    )


def _estimated(
    before: Sequence[float], comparison: Comparison, counts: Mapping[LevelKey, float], trust: float
) -> list[float]:
    """(k * before + count) / (k + pairs) of each level, k being PSEUDO_PAIRS.

    What is seen has values in it that are not their bearers' own, and agree as those of strangers do: with the chance
    1 - `trust`, as in `matching.weights`. They are put in before, and taken out behind.
    """
    pairs = _pairs(comparison, counts)
    if not pairs:
        return list(before)
    weight = PSEUDO_PAIRS + pairs
    after = []
    for level, figure in zip(comparison.levels, before, strict=True):
        strangers = (1 - trust) * level.u
        seen = PSEUDO_PAIRS * (trust * figure + strangers) + _seen(comparison, level, counts)
        # No level becomes less probable than had there been no stranger among the pairs.
        after.append(max((seen / weight - strangers) / trust, figure * PSEUDO_PAIRS / weight))
    return [figure / max(math.fsum(after), 1.0) for figure in after]


def _pairs(comparison: Comparison, counts: Mapping[LevelKey, float]) -> float:
    return math.fsum(_seen(comparison, level, counts) for level in comparison.levels)


def _seen(comparison: Comparison, level: Level, counts: Mapping[LevelKey, float]) -> float:
    return counts.get((comparison.feature, level.level), 0.0)


def _told(comparison: Comparison, tally: Tally) -> str:
    """Where the figures come from, as the model says it of each level."""
    m, kin = _pairs(comparison, tally.matches), _pairs(comparison, tally.kin)
    return f"{_TRAINED}m from {m:.1f} pairs, kin from {kin:.1f}, the above counting for {PSEUDO_PAIRS:.0f}"


# ---------------------------------------------------------------- what changed


def _changed_shares(
    before: Model, after: Model, sightings: Mapping[str, Sequence[Sighting]]
) -> Iterator[Change]:
    for channel, seen in sorted(sightings.items()):
        for share in ("known_share", "namesake_share"):
            yield Change(
                figure=share,
                of=channel,
                before=getattr(before.prior_of(channel), share),
                after=getattr(after.prior_of(channel), share),
                compared=len(seen),
            )


def _changed_levels(before: Model, after: Model, tally: Tally) -> Iterator[Change]:
    for old, new in zip(before.comparisons, after.comparisons, strict=True):
        for figure, counts in (("m", tally.matches), ("kin", tally.kin)):
            for one, other in zip(old.levels, new.levels, strict=True):
                if getattr(one, figure) != getattr(other, figure):
                    yield Change(
                        figure=figure,
                        of=f"{old.feature}: {one.level}",
                        before=getattr(one, figure),
                        after=getattr(other, figure),
                        compared=_pairs(old, counts),
                        seen=_seen(old, one, counts),
                    )


def _few_events(sightings: Mapping[str, Sequence[Sighting]]) -> Iterator[str]:
    for channel, seen in sorted(sightings.items()):
        if len(seen) < LEAST_EVENTS:
            yield f"{channel}: {len(seen)} events are few; its shares stay near the model's"


def _few_pairs(tally: Tally) -> Iterator[str]:
    for figure, counts in (("m", tally.matches), ("kin", tally.kin)):
        for compared in _LEARNT:
            pairs = math.fsum(count for (feature, _), count in counts.items() if feature is compared)
            if pairs < LEAST_PAIRS:
                yield f"{figure} of {compared}: {pairs:.1f} pairs are few; it stays near the model's"
