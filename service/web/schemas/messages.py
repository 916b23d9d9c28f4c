"""Messages that a person has to look at."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.web.rest import Body
from service.web.schemas.paging import PageQuery, next_cursor

STATUSES = ("needs_person", "opt_out", "not_opt_out")


class MessageQuery(PageQuery):
    """Which messages to list."""

    status = fields.String(load_default="needs_person", validate=validate.OneOf(STATUSES))


class WriterView(Schema):
    """Who wrote a message, as they are now."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)


class StoppedView(Schema):
    """What a message stopped: until a person decides (`hold`), or for good (`revoke`)."""

    type = fields.String(required=True)
    value = fields.String(required=True)
    channel = fields.String(required=True)
    purpose = fields.String(required=True)
    action = fields.String(required=True, validate=validate.OneOf(("hold", "revoke")))


class MessageView(Schema):
    """A message that may be an opt-out; `contact` is what it was written from, `why` what made it doubtful."""

    id = fields.UUID(required=True)
    event_id = fields.UUID(required=True)
    channel = fields.String(required=True)
    contact = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    why = fields.String(required=True, validate=validate.OneOf(("unclear", "wrong_number")))
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    customer = fields.Nested(WriterView, required=True, allow_none=True)
    stopped = fields.List(fields.Nested(StoppedView), required=True)
    created_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_by = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class MessageItems(Schema):
    """A page of messages, the one that waited longest first."""

    items = fields.List(fields.Nested(MessageView), required=True)
    next = next_cursor()


class Settling(Body):
    """An operator's decision on a message."""

    decision = fields.String(required=True, validate=validate.OneOf(("opt_out", "not_opt_out")))
    note = fields.String(allow_none=True, validate=validate.Length(max=2_000))
