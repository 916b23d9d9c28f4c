"""/api/v1/customers/{id}/contacts: how to reach a customer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import url_for

from service.store import reading
from service.usecases.add_contact import add_contact
from service.usecases.change_contact import change_contact
from service.usecases.delete_contact import delete_contact
from service.usecases.holding import find_contact
from service.usecases.set_primary import set_primary
from service.usecases.typed_contacts import TypedContact
from service.web.auth import actor, runtime
from service.web.conditional import STALE, etag_header, refuse_unless_current
from service.web.rest import Blueprint, no_content
from service.web.schemas import contacts as schemas
from service.web.survivors import content_location, to_standing

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response

    from service.store.tables import ContactMethod

blueprint = Blueprint(
    "contacts",
    __name__,
    url_prefix="/api/v1/customers/<uuid:customer_id>/contacts",
    description="How to reach a customer",
)

Answer = tuple[dict[str, Any], dict[str, str]]


@blueprint.route("", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.CustomerContacts)
def list_contacts(customer_id: UUID) -> dict[str, Any] | Response:
    """A customer's contact methods by type, the primary first."""
    with runtime().database.reading() as session:
        customer = reading.survivor_or_refuse(session, str(customer_id))
        if (elsewhere := to_standing(customer_id=customer.id)) is not None:
            return elsewhere
        return reading.contacts_view(session, customer)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(schemas.ReadableContact)
@blueprint.response(HTTPStatus.CREATED, schemas.ContactView)
@blueprint.refuses(HTTPStatus.CONFLICT, "this customer has this contact already")
def new_contact(body: dict[str, Any], customer_id: UUID) -> Answer:
    """Add a contact method; another customer may have the same value, this one must not."""
    here = runtime()
    with here.database.transaction() as session:
        contact = add_contact(
            session,
            str(customer_id),
            TypedContact(**body),
            region=here.settings.default_region,
            actor=actor(),
            now=here.clock(),
        )
        view = reading.contact_view(contact)
    location = url_for("contacts.show_contact", customer_id=contact.customer_id, contact_id=contact.id)
    return view, {
        "Location": location,
        **content_location(customer_id=contact.customer_id),
        **etag_header(view),
    }


@blueprint.route("/<uuid:contact_id>", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.ContactView)
def show_contact(customer_id: UUID, contact_id: UUID) -> Answer | Response:
    """A contact method; the id of one that a merge collapsed leads to its twin (307)."""
    with runtime().database.reading() as session:
        contact = find_contact(session, str(customer_id), str(contact_id))
        if (elsewhere := to_standing(customer_id=contact.customer_id, contact_id=contact.id)) is not None:
            return elsewhere
        view = reading.contact_view(contact)
        return view, etag_header(view)


@blueprint.route("/<uuid:contact_id>", methods=["PATCH"])
@blueprint.arguments(schemas.ContactChangeSchema)
@blueprint.response(HTTPStatus.OK, schemas.ContactView)
@blueprint.refuses(HTTPStatus.CONFLICT, "a revocation stands against it")
@blueprint.refuses(HTTPStatus.PRECONDITION_FAILED, STALE)
def patch_contact(body: dict[str, Any], customer_id: UUID, contact_id: UUID) -> Answer:
    """Change the label, or what the person allows; a flag is switched on with evidence, and never against a revocation."""
    here = runtime()
    with here.database.transaction() as session:
        contact = change_contact(
            session,
            str(customer_id),
            str(contact_id),
            schemas.contact_change(body),
            actor=actor(),
            now=here.clock(),
            check=_refuse_unless_current,
        )
        view = reading.contact_view(contact)
    return view, {**_standing(contact), **etag_header(view)}


@blueprint.route("/<uuid:contact_id>", methods=["DELETE"])
@blueprint.response(HTTPStatus.NO_CONTENT)
@blueprint.refuses(HTTPStatus.PRECONDITION_FAILED, STALE)
def remove_contact(customer_id: UUID, contact_id: UUID) -> Response:
    """Remove a contact method; the next best becomes primary, and its history stays."""
    here = runtime()
    with here.database.transaction() as session:
        contact = delete_contact(
            session,
            str(customer_id),
            str(contact_id),
            actor=actor(),
            now=here.clock(),
            check=_refuse_unless_current,
        )
    response = no_content()
    response.headers.update(_standing(contact))
    return response


@blueprint.route("/<uuid:contact_id>/set-primary", methods=["PATCH"])
@blueprint.arguments(schemas.SetPrimary, required=False)
@blueprint.response(HTTPStatus.OK, schemas.PrimaryView)
@blueprint.refuses(HTTPStatus.PRECONDITION_FAILED, STALE)
def make_primary(_body: dict[str, Any], customer_id: UUID, contact_id: UUID) -> Answer:
    """Make a contact method the primary of its type; no body is needed."""
    here = runtime()
    with here.database.transaction() as session:
        switched = set_primary(
            session,
            str(customer_id),
            str(contact_id),
            actor=actor(),
            now=here.clock(),
            check=_refuse_unless_current,
        )
        view = {
            "old_primary": reading.contact_view(switched.old) if switched.old else None,
            "new_primary": reading.contact_view(switched.new),
        }
    return view, _standing(switched.new)


def _refuse_unless_current(contact: ContactMethod) -> None:
    refuse_unless_current(reading.contact_view(contact))


def _standing(contact: ContactMethod) -> dict[str, str]:
    return content_location(customer_id=contact.customer_id, contact_id=contact.id)
