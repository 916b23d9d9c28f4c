"""The model: every figure that scoring uses, in one table that can be read aloud (`model_v1.json`).

Fellegi & Sunter, "A Theory for Record Linkage" (1969): a comparison level has m, the probability of the level where
two records are one person, and u, where they are two unrelated people. Beside them stands kin: the probability where
the other person belongs to the same household or office. Bits are log2(m / u). Term frequency adjustment as in Splink's
documentation ("Term frequency adjustments"): u of an agreement on a rare value is smaller than u of the level.
"""

from __future__ import annotations

import math
from collections.abc import Mapping  # noqa: TC003 - msgspec reads the annotations when it decodes
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files

import msgspec

from matching.records import Provenance

_ROUNDING = 1e-6
OTHER_CHANNEL = "other"

TELLING_BITS = 4.0
"""A level of names that brings fewer leaves nobody likely by itself."""


class Field(StrEnum):
    """What is compared, in the order in which an explanation tells it."""

    NAME = "name"
    SKELETON = "skeleton"
    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"


OF_NAMES = frozenset({Field.NAME, Field.SKELETON})
CONTACTS = (Field.PHONE, Field.EMAIL, Field.HANDLE)

DIFFERENT = "different"
"""The level of contact values that have nothing in common."""


class Terms(StrEnum):
    """What the u of a level is adjusted by."""

    NONE = "none"
    FULL_NAME = "full_name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    SKELETON = "skeleton"
    HOLDERS = "holders"
    """u is not in the table: it follows from how many customers hold the value (see `Sharing`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One outcome of a comparison; `figures` says where m, u and kin come from."""

    level: str
    label: str
    m: float
    u: float
    kin: float
    terms: Terms = Terms.NONE
    figures: str = ""

    def __post_init__(self) -> None:
        u_is_fit = 0 < self.u <= 1 or (self.u == 0 and self.terms is Terms.HOLDERS)
        if not (0 < self.m <= 1 and u_is_fit and 0 < self.kin <= 1):
            raise ValueError(f"m, u and kin of {self.level!r} must be probabilities above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The levels of one feature, best first: the first that fits is the outcome."""

    feature: Field
    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        if len({level.level for level in self.levels}) != len(self.levels):
            raise ValueError(f"{self.feature} has two levels of one name")
        for column in ("m", "u", "kin"):
            if sum(getattr(level, column) for level in self.levels) > 1 + _ROUNDING:
                raise ValueError(f"{column} of the levels of {self.feature} add up to more than 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPrior:
    """P(the sender is a known customer) = known_share * N / (N + half_saturation) in a base of N customers.

    P(somebody else bears the name of a customer for another reason than chance) = namesake_share * N / (N +
    names.namesake_half_saturation): those are relatives, people of one town, and whoever sets a puzzle. `kin_factors`: how
    many times as many newcomers as `Sharing` says use a value of their household or office that we hold, by its kind.
    `elsewhere_factor`: how many times as often as chance has it a customer writes with no kind of contact value that we
    have of them (from Instagram, where we know a phone). Most write by what is on file. `unshown`: chance that a customer shows
    nothing at all that we have of them, where they tell no whole name (from a second account, under a word).
    """

    known_share: float
    half_saturation: float
    namesake_share: float
    kin_factors: Mapping[Field, float] = field(default_factory=dict)
    elsewhere_factor: float = 1.0
    unshown: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.unshown < 1:
            raise ValueError("unshown must be at least 0, and lie below 1")
        if not 0 < self.elsewhere_factor <= 1:
            raise ValueError("elsewhere_factor must lie above 0, and be at most 1")
        if not (0 < self.known_share < 1 and 0 < self.namesake_share < 1):
            raise ValueError("known_share and namesake_share must lie between 0 and 1")
        if not (self.half_saturation > 0 and all(factor > 0 for factor in self.kin_factors.values())):
            raise ValueError("half_saturation and kin_factors must lie above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How often somebody who is not the customer brings a contact value of a customer.

    `kin`: chance that a new sender belongs to a household or office whose value we hold, and uses it. `borrowed`: the
    same of somebody unrelated (a friend who booked, a slip of the finger). Each grows with every further
    holder (`kin_per_holder`, `borrowed_per_holder`). `recycled`: chance per customer that the value was given up, and
    given out again to the sender.
    """

    kin: float
    kin_per_holder: float
    borrowed: float
    borrowed_per_holder: float
    recycled: float
    figures: str = ""

    def __post_init__(self) -> None:
        chances = (self.kin, self.kin_per_holder, self.borrowed, self.borrowed_per_holder, self.recycled)
        if not all(0 < chance < 1 for chance in chances):
            raise ValueError("every chance of sharing must lie between 0 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How names are counted.

    `census_weight`: how many customers of our own outweigh the census. `discount`: what of the first bearer does not
    count, since the name is theirs, and says little of others. `pairing`: given and family names of one
    heritage go together, so a full name is this much more common than the product of its parts.
    `average`: chance that two strangers agree on the term; u of a level is meant for such an average term.
    """

    census_weight: float
    discount: float
    pairing: float
    namesake_half_saturation: float
    average: Mapping[Terms, float]
    figures: str = ""

    def __post_init__(self) -> None:
        needed = {Terms.FULL_NAME, Terms.FAMILY_NAME, Terms.GIVEN_NAME, Terms.SKELETON}
        if needed - self.average.keys() or min(self.average.values()) <= 0:
            raise ValueError("names.average needs a frequency above 0 for every kind of term")
        if (
            min(self.census_weight, self.namesake_half_saturation) <= 0
            or self.pairing < 1
            or not 0 <= self.discount < 1
        ):
            raise ValueError(
                "names.census_weight and half_saturation must be above 0, names.pairing at least 1, names.discount between 0 and 1"
            )


@dataclass(frozen=True, kw_only=True)
class Model:
    """All figures of the engine. `trust` is the chance that a value of this provenance is the sender's own.

    `changed_too`: chance that a customer who brings another value of one kind than is on file brings another of the next
    kind, too. Who moves to another country, or has lost an account, has new values of all kinds. `all_new`: chance that a
    customer brings nothing but new values (ADR 21).
    """

    version: str
    recall: float
    priors: Mapping[str, ChannelPrior]
    comparisons: tuple[Comparison, ...]
    sharing: Mapping[Field, Sharing]
    names: Names
    name_trust: Mapping[Provenance, float]
    contact_trust: Mapping[Provenance, float]
    changed_too: float
    all_new: float

    def __post_init__(self) -> None:
        if not 0 < self.recall <= 1:
            raise ValueError("recall must lie between 0 and 1")
        if not (0 < self.changed_too < 1 and 0 < self.all_new < 1):
            raise ValueError("changed_too and all_new must lie between 0 and 1")
        if OTHER_CHANNEL not in self.priors:
            raise ValueError(f"priors need an entry {OTHER_CHANNEL!r} for channels that have none")
        if [comparison.feature for comparison in self.comparisons] != list(Field):
            raise ValueError("comparisons must be those of Field, in that order")
        if self.sharing.keys() != set(CONTACTS):
            raise ValueError("sharing needs phone, email and handle")
        for trust in (self.name_trust, self.contact_trust):
            if trust.keys() != set(Provenance) or not all(0 < chance <= 1 for chance in trust.values()):
                raise ValueError("trust needs a chance above 0 for every provenance")

    @cached_property
    def ranks(self) -> Mapping[Field, Mapping[str, tuple[int, Level]]]:
        """Of every level, by its name, its place in its comparison, best first."""
        return {
            comparison.feature: {level.level: (rank, level) for rank, level in enumerate(comparison.levels)}
            for comparison in self.comparisons
        }

    @cached_property
    def different_alone(self) -> Mapping[Field, Level]:
        """Of each kind of contact value the level of different ones, where no value of another kind agrees."""
        return {kind: replace(self.ranks[kind][DIFFERENT][1], m=self.all_new) for kind in CONTACTS}

    @cached_property
    def different_too(self) -> Mapping[Field, Level]:
        """Of each kind of contact value the level of different ones, where those of another kind differ as well."""
        different = {kind: self.ranks[kind][DIFFERENT][1] for kind in CONTACTS}
        return {
            kind: replace(level, m=min(max(level.m, self.changed_too), level.u))
            for kind, level in different.items()
        }

    @cached_property
    def telling_names(self) -> frozenset[str]:
        """The levels of two names that say something by themselves: not half a name, which thousands share."""
        return frozenset(
            name
            for name, (_, level) in self.ranks[Field.NAME].items()
            if math.log2(level.m / level.u) >= TELLING_BITS
        )

    def namesake_chance(self, channel: str, customers: int) -> float:
        """Chance that somebody new is the namesake of one given customer, not by chance."""
        return self.prior_of(channel).namesake_share / (customers + self.names.namesake_half_saturation)

    def prior_of(self, channel: str) -> ChannelPrior:
        return self.priors.get(channel) or self.priors[OTHER_CHANNEL]


def parse_model(text: bytes) -> Model:
    """Read a model from JSON.

    Raises:
        msgspec.ValidationError: a figure is missing, unknown or impossible; the message says which.
    """
    return msgspec.json.decode(text, type=Model)


def dump_model(model: Model) -> bytes:
    """The JSON of a model, as `parse_model` reads it."""
    return msgspec.json.format(msgspec.json.encode(model), indent=2) + b"\n"


@cache
def load_model() -> Model:
    """The model that this version ships with."""
    return parse_model((files("matching") / "model_v1.json").read_bytes())
