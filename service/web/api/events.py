"""/api/v1/events: what came in, and how it ended."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from service.store import reading
from service.usecases.receive import replay
from service.web.api.prompts import form_answer
from service.web.auth import runtime
from service.web.pages import read_page
from service.web.rest import Blueprint
from service.web.schemas import events as schemas

blueprint = Blueprint("events", __name__, url_prefix="/api/v1", description="What came in")


@blueprint.route("/events", methods=["GET"])
@blueprint.arguments(schemas.EventQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.EventItems)
def list_events(query: dict[str, Any]) -> dict[str, Any]:
    """What came in, newest first."""
    page = read_page(query, received_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        rows = reading.list_events(session, status=query.get("status"), after=page.after, limit=page.limit)
        return page.answer(rows, map(reading.event_row, rows))


@blueprint.route("/events/<uuid:event_id>", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.EventView)
def show_event(event_id: UUID) -> dict[str, Any]:
    """An inbound event: where it stands, its decision, and what its sender was told."""
    here = runtime()
    with here.database.reading() as session:
        row = reading.find_event(session, str(event_id))
        view = reading.event_view(session, row)
        answer = row.answer
    return {**view, "answer": form_answer(row.id, answer) if answer else None}


@blueprint.route("/events/<uuid:event_id>/replay", methods=["POST"])
@blueprint.response(HTTPStatus.ACCEPTED, schemas.ReplayView)
@blueprint.refuses(HTTPStatus.CONFLICT, "It has not failed.")
def replay_event(event_id: UUID) -> dict[str, Any]:
    """Give an event that failed another try."""
    here = runtime()
    with here.database.transaction() as session:
        standing = replay(session, str(event_id), now=here.clock())
    here.inbox_bell.set()
    return {"id": standing.event_id, "status": standing.status}
