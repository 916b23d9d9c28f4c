"""API keys: `Authorization: Bearer <key>`; only hashes are stored, and each key has its scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, current_app, g, request

from service.errors import ErrorCode, Refusal
from service.usecases.api_keys import allows, find_key
from service.web.scopes import scope_of

if TYPE_CHECKING:
    from service.runtime import Runtime
    from service.store.tables import ApiKey
    from service.usecases.api_keys import Scope


def runtime() -> Runtime:
    """What this process holds (service.runtime)."""
    found: Runtime = current_app.extensions["isthisyou"]
    return found


def require_scope(scope: Scope) -> None:
    """Refuse a request whose key may not do this.

    Raises:
        Refusal: there is no key, it is not one of ours, or it has not the scope.
    """
    key = _require_key()
    if not allows(key, scope):
        raise Refusal(ErrorCode.FORBIDDEN, f"This needs an API key with the scope {scope.value}.")


def _require_key() -> ApiKey:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret:
        here = runtime()
        with here.database.reading() as session:
            found = find_key(session, secret.strip())
        if found is not None:
            here.key_uses.note(found, now=here.clock())
            g.api_key = found
            return found
    raise Refusal(ErrorCode.UNAUTHENTICATED, "This needs an API key: Authorization: Bearer <api key>.")


def actor() -> str:
    """Who makes this request, as the audit log names them."""
    return f"key:{g.api_key.name}"


def guard_api(app: Flask) -> None:
    """Ask for a key on every route below /api/v1 that has no proof of its own.

    A path or a method that is not served asks for any key at all: nobody else learns which there are.
    """

    @app.before_request
    def _guard() -> None:
        if not request.path.startswith("/api/v1/"):
            return
        if request.endpoint is None:
            _require_key()
            return
        scope = scope_of(request.endpoint, request.method)
        if scope is not None:
            require_scope(scope)
