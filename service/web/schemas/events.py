"""Inbound events."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.events import EventStatus
from service.web.schemas.paging import PageQuery


class EventQuery(PageQuery):
    """Which events to list."""

    status = fields.String(validate=validate.OneOf([status.value for status in EventStatus]))


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

    decision = fields.Raw(allow_none=True)
    answer = fields.Raw(allow_none=True)


class ReplayView(Schema):
    """An event that gets another try."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)


class EventItems(Schema):
    """A page of events."""

    items = fields.List(fields.Nested(EventRow), required=True)
    next = fields.String(allow_none=True)
