"""Inbound email: a raw message, as a mail server's or a mail provider's forwarding hands it over (RFC 5322)."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from email import message_from_bytes
from email.errors import MessageError
from email.policy import EmailPolicy
from html import unescape
from typing import TYPE_CHECKING, Any

import nh3

from matching import written_by_sender
from service.errors import ErrorCode, Refusal
from service.events import Channel, EventKind, InboundEvent, Submission
from service.providers.payloads import bounded_key, storable
from service.providers.signatures import verify_standard_webhook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from email.message import EmailMessage, MIMEPart

SOURCE = "email"

#: Sent by no person: RFC 3834 and what programs set beside it.
_AUTOMATIC_PRECEDENCE = frozenset({"bulk", "list", "junk", "auto_reply"})
_NOBODY = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@")
#: A longer text is no wish, and would be kept whole.
_MAX_TEXT_LENGTH = 20_000
#: Reading them takes time that grows with the square of their length, and with the depth of parts.
_MAX_HEADER_LENGTH = 2_000
_MAX_HTML_LENGTH = 50_000
_MAX_PARTS = 100
_PART = re.compile(rb"^content-type:", re.IGNORECASE | re.MULTILINE)
#: What the standard library raises on some that are malformed.
_UNREADABLE = (
    MessageError,
    LookupError,
    ValueError,
    AttributeError,
    TypeError,
    OverflowError,
    RecursionError,
)
#: What HTML holds beside what its sender wrote.
_UNWRITTEN = {"blockquote", "style", "script", "title"}
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3"}
_TAG = re.compile(r"<[^>]*>")
#: What a mail program sets before the subject that it answers: "Re: ", "AW: ", "Antw.: ".
_ANSWERS = re.compile(r"\s*\w{1,4}\.?(?:\[\d+\])?\s*[:\uff1a]")


class _Bounded(EmailPolicy):
    """Headers as the standard library reads them, those that are too long as empty ones."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        parsed: str = super().header_fetch_parse(name, value if len(value) <= _MAX_HEADER_LENGTH else "")
        return parsed


def verify(body: bytes, headers: Mapping[str, str], *, secrets: Sequence[str], now: datetime) -> str:
    """Check a Standard Webhooks signature and return the `webhook-id`, which retries keep.

    Raises:
        Refusal: UNAUTHENTICATED, also when no secret is configured.
    """
    return verify_standard_webhook(body, headers, secrets=secrets, now=now)


def parse(body: bytes, *, delivery_id: str | None = None) -> InboundEvent:
    """Take a message for what it is: somebody's, or one that a program sent, which is kept only.

    Its Message-ID names it; without one, its bytes do. It counts from when it came: its own date is anybody's claim, and would
    let a wish to hear no more be older than a wish to hear.

    Raises:
        Refusal: MALFORMED when it has no sender's address, as no email is without, or too many parts.
    """
    message = _parsed(body)
    address, name = _sender(message)
    text = _text(message)[:_MAX_TEXT_LENGTH]
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
            "is_reply": "In-Reply-To" in message or "References" in message,
        },
    )


def _parsed(body: bytes) -> EmailMessage:
    if len(_PART.findall(body)) <= _MAX_PARTS:
        with suppress(*_UNREADABLE):
            message: EmailMessage = message_from_bytes(body, policy=_Bounded())  # type: ignore[arg-type]  # generic to the type checker alone
            return message
    complaint = f"The message cannot be read; it may have {_MAX_PARTS} parts."
    raise Refusal(ErrorCode.MALFORMED, complaint, fields={"body": [complaint]})


def read(payload: Mapping[str, Any]) -> Submission:
    """What an email says, without what it quotes; that it is from who it says is anybody's claim.

    The subject that an answer repeats is ours, and does not count.
    """
    written = written_by_sender(payload["text"])
    subject = payload["subject"]
    if payload["is_reply"] and _ANSWERS.match(subject):
        subject = ""
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
    except _UNREADABLE:
        return ""
    return storable(" ".join(str(value).split()))


def _sender(message: EmailMessage) -> tuple[str, str]:
    """The address and the name that a message is from."""
    try:
        addresses = message["From"].addresses
    except _UNREADABLE:
        addresses = ()
    for each in addresses:
        if each.username and each.domain:
            return storable(each.addr_spec), storable(each.display_name)
    complaint = "The message has no sender's address."
    raise Refusal(ErrorCode.MALFORMED, complaint, fields={"From": [complaint]})


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
    return next(filter(str.strip, (_part_text(message, kind) for kind in ("plain", "html"))), "")


def _part_text(message: EmailMessage, kind: str) -> str:
    try:
        part = message.get_body(preferencelist=(kind,))
        if part is None:
            return ""
        content = _content(part)
        return storable(_of_html(content) if kind == "html" else content)
    except _UNREADABLE:
        return ""


def _content(part: MIMEPart) -> str:
    try:
        content: str = part.get_content()
    except _UNREADABLE:
        # A character set that nobody knows: most of an alphabet, and so every keyword, is the same in all.
        decoded = part.get_payload(decode=True)
        content = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""
    return content


def _of_html(content: str) -> str:
    """The text of HTML, line by line, without what it quotes."""
    lines = nh3.clean(content[:_MAX_HTML_LENGTH], tags=_BREAKS, attributes={}, clean_content_tags=_UNWRITTEN)
    return unescape(_TAG.sub("\n", lines))
