"""Which scope of a key each route asks for: by its method, unless its blueprint or the route itself says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.usecases.api_keys import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_METHOD: Mapping[str, Scope] = {
    "GET": Scope.READ,
    "HEAD": Scope.READ,
    "OPTIONS": Scope.READ,
    "POST": Scope.WRITE,
    "PUT": Scope.WRITE,
    "PATCH": Scope.WRITE,
    "DELETE": Scope.WRITE,
}
_BY_BLUEPRINT: Mapping[str, Scope] = {
    "api-keys": Scope.ADMIN,
    "own-contacts": Scope.ADMIN,
    "blocked-values": Scope.ADMIN,
}
#: None: the route carries its own proof (a prompt's token), or tells nothing.
_BY_ENDPOINT: Mapping[str, Scope | None] = {
    "api-docs.openapi_json": None,
    # A message to everybody cannot be taken back.
    "campaigns.new_campaign": Scope.ADMIN,
    "campaigns.try_campaign": Scope.ADMIN,
    "campaigns.halt_campaign": Scope.ADMIN,
    "match.match": Scope.READ,
    "prompts.give_answer": None,
    "prompts.show_prompt": None,
    "webhooks.receive_booking_form": Scope.INGEST,
    "webhooks.receive_email": Scope.INGEST,
}


def scope_of(endpoint: str, method: str) -> Scope | None:
    """The scope that a route asks for; None where it asks for no key.

    Raises:
        KeyError: the method is one that no scope was ever thought of for.
    """
    if endpoint in _BY_ENDPOINT:
        return _BY_ENDPOINT[endpoint]
    return _BY_BLUEPRINT.get(endpoint.partition(".")[0]) or _BY_METHOD[method]
