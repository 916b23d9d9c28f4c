"""Customers, what they booked, what happened to them, what they allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.providers.form_fields import Text, TrueOrFalse, is_blank
from service.usecases.typed_contacts import complaints_about_contacts
from service.web.auth import runtime
from service.web.pages import MAX_LIMIT
from service.web.rest import Body
from service.web.schemas.contacts import TYPES, ContactView, NewContact, typed_contact
from service.web.schemas.paging import PageQuery
from service.web.schemas.review import MergeView

if TYPE_CHECKING:
    from collections.abc import Callable


def _shows(name: str) -> None:
    if is_blank(name):
        raise ValidationError("Must not be empty.")


_NAME: list[Callable[[Any], Any]] = [validate.Length(min=1, max=200), _shows]


class NewCustomer(Body):
    """A customer to create."""

    name = Text(required=True, validate=_NAME)
    contacts = fields.List(fields.Nested(NewContact), load_default=list, validate=validate.Length(max=100))

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _contacts_can_be_used(self, _data: object, original: object, **_: object) -> None:
        contacts = original.get("contacts") if isinstance(original, dict) else None
        if not isinstance(contacts, list):
            return
        complaints: dict[str | int, dict[str, list[str]]] = {}
        typed = [typed_contact(each) for each in contacts[:100]]
        for path, said in complaints_about_contacts(typed, region=runtime().settings.default_region).items():
            place, name = path.split(".", 1)
            complaints.setdefault(int(place), {})[name] = said
        if complaints:
            raise ValidationError({"contacts": complaints})


class CustomerChangeSchema(Body):
    """What to change of a customer."""

    name = Text(validate=_NAME)
    preferred_contact_id = fields.UUID(allow_none=True)


class CustomerView(Schema):
    """A customer; `phone` and `email` are the primaries, `merged_ids` the ids that lead here."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    external_id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "the id that it had in the file it was imported from"},
    )
    preferred_contact_id = fields.UUID(required=True, allow_none=True)
    merged_ids = fields.List(fields.UUID(), required=True)
    created_at = fields.AwareDateTime(required=True, allow_none=True)
    updated_at = fields.AwareDateTime(required=True, allow_none=True)


class ContactQuery(PageQuery):
    """One contact, however it is written; `social` with its `platform`."""

    limit = fields.Integer(load_default=MAX_LIMIT, validate=validate.Range(min=1, max=MAX_LIMIT))

    phone = fields.String(validate=validate.Length(max=100))
    email = fields.String(validate=validate.Length(max=400))
    instagram = fields.String(validate=validate.Length(max=500))
    social = fields.String(validate=validate.Length(max=500))
    platform = fields.String(validate=validate.Length(max=32))
    external_id = fields.String(validate=validate.Length(max=300))


class CustomerItems(Schema):
    """Everyone who holds a contact."""

    items = fields.List(fields.Nested(CustomerView), required=True)
    next = fields.String(required=True, allow_none=True)


class BookingView(Schema):
    """A booking; `details` as the booking site sent them."""

    id = fields.UUID(required=True)
    customer_id = fields.UUID(required=True)
    event_id = fields.UUID(required=True)
    source = fields.String(required=True)
    external_id = fields.String(required=True, allow_none=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)
    details = fields.Dict(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class BookingItems(Schema):
    """A page of bookings, newest first."""

    items = fields.List(fields.Nested(BookingView), required=True)
    next = fields.String(required=True, allow_none=True)


class MomentView(Schema):
    """Something that happened: `kind` says what (`contact.added`, `merge.undone`), `data` what there is to say of it."""

    id = fields.UUID(
        required=True, metadata={"description": "of the contact, event, merge, … that it happened to"}
    )
    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    actor = fields.String(required=True, allow_none=True)
    data = fields.Dict(required=True)


class TimelineItems(Schema):
    """A page of a timeline, newest first."""

    items = fields.List(fields.Nested(MomentView), required=True)
    next = fields.String(required=True, allow_none=True)


class ConsentView(Schema):
    """One act: we asked (`request`), somebody allowed (`grant`), left a box empty (`deny`), forbade (`revoke`) or took that back (`reinstate`).

    A doubtful message stops (`hold`) until a person says that it was no opt-out (`release`).
    """

    id = fields.UUID(required=True)
    contact_id = fields.UUID(required=True, allow_none=True)
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    platform = fields.String(required=True, allow_none=True)
    value = fields.String(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(("sms", "call", "email", "dm")))
    purpose = fields.String(required=True, validate=validate.OneOf(("marketing", "transactional")))
    action = fields.String(
        required=True,
        validate=validate.OneOf(("request", "reinstate", "grant", "deny", "hold", "release", "revoke")),
    )
    actor_kind = fields.String(required=True, validate=validate.OneOf(("person", "claimant", "staff")))
    actor = fields.String(required=True)
    source = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    form_version = fields.String(required=True, allow_none=True)
    ip = fields.String(required=True, allow_none=True)
    user_agent = fields.String(required=True, allow_none=True)
    evidence = fields.Dict(required=True)
    event_id = fields.UUID(required=True, allow_none=True)
    occurred_at = fields.AwareDateTime(required=True)
    recorded_at = fields.AwareDateTime(required=True)


class ConsentState(Schema):
    """What is allowed by now to a contact, on one channel and for one purpose."""

    contact_id = fields.UUID(required=True)
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    value = fields.String(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(("sms", "call", "email", "dm")))
    purpose = fields.String(required=True, validate=validate.OneOf(("marketing", "transactional")))
    state = fields.String(
        required=True, validate=validate.OneOf(("unknown", "pending", "granted", "revoked"))
    )


class ConsentItems(Schema):
    """A page of the ledger, newest first, with what it comes to for every contact that the customer has."""

    items = fields.List(fields.Nested(ConsentView), required=True)
    next = fields.String(required=True, allow_none=True)
    states = fields.List(fields.Nested(ConsentState), required=True)


class MergeRequest(Body):
    """Who is to be merged into the customer of the path."""

    other_id = fields.UUID(required=True)
    note = Text(allow_none=True, validate=validate.Length(max=2_000))
    dry_run = TrueOrFalse(load_default=False)


class MergePreview(Schema):
    """What the survivor would be."""

    customer = fields.Nested(CustomerView, required=True)
    contacts = fields.List(fields.Nested(ContactView), required=True)


class HandMergeView(MergeView):
    """The merge; of a dry run, which keeps nothing, without an id and with what the survivor would be."""

    id = fields.UUID(required=True, allow_none=True)
    dry_run = fields.Boolean(required=True)
    preview = fields.Nested(MergePreview, required=True, allow_none=True)
