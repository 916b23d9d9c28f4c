"""API keys: `Authorization: Bearer <key>`; only hashes are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, current_app, g, request

from service.errors import ErrorCode, Refusal
from service.usecases.api_keys import find_key

if TYPE_CHECKING:
    from service.runtime import Runtime

#: Routes below /api/v1 that carry their own proof: a prompt's token.
_TOKEN_ROUTES = frozenset({"prompts.show_prompt", "prompts.give_answer"})
_OPEN_ROUTES = frozenset({"api-docs.openapi_json"})


def runtime() -> Runtime:
    """What this process holds (service.runtime)."""
    found: Runtime = current_app.extensions["isthisyou"]
    return found


def require_key() -> None:
    """Refuse a request without a key that we know.

    Raises:
        Refusal: there is no key, or it is not one of ours.
    """
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key:
        with runtime().database.reading() as session:
            found = find_key(session, key.strip())
        if found is not None:
            g.api_key = found
            return
    raise Refusal(ErrorCode.UNAUTHENTICATED, "This needs an API key: Authorization: Bearer <api key>.")


def actor() -> str:
    """Who makes this request, as the audit log names them."""
    return f"key:{g.api_key.name}"


def guard_api(app: Flask) -> None:
    """Ask for a key on every route below /api/v1 that has no proof of its own, unknown routes included."""

    @app.before_request
    def _guard() -> None:
        if request.path.startswith("/api/v1/") and request.endpoint not in _TOKEN_ROUTES | _OPEN_ROUTES:
            require_key()
