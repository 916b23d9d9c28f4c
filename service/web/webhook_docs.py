"""The webhooks in the OpenAPI document: they are plain routes, since what they read is bytes and a signature."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields

from service.providers.booking_form import BookingFormSchema
from service.web.problems import PROBLEM_TYPE
from service.web.rest import Problem
from service.web.schemas.prompts import FormAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from service.web.rest import Api

_JSON = "application/json"
_TEXT = {"schema": {"type": "string"}}


class PendingForm(Schema):
    """A submission that is kept and could not be resolved yet; `GET /api/v1/events/{id}` has the answer later."""

    event_id = fields.UUID(required=True)
    status = fields.String(required=True)


class Receipts(Schema):
    """The events of a delivery, each durable."""

    events = fields.List(fields.UUID(), required=True)


def document_webhooks(api: Api, app: Flask) -> None:
    """Add the webhooks, which `app` serves by now, to the document of `api`."""
    api.spec.components.security_scheme(
        "standardWebhook",
        {
            "type": "apiKey",
            "in": "header",
            "name": "webhook-signature",
            "description": "Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature.",
        },
    )
    for rule in app.url_map.iter_rules():
        methods = rule.methods or set()
        operations = {
            method.lower(): told
            for method, told in _OPERATIONS.get(rule.rule, {}).items()
            if method in methods
        }
        if operations:
            api.spec.path(rule=rule, operations=operations)


def _refusals(**when: str) -> dict[str, Any]:
    """What is refused, by the name of its status."""
    return {
        str(HTTPStatus[name].value): {"description": said, "content": {PROBLEM_TYPE: {"schema": Problem}}}
        for name, said in when.items()
    }


def _answer(schema: type[Schema], description: str) -> dict[str, Any]:
    return {"description": description, "content": {_JSON: {"schema": schema}}}


_BOOKING_FORM: dict[str, Any] = {
    "tags": ["webhooks"],
    "summary": "A submission of the booking form, resolved while its sender waits",
    "description": "Signed as Standard Webhooks, or with an API key. The same id (or Idempotency-Key, or webhook-id) again "
    "gets the same answer and changes nothing.",
    "security": [{"apiKey": ["ingest"]}, {"standardWebhook": []}],
    "parameters": [{"in": "header", "name": "Idempotency-Key", **_TEXT}],
    "requestBody": {"required": True, "content": {_JSON: {"schema": BookingFormSchema}}},
    "responses": {
        "200": _answer(FormAnswer, "how it ended, with the question where there is one"),
        "202": _answer(PendingForm, "kept, and tried again later"),
        **_refusals(
            BAD_REQUEST="no JSON object",
            UNAUTHORIZED="no signature and no key that we know",
            FORBIDDEN="the key may not hand in forms",
            CONFLICT="another body came under this id or key before; this one is kept as a conflict",
            REQUEST_ENTITY_TOO_LARGE="over 2 MiB",
            UNSUPPORTED_MEDIA_TYPE="not JSON",
            UNPROCESSABLE_ENTITY="fields at fault, each named",
        ),
    },
}
_EMAIL: dict[str, Any] = {
    "tags": ["webhooks"],
    "summary": "An email as it came in, raw; answered as soon as it is durable",
    "description": "Signed as Standard Webhooks, or with an API key. The same Message-ID again changes nothing. An opt-out, in its "
    "subject or its text, is heeded for its sender; automatic answers, bounces and lists are kept and ignored.",
    "security": [{"apiKey": ["ingest"]}, {"standardWebhook": []}],
    "parameters": [{"in": "header", "name": "Idempotency-Key", **_TEXT}],
    "requestBody": {"required": True, "content": {"message/rfc822": {"schema": {"type": "string"}}}},
    "responses": {
        "200": _answer(Receipts, "the email is durable"),
        **_refusals(
            BAD_REQUEST="no sender's address",
            UNAUTHORIZED="no signature and no key that we know",
            FORBIDDEN="the key may not hand in events",
            REQUEST_ENTITY_TOO_LARGE="over 2 MiB",
            UNSUPPORTED_MEDIA_TYPE="not message/rfc822",
        ),
    },
}
_HANDSHAKE: dict[str, Any] = {
    "tags": ["webhooks"],
    "summary": "Meta's verification handshake",
    "security": [],
    "parameters": [
        {"in": "query", "name": name, "required": True, **_TEXT}
        for name in ("hub.mode", "hub.verify_token", "hub.challenge")
    ],
    "responses": {
        "200": {"description": "the challenge", "content": {"text/plain": _TEXT}},
        **_refusals(BAD_REQUEST="parameters are missing", FORBIDDEN="not our token"),
    },
}
_MESSAGES: dict[str, Any] = {
    "tags": ["webhooks"],
    "summary": "Direct messages, as Meta delivers them; answered as soon as every event is durable",
    "security": [],
    "parameters": [{"in": "header", "name": "X-Hub-Signature-256", "required": True, **_TEXT}],
    "requestBody": {"required": True, "content": {_JSON: {"schema": {}}}},
    "responses": {
        "200": _answer(Receipts, "every event is durable"),
        **_refusals(
            BAD_REQUEST="no JSON",
            UNAUTHORIZED="the signature is not of the raw body",
            REQUEST_ENTITY_TOO_LARGE="over 2 MiB",
        ),
    },
}
_TEXT_MESSAGES: dict[str, Any] = {
    "tags": ["webhooks"],
    "summary": "Text messages, as Twilio delivers them: STOP, START and HELP are done and answered",
    "security": [],
    "parameters": [{"in": "header", "name": "X-Twilio-Signature", "required": True, **_TEXT}],
    "requestBody": {
        "required": True,
        "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}},
    },
    "responses": {
        "200": {
            "description": "the event is durable; TwiML, with the answer to the message where there is one",
            "content": {"text/xml": _TEXT},
        },
        **_refusals(
            BAD_REQUEST="no form and no JSON object",
            UNAUTHORIZED="the signature is not of this URL and these parameters",
            FORBIDDEN="another Twilio account's",
            REQUEST_ENTITY_TOO_LARGE="over 2 MiB",
        ),
    },
}
#: What each webhook is told to be, by its path and method.
_OPERATIONS: Mapping[str, Mapping[str, dict[str, Any]]] = {
    "/webhooks/booking-form": {"POST": _BOOKING_FORM},
    "/webhooks/email": {"POST": _EMAIL},
    "/webhooks/twilio/sms": {"POST": _TEXT_MESSAGES},
    "/webhooks/instagram": {"GET": _HANDSHAKE, "POST": _MESSAGES},
}
