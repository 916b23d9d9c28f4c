"""The booking form: one person, as a booking site's backend posts them."""

from __future__ import annotations

import uuid
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from marshmallow import INCLUDE, Schema, ValidationError, fields, pre_load, validate

from service.errors import ErrorCode, Refusal
from service.events import Channel, EventKind, InboundEvent, Submission
from service.providers.form_fields import Identifier, Moment, Text, TrueOrFalse, is_blank
from service.providers.payloads import bounded_key, decode
from service.providers.signatures import verify_standard_webhook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

SOURCE = "booking-form"
Complaints: TypeAlias = "Mapping[str, Sequence[str]]"
LABELS = ("personal", "business", "home", "assistant", "other")

_MAX_ID_LENGTH = 255
_MAX_NAME_LENGTH = 200
_MAX_PHONE_LENGTH = 64
#: RFC 5321 allows 64 for the local part and 255 for the domain.
_MAX_EMAIL_LENGTH = 320
#: A handle is often given as a link to the profile, with tracking parameters.
_MAX_INSTAGRAM_LENGTH = 500
_MAX_MESSAGE_LENGTH = 10_000


def verify(body: bytes, headers: Mapping[str, str], *, secrets: Sequence[str], now: datetime) -> str:
    """Check a Standard Webhooks signature and return the `webhook-id`, which retries keep.

    Raises:
        Refusal: UNAUTHENTICATED, also when no secret is configured.
    """
    return verify_standard_webhook(body, headers, secrets=secrets, now=now)


def _no_complaints(_submission: Submission) -> Complaints:
    return {}


def parse(
    body: bytes, *, delivery_id: str | None, check: Callable[[Submission], Complaints] = _no_complaints
) -> InboundEvent:
    """Validate a submission; everything of it is kept, unknown fields included.

    `check` adds what only others know, such as what is a phone number, so that every fault is reported at once. The
    body's own `id` names the submission; `delivery_id` (an `Idempotency-Key` or a `webhook-id`) names the delivery.
    Either of them again is a redelivery; without both, every post is a submission of its own.

    Raises:
        Refusal: MALFORMED when it is no JSON object, INVALID with every field at fault.
    """
    document = decode(body)
    if not isinstance(document, dict):
        raise Refusal(ErrorCode.MALFORMED, "The body must be a JSON object.")
    submission = _validated(document, check)
    return InboundEvent(
        source=SOURCE,
        account="",
        key=bounded_key(submission.get("id") or str(uuid.uuid4())),
        delivery_key=bounded_key(delivery_id) if delivery_id else None,
        kind=EventKind.SUBMISSION,
        payload=submission,
    )


def read(payload: Mapping[str, Any]) -> Submission:
    """What a stored submission says of the person, as typed."""
    return Submission(
        channel=Channel.BOOKING_FORM,
        name=payload.get("name"),
        phone=payload.get("phone"),
        email=payload.get("email"),
        instagram=payload.get("instagram"),
        text=payload.get("message", ""),
        label=payload.get("label"),
        booking=payload.get("booking"),
        consents=payload.get("consents") or {},
        client=payload.get("client") or {},
    )


# ---------------------------------------------------------------- fields


def _bounded(length: int) -> validate.Length:
    return validate.Length(max=length, error="Must be at most {max} characters long.")


class _FormSchema(Schema):
    """Unknown fields are kept; null and blank are the same as absent, since web forms send what was left empty."""

    class Meta:
        unknown = INCLUDE

    @pre_load
    def _without_blanks(self, data: object, **_: object) -> dict[str, object]:
        if not isinstance(data, dict):
            raise ValidationError("Must be an object.")
        return {name: value for name, value in data.items() if name not in self.fields or not is_blank(value)}


class ConsentsSchema(_FormSchema):
    """What the person agreed to in the form."""

    sms = TrueOrFalse()
    call = TrueOrFalse()
    marketing = TrueOrFalse()


class BookingSchema(_FormSchema):
    """What was booked; everything else that the booking site says of it is kept as it is."""

    id = Identifier(validate=_bounded(_MAX_ID_LENGTH))
    starts_at = Moment(metadata={"format": "date-time"})


class ClientSchema(_FormSchema):
    """Who asks, for limits: the visitor, not the booking site's backend."""

    ip = Text(validate=_bounded(_MAX_ID_LENGTH))
    session = Identifier(validate=_bounded(_MAX_ID_LENGTH))


class BookingFormSchema(_FormSchema):
    """A submission of the booking form."""

    id = Identifier(validate=_bounded(_MAX_ID_LENGTH))
    name = Text(
        required=True, validate=_bounded(_MAX_NAME_LENGTH), error_messages={"required": "Must not be empty."}
    )
    phone = Text(validate=_bounded(_MAX_PHONE_LENGTH))
    email = Text(validate=_bounded(_MAX_EMAIL_LENGTH))
    instagram = Text(validate=_bounded(_MAX_INSTAGRAM_LENGTH))
    message = Text(validate=_bounded(_MAX_MESSAGE_LENGTH))
    label = Text(validate=validate.OneOf(LABELS, error="Must be one of: {choices}."))
    consents = fields.Nested(ConsentsSchema)
    booking = fields.Nested(BookingSchema)
    client = fields.Nested(ClientSchema)


@cache
def _schema() -> BookingFormSchema:
    return BookingFormSchema()


def _validated(document: dict[str, object], check: Callable[[Submission], Complaints]) -> dict[str, Any]:
    complaints: dict[str, Sequence[str]] = {}
    try:
        submission = dict(_schema().load(document))
    except ValidationError as error:
        complaints.update(_flat(error.messages_dict))
        submission = dict(error.valid_data or {})
    complaints = {**check(read(submission)), **complaints}
    if complaints:
        raise Refusal(ErrorCode.INVALID, "Some fields are not valid.", fields=complaints)
    return submission


def _flat(messages: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """`{"booking": {"starts_at": [...]}}` as `booking.starts_at`; a complaint about an object under its own name."""
    for name, found in messages.items():
        path = prefix.rstrip(".") if name == "_schema" else prefix + name
        if isinstance(found, dict):
            yield from _flat(found, f"{path}.")
        else:
            yield path, found
