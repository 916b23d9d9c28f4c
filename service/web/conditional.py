"""Conditional requests: an ETag on what is read, If-Match on what is changed. Offered, never required."""

from __future__ import annotations

import hashlib
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.http import quote_etag

from service.errors import ErrorCode, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What is documented of a refusal.
STALE = "the resource is not in the state that If-Match names"


def etag_header(view: Mapping[str, Any]) -> dict[str, str]:
    """The header that names this state of a resource."""
    return {"ETag": quote_etag(_etag(view))}


def refuse_unless_current(view: Mapping[str, Any]) -> None:
    """Hold a change against the state that its sender has seen, where they say which.

    Raises:
        Refusal: the resource has changed since.
    """
    if request.if_match and not request.if_match.contains(_etag(view)):
        raise Refusal(ErrorCode.PRECONDITION_FAILED, "This has changed since you read it; read it again.")


def offer_etags(app: Flask) -> None:
    """Name the state of every JSON answer to a GET of the API, and answer 304 to whoever has it already."""

    @app.after_request
    def _offer(response: Response) -> Response:
        if (
            request.method == "GET"
            and request.path.startswith("/api/v1/")
            and response.status_code == HTTPStatus.OK
        ):
            response.add_etag()
            response.headers.setdefault("Cache-Control", "no-cache, private")
            response.make_conditional(request)
        return response


def _etag(view: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(view, default=str, sort_keys=True).encode()).hexdigest()[:32]
