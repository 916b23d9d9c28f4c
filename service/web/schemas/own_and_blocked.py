"""What is ours, and what proves nothing."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.errors import Refusal
from service.store.own_and_blocked import EXACT
from service.usecases.curate import KINDS, TYPES, Entry, refuse_unusable
from service.web.auth import runtime
from service.web.rest import Body
from service.web.schemas.paging import next_cursor

_PLATFORM = r"^[a-z][a-z0-9_]{0,31}$"


class _NewEntry(Body):
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    value = fields.String(required=True, validate=validate.Length(min=1, max=500))
    platform = fields.String(
        allow_none=True,
        validate=validate.Regexp(_PLATFORM),
        metadata={"description": "of a social one; without it, every platform is meant"},
    )

    @validates_schema(skip_on_field_errors=False)
    def _platform_is_of_a_social_one(self, entry: dict[str, Any], **_: object) -> None:
        if entry.get("platform") and entry.get("type") in {"phone", "email"}:
            raise ValidationError("Only a social contact has a platform.", "platform")

    @validates_schema(skip_on_field_errors=False)
    def _can_be_listed(self, entry: dict[str, Any], **_: object) -> None:
        # Without one of these, it cannot be told how the value is to be read.
        if not entry.keys() >= {"type", "value", "kind"} & self.fields.keys():
            return
        typed = Entry(type=entry["type"], value=entry["value"], platform=entry.get("platform") or "")
        try:
            refuse_unusable(typed, kind=entry.get("kind", EXACT), region=runtime().settings.default_region)
        except Refusal as refusal:
            raise ValidationError(dict(refusal.fields)) from None


class NewOwnContact(_NewEntry):
    """A contact of the business itself."""

    note = fields.String(allow_none=True, validate=validate.Length(max=1_000))


class NewBlockedValue(_NewEntry):
    """A value that proves nothing; a pattern has `*` for anything: `noreply@*`, `+1555*`."""

    kind = fields.String(load_default="exact", validate=validate.OneOf(KINDS))
    reason = fields.String(allow_none=True, validate=validate.Length(max=1_000))


class _EntryView(Schema):
    id = fields.UUID(required=True)
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    platform = fields.String(
        required=True, allow_none=True, metadata={"description": "null: every platform, or none"}
    )
    value = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class OwnContactView(_EntryView):
    """A contact of the business itself: attached to nobody, and no evidence."""

    match_value = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)


class BlockedValueView(_EntryView):
    """A value that proves nothing, as it is compared: kept as whoever typed it typed it, and not matched on."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    reason = fields.String(required=True, allow_none=True)
    source = fields.String(required=True, validate=validate.OneOf(("shipped", "operator")))


class _Held(Schema):
    held_by = fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"description": "customers who hold it now"}
    )


class AddedOwnContact(OwnContactView, _Held):
    """An own contact that was just listed."""


class AddedBlockedValue(BlockedValueView, _Held):
    """A blocked value that was just listed."""


class OwnContactItems(Schema):
    """A page of own contacts, newest first."""

    items = fields.List(fields.Nested(OwnContactView), required=True)
    next = next_cursor()


class BlockedValueItems(Schema):
    """A page of blocked values, newest first."""

    items = fields.List(fields.Nested(BlockedValueView), required=True)
    next = next_cursor()
