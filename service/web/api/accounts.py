"""/api/v1/accounts: our social accounts, who wrote to them, and who of them is a customer."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.errors import ErrorCode, Refusal
from service.store.identities import list_accounts, list_identities
from service.store.reading import survivor_or_refuse
from service.store.tables import SocialAccount, SocialIdentity
from service.web.auth import runtime
from service.web.pages import read_page
from service.web.rest import Blueprint
from service.web.schemas import accounts as schemas
from service.web.schemas.paging import PageQuery
from service.web.survivors import to_standing

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from service.web.pages import Page

blueprint = Blueprint("accounts", __name__, url_prefix="/api/v1", description="Our social accounts")


@blueprint.route("/accounts", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.AccountItems)
def show_accounts(query: dict[str, Any]) -> dict[str, Any]:
    """Our social accounts, each registered by its first authentic event."""
    page = read_page(query, created_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        rows = list_accounts(session, after=page.after, limit=page.limit)
    items = [{**_account(account), "senders": senders} for account, senders in rows]
    return page.answer([account for account, _ in rows], items)


@blueprint.route("/accounts/<uuid:account_id>/identities", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.IdentityItems)
def show_senders(query: dict[str, Any], account_id: UUID) -> dict[str, Any]:
    """Who wrote to one of our accounts, and which customer each is."""
    page = read_page(query, created_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        if session.get(SocialAccount, str(account_id)) is None:
            raise Refusal(ErrorCode.NOT_FOUND, "There is no account with this id.")
        return _senders(session, page, SocialIdentity.social_account_id == str(account_id))


@blueprint.route("/customers/<uuid:customer_id>/identities", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.IdentityItems)
def show_identities(query: dict[str, Any], customer_id: UUID) -> dict[str, Any] | Response:
    """The senders that a customer is; the id of one who was merged away leads to the survivor (307)."""
    page = read_page(query, created_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        customer = survivor_or_refuse(session, str(customer_id))
        if (elsewhere := to_standing(customer_id=customer.id)) is not None:
            return elsewhere
        return _senders(session, page, SocialIdentity.customer_id == customer.id)


def _senders(session: Session, page: Page, wanted: ColumnElement[bool]) -> dict[str, Any]:
    rows = list_identities(session, wanted, after=page.after, limit=page.limit)
    shown = ("id", "sender_id", "username", "display_name", "customer_id", "created_at")
    items = [
        {**{name: getattr(identity, name) for name in shown}, "account": _account(account)}
        for identity, account in rows
    ]
    return page.answer([identity for identity, _ in rows], items)


def _account(account: SocialAccount) -> dict[str, Any]:
    return {name: getattr(account, name) for name in ("id", "platform", "account_id", "created_at")}
