"""Inbound events."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.events import EventStatus
from service.web.schemas.decisions import DecisionView
from service.web.schemas.paging import PageQuery, next_cursor
from service.web.schemas.prompts import FormAnswer


class EventQuery(PageQuery):
    """Which events to list."""

    status = fields.String(validate=validate.OneOf([status.value for status in EventStatus]))


class MentionView(Schema):
    """A value that the text says is somebody else's: never attached."""

    type = fields.String(required=True)
    value = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)


class OursView(Schema):
    """A contact of the business itself: attached to nobody."""

    type = fields.String(required=True)
    value = fields.String(required=True)


class EventDecision(DecisionView):
    """The decision that an event ended in; `rule` and `sentence` where a known sender needed no weighing."""

    id = fields.UUID(required=True)
    rule = fields.String()
    sentence = fields.String()
    mentions = fields.List(fields.Nested(MentionView), required=True)
    ours = fields.List(fields.Nested(OursView), required=True)
    created_at = fields.AwareDateTime(required=True)


class EventRow(Schema):
    """An inbound event, as a list shows it."""

    id = fields.UUID()
    source = fields.String()
    account = fields.String()
    kind = fields.String()
    status = fields.String()
    attempts = fields.Integer()
    outcome = fields.String(allow_none=True)
    customer_id = fields.UUID(allow_none=True)
    error = fields.String(allow_none=True)
    occurred_at = fields.AwareDateTime(allow_none=True)
    received_at = fields.AwareDateTime()
    resolved_at = fields.AwareDateTime(allow_none=True)


class EventView(EventRow):
    """An inbound event with its decision; `answer` is what its sender was told."""

    decision = fields.Nested(EventDecision, required=True, allow_none=True)
    answer = fields.Nested(FormAnswer, required=True, allow_none=True)


class ReplayView(Schema):
    """An event that gets another try."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)


class EventItems(Schema):
    """A page of events."""

    items = fields.List(fields.Nested(EventRow), required=True)
    next = next_cursor()
