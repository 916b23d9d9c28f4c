"""What the outside sends: verified over the raw bytes, stored, acknowledged; the form is answered at once."""

from __future__ import annotations

import time
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from flask import Blueprint, Response, jsonify, request

from service.errors import ErrorCode, Refusal
from service.events import EventStatus
from service.providers import booking_form, email, instagram, twilio
from service.resolving import take_in
from service.store.identities import register_account
from service.usecases.api_keys import Scope
from service.usecases.receive import read_standing, receive
from service.usecases.understand import complaints_about
from service.web.api.prompts import form_answer
from service.web.auth import require_scope, runtime

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.events import InboundEvent
    from service.usecases.receive import Standing

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")

#: How long a redelivery waits for the first one to be resolved, in seconds.
PATIENCE = 10.0
_GLANCE = 0.05
_JSON = "application/json"
_RAW_MAIL = "message/rfc822"


@blueprint.get("/instagram")
def shake_hands() -> Response:
    """Meta's verification handshake."""
    challenge = instagram.handshake(request.args, verify_token=runtime().settings.instagram_verify_token)
    # Plain text: echoed as HTML, the challenge would be anybody's script.
    return Response(challenge, content_type="text/plain; charset=utf-8")


@blueprint.post("/instagram")
def receive_instagram() -> Response:
    """Direct messages; 200 as soon as every event is durable."""
    here = runtime()
    body = request.get_data(cache=True)
    instagram.verify(
        body, request.headers.get("X-Hub-Signature-256"), secrets=here.settings.instagram_app_secret
    )
    delivery = instagram.parse(body)
    now = here.clock()
    with here.database.transaction() as session:
        for account in delivery.accounts:
            register_account(session, instagram.SOURCE, account, now=now)
        receipts = receive(session, delivery.events, now=now)
    here.inbox_bell.set()
    return jsonify({"events": [receipt.event_id for receipt in receipts]})


@blueprint.post("/booking-form")
def receive_booking_form() -> Response | tuple[Response, HTTPStatus]:
    """A submission of the booking form, resolved while its sender waits."""
    event = _verified_submission()
    receipt = take_in(runtime(), event)
    if receipt.is_conflict:
        complaint = (
            "Another submission came under this id or key; it was kept as a conflict, and changed nothing."
        )
        fields = {"id": [complaint]} if event.payload.get("id") else {}
        raise Refusal(ErrorCode.CONFLICT, complaint, fields=fields)
    return _answer(receipt.event_id)


@blueprint.post("/email")
def receive_email() -> Response:
    """An email, raw; 200 as soon as it is durable."""
    here = runtime()
    body = request.get_data(cache=True)
    delivery_id = _proven_delivery(body, email.verify)
    if request.mimetype != _RAW_MAIL:
        raise Refusal(ErrorCode.UNSUPPORTED_MEDIA, f"The content type must be {_RAW_MAIL}.")
    event = email.parse(body, delivery_id=delivery_id)
    with here.database.transaction() as session:
        [receipt] = receive(session, [event], now=here.clock())
    here.inbox_bell.set()
    return jsonify({"events": [receipt.event_id]})


@blueprint.post("/twilio/sms")
def receive_text_message() -> Response:
    """A text message, resolved while Twilio waits for what it is to be answered with; a redelivery is answered the same."""
    here = runtime()
    body = request.get_data(cache=True)
    settings = here.settings
    twilio.verify(
        body,
        request.headers.get("X-Twilio-Signature"),
        url=_called_url(settings.public_url),
        secrets=[settings.twilio_auth_token or ""],
    )
    is_form = request.mimetype != _JSON
    event = twilio.parse(body, is_form=is_form, account_sid=settings.twilio_account_sid)
    receipt = take_in(here, event)
    return Response(_twiml(_reply_to(receipt.event_id)), content_type="text/xml; charset=utf-8")


def _called_url(public_url: str | None) -> str:
    """The URL that was called, as the sender knows it: a proxy may have changed host and scheme on the way."""
    query = request.query_string.decode("latin-1")
    base = f"{public_url}{request.path}" if public_url else request.base_url
    return f"{base}?{query}" if query else base


def _reply_to(event_id: str) -> str | None:
    """What a text message is answered with; nothing once it is too late to."""
    reply = (_standing(event_id).answer or {}).get("reply")
    if reply is None or runtime().clock() > datetime.fromisoformat(reply["until"]):
        return None
    text: str = reply["text"]
    return text


def _twiml(text: str | None) -> str:
    said = f"<Message>{escape(text)}</Message>" if text else ""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}</Response>'


def _verified_submission() -> InboundEvent:
    """The submission, by its signature or by an API key.

    Raises:
        Refusal: no proof, no JSON, or fields at fault; nothing was stored.
    """
    here = runtime()
    body = request.get_data(cache=True)
    delivery_id = _proven_delivery(body, booking_form.verify)
    if request.mimetype not in {_JSON, ""} and not request.mimetype.endswith("+json"):
        raise Refusal(ErrorCode.UNSUPPORTED_MEDIA, f"The content type must be {_JSON}.")
    check = partial(complaints_about, region=here.settings.default_region)
    return booking_form.parse(body, delivery_id=delivery_id, check=check)


def _proven_delivery(body: bytes, verify: Callable[..., str]) -> str | None:
    """What names a delivery, whose proof is a provider's signature or an API key.

    Raises:
        Refusal: neither proves anything.
    """
    here = runtime()
    if "webhook-signature" in request.headers:
        secrets = here.settings.webhook_secret
        return verify(body, dict(request.headers), secrets=secrets, now=here.clock())
    require_scope(Scope.INGEST)
    return request.headers.get("Idempotency-Key")


def _answer(event_id: str) -> Response | tuple[Response, HTTPStatus]:
    """The stored answer; 202 where resolving failed or takes another too long, since the event is durable and is retried."""
    standing = _standing(event_id)
    if standing.answer is not None:
        return jsonify(form_answer(event_id, standing.answer))
    pending: dict[str, Any] = {"event_id": event_id, "status": standing.status}
    return jsonify(pending), HTTPStatus.ACCEPTED


def _standing(event_id: str) -> Standing:
    """Where an event stands, once nobody resolves it any more or the sender has waited long enough."""
    here = runtime()
    deadline = time.monotonic() + PATIENCE
    while True:
        with here.database.reading() as session:
            standing = read_standing(session, event_id)
        if standing.status != EventStatus.RESOLVING or time.monotonic() > deadline:
            return standing
        time.sleep(_GLANCE)
