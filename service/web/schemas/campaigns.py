"""Campaigns."""

from __future__ import annotations

import unicodedata
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.campaigning import STOP_LINE
from service.providers.form_fields import Text, TrueOrFalse
from service.usecases.audience import Reason
from service.web.rest import Body
from service.web.schemas.paging import PageQuery, next_cursor

CHANNELS = ("sms", "email")
DECISIONS = ("send", "skip")
STATUSES = ("planning", "sending", "done", "stopped")
OUTCOMES = ("pending", "sending", "sent", "failed", "unknown", "withheld", "stopped")
_SHOWS = validate.Regexp(r"(?s).*\S", error="Must not be empty.")
#: Twilio's limit, with room for the line that tells how to stop.
MAX_TEXT = 1_600 - len(STOP_LINE) - 1


def _is_one_line(text: str) -> None:
    """Refuse what would end a header and begin another."""
    if "".join(text.splitlines()) != text or any(unicodedata.category(each) == "Cc" for each in text):
        raise ValidationError("Must be one line.")


class NewCampaign(Body):
    """A message to everybody who may get it. A newsletter has a subject, a text has none."""

    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    subject = Text(
        allow_none=True,
        validate=[
            validate.Length(min=1, max=200),
            _SHOWS,
            _is_one_line,
        ],
    )
    body = Text(required=True, validate=[validate.Length(min=1, max=100_000), _SHOWS])
    dry_run = TrueOrFalse(
        load_default=False, metadata={"description": "decide about everybody, and send nothing"}
    )

    @validates_schema(skip_on_field_errors=False)
    def _fits_its_channel(self, campaign: dict[str, Any], **_: object) -> None:
        channel, subject, body = (campaign.get(name) for name in ("channel", "subject", "body"))
        if channel == "email" and subject is None:
            raise ValidationError("An email needs a subject.", "subject")
        if channel == "sms" and subject is not None:
            raise ValidationError("A text has no subject.", "subject")
        if channel == "sms" and isinstance(body, str) and len(body) > MAX_TEXT:
            raise ValidationError(f"A text has at most {MAX_TEXT} characters.", "body")


class ProgressView(Schema):
    """How far a campaign is: contacts `considered` are `to_send` and `skipped`; those to send end in one of the others."""

    considered = fields.Integer(required=True)
    to_send = fields.Integer(required=True)
    skipped = fields.Integer(required=True)
    pending = fields.Integer(required=True)
    sent = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    #: Not `unknown`: marshmallow means something else by it.
    uncertain = fields.Integer(
        required=True,
        data_key="unknown",
        attribute="unknown",
        metadata={
            "description": "handed over when the connection or the process broke: most likely sent, never tried again"
        },
    )
    withheld = fields.Integer(
        required=True, metadata={"description": "something came to speak against it before it was sent"}
    )
    stopped = fields.Integer(required=True, metadata={"description": "the campaign was stopped before"})


class CampaignView(Schema):
    """A campaign, and how far it is."""

    id = fields.UUID(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    subject = fields.String(required=True, allow_none=True)
    body = fields.String(required=True)
    dry_run = fields.Boolean(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    progress = fields.Nested(ProgressView, required=True)
    created_at = fields.AwareDateTime(required=True)
    planned_at = fields.AwareDateTime(required=True, allow_none=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)


class CampaignItems(Schema):
    """A page of campaigns, newest first."""

    items = fields.List(fields.Nested(CampaignView), required=True)
    next = next_cursor()


class RequestHeaders(Schema):
    """What names a request, so that it can be made again."""

    idempotency_key = fields.String(
        data_key="Idempotency-Key",
        validate=validate.Length(min=1, max=200),
        metadata={"description": "the same key again gets the same campaign, and sends nothing more"},
    )


class RecipientFilter(Schema):
    """Which recipients to list."""

    decision = fields.String(validate=validate.OneOf(DECISIONS))
    outcome = fields.String(
        validate=validate.OneOf(OUTCOMES), metadata={"description": "`unknown`: who may have been reached"}
    )


class RecipientQuery(PageQuery, RecipientFilter):
    """Which recipients to list, a page at a time."""


class RecipientView(Schema):
    """A contact that was considered. A skip has every reason against it; `not_before` is where it is night there."""

    customer_id = fields.UUID(required=True)
    contact_id = fields.UUID(required=True)
    value = fields.String(required=True)
    decision = fields.String(required=True, validate=validate.OneOf(DECISIONS))
    reason = fields.String(required=True, validate=validate.OneOf([each.value for each in Reason]))
    reasons = fields.List(fields.String(), required=True)
    not_before = fields.AwareDateTime(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True, validate=validate.OneOf([*OUTCOMES, None]))
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)


class RecipientItems(Schema):
    """A page of recipients."""

    items = fields.List(fields.Nested(RecipientView), required=True)
    next = next_cursor()


class TrialRequest(Body):
    """Whom to send a trial to: oneself."""

    to = Text(required=True, validate=validate.Length(min=1, max=500))


class TrialView(Schema):
    """A trial that the provider took."""

    to = fields.String(required=True)
    sender = fields.String(required=True)
