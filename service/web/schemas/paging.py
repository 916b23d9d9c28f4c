"""Paging, the same for every list."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.web.pages import MAX_LIMIT


class PageQuery(Schema):
    """Where to go on, and how much to show."""

    cursor = fields.String(metadata={"description": "`next` of the page before; nothing for the first page"})
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MAX_LIMIT))


def next_cursor() -> fields.String:
    """Where a list goes on."""
    return fields.String(
        required=True, allow_none=True, metadata={"description": "null behind the last page"}
    )
