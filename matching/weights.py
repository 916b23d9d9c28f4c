"""From what a comparison found to bits: log2(m / u), with u adjusted to how common the agreed value is.

Sources: Fellegi & Sunter (1969) for the weights; Splink's documentation for term frequency adjustment; Winkler (2000),
"Frequency-based matching in the Fellegi-Sunter model of record linkage".
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from matching.blocking import KeyKind, block_key, name_skeletons
from matching.explanation import Feature, rounded_bits
from matching.frequencies import family_frequency, given_frequency, is_listed
from matching.model import Field, Level, Terms
from matching.records import PersonName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matching.comparison import Outcome
    from matching.model import Model

KIND_OF_FIELD = {Field.PHONE: KeyKind.PHONE, Field.EMAIL: KeyKind.EMAIL, Field.HANDLE: KeyKind.HANDLE}

GIVEN_OF_ELSEWHERE = 2e-4
"""Share of people who bear a given name that no table lists, where nothing else of the name agrees: it is rare in the census, and may be
common where its bearers come from (judgement)."""

_PART_NAMES = frozenset({Terms.FAMILY_NAME, Terms.GIVEN_NAME})


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """A feature with what the other hypotheses need: `kin_bits`, its log2(kin / u), and the `u` that was used."""

    feature: Feature
    kin_bits: float
    u: float
    identity: str

    @property
    def is_contact_agreement(self) -> bool:
        return self.feature.level == "exact" and self.feature.feature in KIND_OF_FIELD

    @property
    def may_be_shared(self) -> bool:
        """True for a value that both hold, or hold as one of them mistyped it: a relative may have written from it."""
        return self.feature.feature in KIND_OF_FIELD and self.feature.level in {"exact", *SLIPS}


SLIPS = frozenset({"similar", "misspelt_domain", "typo"})
"""Levels at which a contact value is taken for another one, mistyped."""


class _Share(NamedTuple):
    """Share of people who bear a name: by the census alone, and by the census and our own customers."""

    census: float
    smoothed: float


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The base that a query is compared with: how large it is, and how often the query's values occur in it."""

    model: Model
    customers: int
    scale: float
    """Number of customers + half-saturation of the prior: what chances per customer are spread over."""
    holders: Mapping[int, int]
    kin_factors: Mapping[Field, float] = field(default_factory=dict)
    """How many times as many newcomers of this channel as the model's `sharing` says share a customer's value, by its kind."""
    _shares: dict[tuple[str, str], _Share] = field(default_factory=dict)
    """What was looked up of names, by given and family name: candidates tend to bear the same ones."""

    def is_held(self, contact: Field, identity: str) -> bool:
        """True where some customer has this very value."""
        return self.holders.get(block_key(KIND_OF_FIELD[contact], identity).hash, 0) > 0

    def holders_of(self, contact: Field, identity: str) -> int:
        """How many customers hold a contact value; at least the one it is compared with."""
        return max(self.holders.get(block_key(KIND_OF_FIELD[contact], identity).hash, 1), 1)

    def share_of(self, name: PersonName) -> _Share:
        """Share of people called so."""
        parts = name.given, name.family
        share = self._shares.get(parts)
        if share is None:
            census = _census_share(*parts, self.model.names.pairing)
            share = _Share(census, self._smoothed(census, "".join(parts).replace(" ", "")))
            self._shares[parts] = share
        return share

    @cached_property
    def of_what_spells(self) -> float:
        """The u / m of a handle or an address that one customer holds: the name that it spells tells no more than it does itself."""
        model = self.model
        return max(
            _sharing_of_one(model.sharing[each].borrowed, model.sharing[each].recycled, self)
            / model.ranks[each]["exact"][1].m
            for each in (Field.EMAIL, Field.HANDLE)
        )

    def frequency_of_skeleton(self, skeleton: str, names: Iterable[PersonName]) -> float:
        """Share of people whose name is spelled so."""
        orders = [
            order
            for name in names
            if skeleton in name_skeletons(name)
            for order in ((name.given, name.family), (name.family, name.given))
        ]
        pairing, average = self.model.names.pairing, self.model.names.average[Terms.SKELETON]
        # Where neither side tells a name, a given name alone is as common as its bearers (kathy90, kathy@).
        alone = max(average, given_frequency(skeleton))
        census = max((_census_share(*order, pairing) for order in orders), default=alone)
        return self._smoothed(census, skeleton)

    def _smoothed(self, census: float, skeleton: str) -> float:
        """Mean of census and own counts, as if the census were a base of `census_weight` customers.

        Of the bearers a part of one is left out (absolute discounting: Ney, Essen & Kneser, 1994): most names that one
        customer bears are borne by nobody else.
        """
        holders = self.holders.get(block_key(KeyKind.NAME_SKELETON, skeleton).hash)
        if holders is None:
            return census
        names, bearers = self.model.names, max(holders, 1)
        customers = max(self.customers, bearers)
        return (names.census_weight * census + bearers - names.discount) / (names.census_weight + customers)


