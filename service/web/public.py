"""Addresses of our pages, as people outside reach them."""

from __future__ import annotations

from typing import Any

from flask import url_for

from service.web.auth import runtime


def public_url(endpoint: str, **values: Any) -> str:  # noqa: ANN401 - what Flask declares
    """The address of a page, below `PUBLIC_URL` where it is set."""
    return f"{runtime().settings.base_url}{url_for(endpoint, **values)}"
