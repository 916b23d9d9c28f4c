"""/c/{token}: the page behind the link of a double opt-in. Looking grants nothing, since mail scanners open every link."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from service.asking import LINK
from service.usecases.double_opt_in import confirm, read_question
from service.web.auth import runtime
from service.web.clients import client
from service.web.people import dress, linked_id

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("consenting", __name__)


@blueprint.get("/c/<token>")
def consent_page(token: str) -> Response:
    """What is agreed to, with a button while it can be; afterwards what became of it."""
    here = runtime()
    with here.database.reading() as session:
        question = read_question(session, linked_id(LINK, token), now=here.clock())
    return make_response(render_template("consent.html", question=question))


@blueprint.post("/c/<token>")
def give_consent(token: str) -> AnyResponse:
    """Grant, and lead back to the page."""
    here = runtime()
    with here.database.transaction() as session:
        confirm(session, linked_id(LINK, token), client=client(), now=here.clock())
    return redirect(url_for("consenting.consent_page", token=token), code=HTTPStatus.SEE_OTHER)


@blueprint.after_request
def _finish(response: Response) -> Response:
    return dress(response, back=request.path if request.method == "POST" else None)
