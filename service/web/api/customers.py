"""/api/v1/customers: who they are, what they booked, what happened to them, what they allow."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import url_for

from service.errors import ErrorCode, Refusal
from service.store import reading
from service.store.consent_view import consent_views, ledgers_of, list_consents
from service.store.timeline import list_timeline, timeline_views
from service.usecases.change_customer import CustomerChange, change_customer
from service.usecases.consent import states_of
from service.usecases.create_customer import create_customer
from service.usecases.find import find_customer_by_any_contact
from service.usecases.merge import Grounds
from service.usecases.merge import merge as merge_customers
from service.usecases.typed_contacts import TypedContact
from service.web.auth import actor, runtime
from service.web.conditional import STALE, etag_header, refuse_unless_current
from service.web.pages import read_page
from service.web.rest import Blueprint
from service.web.schemas import customers as schemas
from service.web.schemas.paging import PageQuery
from service.web.survivors import content_location, to_standing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from service.store.tables import Customer, Merge

blueprint = Blueprint("customers", __name__, url_prefix="/api/v1", description="Customers")

Answer = tuple[dict[str, Any], dict[str, str]]


@blueprint.route("/customers", methods=["POST"])
@blueprint.arguments(schemas.NewCustomer)
@blueprint.response(HTTPStatus.CREATED, schemas.CustomerView)
def new_customer(body: dict[str, Any]) -> Answer:
    """Create a customer and, optionally, its contact methods."""
    here = runtime()
    with here.database.transaction() as session:
        customer = create_customer(
            session,
            name=body["name"],
            contacts=[TypedContact(**contact) for contact in body["contacts"]],
            region=here.settings.default_region,
            actor=actor(),
            now=here.clock(),
        )
        view = reading.customer_view(session, customer)
    location = url_for("customers.show_customer", customer_id=customer.id)
    return view, {"Location": location, **etag_header(view)}


@blueprint.route("/customers", methods=["GET"])
@blueprint.arguments(schemas.ContactQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.CustomerItems)
def find_customers(query: dict[str, Any]) -> dict[str, Any]:
    """Everyone who holds one contact, however it is written."""
    here = runtime()
    page = read_page(query, id=UUID)
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
            external_id=query.get("external_id"),
            region=here.settings.default_region,
            after=page.after[0] if page.after else None,
            limit=page.limit,
        )
        return page.answer(customers, reading.customer_views(session, customers))


@blueprint.route("/customers/<uuid:customer_id>", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.CustomerView)
def show_customer(customer_id: UUID) -> Answer | Response:
    """A customer; the id of one who was merged away leads to the survivor (307)."""
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if (elsewhere := to_standing(customer_id=customer.id)) is not None:
            return elsewhere
        view = reading.customer_view(session, customer)
        return view, etag_header(view)


@blueprint.route("/customers/<uuid:customer_id>", methods=["PATCH"])
@blueprint.arguments(schemas.CustomerChangeSchema)
@blueprint.response(HTTPStatus.OK, schemas.CustomerView)
@blueprint.refuses(HTTPStatus.PRECONDITION_FAILED, STALE)
def patch_customer(body: dict[str, Any], customer_id: UUID) -> Answer:
    """Change the name or the preferred contact."""
    here = runtime()
    preferred = body.get("preferred_contact_id")
    change = CustomerChange(
        name=body.get("name"),
        prefers="preferred_contact_id" in body,
        preferred_contact_id=str(preferred) if preferred else None,
    )
    with here.database.transaction() as session:
        customer = change_customer(
            session,
            str(customer_id),
            change,
            actor=actor(),
            now=here.clock(),
            check=lambda found: refuse_unless_current(reading.customer_view(session, found)),
        )
        view = reading.customer_view(session, customer)
    return view, {**content_location(customer_id=customer.id), **etag_header(view)}


@blueprint.route("/customers/<uuid:customer_id>/bookings", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.BookingItems)
def list_bookings(query: dict[str, Any], customer_id: UUID) -> dict[str, Any] | Response:
    """What a customer booked, newest first."""
    page = read_page(query, created_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if (elsewhere := to_standing(customer_id=customer.id)) is not None:
            return elsewhere
        rows = reading.list_bookings(session, customer, after=page.after, limit=page.limit)
        return page.answer(rows, map(reading.booking_view, rows))


@blueprint.route("/customers/<uuid:customer_id>/timeline", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.TimelineItems)
def show_timeline(query: dict[str, Any], customer_id: UUID) -> dict[str, Any] | Response:
    """Everything that happened to this identity, and to those that were merged into it, newest first."""
    page = read_page(query, at=datetime, id=UUID, what=str)
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if (elsewhere := to_standing(customer_id=customer.id)) is not None:
            return elsewhere
        rows = list_timeline(session, customer, after=page.after, limit=page.limit)
        return page.answer(rows, timeline_views(session, rows))


@blueprint.route("/customers/<uuid:customer_id>/consents", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.ConsentItems)
def show_consents(query: dict[str, Any], customer_id: UUID) -> dict[str, Any] | Response:
    """The ledger: every act on a contact that this customer has or had, with its evidence, newest first; and what it comes to."""
    page = read_page(query, recorded_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if (elsewhere := to_standing(customer_id=customer.id)) is not None:
            return elsewhere
        rows = list_consents(session, customer, after=page.after, limit=page.limit)
        states = [
            {"contact_id": contact.id, "type": contact.type, "value": contact.value, **state}
            for contact, events in ledgers_of(session, customer)
            for state in states_of(contact.type, events)
        ]
        return {**page.answer(rows, consent_views(session, customer, rows)), "states": states}


@blueprint.route("/customers/<uuid:customer_id>/merge", methods=["POST"])
@blueprint.arguments(schemas.MergeRequest)
@blueprint.response(HTTPStatus.OK, schemas.HandMergeView)
@blueprint.refuses(HTTPStatus.CONFLICT, "these are one customer already")
def merge(body: dict[str, Any], customer_id: UUID) -> Answer:
    """Merge another customer into this one, who survives; a dry run previews it and keeps nothing."""
    here = runtime()
    grounds = Grounds(proof="operator", actor=actor(), note=body.get("note"))
    with here.database.transaction() as session:
        _refuse_unknown(session, str(body["other_id"]))
        record = merge_customers(
            session, str(customer_id), str(body["other_id"]), grounds=grounds, now=here.clock()
        )
        view = _merge_view(session, record, is_trial=body["dry_run"])
        if body["dry_run"]:
            session.rollback()
    return view, content_location(customer_id=record.survivor_id)


def _refuse_unknown(session: Session, other_id: str) -> None:
    """Say that it is the body's id that nobody has, not the path's."""
    try:
        reading.survivor_or_refuse(session, other_id)
    except Refusal as refusal:
        fields = {"other_id": [refusal.detail]}
        raise Refusal(ErrorCode.INVALID, "Some fields cannot be used.", fields=fields) from None


def _merge_view(session: Session, record: Merge, *, is_trial: bool) -> dict[str, Any]:
    [view] = reading.merge_views(session, [record])
    if not is_trial:
        return {**view, "dry_run": False, "preview": None}
    return {**view, "id": None, "dry_run": True, "preview": _preview(session, record.survivor_id)}


def _preview(session: Session, survivor_id: str) -> dict[str, Any]:
    customer: Customer = reading.survivor_or_refuse(session, survivor_id)
    contacts = reading.contacts_view(session, customer)["contacts"].values()
    return {
        "customer": reading.customer_view(session, customer),
        "contacts": [contact for of_a_type in contacts for contact in of_a_type],
    }
