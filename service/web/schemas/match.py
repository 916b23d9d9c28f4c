"""The dry run of a match."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.rest import Body
from service.web.schemas.decisions import CandidateView, DecisionView, RelationView


class MatchRequest(Body):
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


class MatchView(DecisionView):
    """What would be decided."""

    candidates = fields.List(fields.Nested(CandidateView), required=True)
    related_probability = fields.Float(required=True)
    relations = fields.List(fields.Nested(RelationView), required=True)
    new_probability = fields.Float(required=True)
