"""/api/v1/messages: what people wrote that may be an opt-out, and waits for somebody to look."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from service.store.doubts import doubt_views, list_doubts
from service.usecases.settle_doubt import Ruling, settle_doubt
from service.web.auth import actor, runtime
from service.web.pages import read_page
from service.web.rest import Blueprint
from service.web.schemas import messages as schemas

blueprint = Blueprint(
    "messages", __name__, url_prefix="/api/v1", description="Messages that a person looks at"
)


@blueprint.route("/messages", methods=["GET"])
@blueprint.arguments(schemas.MessageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.MessageItems)
def list_messages(query: dict[str, Any]) -> dict[str, Any]:
    """Messages that may be opt-outs, the one that waited longest first; marketing stopped when they came."""
    page = read_page(query, created_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        rows = list_doubts(session, status=query["status"], after=page.after, limit=page.limit)
        return page.answer(rows, doubt_views(session, rows))


@blueprint.route("/messages/<uuid:message_id>/decision", methods=["POST"])
@blueprint.arguments(schemas.Settling)
@blueprint.response(HTTPStatus.OK, schemas.MessageView)
@blueprint.refuses(HTTPStatus.CONFLICT, "Someone decided before, or the message revoked for good.")
def decide_message(body: dict[str, Any], message_id: UUID) -> dict[str, Any]:
    """Decide a message: an opt-out revokes from when it was said; one that is none lets go of what it held, and of nothing else."""
    here = runtime()
    with here.database.transaction() as session:
        row = settle_doubt(
            session,
            str(message_id),
            Ruling(verdict=body["decision"], note=body.get("note"), actor=actor()),
            terms=here.terms,
            now=here.clock(),
        )
        return doubt_views(session, [row])[0]
