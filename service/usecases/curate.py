"""Keeping the two lists: what is ours, and what proves nothing. A change of either works from the next event on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select, tuple_

from matching import (
    Email,
    Handle,
    Phone,
    Provenance,
    Rejected,
    normalize_email,
    normalize_handle,
    normalize_phone,
)
from service.errors import ErrorCode, Refusal
from service.store.audit import record_change
from service.store.inserting import insert_once
from service.store.own_and_blocked import EXACT, PATTERN, Value
from service.store.tables import BlockedValue, OwnContact, new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

Listed = TypeVar("Listed", OwnContact, BlockedValue)

TYPES = ("phone", "email", "social")
KINDS = (EXACT, PATTERN)
MAX_PATTERN_LENGTH = 200
#: A pattern with fewer letters and digits would fit nearly everything.
FEWEST_TELLING = 3
_ALLOWED = {
    "phone": re.compile(r"\+?[0-9*]+"),
    "email": re.compile(r"[^\s]+"),
    "social": re.compile(r"[^\s@]+"),
}
_NOUNS = {OwnContact: "own_contact", BlockedValue: "blocked_value"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value to list, as somebody typed it; without a platform, a social one is meant on every platform."""

    type: str
    value: str
    platform: str = ""
    remark: str | None = None


def list_entries(
    session: Session, table: type[Listed], *, after: Sequence[Any] | None = None, limit: int | None = None
) -> list[Listed]:
    """What a list holds, newest first, after a (created_at, id)."""
    wanted = select(table).order_by(table.created_at.desc(), table.id.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(table.created_at, table.id) < tuple(after))
    return list(session.scalars(wanted))


def add_own_contact(session: Session, entry: Entry, *, region: str, actor: str, now: datetime) -> OwnContact:
    """List a contact of the business itself.

    Raises:
        Refusal: it cannot be read, or is listed already.
    """
    shown, match_value = _normalized(entry, region)
    row = {
        "type": entry.type,
        "platform": entry.platform,
        "value": shown,
        "match_value": match_value,
        "note": entry.remark,
    }
    return _add(session, OwnContact, row, actor=actor, now=now)


def add_blocked_value(
    session: Session, entry: Entry, *, kind: str, region: str, actor: str, now: datetime
) -> BlockedValue:
    """List a value, or a pattern of values, that proves nothing.

    Raises:
        Refusal: it cannot be read, fits too much, or is listed already.
    """
    value = _pattern(entry) if kind == PATTERN else _normalized(entry, region)[1]
    row = {
        "type": entry.type,
        "platform": entry.platform,
        "kind": kind,
        "value": value,
        "reason": entry.remark,
        "source": "operator",
    }
    return _add(session, BlockedValue, row, actor=actor, now=now)


def refuse_unusable(entry: Entry, *, kind: str, region: str) -> None:
    """Look whether a value, or a pattern of values, could be listed.

    Raises:
        Refusal: it cannot be read, or fits too much.
    """
    if kind == PATTERN:
        _pattern(entry)
    else:
        _normalized(entry, region)


def find_entry(session: Session, table: type[Listed], entry_id: str) -> Listed:
    """One entry of a list.

    Raises:
        Refusal: there is no such entry.
    """
    return _existing(session.get(table, entry_id))


def remove_entry(session: Session, table: type[Listed], entry_id: str, *, actor: str, now: datetime) -> None:
    """Take an entry off its list: its value counts again.

    Raises:
        Refusal: there is no such entry.
    """
    entry = _existing(session.get(table, entry_id, with_for_update=True))
    _record(session, "removed", entry, actor=actor, now=now)
    session.delete(entry)
    session.flush()


def _existing(entry: Listed | None) -> Listed:
    if entry is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no entry with this id.")
    return entry


def value_of(entry: OwnContact | BlockedValue) -> Value:
    """What an entry is compared with."""
    compared = entry.match_value if isinstance(entry, OwnContact) else entry.value
    return Value(entry.type, entry.platform, compared)


def _add(session: Session, table: type[Listed], row: dict[str, Any], *, actor: str, now: datetime) -> Listed:
    entry_id = new_id()
    if not insert_once(session, table, {"id": entry_id, **row, "created_at": now}):
        raise Refusal(
            ErrorCode.CONFLICT, "This is on the list already.", fields={"value": ["Is on the list already."]}
        )
    entry: Listed = session.get_one(table, entry_id)
    _record(session, "added", entry, actor=actor, now=now)
    session.flush()
    return entry


def _record(
    session: Session, deed: str, entry: OwnContact | BlockedValue, *, actor: str, now: datetime
) -> None:
    details = {"id": entry.id, "type": entry.type, "platform": entry.platform, "value": entry.value}
    record_change(session, f"{_NOUNS[type(entry)]}.{deed}", actor=actor, now=now, details=details)


def _normalized(entry: Entry, region: str) -> tuple[str, str]:
    """A value as it is shown, and as it is compared."""
    typed = Provenance.ASSERTED
    found: Phone | Email | Handle | Rejected
    match entry.type:
        case "phone":
            found = normalize_phone(entry.value, region=region, provenance=typed)
        case "email":
            found = normalize_email(entry.value, provenance=typed)
        case _:
            found = normalize_handle(entry.value, platform=entry.platform, provenance=typed)
    if isinstance(found, Rejected):
        raise _unusable(found.detail)
    match found:
        case Phone():
            return found.e164, found.e164
        case Email():
            return found.address, found.canonical
        case _:
            return found.value, found.value


def _pattern(entry: Entry) -> str:
    pattern = re.sub(r"\*+", "*", entry.value.strip().casefold())
    if "*" not in pattern:
        raise _unusable("A pattern has a * for anything, as noreply@* has.")
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise _unusable(f"A pattern has at most {MAX_PATTERN_LENGTH} characters.")
    if not _ALLOWED[entry.type].fullmatch(pattern):
        raise _unusable(f"No {entry.type} is written like this.")
    if sum(map(str.isalnum, pattern)) < FEWEST_TELLING:
        raise _unusable(
            f"This would fit nearly everything: a pattern has at least {FEWEST_TELLING} letters or digits."
        )
    return pattern


def _unusable(complaint: str) -> Refusal:
    return Refusal(ErrorCode.INVALID, "This cannot be listed.", fields={"value": [complaint]})
