"""/api/v1/customers: who they are, how to reach them, what they booked."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import redirect, url_for

from service.store import reading
from service.usecases.create_customer import TypedContact, create_customer
from service.usecases.find import find_customer_by_any_contact
from service.web.auth import runtime
from service.web.rest import Blueprint
from service.web.schemas import customers as schemas

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

blueprint = Blueprint("customers", __name__, url_prefix="/api/v1", description="Customers and their contacts")


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
    return view, {"Location": url_for("customers.show_customer", customer_id=customer.id)}


@blueprint.route("/customers", methods=["GET"])
@blueprint.arguments(schemas.ContactQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.CustomerItems)
def find_customers(query: dict[str, str]) -> dict[str, Any]:
    """Everyone who holds one contact, however it is written."""
    here = runtime()
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
        )
        return {"items": reading.customer_views(session, customers), "next": None}


@blueprint.route("/customers/<uuid:customer_id>", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.CustomerView)
def show_customer(customer_id: UUID) -> dict[str, Any] | Response:
    """A customer; the id of one who was merged away leads to the survivor (307)."""
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if customer.id != str(customer_id):
            return _to_survivor("customers.show_customer", customer.id)
        return reading.customer_view(session, customer)


@blueprint.route("/customers/<uuid:customer_id>/contacts", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.CustomerContacts)
def list_contacts(customer_id: UUID) -> dict[str, Any] | Response:
    """A customer's contact methods by type."""
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if customer.id != str(customer_id):
            return _to_survivor("customers.list_contacts", customer.id)
        return reading.contacts_view(session, customer)


@blueprint.route("/customers/<uuid:customer_id>/bookings", methods=["GET"])
@blueprint.response(HTTPStatus.OK)
def list_bookings(customer_id: UUID) -> dict[str, Any] | Response:
    """What a customer booked."""
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if customer.id != str(customer_id):
            return _to_survivor("customers.list_bookings", customer.id)
        return {"items": reading.bookings_view(session, customer), "next": None}


def _to_survivor(endpoint: str, customer_id: str) -> Response:
    return redirect(url_for(endpoint, customer_id=customer_id), code=HTTPStatus.TEMPORARY_REDIRECT)
