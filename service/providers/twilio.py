"""Inbound text messages, and those by WhatsApp and RCS, as Twilio's webhook delivers them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from service.errors import ErrorCode, Refusal
from service.events import Channel, EventKind, InboundEvent, Sender, Submission, fingerprint
from service.providers.payloads import bounded_key, decode, decode_form
from service.providers.signatures import is_any, unauthenticated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SOURCE = "twilio"
#: What the query of a signed URL holds where the body is no form.
BODY_HASH = "bodySHA256"

#: The id of a message behind its parameter's name, as it stands in what is signed.
_SIGNED_SID = re.compile(r"(?:Message|Sms)Sid[A-Z]{2}[0-9a-f]{32}", re.ASCII)
#: A parameter that has one: of this message, or of another (OriginalRepliedMessageSid), but none run together with what stands before it.
_SID_NAME = re.compile(
    r"MessageSid|SmsSid|SmsMessageSid"
    r"|(?!Account|AddOns|Api|Body|Channel|From|Media|Messag|Num|OptOut|Profile|Sms|To|Wa)[A-Z]\w*(?:MessageSid|SmsSid)",
    re.ASCII,
)
_SIDS = ("MessageSid", "SmsSid", "SmsMessageSid")
_DEFAULT_PORTS = {"https": 443, "http": 80}
_MAX_ID_LENGTH = 64
#: What a number stands behind that did not write by text: `whatsapp:+1…`.
_CHANNELS = {"": Channel.SMS, "whatsapp": Channel.WHATSAPP, "rcs": Channel.RCS}
#: A number or a short code.
_NUMBER = re.compile(r"\+?[0-9]{3,15}", re.ASCII)
_RECEIVED = frozenset({"", "received", "receiving"})


def verify(body: bytes, signature: str | None, *, url: str, secrets: Sequence[str]) -> None:
    """Check `X-Twilio-Signature`: HMAC-SHA1 over the URL that Twilio called and every parameter, in base64.

    Twilio signs the URL with or without its port, so both are tried. Of a parameter with several values each counts once.
    A body that is no form is signed by its SHA-256 in the URL. What is signed says nothing of where a name ends and its value
    begins: a message that was seen once, cut another way so that its id is another, is refused as well.

    Raises:
        Refusal: UNAUTHENTICATED, also when no secret is configured.
    """
    told = parse_qs(urlsplit(url).query).get(BODY_HASH)
    digest = hashlib.sha256(body).hexdigest().encode()
    if told is not None and not hmac.compare_digest(digest, told[0].lower().encode(errors="replace")):
        raise unauthenticated()
    signed = "" if told is not None else _signed_parameters(body)
    tokens = [secret.encode() for secret in secrets if secret]
    expected = [_signature(token, each + signed) for token in tokens for each in _spellings(url)]
    if not is_any(signature or "", expected) or (told is None and _is_cut_another_way(body)):
        raise unauthenticated()


def parse(body: bytes, *, is_form: bool, account_sid: str | None) -> InboundEvent:
    """Take a delivery for what it is: a message with a text or a picture, or something to keep only.

    Raises:
        Refusal: FORBIDDEN when it is another account's, MALFORMED when it cannot be read.
    """
    payload = decode_form(body) if is_form else decode(body)
    if not isinstance(payload, dict):
        raise Refusal(ErrorCode.MALFORMED, "The body must be a form or a JSON object.")
    account = _text(payload, "AccountSid")
    if account_sid is not None and account != account_sid:
        raise Refusal(ErrorCode.FORBIDDEN, "This account is not ours.")
    return InboundEvent(
        source=SOURCE,
        account=account[:_MAX_ID_LENGTH],
        key=bounded_key(_key(payload)),
        kind=EventKind.MESSAGE if _is_message(payload) else EventKind.UNSUPPORTED,
        payload=payload,
    )


def read(payload: Mapping[str, Any]) -> Submission:
    """What a message says; the network, or WhatsApp, vouches for the number that it came from."""
    kind, number = _sender(payload)
    channel = _CHANNELS[kind]
    return Submission(
        channel=channel,
        # One sender for all our numbers: whoever writes to another of them is the same.
        sender=Sender(
            platform=channel.value,
            account_id=_text(payload, "AccountSid")[:_MAX_ID_LENGTH],
            sender_id=number,
        ),
        phone=number,
        text=_text(payload, "Body"),
        keyword=_text(payload, "OptOutType") or None,
    )


# ---------------------------------------------------------------- signatures


def _signed_parameters(body: bytes) -> str:
    """Every parameter by its name, with each of its values once."""
    return "".join(name + value for name, value in _parameters(body))


def _parameters(body: bytes) -> list[tuple[str, str]]:
    return sorted(set(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)))


def _is_cut_another_way(body: bytes) -> bool:
    """True where the id of a message is signed, and no parameter has it."""
    held = sum(
        _SID_NAME.fullmatch(name) is not None and _SIGNED_SID.fullmatch(f"SmsSid{value}") is not None
        for name, value in _parameters(body)
    )
    return len(_SIGNED_SID.findall(_signed_parameters(body))) != held


def _signature(token: bytes, content: str) -> str:
    return base64.b64encode(hmac.digest(token, content.encode(errors="replace"), hashlib.sha1)).decode()


def _spellings(url: str) -> Iterator[str]:
    """A URL as it is configured, with its port, and without it."""
    parts = urlsplit(url)
    bare = parts.netloc.removesuffix(f":{parts.port}") if parts.port else parts.netloc
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    for netloc in dict.fromkeys((parts.netloc, bare, f"{bare}:{port}")):
        yield parts._replace(netloc=netloc).geturl()


# ---------------------------------------------------------------- values


def _key(payload: Mapping[str, Any]) -> str:
    """The message's own id. What is told of a message later comes under the same id, with its new status."""
    sid = next(filter(None, (_text(payload, name) for name in _SIDS)), "")
    if not sid:
        return f"sha256:{fingerprint(payload)}"
    return sid if _is_message(payload) else f"{sid}:{_text(payload, 'MessageStatus') or 'other'}"


def _is_message(payload: Mapping[str, Any]) -> bool:
    has_content = "Body" in payload or _text(payload, "NumMedia") not in {"", "0"}
    is_inbound = "MessageStatus" not in payload and _text(payload, "SmsStatus").lower() in _RECEIVED
    kind, number = _sender(payload)
    return has_content and is_inbound and kind in _CHANNELS and _NUMBER.fullmatch(number) is not None


def _sender(payload: Mapping[str, Any]) -> tuple[str, str]:
    """By what somebody wrote, empty for a text, and their number."""
    kind, _, number = _text(payload, "From").rpartition(":")
    return kind, number


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    if isinstance(value, list) and value:
        value = value[0]
    return value.strip() if isinstance(value, str) else ""
