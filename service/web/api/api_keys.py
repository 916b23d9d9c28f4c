"""/api/v1/api-keys: who may call us, and for what."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.usecases.api_keys import Scope, create_key, list_keys, refuse_last_admin, revoke_key
from service.web.auth import actor, runtime
from service.web.pages import read_page
from service.web.rest import Blueprint, no_content
from service.web.schemas import api_keys as schemas
from service.web.schemas.paging import PageQuery

if TYPE_CHECKING:
    from flask import Response

    from service.store.tables import ApiKey

blueprint = Blueprint("api-keys", __name__, url_prefix="/api/v1", description="Who may call, and for what")


@blueprint.route("/api-keys", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.KeyItems)
def show_keys(query: dict[str, Any]) -> dict[str, Any]:
    """Every API key, the revoked ones included, newest first."""
    page = read_page(query, created_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        rows = list_keys(session, after=page.after, limit=page.limit)
    return page.answer(rows, map(_view, rows))


@blueprint.route("/api-keys", methods=["POST"])
@blueprint.arguments(schemas.NewKey)
@blueprint.response(HTTPStatus.CREATED, schemas.MadeKey)
def make_key(body: dict[str, Any]) -> dict[str, Any]:
    """Make an API key. Its secret is in this answer, and nowhere afterwards."""
    here = runtime()
    with here.database.transaction() as session:
        key, secret = create_key(
            session,
            body["name"].strip(),
            scopes=[Scope(each) for each in body["scopes"]],
            actor=actor(),
            now=here.clock(),
        )
    return {**_view(key), "key": secret}


@blueprint.route("/api-keys/<uuid:key_id>", methods=["DELETE"])
@blueprint.response(HTTPStatus.NO_CONTENT)
@blueprint.refuses(HTTPStatus.CONFLICT, "It is the last key with the scope admin.")
def drop_key(key_id: UUID) -> Response:
    """Revoke an API key, from the next request on. It stays in the list, so that what it did keeps its name."""
    here = runtime()
    with here.database.transaction() as session:
        refuse_last_admin(session, str(key_id))
        revoke_key(session, str(key_id), actor=actor(), now=here.clock())
    return no_content()


def _view(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": key.scopes.split(),
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }
