"""/api/v1/own-contacts: the contacts of the business itself."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.store.own_and_blocked import EXACT, count_holders
from service.store.tables import OwnContact
from service.usecases.curate import Entry, add_own_contact, list_entries, remove_entry, value_of
from service.web.auth import actor, runtime
from service.web.pages import read_cursor, write_cursor
from service.web.rest import Blueprint, no_content
from service.web.schemas import own_and_blocked as schemas
from service.web.schemas.paging import PageQuery

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("own-contacts", __name__, url_prefix="/api/v1", description="What is ours")


@blueprint.route("/own-contacts", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.OwnContactItems)
def show_own_contacts(query: dict[str, Any]) -> dict[str, Any]:
    """The contacts of the business itself, newest first."""
    after = read_cursor(query.get("cursor"), datetime, UUID)
    with runtime().database.reading() as session:
        rows = list_entries(session, OwnContact, after=after, limit=query["limit"])
    return {
        "items": [_view(row) for row in rows],
        "next": write_cursor(rows, query["limit"], "created_at", "id"),
    }


@blueprint.route("/own-contacts", methods=["POST"])
@blueprint.arguments(schemas.NewOwnContact)
@blueprint.response(HTTPStatus.CREATED, schemas.AddedOwnContact)
@blueprint.refuses(HTTPStatus.CONFLICT, "It is on the list already.")
def list_own_contact(body: dict[str, Any]) -> dict[str, Any]:
    """Say that a contact is the business's own: from now on it is attached to nobody, and no evidence."""
    here = runtime()
    entry = Entry(
        type=body["type"],
        value=body["value"],
        platform=body.get("platform") or "",
        remark=body.get("note"),
    )
    with here.database.transaction() as session:
        row = add_own_contact(
            session, entry, region=here.settings.default_region, actor=actor(), now=here.clock()
        )
        return {**_view(row), "held_by": count_holders(session, value_of(row), kind=EXACT)}


@blueprint.route("/own-contacts/<uuid:entry_id>", methods=["DELETE"])
@blueprint.response(HTTPStatus.NO_CONTENT)
def unlist_own_contact(entry_id: UUID) -> Response:
    """Take a contact off the list: whoever brings it from now on has it."""
    here = runtime()
    with here.database.transaction() as session:
        remove_entry(session, OwnContact, str(entry_id), actor=actor(), now=here.clock())
    return no_content()


def _view(row: OwnContact) -> dict[str, Any]:
    shown = ("id", "type", "value", "match_value", "note", "created_at")
    return {**{name: getattr(row, name) for name in shown}, "platform": row.platform or None}
