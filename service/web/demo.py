"""/demo: days 1 and 2 of the decision guide, played by hand through the real inbox. Off unless asked for."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from service.errors import ErrorCode, Refusal
from service.events import EventKind
from service.providers import booking_form
from service.providers import demo as demo_messages
from service.resolving import take_in
from service.runtime import READERS
from service.store.demo_view import EventCard, find_card, look_over
from service.usecases.propose import read_prompt
from service.usecases.understand import complaints_about
from service.usecases.undo import undo
from service.web.api.prompts import take_answer
from service.web.auth import runtime
from service.web.people import dress, read_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from werkzeug.wrappers import Response as AnyResponse

    from service.events import Submission

blueprint = Blueprint("demo", __name__)

_ACTOR = "operator:demo"
_MESSAGE = {
    "username": "johndoe_biz",
    "name": "John Doe",
    "text": "Hi! I want to book 10 chefs for corporate event. Call me at (916) 555-9999",
}
_BOOKING = {
    "name": "John Doe",
    "phone": "(916) 555-1234",
    "email": "john@gmail.com",
    "instagram": "",
    "message": "",
}
#: A booking is for a week ahead, unless another day is chosen.
_AHEAD = timedelta(days=7)
#: Instagram's own limits are 30 letters and 1,000 bytes; a demo need not be stricter than the inbox.
_LIMITS = {"username": 64, "name": 200, "text": 10_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What a form shows: its values, and complaints by field."""

    values: Mapping[str, str]
    complaints: Mapping[str, Sequence[str]] = field(default_factory=dict)


@blueprint.get("/demo")
def show_demo() -> Response:
    """Both forms, and beneath them everything that came of them. `?event=` shows how one event ended."""
    here = runtime()
    event_id = request.args.get("event", type=uuid.UUID)
    with here.database.reading() as session:
        card = find_card(session, str(event_id)) if event_id else None
    message, booking = _message_form(card), _booking_form(card)
    return _render(message=message, booking=booking, card=card)


@blueprint.post("/demo/message")
def send_message() -> AnyResponse:
    """Day 1: a direct message on Instagram."""
    typed = _typed(_MESSAGE)
    complaints = _complain(typed)
    if complaints:
        return _refuse(message=_Form(values=typed, complaints=complaints), booking=_booking_form(None))
    event = demo_messages.message(
        username=typed["username"].strip().removeprefix("@"), name=typed["name"], text=typed["text"]
    )
    return _show(take_in(runtime(), replace(event, key=_submission_id(typed))).event_id)


@blueprint.post("/demo/booking")
def send_booking() -> AnyResponse:
    """Day 2: the booking form, as a booking site's backend would post it."""
    typed = _typed({**_BOOKING, "date": ""})
    try:
        check = partial(complaints_about, region=runtime().settings.default_region)
        event = booking_form.parse(_booking_body(typed), delivery_id=None, check=check)
    except Refusal as refusal:
        form = _Form(values=typed, complaints=refusal.fields or {"name": [refusal.detail]})
        return _refuse(message=_message_form(None), booking=form)
    return _show(take_in(runtime(), event).event_id)


@blueprint.post("/demo/events/<uuid:event_id>/answer")
def answer_here(event_id: UUID) -> AnyResponse:
    """Answer the question that an event was answered with."""
    here = runtime()
    with here.database.reading() as session:
        card = find_card(session, str(event_id))
    if card is None or card.prompt is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no such question.")
    try:
        take_answer(here.prompt_token(card.prompt.id), read_answer(), request.form.get("candidate"))
    except Refusal as refusal:
        if refusal.code is not ErrorCode.INVALID:
            raise
        return _unprocessable(
            _render(
                message=_message_form(card), booking=_booking_form(card), card=card, complaint=refusal.detail
            )
        )
    return _show(str(event_id))


@blueprint.post("/demo/merges/<uuid:merge_id>/undo")
def undo_here(merge_id: UUID) -> AnyResponse:
    """Undo a merge or a link, as the API does."""
    here = runtime()
    with here.database.transaction() as session:
        undo(session, str(merge_id), actor=_ACTOR, now=here.clock())
    return redirect(url_for("demo.show_demo", _anchor="merges"), code=HTTPStatus.SEE_OTHER)


