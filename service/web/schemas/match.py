"""The dry run of a match."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from service.events import Channel, Submission
from service.usecases.understand import complaints_about
from service.web.auth import runtime
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
        validate=validate.OneOf(("instagram", "facebook", "sms", "email", "booking_form")),
    )

    @validates_schema(skip_on_field_errors=False)
    def _contacts_can_be_read(self, person: dict[str, Any], **_: object) -> None:
        typed = {name: person[name] for name in ("phone", "email", "instagram") if name in person}
        submission = Submission(channel=Channel.BOOKING_FORM, **typed)
        complaints = complaints_about(submission, region=runtime().settings.default_region)
        if complaints:
            raise ValidationError(complaints)


class MatchView(DecisionView):
    """What would be decided."""

    candidates = fields.List(fields.Nested(CandidateView), required=True)
    related_probability = fields.Float(required=True)
    relations = fields.List(fields.Nested(RelationView), required=True)
    new_probability = fields.Float(required=True)
