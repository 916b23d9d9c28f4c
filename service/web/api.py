"""/api/v1: customers, match, events, proposals, merges, prompts."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import redirect, url_for
from flask_smorest import Blueprint

from service.errors import ErrorCode, Refusal
from service.events import Channel, Submission
from service.store import reading
from service.store.tables import MatchProposal
from service.usecases.answer import answer as answer_prompt
from service.usecases.create_customer import TypedContact, create_customer
from service.usecases.find import find_customer_by_any_contact
from service.usecases.identify import describe_decision
from service.usecases.judge import judge
from service.usecases.propose import read_prompt
from service.usecases.receive import replay
from service.usecases.understand import refuse_unreadable, understand
from service.usecases.undo import undo
from service.web import schemas
from service.web.auth import runtime
from service.web.pages import read_cursor, write_cursor

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", description="Customers, decisions, merges")
prompts = Blueprint("prompts", __name__, url_prefix="/api/v1/prompts", description="Is this you?")
_API_ACTOR = "operator:api"


# ---------------------------------------------------------------- customers


@blueprint.route("/customers", methods=["POST"])
@blueprint.arguments(schemas.NewCustomer)
@blueprint.response(HTTPStatus.CREATED, schemas.CustomerView)
def new_customer(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Create a customer and, optionally, its contact methods."""
    here = runtime()
    with here.database.transaction() as session:
        customer = create_customer(
            session,
            name=body["name"],
            contacts=[TypedContact(**contact) for contact in body["contacts"]],
            region=here.settings.default_region,
            now=here.clock(),
        )
        view = reading.customer_view(session, customer)
    return view, {"Location": url_for("api.show_customer", customer_id=customer.id)}


@blueprint.route("/customers", methods=["GET"])
@blueprint.arguments(schemas.ContactQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.CustomerItems)
def find_customers(query: dict[str, str]) -> dict[str, Any]:
    """Everyone who holds one contact, however it is written."""
    here = runtime()
    given = [name for name in ("phone", "email", "instagram", "social") if query.get(name)]
    if len(given) != 1:
        complaint = "Give exactly one of phone, email, instagram and social."
        raise Refusal(ErrorCode.INVALID, complaint, fields={name: [complaint] for name in given or ["phone"]})
    with here.database.transaction() as session:
        customers = find_customer_by_any_contact(
            session,
            # A plus sign that was not encoded arrives as a space.
            phone=query["phone"].replace(" ", "+", 1)
            if query.get("phone", "")[:1] == " "
            else query.get("phone"),
            email=query.get("email"),
            social_handle=query.get("instagram") or query.get("social"),
            platform="instagram" if "instagram" in query else query.get("platform"),
            region=here.settings.default_region,
        )
        return {"items": reading.customer_views(session, customers), "next": None}


@blueprint.route("/customers/<uuid:customer_id>", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.CustomerView)
def show_customer(customer_id: UUID) -> dict[str, Any] | AnyResponse:
    """A customer; the id of one who was merged away leads to the survivor (307)."""
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if customer.id != str(customer_id):
            return _to_survivor("api.show_customer", customer.id)
        return reading.customer_view(session, customer)


@blueprint.route("/customers/<uuid:customer_id>/contacts", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.CustomerContacts)
def list_contacts(customer_id: UUID) -> dict[str, Any] | AnyResponse:
    """A customer's contact methods by type."""
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if customer.id != str(customer_id):
            return _to_survivor("api.list_contacts", customer.id)
        return reading.contacts_view(session, customer)


@blueprint.route("/customers/<uuid:customer_id>/bookings", methods=["GET"])
@blueprint.response(HTTPStatus.OK)
def list_bookings(customer_id: UUID) -> dict[str, Any] | AnyResponse:
    """What a customer booked."""
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if customer.id != str(customer_id):
            return _to_survivor("api.list_bookings", customer.id)
        return {"items": reading.bookings_view(session, customer), "next": None}


def _to_survivor(endpoint: str, customer_id: str) -> AnyResponse:
    return redirect(url_for(endpoint, customer_id=customer_id), code=HTTPStatus.TEMPORARY_REDIRECT)


# ---------------------------------------------------------------- match


@blueprint.route("/match", methods=["POST"])
@blueprint.arguments(schemas.MatchRequest)
@blueprint.response(HTTPStatus.OK, schemas.MatchView)
def match(body: dict[str, Any]) -> dict[str, Any]:
    """Who would this be? Decides as an inbound contact would be decided, and writes nothing."""
    here = runtime()
    channel = Channel(body.pop("channel"))
    submission = Submission(channel=channel, **{**body, "text": body.get("text", "")})
    refuse_unreadable(submission, region=here.settings.default_region)
    understood = understand(submission, region=here.settings.default_region)
    with here.database.reading() as session:
        decision = here.identifier.identify(session, understood.record, channel=channel)
    return describe_decision(decision)


# ---------------------------------------------------------------- events


