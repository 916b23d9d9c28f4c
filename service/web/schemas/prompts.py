"""Prompts."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.web.rest import Body


class PromptAnswer(Body):
    """The answer to "Is this you?"; `candidate` where there are several."""

    answer = fields.String(required=True, validate=validate.OneOf(("yes", "no", "on_behalf")))
    code = fields.String(
        allow_none=True,
        validate=validate.Length(max=16),
        metadata={"description": "for proof `code`; `claim` asks none"},
    )
    candidate = fields.String(allow_none=True, validate=validate.Length(max=8))


class PromptOutcome(Schema):
    """How an answer ended."""

    outcome = fields.String(required=True)
    customer_id = fields.UUID(required=True)


class HintView(Schema):
    """What a candidate may be recognised by, masked."""

    type = fields.String(required=True, validate=validate.OneOf(("name", "instagram", "phone", "email")))
    value = fields.String(required=True)


class PromptCandidate(Schema):
    """Somebody whom the asker may be; `key` is what an answer names them by."""

    key = fields.String(required=True)
    hints = fields.List(fields.Nested(HintView), required=True)


class PromptOfForm(Schema):
    """The question, as the form's sender is told it; the token is all that an answer needs."""

    token = fields.String(required=True)
    url = fields.URL(required=True, require_tld=False)
    expires_at = fields.String(required=True, metadata={"format": "date-time"})
    question = fields.String(required=True)
    proof = fields.String(required=True)
    answers = fields.List(fields.String(), required=True)
    candidates = fields.List(fields.Nested(PromptCandidate), required=True)


class FormAnswer(Schema):
    """What the form's sender is told."""

    event_id = fields.UUID(required=True)
    outcome = fields.String(required=True)
    customer_id = fields.UUID(required=True)
    prompt = fields.Nested(PromptOfForm, required=True, allow_none=True)


class PromptView(Schema):
    """A prompt; its candidates are shown only while it is open."""

    state = fields.String(required=True)
    answer = fields.String(allow_none=True)
    question = fields.String(required=True)
    proof = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    answers = fields.List(fields.String(), required=True)
    candidates = fields.List(fields.Nested(PromptCandidate), required=True)
