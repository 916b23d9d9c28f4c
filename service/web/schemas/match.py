"""The dry run of a match."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class MatchRequest(Schema):
    """A person as they might come in, to be matched without being kept."""

    name = fields.String(validate=validate.Length(max=200))
    phone = fields.String(validate=validate.Length(max=100))
    email = fields.String(validate=validate.Length(max=400))
    instagram = fields.String(validate=validate.Length(max=500))
    text = fields.String(validate=validate.Length(max=10_000))
    channel = fields.String(
        load_default="booking_form",
        validate=validate.OneOf(("instagram", "facebook", "sms", "booking_form")),
    )


class CandidateView(Schema):
    """A customer who may be meant."""

    customer_id = fields.UUID()
    probability = fields.Float()
    explanation = fields.Dict()


class MatchView(Schema):
    """What would be decided."""

    decision = fields.String(required=True)
    customer_id = fields.UUID(allow_none=True)
    candidates = fields.List(fields.Nested(CandidateView))
    related_probability = fields.Float()
    new_probability = fields.Float()
    relations = fields.List(fields.Dict())
    thresholds = fields.Dict()
    caps = fields.List(fields.String())
    counterfactual = fields.String(allow_none=True)
    model_version = fields.String()