@lru_cache(maxsize=4096)
def _census_share(given: str, family: str, pairing: float) -> float:
    """Share of people called so by the census."""
    if not family:
        return given_frequency(given)
    return min(pairing * given_frequency(given) * family_frequency(family), 1.0)


class Weight(NamedTuple):
    """The bits of a level: as Feature shows them, and under the hypothesis of a relation."""

    bits: float
    tf_bits: float
    kin_bits: float


def weigh(outcome: Outcome[Any], compared: Field, surroundings: Surroundings, *, trust: float) -> Evidence:
    """Turn the outcome of a comparison into bits; `trust` is the chance that the level is about the bearers' own values."""
    level = outcome.level
    typical, actual = _chance_agreement(outcome, compared, surroundings)
    weight = _weight(level.m, level.kin, typical, actual, trust)
    feature = Feature(
        compared,
        level.level,
        level.label,
        outcome.query.text,
        outcome.candidate.text,
        weight.bits,
        weight.tf_bits,
        outcome.source,
    )
    return Evidence(feature, weight.kin_bits, actual, outcome.query.identity)


def plain_bits(outcome: Outcome[Any]) -> float:
    """Bits of an outcome, whatever the value and however many pairs were tried."""
    return _log_ratio(outcome.level.m, outcome.level.u, outcome.trust)


def exact_bits(compared: Field, identity: str, surroundings: Surroundings) -> float:
    """Bits that an agreement on this contact value brings."""
    _, level = surroundings.model.ranks[compared]["exact"]
    return math.log2(level.m / min(_sharing_u(compared, identity, surroundings), level.m))


def exact_name_bits(name: PersonName, surroundings: Surroundings) -> float:
    """Bits that an agreement on this name brings."""
    _, level = surroundings.model.ranks[Field.NAME]["exact" if name.family else "given_word"]
    frequency = surroundings.share_of(name).smoothed
    return math.log2(
        level.m / min(level.u * frequency / surroundings.model.names.average[level.terms], level.m)
    )


def spelled_bits(skeleton: str, surroundings: Surroundings) -> float:
    """Bits that a name spelled by a handle or an address brings, where nobody has told a name."""
    _, level = surroundings.model.ranks[Field.SKELETON]["same"]
    frequency = surroundings.frequency_of_skeleton(skeleton, ())
    u = level.u * frequency / surroundings.model.names.average[level.terms]
    return math.log2(level.m / min(max(u, level.m * surroundings.of_what_spells), level.m))


def household_prior(compared: Field, identity: str, surroundings: Surroundings, *, factor: float) -> float:
    """Chance that somebody belongs to the household or office behind this contact value, `factor` times the model's."""
    sharing = surroundings.model.sharing[compared]
    _, level = surroundings.model.ranks[compared]["exact"]
    others = surroundings.holders_of(compared, identity) - 1
    return (sharing.kin * factor + sharing.kin_per_holder * others) / level.kin / surroundings.scale


