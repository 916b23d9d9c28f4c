"""/v/{token}: the page behind the link of a code's email. Looking changes nothing, since mail scanners open every link."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from service.usecases.verify import follow_link, read_link
from service.verifying import LINK
from service.web.auth import runtime
from service.web.people import dress, linked_id

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("verifying", __name__)


@blueprint.get("/v/<token>")
def link_page(token: str) -> Response:
    """A button while the link can be used, and afterwards what became of it."""
    here = runtime()
    with here.database.reading() as session:
        link = read_link(session, linked_id(LINK, token), now=here.clock())
    return make_response(render_template("verify.html", link=link))


@blueprint.post("/v/<token>")
def press_button(token: str) -> AnyResponse:
    """Verify, and lead back to the page."""
    here = runtime()
    with here.database.transaction() as session:
        follow_link(session, linked_id(LINK, token), now=here.clock())
    return redirect(url_for("verifying.link_page", token=token), code=HTTPStatus.SEE_OTHER)


@blueprint.after_request
def _finish(response: Response) -> Response:
    return dress(response, back=request.path if request.method == "POST" else None)
