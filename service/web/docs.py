"""/docs: the API to browse and to try, with nothing from an outside host."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from flask import Blueprint, abort, make_response, render_template, send_file, url_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

blueprint = Blueprint("docs", __name__)

_DIST = files("flask_swagger_ui") / "dist"
#: What the page loads of swagger-ui, by its type.
_ASSETS: Mapping[str, str] = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
#: swagger-ui sets styles and pictures of its own from its script.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@blueprint.get("/docs")
def show_docs() -> Response:
    """The page; the document that it shows is openapi.json."""
    page = make_response(render_template("docs.html", document=url_for("api-docs.openapi_json")))
    page.headers["Content-Security-Policy"] = _POLICY
    page.headers["X-Content-Type-Options"] = "nosniff"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


@blueprint.get("/docs/<name>")
def send_asset(name: str) -> Response:
    """One of swagger-ui's own files."""
    if name not in _ASSETS:
        abort(404)
    return send_file((_DIST / name).open("rb"), mimetype=_ASSETS[name], max_age=86_400)
