"""The vocabulary of what comes in: deliveries taken apart into events, and what an event says of its sender."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

#: What the id of a line of a file starts with that has none of its own; a hash of what it says follows.
ROW_PREFIX = "row:"


class Channel(StrEnum):
    """Where a person wrote."""

    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    RCS = "rcs"
    EMAIL = "email"
    BOOKING_FORM = "booking_form"

    @property
    def can_ask(self) -> bool:
        """True where the answer to an event can carry the question "Is this you?"."""
        return self is Channel.BOOKING_FORM

    @property
    def is_conversation(self) -> bool:
        """True where a person writes from an account or an address: not by text, whose stops are the number's, nor into a form."""
        return self not in {Channel.SMS, Channel.BOOKING_FORM}

    @property
    def is_vouched_for(self) -> bool:
        """True where the platform says who writes; what stands in a form, or as an email's sender, anybody can claim."""
        return self not in {Channel.BOOKING_FORM, Channel.EMAIL}


class EventKind(StrEnum):
    """What an inbound event is; only the first two can name a customer."""

    MESSAGE = "message"
    SUBMISSION = "submission"
    ECHO = "echo"
    TEST = "test"
    UNSUPPORTED = "unsupported"


class EventStatus(StrEnum):
    """Where an inbox row stands."""

    RECEIVED = "received"
    RESOLVING = "resolving"
    RESOLVED = "resolved"
    IGNORED = "ignored"
    FAILED = "failed"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundEvent:
    """One event out of a verified delivery, as it is stored.

    `(source, account, key)` names the event: the same triple again is a redelivery, and so is the same
    `(source, account, delivery_key)` where a delivery has a name of its own. `payload` is the provider's own
    JSON for this event alone. `kind` decides whether there is anything to resolve.
    """

    source: str
    account: str
    key: str
    kind: EventKind
    payload: Mapping[str, Any]
    occurred_at: datetime | None = None
    delivery_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A routing identity: a sender id that the platform vouches for, scoped to the account it wrote to."""

    platform: str
    account_id: str
    sender_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What an event says of the person behind it, as typed: nothing here is normalized.

    `sender` is set where the platform vouches for a sender id. `name` and `instagram` of a direct message come
    from the platform's profile, not from the message.
    """

    channel: Channel
    sender: Sender | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    instagram: str | None = None
    text: str = ""
    label: str | None = None
    booking: Mapping[str, Any] | None = None
    #: What the person allowed: `sms`, `call`, `marketing`, with whatever else the form says of it.
    consents: Mapping[str, Any] = field(default_factory=dict)
    #: STOP, START or HELP, where the platform has acted on it and answered it already.
    keyword: str | None = None
    #: Who asked, as the form's backend saw them: their address, their session.
    client: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a platform says of a sender; either may be missing."""

    username: str | None = None
    name: str | None = None


def fingerprint(value: object) -> str:
    """SHA-256, in hex, of a JSON value whatever the order of its keys."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
