"""Ids of customers and contacts that were merged away: reading leads on, writing acts on what stands and says so."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, request, url_for

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


def to_standing(**standing: str) -> Response | None:
    """A redirect to the same route with the ids that stand (`customer_id=…`); None where they are those of the request."""
    if _are_asked_for(standing):
        return None
    query, path = request.query_string.decode("ascii", "replace"), _path_of(standing)
    return redirect(f"{path}?{query}" if query else path, code=HTTPStatus.TEMPORARY_REDIRECT)


def content_location(**standing: str) -> dict[str, str]:
    """The header that tells what a write acted on, where that is not what the request named."""
    return {} if _are_asked_for(standing) else {"Content-Location": _path_of(standing)}


def _are_asked_for(standing: dict[str, str]) -> bool:
    asked = request.view_args or {}
    return all(str(asked[name]) == value for name, value in standing.items())


def _path_of(standing: dict[str, str]) -> str:
    return url_for(request.endpoint or "", **{**(request.view_args or {}), **standing})
