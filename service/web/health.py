"""Is it alive, and is it ready?"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from service.store.migrating import current_revision, head_revision
from service.web.auth import runtime

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> tuple[Response, HTTPStatus]:
    """The database answers, and has every migration."""
    try:
        with runtime().database.reading() as session:
            revision = current_revision(session)
    except SQLAlchemyError:
        return jsonify({"status": "unavailable", "database": "unreachable"}), HTTPStatus.SERVICE_UNAVAILABLE
    ready = revision == head_revision()
    status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify({"status": "ok" if ready else "migrating", "revision": revision}), status
