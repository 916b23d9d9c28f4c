"""/api/v1/own-contacts and /api/v1/blocked-values: two lists that are kept alike."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import url_for

from service.store.own_and_blocked import EXACT, count_holders
from service.store.tables import BlockedValue, OwnContact
from service.usecases.curate import (
    Entry,
    Listed,
    add_blocked_value,
    add_own_contact,
    find_entry,
    list_entries,
    remove_entry,
    value_of,
)
from service.web.auth import actor, runtime
from service.web.pages import read_page
from service.web.rest import Blueprint, no_content
from service.web.schemas import own_and_blocked as schemas
from service.web.schemas.paging import PageQuery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

own_contacts = Blueprint(
    "own-contacts", __name__, url_prefix="/api/v1/own-contacts", description="What is ours"
)
blocked_values = Blueprint(
    "blocked-values", __name__, url_prefix="/api/v1/blocked-values", description="What proves nothing"
)

Answer = tuple[dict[str, Any], dict[str, str]]
_SHOWN: Mapping[type[OwnContact | BlockedValue], tuple[str, ...]] = {
    OwnContact: ("id", "type", "value", "match_value", "note", "created_at"),
    BlockedValue: ("id", "type", "kind", "value", "reason", "source", "created_at"),
}


@own_contacts.route("", methods=["GET"])
@own_contacts.arguments(PageQuery, location="query")
@own_contacts.response(HTTPStatus.OK, schemas.OwnContactItems)
def list_own_contacts(query: dict[str, Any]) -> dict[str, Any]:
    """The contacts of the business itself, newest first."""
    return _list(OwnContact, query)


@own_contacts.route("", methods=["POST"])
@own_contacts.arguments(schemas.NewOwnContact)
@own_contacts.response(HTTPStatus.CREATED, schemas.AddedOwnContact)
@own_contacts.refuses(HTTPStatus.CONFLICT, "It is on the list already.")
def new_own_contact(body: dict[str, Any]) -> Answer:
    """Say that a contact is the business's own: from now on it is attached to nobody, and no evidence."""
    here = runtime()
    entry, region = _entry(body, body.get("note")), here.settings.default_region
    with here.database.transaction() as session:
        row = add_own_contact(session, entry, region=region, actor=actor(), now=here.clock())
        view = {**_view(row), "held_by": count_holders(session, value_of(row), kind=EXACT)}
    return view, {"Location": url_for("own-contacts.show_own_contact", entry_id=row.id)}


@own_contacts.route("/<uuid:entry_id>", methods=["GET"])
@own_contacts.response(HTTPStatus.OK, schemas.OwnContactView)
def show_own_contact(entry_id: UUID) -> dict[str, Any]:
    """A contact of the business itself."""
    return _show(OwnContact, entry_id)


@own_contacts.route("/<uuid:entry_id>", methods=["DELETE"])
@own_contacts.response(HTTPStatus.NO_CONTENT)
def remove_own_contact(entry_id: UUID) -> Response:
    """Take a contact off the list: whoever brings it from now on has it."""
    return _remove(OwnContact, entry_id)


@blocked_values.route("", methods=["GET"])
@blocked_values.arguments(PageQuery, location="query")
@blocked_values.response(HTTPStatus.OK, schemas.BlockedValueItems)
def list_blocked_values(query: dict[str, Any]) -> dict[str, Any]:
    """What proves nothing about who somebody is, newest first; the shipped list included."""
    return _list(BlockedValue, query)


@blocked_values.route("", methods=["POST"])
@blocked_values.arguments(schemas.NewBlockedValue)
@blocked_values.response(HTTPStatus.CREATED, schemas.AddedBlockedValue)
@blocked_values.refuses(HTTPStatus.CONFLICT, "It is on the list already.")
def new_blocked_value(body: dict[str, Any]) -> Answer:
    """Say that a value, or every value that a pattern fits, proves nothing. Whoever has it keeps it."""
    here = runtime()
    entry, region = _entry(body, body.get("reason")), here.settings.default_region
    with here.database.transaction() as session:
        row = add_blocked_value(
            session, entry, kind=body["kind"], region=region, actor=actor(), now=here.clock()
        )
        view = {**_view(row), "held_by": count_holders(session, value_of(row), kind=row.kind)}
    return view, {"Location": url_for("blocked-values.show_blocked_value", entry_id=row.id)}


@blocked_values.route("/<uuid:entry_id>", methods=["GET"])
@blocked_values.response(HTTPStatus.OK, schemas.BlockedValueView)
def show_blocked_value(entry_id: UUID) -> dict[str, Any]:
    """A value that proves nothing."""
    return _show(BlockedValue, entry_id)


@blocked_values.route("/<uuid:entry_id>", methods=["DELETE"])
@blocked_values.response(HTTPStatus.NO_CONTENT)
def remove_blocked_value(entry_id: UUID) -> Response:
    """Take a value off the list: it counts again, from the next event on."""
    return _remove(BlockedValue, entry_id)


# ---------------------------------------------------------------- alike for both


def _list(table: type[Listed], query: dict[str, Any]) -> dict[str, Any]:
    page = read_page(query, created_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        rows = list_entries(session, table, after=page.after, limit=page.limit)
    return page.answer(rows, map(_view, rows))


def _show(table: type[Listed], entry_id: UUID) -> dict[str, Any]:
    with runtime().database.reading() as session:
        return _view(find_entry(session, table, str(entry_id)))


def _remove(table: type[Listed], entry_id: UUID) -> Response:
    here = runtime()
    with here.database.transaction() as session:
        remove_entry(session, table, str(entry_id), actor=actor(), now=here.clock())
    return no_content()


def _entry(body: dict[str, Any], remark: str | None) -> Entry:
    return Entry(type=body["type"], value=body["value"], platform=body.get("platform") or "", remark=remark)


def _view(row: OwnContact | BlockedValue) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in _SHOWN[type(row)]}, "platform": row.platform or None}
