"""/api/v1/blocked-values: what proves nothing."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.store.own_and_blocked import count_holders
from service.store.tables import BlockedValue
from service.usecases.curate import Entry, add_blocked_value, list_entries, remove_entry, value_of
from service.web.auth import actor, runtime
from service.web.pages import read_cursor, write_cursor
from service.web.rest import Blueprint, no_content
from service.web.schemas import own_and_blocked as schemas
from service.web.schemas.paging import PageQuery

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("blocked-values", __name__, url_prefix="/api/v1", description="What proves nothing")


@blueprint.route("/blocked-values", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.BlockedValueItems)
def show_blocked_values(query: dict[str, Any]) -> dict[str, Any]:
    """What proves nothing about who somebody is, newest first; the shipped list included."""
    after = read_cursor(query.get("cursor"), datetime, UUID)
    with runtime().database.reading() as session:
        rows = list_entries(session, BlockedValue, after=after, limit=query["limit"])
    return {
        "items": [_view(row) for row in rows],
        "next": write_cursor(rows, query["limit"], "created_at", "id"),
    }


@blueprint.route("/blocked-values", methods=["POST"])
@blueprint.arguments(schemas.NewBlockedValue)
@blueprint.response(HTTPStatus.CREATED, schemas.AddedBlockedValue)
@blueprint.refuses(HTTPStatus.CONFLICT, "It is on the list already.")
def block_value(body: dict[str, Any]) -> dict[str, Any]:
    """Say that a value, or every value that a pattern fits, proves nothing. Whoever has it keeps it."""
    here = runtime()
    entry = Entry(
        type=body["type"],
        value=body["value"],
        platform=body.get("platform") or "",
        remark=body.get("reason"),
    )
    with here.database.transaction() as session:
        row = add_blocked_value(
            session,
            entry,
            kind=body["kind"],
            region=here.settings.default_region,
            actor=actor(),
            now=here.clock(),
        )
        return {**_view(row), "held_by": count_holders(session, value_of(row), kind=row.kind)}


@blueprint.route("/blocked-values/<uuid:entry_id>", methods=["DELETE"])
@blueprint.response(HTTPStatus.NO_CONTENT)
def unblock_value(entry_id: UUID) -> Response:
    """Take a value off the list: it counts again, from the next event on."""
    here = runtime()
    with here.database.transaction() as session:
        remove_entry(session, BlockedValue, str(entry_id), actor=actor(), now=here.clock())
    return no_content()


def _view(row: BlockedValue) -> dict[str, Any]:
    shown = ("id", "type", "kind", "value", "reason", "source", "created_at")
    return {**{name: getattr(row, name) for name in shown}, "platform": row.platform or None}