@lru_cache(maxsize=4096)
def _weight(m: float, kin: float, typical: float, actual: float, trust: float) -> Weight:
    """Weigh a level whose chance agreement is `typical` in general and `actual` for the value at hand."""
    rarity_bits = rounded_bits(math.log2(typical / actual))
    total = _log_ratio(m, actual, trust)
    return Weight(rounded_bits(total - rarity_bits), rarity_bits, _log_ratio(kin, actual, trust))


def _log_ratio(probability: float, u: float, trust: float) -> float:
    """log2 of probability / u, where the values are the bearers' own with the chance `trust`, and anybody's otherwise."""
    return math.log2((trust * probability + (1 - trust) * u) / u)


def _chance_agreement(
    outcome: Outcome[Any], compared: Field, surroundings: Surroundings
) -> tuple[float, float]:
    """The u of a typical value and that of this value, paid once for every pair that was tried.

    Agreeing on a value that everybody has proves nothing, but it never speaks against: u stays at or below m.
    """
    level = outcome.level
    if level.m <= level.u:
        return level.u, level.u
    if level.terms is Terms.HOLDERS:
        sharing = surroundings.model.sharing[compared]
        typical = _sharing_of_one(sharing.borrowed, sharing.recycled, surroundings)
        actual = _sharing_u(compared, outcome.query.identity, surroundings)
    else:
        typical = level.u
        actual = level.u * _relative_frequency(outcome, level, surroundings)
        if level.terms in _PART_NAMES:
            actual = max(actual, level.m * _whole_names(outcome, surroundings))
        if level.terms is Terms.SKELETON:
            # Were the value on file as well, it would be trusted twice.
            trust = min(outcome.query.trust, outcome.candidate.trust)
            actual = max(actual, level.m * surroundings.of_what_spells / trust)
    return min(typical, level.m), min(actual * outcome.pairs, level.m)


def _whole_names(outcome: Outcome[Any], surroundings: Surroundings) -> float:
    """The u / m of agreeing on either of two whole names: a part or an initial of a name tells no more than all of it."""
    _, level = surroundings.model.ranks[Field.NAME]["exact"]
    names = [claim.value for claim in (outcome.query, outcome.candidate) if claim.value.family]
    share = math.fsum(surroundings.share_of(name).smoothed for name in names)
    return level.u * share / surroundings.model.names.average[level.terms] / level.m


def _sharing_u(compared: Field, identity: str, surroundings: Surroundings) -> float:
    sharing = surroundings.model.sharing[compared]
    others = surroundings.holders_of(compared, identity) - 1
    return _sharing_of_one(
        sharing.borrowed + sharing.borrowed_per_holder * others, sharing.recycled, surroundings
    )


def _sharing_of_one(borrowed: float, recycled: float, surroundings: Surroundings) -> float:
    return (borrowed + recycled * surroundings.customers) / surroundings.scale


def _relative_frequency(outcome: Outcome[Any], level: Level, surroundings: Surroundings) -> float:
    """How many times as common the agreed term is as the term that u of the level is meant for."""
    if level.terms is Terms.NONE:
        return 1.0
    one, other = outcome.query.value, outcome.candidate.value
    if level.terms is Terms.SKELETON:
        names = [value for value in (one, other) if isinstance(value, PersonName)]
        frequency = surroundings.frequency_of_skeleton(outcome.query.identity, names)
    else:
        frequency = max(
            _name_frequency(one, level.terms, surroundings), _name_frequency(other, level.terms, surroundings)
        )
    return frequency / surroundings.model.names.average[level.terms]


def _name_frequency(name: PersonName, terms: Terms, surroundings: Surroundings) -> float:
    """Share of people who bear the agreed term of a name.

    Whoever bears the whole name here, beyond what the census expects, bears its parts: else a hundred John Does would make
    one Jane Doe the likeliest of all to have written as John.
    """
    share = surroundings.share_of(name)
    if terms is Terms.FULL_NAME:
        return share.smoothed
    part = (
        family_frequency(name.family or name.given)
        if terms is Terms.FAMILY_NAME
        else _frequency_of_given(name.given)
    )
    return part + share.smoothed - share.census


def _frequency_of_given(given: str) -> float:
    return given_frequency(given) if is_listed(given) else GIVEN_OF_ELSEWHERE