@blueprint.route("/events", methods=["GET"])
@blueprint.arguments(schemas.EventQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.EventItems)
def list_events(query: dict[str, Any]) -> dict[str, Any]:
    """What came in, newest first."""
    after = read_cursor(query.get("cursor"), datetime, str)
    with runtime().database.reading() as session:
        rows = reading.list_events(session, status=query.get("status"), after=after, limit=query["limit"])
        items = [reading.event_row(row) for row in rows]
        return {"items": items, "next": write_cursor(rows, query["limit"], "received_at", "id")}


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
def replay_event(event_id: UUID) -> dict[str, Any]:
    """Give an event that failed another try."""
    here = runtime()
    with here.database.transaction() as session:
        standing = replay(session, str(event_id), now=here.clock())
    here.inbox_bell.set()
    return {"id": standing.event_id, "status": standing.status}


# ---------------------------------------------------------------- proposals and merges


@blueprint.route("/proposals", methods=["GET"])
@blueprint.arguments(schemas.ProposalQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.ProposalItems)
def list_proposals(query: dict[str, Any]) -> dict[str, Any]:
    """Pairs of customers who may be one person, most probable first."""
    here = runtime()
    after = read_cursor(query.get("cursor"), float, str)
    with here.database.reading() as session:
        rows = reading.list_proposals(session, status=query["status"], after=after, limit=query["limit"])
        items = reading.proposal_views(session, rows, now=here.clock())
        return {"items": items, "next": write_cursor(rows, query["limit"], "probability", "id")}


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
            actor=_API_ACTOR,
            now=now,
        )
        return reading.proposal_views(session, [row], now=now)[0]


@blueprint.route("/merges", methods=["GET"])
@blueprint.arguments(schemas.MergeQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.MergeItems)
def list_merges(query: dict[str, Any]) -> dict[str, Any]:
    """Merges and automatic links with their journals, newest first."""
    after = read_cursor(query.get("cursor"), datetime, str)
    with runtime().database.reading() as session:
        rows = reading.list_merges(session, kind=query.get("kind"), after=after, limit=query["limit"])
        items = reading.merge_views(session, rows)
        return {"items": items, "next": write_cursor(rows, query["limit"], "created_at", "id")}


@blueprint.route("/merges/<uuid:merge_id>/undo", methods=["POST"])
@blueprint.response(HTTPStatus.OK, schemas.UndoView)
def undo_merge(merge_id: UUID) -> dict[str, Any]:
    """Undo a merge or a link exactly; 409 when it is undone already."""
    here = runtime()
    with here.database.transaction() as session:
        undone = undo(session, str(merge_id), actor=_API_ACTOR, now=here.clock())
    return {
        "id": undone.merge.id,
        "undone_at": undone.merge.undone_at,
        "customer_id": undone.restored_customer_id,
        "survivor_id": undone.merge.survivor_id,
        "moved_back": undone.moved_back,
        "stayed": undone.stayed,
        "needs_person": undone.needs_person,
    }


# ---------------------------------------------------------------- prompts: their token is all it takes


@prompts.route("/<token>", methods=["GET"])
@prompts.response(HTTPStatus.OK, schemas.PromptView)
def show_prompt(token: str) -> dict[str, Any]:
    """A prompt; its candidates are shown only while it can be answered."""
    return open_prompt(token)


@prompts.route("/<token>/answer", methods=["POST"])
@prompts.arguments(schemas.PromptAnswer)
@prompts.response(HTTPStatus.OK, schemas.PromptOutcome)
def give_answer(body: dict[str, Any], token: str) -> dict[str, str]:
    """Answer a prompt: yes, no or on_behalf. The same answer again changes nothing."""
    return take_answer(token, body["answer"], body.get("candidate"))


def open_prompt(token: str) -> dict[str, Any]:
    """The prompt that a token opens."""
    here = runtime()
    with here.database.reading() as session:
        return read_prompt(session, _prompt_id(token), now=here.clock())


def take_answer(token: str, word: str, candidate: str | None) -> dict[str, str]:
    """Answer the prompt that a token opens."""
    here = runtime()
    with here.database.transaction() as session:
        answered = answer_prompt(
            session, _prompt_id(token), word=word, candidate_key=candidate, now=here.clock()
        )
    return {"outcome": answered.outcome, "customer_id": answered.customer_id}


def _prompt_id(token: str) -> str:
    prompt_id = runtime().prompt_id(token)
    if prompt_id is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no such question.")
    return prompt_id


def form_answer(event_id: str, answer: dict[str, Any]) -> dict[str, Any]:
    """What the form's sender is told: the stored answer, with the prompt's token and page."""
    prompt = answer["prompt"]
    if prompt is not None:
        token = runtime().prompt_token(prompt["id"])
        shown = {name: value for name, value in prompt.items() if name != "id"}
        public = runtime().settings.public_url
        path = url_for("people.prompt_page", token=token)
        url = f"{public}{path}" if public else url_for("people.prompt_page", token=token, _external=True)
        prompt = {"token": token, "url": url, **shown}
    return {"event_id": event_id, **answer, "prompt": prompt}
