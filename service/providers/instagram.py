"""Instagram direct messages, as Meta's webhooks deliver them."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from service.errors import ErrorCode, Refusal
from service.events import Channel, EventKind, InboundEvent, Sender, Submission, fingerprint
from service.providers.payloads import bounded_key, decode
from service.providers.signatures import verify_hub_signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SOURCE = "instagram"

#: What the Test button of Meta's dashboard sends, in place of an account, a sender and a recipient.
TEST_IDS = frozenset({"0", "12334", "23245"})
TEST_MID = "random_mid"

_MAX_ID_LENGTH = 64
#: Milliseconds and seconds come in the same field; as seconds, 10^11 is in the year 5138.
_MILLISECONDS_FROM = 10**11
_EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one POST brought: the business accounts that it speaks for, and every event, in order."""

    accounts: tuple[str, ...]
    events: tuple[InboundEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One thing that happened. `account` is '' where it is unknown; `content` is whatever JSON came."""

    account: str = ""
    content: object = None
    field: str | None = None
    time: object = None


def verify(body: bytes, signature: str | None, *, secrets: Sequence[str]) -> None:
    """Check `X-Hub-Signature-256` over the raw bytes: parsed and written again they would differ in every accent.

    Raises:
        Refusal: UNAUTHENTICATED, also when no secret is configured.
    """
    verify_hub_signature(body, signature, secrets=secrets)


def handshake(arguments: Mapping[str, str], *, verify_token: str | None) -> str:
    """Answer Meta's subscription handshake with its challenge, to be echoed as plain text.

    Raises:
        Refusal: MALFORMED when a parameter is missing, FORBIDDEN when mode or token is not ours.
    """
    mode = arguments.get("hub.mode")
    token = arguments.get("hub.verify_token")
    challenge = arguments.get("hub.challenge")
    if mode is None or token is None or challenge is None:
        raise Refusal(ErrorCode.MALFORMED, "hub.mode, hub.verify_token and hub.challenge are needed.")
    is_ours = hmac.compare_digest(token.encode(errors="replace"), (verify_token or "").encode())
    if mode != "subscribe" or not verify_token or not is_ours:
        raise Refusal(ErrorCode.FORBIDDEN, "The verify token is not ours.")
    return challenge


def parse(body: bytes) -> Delivery:
    """Take a delivery apart; what cannot be understood becomes an UNSUPPORTED event beside its neighbours.

    An event's `payload` is `{"entry_id", "item"}`, with `"field"` where the item is no messaging item. Its key is
    the message id; `<mid>:deleted`, `<mid>:edit:<n>` and `<mid>:postback` for what happens to a message under the
    same id; and a hash of the payload for what has no id of its own (reactions, reads, referrals, anything unknown).

    Raises:
        Refusal: MALFORMED, when it is no JSON, or neither an object nor an array.
    """
    items = tuple(_items(decode(body)))
    accounts = dict.fromkeys(item.account for item in items)
    return Delivery(
        accounts=tuple(account for account in accounts if account and account not in TEST_IDS),
        events=tuple(_event(item) for item in items),
    )


def read(payload: Mapping[str, Any]) -> Submission:
    """What a stored message says of its sender: its id, vouched for by the platform, and the text."""
    item = payload.get("item")
    account = _identifier(payload.get("entry_id"))
    sender = _party(item, "sender")
    text = (_part(item, "message") or {}).get("text")
    return Submission(
        channel=Channel.INSTAGRAM,
        sender=Sender(platform=SOURCE, account_id=account, sender_id=sender) if account and sender else None,
        text=text if isinstance(text, str) else "",
    )


# ---------------------------------------------------------------- envelopes


def _items(document: object) -> Iterator[_Item]:
    if not isinstance(document, dict | list):
        raise Refusal(ErrorCode.MALFORMED, "The body must be a JSON object.")
    for envelope in _listed(document):
        yield from _envelope_items(envelope)


def _envelope_items(envelope: object) -> Iterator[_Item]:
    # Another object (a Facebook page) has senders of its own, who must not pass for Instagram's.
    if not isinstance(envelope, dict) or envelope.get("object", SOURCE) != SOURCE:
        yield _Item(content=envelope)
    elif "entry" in envelope:
        for entry in _listed(envelope["entry"]):
            yield from _entry_items(entry)
    else:
        # The dashboard's sample, sent bare: {"field", "value"}.
        yield _change_item(envelope, account="", time=None)


def _entry_items(entry: object) -> Iterator[_Item]:
    if not isinstance(entry, dict):
        yield _Item(content=entry)
        return
    account, time = _identifier(entry.get("id")), entry.get("time")
    # `standby` is a conversation that another app answers; the person wrote to this business all the same.
    for content in (*_listed(entry.get("messaging")), *_listed(entry.get("standby"))):
        yield _Item(account=account or _recipient(content), content=content, time=time)
    for change in _listed(entry.get("changes")):
        yield _change_item(change, account=account, time=time)
    if not {"messaging", "standby", "changes"} & entry.keys():
        yield _change_item(entry, account=account, time=time)


def _change_item(change: object, *, account: str, time: object) -> _Item:
    if not isinstance(change, dict) or "value" not in change:
        return _Item(account=account, content=change, time=time)
    content, field = change["value"], change.get("field")
    is_messaging = bool(_party(content, "sender"))
    return _Item(
        account=account or _recipient(content),
        content=content,
        field=field if isinstance(field, str) and not is_messaging else None,
        time=time,
    )


def _recipient(content: object) -> str:
    """The business's side of an item whose entry does not say whose it is."""
    return _party(content, "sender" if _is_echo(content) else "recipient")


# ---------------------------------------------------------------- items


def _event(item: _Item) -> InboundEvent:
    payload = {"entry_id": item.account, "item": item.content}
    if item.field is not None:
        payload["field"] = item.field
    stamp = item.content.get("timestamp") if isinstance(item.content, dict) else None
    return InboundEvent(
        source=SOURCE,
        account=item.account,
        key=bounded_key(_own_key(item.content) or f"sha256:{fingerprint(payload)}"),
        kind=_kind(item),
        payload=payload,
        occurred_at=instant(stamp) or instant(item.time),
    )


def _kind(item: _Item) -> EventKind:
    sender = _party(item.content, "sender")
    if _is_test(item):
        return EventKind.TEST
    if not sender or not _is_message(item.content):
        return EventKind.UNSUPPORTED
    if _is_echo(item.content) or sender == item.account:
        return EventKind.ECHO
    return EventKind.MESSAGE


def _is_test(item: _Item) -> bool:
    parties = {_party(item.content, "sender"), _party(item.content, "recipient"), item.account}
    mid = (_part(item.content, "message") or {}).get("mid")
    return not TEST_IDS.isdisjoint(parties) or mid == TEST_MID


def _is_message(content: object) -> bool:
    """True for text and for what has none (a sticker, a story mention, a kind to come); not for one unsent."""
    message = _part(content, "message") or {}
    has_content = not message.keys().isdisjoint({"mid", "text", "attachments"})
    return has_content and not _is_set(message, "is_deleted")


def _is_echo(content: object) -> bool:
    message = _part(content, "message") or {}
    return _is_set(message, "is_echo") or _is_set(message, "is_self")


def _own_key(content: object) -> str:
    """A key from the message id. An unsending or an edit comes under the id of the message that it is about."""
    if message := _part(content, "message"):
        return _keyed(message, "deleted" if _is_set(message, "is_deleted") else None)
    if edit := _part(content, "message_edit"):
        number = _identifier(edit.get("num_edit"))
        return _keyed(edit, f"edit:{number}") if number else ""
    if postback := _part(content, "postback"):
        return _keyed(postback, "postback")
    return ""


def _keyed(part: Mapping[str, object], suffix: str | None) -> str:
    mid = part.get("mid")
    if not isinstance(mid, str) or not mid.strip():
        return ""
    return f"{mid}:{suffix}" if suffix else mid


# ---------------------------------------------------------------- values


def instant(value: object) -> datetime | None:
    """A time as Meta writes it: milliseconds or seconds, as a number or in a string; ISO 8601 with its zone.

    None for what is no time between 2010, when Instagram began, and 2100.
    """
    moment = _from_text(value.strip()) if isinstance(value, str) else _from_number(value)
    return moment if moment is not None and _EARLIEST <= moment < _LATEST else None


def _from_text(text: str) -> datetime | None:
    try:
        if text.isdecimal():
            return _from_number(int(text))
        moment = datetime.fromisoformat(text)
        return None if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _from_number(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value if value < _MILLISECONDS_FROM else value / 1000, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _identifier(value: object) -> str:
    """An id as text, since 17 digits are more than JavaScript keeps; '' for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    text = str(value).strip()
    return text if len(text) <= _MAX_ID_LENGTH else ""


def _party(content: object, name: str) -> str:
    return _identifier((_part(content, name) or {}).get("id"))


def _part(content: object, name: str) -> dict[str, object] | None:
    part = content.get(name) if isinstance(content, dict) else None
    return part if isinstance(part, dict) else None


def _is_set(message: Mapping[str, object], flag: str) -> bool:
    return str(message.get(flag)).lower() in {"true", "1"}


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
