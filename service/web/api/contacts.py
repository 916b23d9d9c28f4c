"""/api/v1/customers/{id}/contacts: how to reach a customer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import g, jsonify, url_for

from service.asking import ask
from service.errors import ErrorCode, Refusal
from service.store import reading
from service.usecases.add_contact import add_contact
from service.usecases.change_contact import change_contact
from service.usecases.delete_contact import delete_contact
from service.usecases.double_opt_in import Wish
from service.usecases.holding import find_contact
from service.usecases.issue_code import Asker
from service.usecases.set_primary import set_primary
from service.usecases.typed_contacts import TypedContact
from service.usecases.verify import check_code
from service.verifying import send_code, sender_name
from service.web.auth import actor, runtime
from service.web.conditional import STALE, etag_header, refuse_unless_current
from service.web.public import public_url
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


@blueprint.route("/<uuid:contact_id>/verify", methods=["POST"])
@blueprint.arguments(schemas.Verification, required=False)
@blueprint.response(HTTPStatus.OK, schemas.ContactView, description="the code was right")
@blueprint.alt_response(HTTPStatus.ACCEPTED, schema=schemas.CodeSent, description="a code was sent")
@blueprint.refuses(
    HTTPStatus.CONFLICT, "it is only claimed to be this customer's, or its person wants no messages"
)
@blueprint.refuses(HTTPStatus.TOO_MANY_REQUESTS, "too many codes were asked for")
@blueprint.refuses(HTTPStatus.BAD_GATEWAY, "the provider refused or broke off")
@blueprint.refuses(HTTPStatus.SERVICE_UNAVAILABLE, "the provider cannot be reached")
def verify_contact(body: dict[str, Any], customer_id: UUID, contact_id: UUID) -> Answer | Response:
    """Without a code: send one there. With the code that came: verify the contact. A code is good for ten minutes and five tries."""
    if "code" in body:
        return _check_code(str(customer_id), str(contact_id), body["code"])
    here = runtime()
    asker = Asker(
        api_key_id=g.api_key.id,
        actor=actor(),
        client_ip=str(body["client"]["ip"]) if "client" in body else None,
    )
    issued = send_code(here, str(customer_id), str(contact_id), asker=asker, link=_link_page)
    response = jsonify(
        status="sent",
        channel=issued.channel.value,
        sender=sender_name(here, issued),
        expires_at=issued.expires_at,
    )
    response.status_code = HTTPStatus.ACCEPTED
    response.headers.update(content_location(customer_id=issued.customer_id, contact_id=issued.contact_id))
    return response


@blueprint.route("/<uuid:contact_id>/ask-consent", methods=["POST"])
@blueprint.arguments(schemas.ConsentWish)
@blueprint.response(HTTPStatus.ACCEPTED, schemas.ConsentAsked)
@blueprint.refuses(HTTPStatus.CONFLICT, "it was revoked, is granted, or was asked less than a day ago")
@blueprint.refuses(HTTPStatus.BAD_GATEWAY, "the provider refused or broke off")
@blueprint.refuses(HTTPStatus.SERVICE_UNAVAILABLE, "the provider cannot be reached")
def ask_consent(body: dict[str, Any], customer_id: UUID, contact_id: UUID) -> Answer:
    """Double opt-in: ask a mailbox to agree to `text`. It is granted once the button behind the link in the email is pressed."""
    here = runtime()
    wish = Wish(text=body.pop("text"), more=body)
    question = ask(here, str(customer_id), str(contact_id), wish, actor=actor(), link=_consent_page)
    view = {
        "status": "sent",
        "state": "pending",
        "sender": here.mail.name,
        "expires_at": question.expires_at,
    }
    return view, content_location(customer_id=question.customer_id)


def _consent_page(token: str) -> str:
    return public_url("consenting.consent_page", token=token)


def _link_page(token: str) -> str:
    return public_url("verifying.link_page", token=token)


def _check_code(customer_id: str, contact_id: str, code: str) -> Answer:
    here = runtime()
    with here.database.transaction() as session:
        contact = check_code(
            session,
            customer_id,
            contact_id,
            code,
            actor=actor(),
            secret=here.secret_key,
            now=here.clock(),
        )
        view = reading.contact_view(contact) if contact else None
    # Only now: a refusal inside would take the counted attempt back.
    if contact is None or view is None:
        complaint = "This code is not right, or can no longer be used."
        raise Refusal(ErrorCode.INVALID, complaint, fields={"code": [complaint]})
    return view, {**_standing(contact), **etag_header(view)}


def _refuse_unless_current(contact: ContactMethod) -> None:
    refuse_unless_current(reading.contact_view(contact))


def _standing(contact: ContactMethod) -> dict[str, str]:
    return content_location(customer_id=contact.customer_id, contact_id=contact.id)
