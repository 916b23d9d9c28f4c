"""What the engine decided, and why: the same wherever it is shown."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from matching import Outcome, Provenance
from matching.model import Field

_OUTCOMES = [outcome.value for outcome in Outcome] + ["ignored"]
_BITS = {"description": "bits: log2 of a ratio of probabilities"}


class FeatureView(Schema):
    """What one comparison contributes: `bits` of its level, and `tf_bits` for the rarity of the value."""

    feature = fields.String(required=True, validate=validate.OneOf([each.value for each in Field]))
    level = fields.String(required=True)
    label = fields.String(required=True)
    query_value = fields.String(required=True)
    candidate_value = fields.String(required=True)
    bits = fields.Float(required=True, metadata=_BITS)
    tf_bits = fields.Float(required=True, metadata=_BITS)
    source = fields.String(required=True, validate=validate.OneOf([each.value for each in Provenance]))


class ExplanationView(Schema):
    """Why a candidate has its probability; `total_bits` is the sum of the prior and of all features."""

    prior_bits = fields.Float(required=True, metadata=_BITS)
    features = fields.List(fields.Nested(FeatureView), required=True)
    vetoes = fields.List(fields.String(), required=True)
    missing = fields.List(fields.String(), required=True)
    set_aside = fields.List(
        fields.String(), metadata={"description": "values that prove nothing, each with its reason"}
    )
    total_bits = fields.Float(required=True, metadata=_BITS)
    competition_bits = fields.Float(required=True, metadata=_BITS)
    probability = fields.Float(required=True, validate=validate.Range(min=0, max=1))


class CandidateView(Schema):
    """A customer who may be meant."""

    customer_id = fields.UUID(required=True)
    probability = fields.Float(required=True, validate=validate.Range(min=0, max=1))
    explanation = fields.Nested(ExplanationView, required=True)


class RelationView(Schema):
    """Somebody of the household or office of these customers."""

    customer_ids = fields.List(fields.UUID(), required=True)
    kind = fields.String(required=True, validate=validate.OneOf([each.value for each in Field]))
    probability = fields.Float(required=True, validate=validate.Range(min=0, max=1))


class DecisionView(Schema):
    """What was decided. Where a known sender brought nothing new (`rule`), nothing was weighed."""

    decision = fields.String(required=True, validate=validate.OneOf(_OUTCOMES))
    customer_id = fields.UUID(required=True, allow_none=True)
    candidates = fields.List(fields.Nested(CandidateView))
    related_probability = fields.Float()
    new_probability = fields.Float()
    namesake_probability = fields.Float(
        metadata={"description": "the part of new_probability that bears a candidate's name"}
    )
    unshown_probability = fields.Float(
        metadata={
            "description": "the part of new_probability that belongs to customers of whom nothing is recognised"
        }
    )
    new_bits = fields.Float(
        metadata={"description": "what someone new weighs beside a mere stranger, as log2"}
    )
    relations = fields.List(fields.Nested(RelationView))
    thresholds = fields.Dict(keys=fields.String(), values=fields.Float())
    caps = fields.List(fields.String())
    set_aside = fields.List(fields.String())
    counterfactual = fields.String(allow_none=True)
    model_version = fields.String(required=True)