@blueprint.before_request
def _refuse_other_sites() -> None:
    """There is no login here, so another site could post in the name of whoever has this page open.

    Raises:
        Refusal: the browser says that another site's page sent this.
    """
    if request.method != "POST":
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    # Browsers leave Sec-Fetch-Site out where the connection is plain HTTP and not to this machine.
    ours = (
        site in {"same-origin", "none"} if site else origin is None or urlsplit(origin).netloc == request.host
    )
    if not ours:
        raise Refusal(ErrorCode.FORBIDDEN, "Only this page itself may send this.")


@blueprint.after_request
def _finish(response: Response) -> Response:
    # A form on a page that sends no referrer has no Origin either, and that is checked above.
    response.headers["Referrer-Policy"] = "same-origin"
    return dress(response, back=url_for("demo.show_demo"))


# ---------------------------------------------------------------- through the inbox


def _booking_body(typed: Mapping[str, str]) -> bytes:
    document: dict[str, Any] = {name: typed[name] for name in _BOOKING}
    if typed["date"]:
        document["booking"] = {"starts_at": f"{typed['date']}T12:00:00Z"}
    return json.dumps({"id": _submission_id(typed), **document}).encode()


def _submission_id(typed: Mapping[str, str]) -> str:
    """The same for a second click on the same page; another one once a field was changed, or the page was loaded anew."""
    page = request.form.get("page", type=uuid.UUID) or uuid.uuid4()
    return str(uuid.uuid5(page, json.dumps(typed)))


# ---------------------------------------------------------------- forms


def _typed(fields: Mapping[str, str]) -> dict[str, str]:
    """What was typed, without NUL, which PostgreSQL cannot keep."""
    return {name: request.form.get(name, "").replace("\0", "") for name in fields}


def _complain(typed: Mapping[str, str]) -> dict[str, list[str]]:
    """A message needs a sender and a text; its name may be missing, as profiles go."""
    complaints: dict[str, list[str]] = {}
    for name, most in _LIMITS.items():
        if not typed[name].strip() and name != "name":
            complaints[name] = ["Must not be empty."]
        elif len(typed[name]) > most:
            complaints[name] = [f"Must be at most {most} characters long."]
    return complaints


def _message_form(card: EventCard | None) -> _Form:
    sent = card.row.payload if card and card.row.source == demo_messages.SOURCE else {}
    return _Form(values={name: sent.get(name) or "" for name in _MESSAGE} if sent else _MESSAGE)


def _booking_form(card: EventCard | None) -> _Form:
    if card is None or card.row.source != booking_form.SOURCE:
        return _Form(values={**_BOOKING, "date": f"{runtime().clock() + _AHEAD:%Y-%m-%d}"})
    sent = card.row.payload
    values = {name: str(sent.get(name) or "") for name in _BOOKING}
    return _Form(values={**values, "date": str(sent.get("booking", {}).get("starts_at", ""))[:10]})


# ---------------------------------------------------------------- the page


def _show(event_id: str) -> AnyResponse:
    return redirect(url_for("demo.show_demo", event=event_id, _anchor="outcome"), code=HTTPStatus.SEE_OTHER)


def _refuse(*, message: _Form, booking: _Form) -> Response:
    return _unprocessable(_render(message=message, booking=booking, card=None))


def _unprocessable(response: Response) -> Response:
    response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _render(
    *, message: _Form, booking: _Form, card: EventCard | None, complaint: str | None = None
) -> Response:
    here = runtime()
    with here.database.reading() as session:
        overview = look_over(session)
        prompt = read_prompt(session, card.prompt.id, now=here.clock()) if card and card.prompt else None
    page = render_template(
        "demo.html",
        message=message,
        booking=booking,
        card=card,
        prompt=prompt,
        prompt_token=here.prompt_token(card.prompt.id) if card and card.prompt else None,
        complaint=complaint,
        overview=overview,
        said=_said(overview.events),
        page=uuid.uuid4(),
        database_url=here.database.engine.url.render_as_string(hide_password=True),
    )
    return make_response(page)


def _said(events: Sequence[EventCard]) -> dict[str, Submission]:
    """What each event says of its sender, where it says anything."""
    return {
        event.row.id: READERS[event.row.source](event.row.payload)
        for event in events
        if event.row.kind in {EventKind.MESSAGE, EventKind.SUBMISSION} and event.row.source in READERS
    }


@blueprint.app_template_filter()
def percent(probability: float) -> str:
    """`42.0 %`; never 0 or 100, which no evidence reaches."""
    if 0 < probability < 0.001:  # noqa: PLR2004 - what rounds to 0.0 %
        return "< 0.1 %"
    if 0.999 < probability < 1:  # noqa: PLR2004
        return "> 99.9 %"
    return f"{100 * probability:.1f} %"
