"""Why a candidate has its probability: bits that add up, as data that can be kept and shown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec

from matching.model import OF_NAMES, Field
from matching.records import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

BIT_DIGITS = 4
"""Bits are rounded before they are added, so that what is shown adds up to what decided."""

_NEAREST_TO_CERTAIN = 1e-15


class Feature(msgspec.Struct, frozen=True, gc=False):
    """What one comparison contributes.

    `bits` is log2(m / u) of its level; `tf_bits` is what the rarity of the value, or the number of values that were
    tried, adds or takes. `source` is how the less trusted of the two values reached us. (A Struct, since hundreds
    are made per query, and a frozen dataclass or a named tuple takes several times as long to make.)
    """

    feature: Field
    level: str
    label: str
    query_value: str
    candidate_value: str
    bits: float
    tf_bits: float
    source: Provenance

    @property
    def total(self) -> float:
        return self.bits + self.tf_bits


class Explanation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The evidence for one candidate.

    `total_bits`, the log2 odds of "this person" against "someone new", is `prior_bits` plus all bits of the features.
    `competition_bits` is what the other hypotheses then take away, less the `lent_bits` of others: of twins whose place the
    candidate takes, and of somebody of the household whose value the query has. A vetoed candidate is out of the
    competition, and has 0.
    `missing` names what could not be compared, which counts neither way; `is_elsewhere`: the customer has contact values, and the query none of
    a kind that they have, which the prior may know to be rare; `set_aside` says of each value of the query
    that took no part why it proves nothing.
    """

    prior_bits: float
    features: tuple[Feature, ...]
    vetoes: tuple[str, ...]
    missing: tuple[str, ...]
    total_bits: float
    competition_bits: float
    probability: float
    set_aside: tuple[str, ...] = ()
    lent_bits: float = 0.0
    is_elsewhere: bool = False

    def feature(self, name: Field) -> Feature | None:
        return next((feature for feature in self.features if feature.feature == name), None)

    @property
    def name_bits(self) -> float:
        """What names bring, and what spells them."""
        return math.fsum(feature.total for feature in self.features if feature.feature in OF_NAMES)

    def to_dict(self) -> dict[str, Any]:
        """The explanation in the JSON names of the product, ready for `json.dumps`."""
        return {
            "prior_bits": self.prior_bits,
            "features": [
                {
                    **msgspec.structs.asdict(feature),
                    "feature": feature.feature.value,
                    "source": feature.source.value,
                }
                for feature in self.features
            ],
            "vetoes": list(self.vetoes),
            "missing": list(self.missing),
            "set_aside": list(self.set_aside),
            "total_bits": self.total_bits,
            "lent_bits": self.lent_bits,
            "is_elsewhere": self.is_elsewhere,
            "competition_bits": self.competition_bits,
            "probability": self.probability,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Explanation:
        """The explanation that `to_dict` made this of."""
        features = tuple(
            Feature(
                **{**each, "feature": Field(each["feature"]), "source": Provenance(each["source"])},
            )
            for each in stored["features"]
        )
        listed = {name: tuple(stored.get(name, ())) for name in ("vetoes", "missing", "set_aside")}
        return cls(**{**stored, **listed, "features": features})


def rounded_bits(bits: float) -> float:
    # Adding 0 makes a zero of -0.
    return round(bits, BIT_DIGITS) + 0.0


def log2_odds(probability: float) -> float:
    """The probability as bits; certainty, which no finite number of bits reaches, is cut off."""
    bounded = min(max(probability, _NEAREST_TO_CERTAIN), 1 - _NEAREST_TO_CERTAIN)
    return math.log2(bounded / (1 - bounded))
