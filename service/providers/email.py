"""Inbound email: a raw message, as a mail server's or a mail provider's forwarding hands it over (RFC 5322)."""

from __future__ import annotations

import hashlib
from datetime import UTC
from email import message_from_bytes, policy
from email.errors import MessageError
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from matching import written_by_sender
from service.errors import ErrorCode, Refusal
from service.events import Channel, EventKind, InboundEvent, Submission
from service.providers.payloads import bounded_key, storable
from service.providers.signatures import verify_standard_webhook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage

SOURCE = "email"

#: Sent by no person: RFC 3834 and what programs set beside it.
_AUTOMATIC_PRECEDENCE = frozenset({"bulk", "list", "junk", "auto_reply"})
_NOBODY = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@")
#: A longer text is no wish, and would be kept whole.
_MAX_TEXT_LENGTH = 20_000
#: What HTML holds beside what its sender wrote.
_UNWRITTEN = frozenset({"blockquote", "style", "script", "head", "title"})
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3"})


def verify(body: bytes, headers: Mapping[str, str], *, secrets: Sequence[str], now: datetime) -> str:
    """Check a Standard Webhooks signature and return the `webhook-id`, which retries keep.

    Raises:
        Refusal: UNAUTHENTICATED, also when no secret is configured.
    """
    return verify_standard_webhook(body, headers, secrets=secrets, now=now)


def parse(body: bytes, *, delivery_id: str | None = None) -> InboundEvent:
    """Take a message for what it is: somebody's, or one that a program sent, which is kept only.

    Its Message-ID names it; without one, its bytes do.

    Raises:
        Refusal: MALFORMED when it has no sender's address, as no email is without.
    """
    message = message_from_bytes(body, policy=policy.default)
    address, name = _sender(message)
    text = _text(message)[:_MAX_TEXT_LENGTH]
    said_at = _date(message)
    return InboundEvent(
        source=SOURCE,
        account="",
        key=bounded_key(_header(message, "Message-ID") or f"sha256:{hashlib.sha256(body).hexdigest()}"),
        delivery_key=bounded_key(delivery_id) if delivery_id else None,
        kind=EventKind.UNSUPPORTED if _is_automatic(message, address) else EventKind.MESSAGE,
        payload={
            "from": address,
            "name": name,
            "subject": _header(message, "Subject"),
            "text": text,
            "is_reply": bool(_header(message, "In-Reply-To") or _header(message, "References")),
        },
        occurred_at=said_at,
    )


def read(payload: Mapping[str, Any]) -> Submission:
    """What an email says, without what it quotes; that it is from who it says is anybody's claim.

    The subject of an answer is ours: theirs alone counts.
    """
    written = written_by_sender(payload["text"])
    subject = "" if payload["is_reply"] else payload["subject"]
    return Submission(
        channel=Channel.EMAIL,
        name=payload["name"] or None,
        email=payload["from"],
        text="\n\n".join(filter(None, (subject, written))),
    )


# ---------------------------------------------------------------- headers


def _header(message: EmailMessage, name: str) -> str:
    """A header as text; empty where it is missing, or nobody can read it."""
    try:
        value = message.get(name, "")
    except (MessageError, ValueError, IndexError, AttributeError):
        # What the standard library raises on some that are malformed.
        return ""
    return storable(" ".join(str(value).split()))


def _sender(message: EmailMessage) -> tuple[str, str]:
    """The address and the name that a message is from."""
    try:
        addresses = message["From"].addresses
    except (MessageError, ValueError, IndexError, AttributeError):
        addresses = ()
    for each in addresses:
        if each.username and each.domain:
            return storable(each.addr_spec), storable(each.display_name)
    complaint = "The message has no sender's address."
    raise Refusal(ErrorCode.MALFORMED, complaint, fields={"From": [complaint]})


def _date(message: EmailMessage) -> datetime | None:
    try:
        told: datetime | None = message["Date"].datetime
    except (MessageError, ValueError, IndexError, AttributeError):
        return None
    return None if told is None or told.tzinfo is None else told.astimezone(UTC)


def _is_automatic(message: EmailMessage, address: str) -> bool:
    """True for a bounce, an automatic answer, and what a list sent on."""
    return (
        _header(message, "Auto-Submitted").lower() not in {"", "no"}
        or _header(message, "Precedence").lower() in _AUTOMATIC_PRECEDENCE
        or _header(message, "Return-Path") == "<>"
        or "List-Id" in message
        or message.get_content_type() == "multipart/report"
        or address.lower().startswith(_NOBODY)
    )


# ---------------------------------------------------------------- text


def _text(message: EmailMessage) -> str:
    """The text of a message, of its HTML where it has no other; empty where nobody can read it."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, ValueError, MessageError):
        # An encoding that nobody knows.
        return ""
    text = _of_html(content) if part.get_content_subtype() == "html" else content
    return storable(text)


def _of_html(content: str) -> str:
    reader = _WrittenText()
    reader.feed(content)
    reader.close()
    return "".join(reader.pieces)


class _WrittenText(HTMLParser):
    """The text of HTML, line by line, without what it quotes."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unwritten = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's
        self._unwritten += tag in _UNWRITTEN
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unwritten -= tag in _UNWRITTEN and self._unwritten > 0

    def handle_data(self, data: str) -> None:
        if not self._unwritten:
            self.pieces.append(data)
