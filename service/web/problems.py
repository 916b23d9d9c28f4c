"""Errors as application/problem+json (RFC 9457): one place that turns codes into HTTP."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from service.errors import ErrorCode, Refusal, raised_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

log = structlog.get_logger(__name__)

PROBLEM_TYPE = "application/problem+json"
STATUS: Mapping[ErrorCode, HTTPStatus] = {
    ErrorCode.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.MALFORMED: HTTPStatus.BAD_REQUEST,
    ErrorCode.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    ErrorCode.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.CONFLICT: HTTPStatus.CONFLICT,
    ErrorCode.GONE: HTTPStatus.GONE,
    ErrorCode.PRECONDITION_FAILED: HTTPStatus.PRECONDITION_FAILED,
    ErrorCode.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.UNSUPPORTED_MEDIA: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ErrorCode.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorCode.PROVIDER_FAILED: HTTPStatus.BAD_GATEWAY,
    ErrorCode.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}


def problem(status: int, detail: str, fields: Mapping[str, Any] | None = None) -> Response:
    """A problem document. `errors` lists every field at fault with its complaints."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body["detail"] = detail
    if fields:
        body["errors"] = dict(fields)
    response = Response(json.dumps(body), status=status, content_type=PROBLEM_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def flatten(messages: Any, prefix: str = "") -> Iterator[tuple[str, list[str]]]:  # noqa: ANN401 - marshmallow's tree
    """Nested messages of marshmallow as `field.path: [complaints]`."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            path = prefix if name == "_schema" else f"{prefix}.{name}".strip(".")
            yield from flatten(inner, path)
    else:
        complaints = messages if isinstance(messages, list) else [messages]
        yield prefix or "body", [str(complaint) for complaint in complaints]


def register_problems(app: Flask) -> None:
    """Answer every error of `app` with a problem document."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, http_problem)
    app.register_error_handler(Exception, _broken)


def _refused(refusal: Refusal) -> Response:
    response = problem(STATUS[refusal.code], refusal.detail, refusal.fields)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = f"{refusal.retry_after.total_seconds():.0f}"
    return response


def http_problem(error: HTTPException) -> Response:
    """Errors of werkzeug and webargs as problem documents."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    messages = getattr(error, "data", {}).get("messages", {}) if hasattr(error, "data") else {}
    fields = {}
    for location in messages.values() if isinstance(messages, dict) else ():
        fields.update(dict(flatten(location)))
    detail = "Some fields cannot be used." if fields else (error.description or HTTPStatus(status).phrase)
    response = problem(status, detail, fields)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "location"}:
            response.headers[name] = value
    return response


def _broken(error: Exception) -> Response:
    # The class alone: an error's text may quote what a person typed.
    log.error(
        "request.failed",
        path=request.path if request.url_rule is None else request.url_rule.rule,
        error=type(error).__name__,
        where=raised_at(error),
    )
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something broke on our side; nothing was changed.")
