"""/api/v1/proposals and /api/v1/merges: what waits for a person, and what was made one."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from service.errors import ErrorCode, Refusal
from service.store import reading
from service.store.tables import MatchProposal
from service.usecases.judge import judge
from service.usecases.undo import undo
from service.web.auth import actor, runtime
from service.web.pages import read_page
from service.web.rest import Blueprint
from service.web.schemas import review as schemas

blueprint = Blueprint("review", __name__, url_prefix="/api/v1", description="Proposals, merges and undo")


@blueprint.route("/proposals", methods=["GET"])
@blueprint.arguments(schemas.ProposalQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.ProposalItems)
def list_proposals(query: dict[str, Any]) -> dict[str, Any]:
    """Pairs of customers who may be one person, most probable first."""
    here = runtime()
    page = read_page(query, probability=float, id=UUID)
    with here.database.reading() as session:
        rows = reading.list_proposals(session, status=query["status"], after=page.after, limit=page.limit)
        return page.answer(rows, reading.proposal_views(session, rows, now=here.clock()))


@blueprint.route("/proposals/<uuid:proposal_id>", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.ProposalView)
def show_proposal(proposal_id: UUID) -> dict[str, Any]:
    """Both sides of a proposal, and the explanation."""
    here = runtime()
    with here.database.reading() as session:
        row = session.get(MatchProposal, str(proposal_id))
        if row is None:
            raise Refusal(ErrorCode.NOT_FOUND, "There is no proposal with this id.")
        return reading.proposal_views(session, [row], now=here.clock())[0]


@blueprint.route("/proposals/<uuid:proposal_id>/decision", methods=["POST"])
@blueprint.arguments(schemas.Judging)
@blueprint.response(HTTPStatus.OK, schemas.ProposalView)
@blueprint.refuses(HTTPStatus.CONFLICT, "Someone decided before.")
def decide_proposal(body: dict[str, Any], proposal_id: UUID) -> dict[str, Any]:
    """Decide a proposal; 409 when someone decided before."""
    here = runtime()
    now = here.clock()
    with here.database.transaction() as session:
        row = judge(
            session,
            str(proposal_id),
            verdict=body["decision"],
            note=body.get("note"),
            actor=actor(),
            now=now,
        )
        return reading.proposal_views(session, [row], now=now)[0]


@blueprint.route("/merges", methods=["GET"])
@blueprint.arguments(schemas.MergeQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.MergeItems)
def list_merges(query: dict[str, Any]) -> dict[str, Any]:
    """Merges and automatic links with their journals, newest first."""
    page = read_page(query, created_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        rows = reading.list_merges(session, kind=query.get("kind"), after=page.after, limit=page.limit)
        return page.answer(rows, reading.merge_views(session, rows))


@blueprint.route("/merges/<uuid:merge_id>/undo", methods=["POST"])
@blueprint.response(HTTPStatus.OK, schemas.UndoView)
@blueprint.refuses(HTTPStatus.CONFLICT, "It is undone already, or cannot be undone as things stand.")
def undo_merge(merge_id: UUID) -> dict[str, Any]:
    """Undo a merge or a link exactly; 409 when it is undone already."""
    here = runtime()
    with here.database.transaction() as session:
        undone = undo(session, str(merge_id), actor=actor(), now=here.clock())
    return {
        "id": undone.merge.id,
        "undone_at": undone.merge.undone_at,
        "customer_id": undone.restored_customer_id,
        "survivor_id": undone.merge.survivor_id,
        "moved_back": undone.moved_back,
        "stayed": undone.stayed,
        "needs_person": undone.needs_person,
    }
