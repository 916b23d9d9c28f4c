"""Customers and contact methods."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.providers.booking_form import LABELS

_TYPES = ("phone", "email", "social")


class NewContact(Schema):
    """A contact method to create; `platform` is needed for a social one."""

    type = fields.String(required=True, validate=validate.OneOf(_TYPES))
    value = fields.String(required=True, validate=validate.Length(min=1, max=500))
    platform = fields.String(allow_none=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,31}$"))
    label = fields.String(allow_none=True, validate=validate.OneOf(LABELS))
    is_primary = fields.Boolean(allow_none=True)

    @validates_schema
    def _social_names_its_platform(self, contact: dict[str, Any], **_: object) -> None:
        if contact["type"] == "social" and not contact.get("platform"):
            raise ValidationError("A social contact needs its platform, such as instagram.", "platform")
        if contact["type"] != "social" and contact.get("platform"):
            raise ValidationError("Only a social contact has a platform.", "platform")


class NewCustomer(Schema):
    """A customer to create."""

    name = fields.String(required=True, validate=[validate.Length(min=1, max=200), validate.Regexp(r".*\S")])
    contacts = fields.List(fields.Nested(NewContact), load_default=list, validate=validate.Length(max=100))


class CustomerView(Schema):
    """A customer; `phone` and `email` are the primaries, `merged_ids` the ids that lead here."""

    id = fields.UUID(required=True)
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    preferred_contact_id = fields.UUID(allow_none=True)
    external_id = fields.String(allow_none=True)
    merged_ids = fields.List(fields.UUID())
    created_at = fields.AwareDateTime(allow_none=True)
    updated_at = fields.AwareDateTime(allow_none=True)


class ContactView(Schema):
    """A contact method."""

    id = fields.UUID(required=True)
    customer_id = fields.UUID(required=True)
    type = fields.String(required=True, validate=validate.OneOf(_TYPES))
    platform = fields.String(allow_none=True)
    value = fields.String(required=True)
    match_value = fields.String()
    label = fields.String(validate=validate.OneOf(LABELS))
    label_reason = fields.String(allow_none=True)
    is_primary = fields.Boolean()
    is_verified = fields.Boolean()
    verified_at = fields.AwareDateTime(allow_none=True)
    can_sms = fields.Boolean()
    can_call = fields.Boolean()
    can_marketing = fields.Boolean()
    is_valid = fields.Boolean()
    is_normalized = fields.Boolean()
    source = fields.String()
    usage_count = fields.Integer()
    first_used_at = fields.AwareDateTime(allow_none=True)
    last_used_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()
    updated_at = fields.AwareDateTime()


class ContactLists(Schema):
    """Contact methods by type."""

    phones = fields.List(fields.Nested(ContactView))
    emails = fields.List(fields.Nested(ContactView))
    social = fields.List(fields.Nested(ContactView))


class CustomerContacts(Schema):
    """A customer's contact methods."""

    customer_id = fields.UUID(required=True)
    name = fields.String(allow_none=True)
    contacts = fields.Nested(ContactLists, required=True)


class ContactQuery(Schema):
    """One contact, however it is written."""

    phone = fields.String(validate=validate.Length(max=100))
    email = fields.String(validate=validate.Length(max=400))
    instagram = fields.String(validate=validate.Length(max=500))
    social = fields.String(validate=validate.Length(max=500))
    platform = fields.String(validate=validate.Length(max=32))
    external_id = fields.String(validate=validate.Length(max=300))


class CustomerItems(Schema):
    """Everyone who holds a contact."""

    items = fields.List(fields.Nested(CustomerView), required=True)
    next = fields.String(allow_none=True)
