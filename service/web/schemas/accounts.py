"""Our social accounts, and who wrote to them."""

from __future__ import annotations

from marshmallow import Schema, fields

from service.web.schemas.paging import next_cursor


class AccountView(Schema):
    """One of the business's own accounts; `senders` counts who wrote to it."""

    id = fields.UUID(required=True)
    platform = fields.String(required=True)
    account_id = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    senders = fields.Integer(required=True)


class AccountOfSender(Schema):
    """The account that a sender wrote to."""

    id = fields.UUID(required=True)
    platform = fields.String(required=True)
    account_id = fields.String(required=True)


class IdentityView(Schema):
    """A sender, whose id means them on this account alone."""

    id = fields.UUID(required=True)
    sender_id = fields.String(required=True)
    username = fields.String(required=True, allow_none=True)
    display_name = fields.String(required=True, allow_none=True)
    customer_id = fields.UUID(required=True)
    account = fields.Nested(AccountOfSender, required=True)
    created_at = fields.AwareDateTime(required=True)


class AccountItems(Schema):
    """A page of accounts, oldest first."""

    items = fields.List(fields.Nested(AccountView), required=True)
    next = next_cursor()


class IdentityItems(Schema):
    """A page of senders, oldest first."""

    items = fields.List(fields.Nested(IdentityView), required=True)
    next = next_cursor()
