"""/u/{token}: no more newsletters. Looking changes nothing; a POST does, also a mail program's own (RFC 8058).

The link of a trial shows the same page, says that it is a trial's, and changes nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from service.campaigning import TRIAL, UNSUBSCRIBE, UNSUBSCRIBE_PATH
from service.usecases.unsubscribe import is_unsubscribed, unsubscribe
from service.web.auth import runtime
from service.web.clients import client
from service.web.people import dress, linked_id

blueprint = Blueprint("unsubscribing", __name__)

_RULE = f"{UNSUBSCRIBE_PATH}<token>"


@blueprint.get(_RULE)
def unsubscribe_page(token: str) -> Response:
    """A button, or that it was pressed."""
    if _is_of_trial(token):
        return _page(done=False, trial=True)
    with runtime().database.reading() as session:
        done = is_unsubscribed(session, linked_id(UNSUBSCRIBE, token))
    return _page(done=done)


@blueprint.post(_RULE)
def press_unsubscribe(token: str) -> Response:
    """Revoke, and say so at once: a mail program follows no redirect."""
    if _is_of_trial(token):
        return _page(done=True, trial=True)
    here = runtime()
    with here.database.transaction() as session:
        unsubscribe(session, linked_id(UNSUBSCRIBE, token), client=client(), now=here.clock())
    return _page(done=True)


def _is_of_trial(token: str) -> bool:
    return runtime().opened_by(TRIAL, token) is not None


def _page(*, done: bool, trial: bool = False) -> Response:
    return make_response(render_template("unsubscribe.html", done=done, trial=trial))


@blueprint.after_request
def _finish(response: Response) -> Response:
    return dress(response, back=None)
