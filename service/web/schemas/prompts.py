"""Prompts."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class PromptAnswer(Schema):
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


class PromptView(Schema):
    """A prompt; its candidates are shown only while it is open."""

    state = fields.String(required=True)
    answer = fields.String(allow_none=True)
    question = fields.String(required=True)
    proof = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    answers = fields.List(fields.String())
    candidates = fields.List(fields.Dict())
