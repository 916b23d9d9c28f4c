"""API keys."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.usecases.api_keys import MAX_NAME_LENGTH, Scope
from service.web.rest import Body
from service.web.schemas.paging import next_cursor

_SCOPES = [scope.value for scope in Scope]


_INCLUDED = {"description": "`admin` includes all others, `write` includes `read`"}


class NewKey(Body):
    """A key to make; without scopes it may do everything."""

    name = fields.String(
        required=True, validate=[validate.Length(min=1, max=MAX_NAME_LENGTH), validate.Regexp(r"\s*\S")]
    )
    scopes = fields.List(
        fields.String(validate=validate.OneOf(_SCOPES)),
        load_default=lambda: [Scope.ADMIN.value],
        validate=validate.Length(min=1, max=4),
        metadata=_INCLUDED,
    )


class KeyView(Schema):
    """An API key, without its secret, which nobody can read again. `last_used_at` is exact to the minute."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(validate=validate.OneOf(_SCOPES)), required=True, metadata=_INCLUDED)
    created_at = fields.AwareDateTime(required=True)
    last_used_at = fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)


class MadeKey(KeyView):
    """A key that was just made: this is the only time that `key`, its secret, is shown."""

    key = fields.String(required=True)


class KeyItems(Schema):
    """A page of keys, newest first."""

    items = fields.List(fields.Nested(KeyView), required=True)
    next = next_cursor()
