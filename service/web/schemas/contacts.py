"""Contact methods."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any

from flask import request
from marshmallow import INCLUDE, Schema, ValidationError, fields, validate, validates_schema

from matching import Rejected
from service.errors import Refusal
from service.providers.booking_form import LABELS
from service.providers.form_fields import Text, TrueOrFalse
from service.usecases.change_contact import ContactChange, Evidence, complaints_about
from service.usecases.holding import find_contact
from service.usecases.typed_contacts import TypedContact, read_contact
from service.web.auth import runtime
from service.web.rest import Body

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = ("phone", "email", "social")
MAX_VALUE = 500
_PLATFORM = validate.Regexp(r"^[a-z][a-z0-9_]{0,31}$", error="Must be a platform's name, such as instagram.")


class NewContact(Body):
    """A contact method to create; `platform` is needed for a social one."""

    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    value = Text(required=True, validate=validate.Length(min=1, max=MAX_VALUE))
    platform = fields.String(allow_none=True, validate=_PLATFORM)
    label = fields.String(allow_none=True, validate=validate.OneOf(LABELS))
    is_primary = TrueOrFalse(allow_none=True)

    @validates_schema(skip_on_field_errors=False)
    def _social_names_its_platform(self, contact: dict[str, Any], **_: object) -> None:
        kind = contact.get("type")
        if kind == "social" and not contact.get("platform"):
            raise ValidationError("A social contact needs its platform, such as instagram.", "platform")
        if kind in {"phone", "email"} and contact.get("platform"):
            raise ValidationError("Only a social contact has a platform.", "platform")


class ReadableContact(NewContact):
    """A contact method whose value can be read."""

    @validates_schema(skip_on_field_errors=False)
    def _can_be_read(self, contact: dict[str, Any], **_: object) -> None:
        typed = typed_contact(contact)
        value = typed and read_contact(typed, region=runtime().settings.default_region)
        if isinstance(value, Rejected):
            raise ValidationError(value.detail, "value")


def typed_contact(contact: object) -> TypedContact | None:
    """What a caller typed, where its shape allows to read it."""
    if not isinstance(contact, dict):
        return None
    kind, value, platform = (contact.get(name) for name in ("type", "value", "platform"))
    readable = kind in TYPES and isinstance(value, str) and 0 < len(value) <= MAX_VALUE
    if not readable or (kind == "social" and not isinstance(platform, str)):
        return None
    return TypedContact(
        type=str(kind),
        value=str(value),
        platform=platform if kind == "social" else None,
        is_primary=contact.get("is_primary") is True,
    )


class EvidenceSchema(Schema):
    """How it is known what a person allowed or forbade; further fields are kept as they are."""

    source = Text(
        required=True,
        validate=[validate.Length(min=1, max=200), validate.Regexp(r"(?s).*\S")],
        metadata={"description": "where it was said: paper form, phone call, …"},
    )
    text = Text(
        allow_none=True,
        validate=[validate.Length(max=10_000), validate.Regexp(r"(?s).*\S", error="Must not be empty.")],
        metadata={"description": "the exact words that were agreed to; a grant needs them"},
    )
    occurred_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "when it was said, if not just now"}
    )

    @validates_schema
    def _is_past(self, evidence: dict[str, Any], **_: object) -> None:
        occurred_at = evidence.get("occurred_at")
        if occurred_at is None:
            return
        try:
            moment = occurred_at.astimezone(UTC)
        except OverflowError:
            raise ValidationError("Must be a time that UTC has.", "occurred_at") from None
        if moment > runtime().clock():
            raise ValidationError("Must not be in the future.", "occurred_at")


def contact_change(body: Mapping[str, Any]) -> ContactChange:
    """What a body asks to change of a contact; a field that is missing changes nothing."""
    evidence = dict(body.get("evidence") or {})
    source = evidence.pop("source", None)
    told = Evidence(
        source=source,
        text=evidence.pop("text", None),
        occurred_at=evidence.pop("occurred_at", None),
        more=evidence,
    )
    return ContactChange(
        label=body.get("label"),
        flags={flag: body[flag] for flag in ("can_sms", "can_call", "can_marketing") if flag in body},
        evidence=told if source else None,
    )


class ContactChangeSchema(Body):
    """What to change of a contact. A flag that is switched on needs evidence."""

    label = fields.String(validate=validate.OneOf(LABELS))
    can_sms = TrueOrFalse()
    can_call = TrueOrFalse()
    can_marketing = TrueOrFalse()
    evidence = fields.Nested(EvidenceSchema, allow_none=True, unknown=INCLUDE)

    def handle_error(self, error: ValidationError, data: object, **_: object) -> None:  # noqa: ARG002 - marshmallow's
        """Add what the contact has against the flags that can be read, so that every fault is told at once."""
        change = contact_change(error.valid_data if isinstance(error.valid_data, dict) else {})
        if not change.flags or not isinstance(error.messages, dict):
            return
        asked = request.view_args or {}
        # Whether there is such a contact is a question for a body that can be used.
        with suppress(Refusal), runtime().database.reading() as session:
            contact = find_contact(session, str(asked["customer_id"]), str(asked["contact_id"]))
            for name, complaints in complaints_about(session, contact, change).items():
                error.messages.setdefault(name, complaints)


class SetPrimary(Body):
    """Nothing: the path says which contact, and its type is known."""


class CodeAsker(Body):
    """The person at whose wish a code is asked for; counted against the limits."""

    ip = fields.IP(required=True)


class Verification(Body):
    """Nothing: a code is sent. With `code`: it is held against the one that was sent."""

    code = Text(validate=validate.Length(min=1, max=32))
    client = fields.Nested(CodeAsker)


class CodeSent(Schema):
    """A code is on its way; `sender` is `console` where no provider is configured, and it reaches nobody."""

    status = fields.String(required=True, validate=validate.Equal("sent"))
    channel = fields.String(required=True, validate=validate.OneOf(("sms", "email")))
    sender = fields.String(required=True, validate=validate.OneOf(("smtp", "twilio", "console")))
    expires_at = fields.AwareDateTime(required=True)


class ConsentWish(Body):
    """What a mailbox is asked to agree to, in the exact words that were shown; further fields are kept as evidence."""

    class Meta:
        """Unknown fields are kept."""

        unknown = INCLUDE

    text = Text(
        required=True,
        validate=[validate.Length(max=10_000), validate.Regexp(r"(?s).*\S", error="Must not be empty.")],
    )
    form_version = Text(validate=validate.Length(max=200))


class ConsentAsked(Schema):
    """A question is on its way; `sender` is `console` where no provider is configured, and it reaches nobody."""

    status = fields.String(required=True, validate=validate.Equal("sent"))
    state = fields.String(required=True, validate=validate.Equal("pending"))
    sender = fields.String(required=True, validate=validate.OneOf(("smtp", "console")))
    expires_at = fields.AwareDateTime(required=True)


class ContactView(Schema):
    """A contact method."""

    id = fields.UUID(required=True)
    customer_id = fields.UUID(required=True)
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    platform = fields.String(required=True, allow_none=True)
    value = fields.String(required=True)
    match_value = fields.String(required=True)
    label = fields.String(required=True, validate=validate.OneOf(LABELS))
    label_reason = fields.String(required=True, allow_none=True)
    is_primary = fields.Boolean(required=True)
    is_verified = fields.Boolean(required=True)
    verified_at = fields.AwareDateTime(required=True, allow_none=True)
    can_sms = fields.Boolean(required=True)
    can_call = fields.Boolean(required=True)
    can_marketing = fields.Boolean(required=True)
    is_valid = fields.Boolean(required=True)
    is_normalized = fields.Boolean(required=True)
    source = fields.String(required=True)
    usage_count = fields.Integer(required=True)
    first_used_at = fields.AwareDateTime(required=True, allow_none=True)
    last_used_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class PrimaryView(Schema):
    """Which contact was the primary, and which is now; the same where it was already."""

    old_primary = fields.Nested(ContactView, required=True, allow_none=True)
    new_primary = fields.Nested(ContactView, required=True)


class ContactLists(Schema):
    """Contact methods by type, the primary first."""

    phones = fields.List(fields.Nested(ContactView), required=True)
    emails = fields.List(fields.Nested(ContactView), required=True)
    social = fields.List(fields.Nested(ContactView), required=True)


class CustomerContacts(Schema):
    """A customer's contact methods."""

    customer_id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)
    contacts = fields.Nested(ContactLists, required=True)
