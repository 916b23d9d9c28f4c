"""Taking a delivery in: every event stored once, before anybody is told that we have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.errors import ErrorCode, Refusal
from service.events import EventStatus
from service.store import inbox
from service.store.tables import InboxEvent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.events import InboundEvent
    from service.store.inbox import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an event stands: its `answer` once it is resolved."""

    event_id: str
    status: str
    answer: dict[str, Any] | None


def receive(session: Session, events: Sequence[InboundEvent], *, now: datetime) -> list[Receipt]:
    """Store events in the order of their keys, so that two deliveries of the same batch cannot block each other."""
    receipts = {
        place: inbox.add(session, event, now=now)
        for place, event in sorted(enumerate(events), key=lambda each: (each[1].account, each[1].key))
    }
    return [receipts[place] for place in range(len(events))]


def read_standing(session: Session, event_id: str) -> Standing:
    """Where an event stands.

    Raises:
        Refusal: there is no such event.
    """
    row = session.get(InboxEvent, event_id, populate_existing=True)
    if row is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no event with this id.")
    return Standing(event_id=row.id, status=row.status, answer=row.answer)


def replay(session: Session, event_id: str, *, now: datetime) -> Standing:
    """Give an event that failed another try, from the start.

    Raises:
        Refusal: there is no such event, or it did not fail.
    """
    row = session.get(InboxEvent, event_id, with_for_update=True)
    if row is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no event with this id.")
    if row.status not in {EventStatus.FAILED, EventStatus.DEAD}:
        raise Refusal(ErrorCode.CONFLICT, f"Only a failed event can be replayed; this one is {row.status}.")
    row.status, row.attempts, row.available_at = EventStatus.RECEIVED, 0, now
    session.flush()
    return Standing(event_id=row.id, status=row.status, answer=None)
