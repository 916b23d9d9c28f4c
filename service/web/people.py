"""/p/{token}: the question "Is this you?" as a page of its own, which works without JavaScript."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from service.errors import ErrorCode, Refusal
from service.usecases.propose import ANSWERS
from service.web.api.prompts import open_prompt, take_answer
from service.web.auth import runtime

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("people", __name__)

#: Nothing of a page is kept, indexed, framed or told to others; it loads our own style sheet and picture, and no script.
PAGE_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


@blueprint.get("/p/<token>")
def prompt_page(token: str) -> Response:
    """The question while it can be answered, and afterwards what became of it."""
    return _render_prompt(token, open_prompt(token))


@blueprint.post("/p/<token>")
def answer_prompt(token: str) -> AnyResponse:
    """Take the answer and lead back to the page, so that a reload asks and sends nothing again."""
    try:
        take_answer(token, read_answer(), request.form.get("candidate"))
    except Refusal as refusal:
        if refusal.code is not ErrorCode.INVALID:
            raise
        return _ask_again(token, refusal)
    return redirect(url_for("people.prompt_page", token=token), code=HTTPStatus.SEE_OTHER)


@blueprint.after_request
def _finish(response: Response) -> Response:
    return dress(response, back=request.path if request.method == "POST" else None)


def linked_id(purpose: str, token: str) -> str:
    """What the link of this purpose, in a message of ours, leads to.

    Raises:
        Refusal: the token is not one of ours.
    """
    found = runtime().opened_by(purpose, token)
    if found is None:
        raise Refusal(ErrorCode.NOT_FOUND, "This link leads to nothing.")
    return found


def read_answer() -> str:
    """The button that was pressed.

    Raises:
        Refusal: none that we show.
    """
    word = request.form.get("answer", "")
    if word not in ANSWERS:
        raise Refusal(ErrorCode.INVALID, "Press one of the buttons to answer.")
    return word


def _ask_again(token: str, refusal: Refusal) -> Response:
    response = _render_prompt(token, open_prompt(token), complaint=refusal.detail)
    response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _render_prompt(token: str, prompt: Mapping[str, Any], complaint: str | None = None) -> Response:
    action = url_for("people.answer_prompt", token=token)
    return make_response(render_template("prompt.html", prompt=prompt, action=action, complaint=complaint))


def dress(response: Response, *, back: str | None) -> Response:
    """Give a response the headers of a page, and a problem document the look of one, which leads `back`."""
    if response.mimetype == "application/problem+json":
        problem = response.get_json(force=True)
        response.set_data(render_template("problem.html", problem=problem, back=back))
        response.mimetype = "text/html"
    for name, value in PAGE_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


@blueprint.app_template_filter()
def moment(at: datetime | None) -> str:
    """`14 March 2026, 18:30 UTC`; nothing for no time."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC" if at else ""
