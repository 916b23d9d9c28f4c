"""The inbox table: what came in, durable before it is acknowledged; claimed under a lease; finished once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select, update

from service.events import EventKind, EventStatus, fingerprint
from service.store.inserting import insert_once
from service.store.tables import InboxConflict, InboxEvent, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from service.events import InboundEvent

#: How long a claim lasts when its process does not come back to it.
LEASE = timedelta(seconds=60)
#: Claims after which an event is given up and left to an operator.
MAX_ATTEMPTS = 8
#: The longest wait between two attempts.
MAX_BACKOFF = timedelta(hours=1)
_RESOLVABLE = frozenset({EventKind.MESSAGE, EventKind.SUBMISSION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where an event went: `is_new` is False for a redelivery, `is_conflict` True for another body under its key."""

    event_id: str
    is_new: bool
    is_conflict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedEvent:
    """An event that is ours to resolve while the lease lasts."""

    id: str
    source: str
    payload: Mapping[str, Any]
    owner: str
    attempts: int
    received_at: datetime
    occurred_at: datetime | None = None

    @property
    def said_at(self) -> datetime:
        """When its sender said it: as the provider tells, but not later than it reached us."""
        return min(self.occurred_at or self.received_at, self.received_at)


def add(session: Session, event: InboundEvent, *, now: datetime) -> Receipt:
    """Store an event once, however often it comes, and from however many deliveries at a time."""
    body_hash = fingerprint(event.payload)
    status = EventStatus.RECEIVED if event.kind in _RESOLVABLE else EventStatus.IGNORED
    row = {
        "id": new_id(),
        "source": event.source,
        "account": event.account,
        "event_key": event.key,
        "delivery_key": event.delivery_key,
        "kind": event.kind,
        "payload": dict(event.payload),
        "body_hash": body_hash,
        "status": status,
        "outcome": "ignored" if status is EventStatus.IGNORED else None,
        "available_at": now,
        "occurred_at": event.occurred_at,
        "received_at": now,
    }
    if insert_once(session, InboxEvent, row):
        return Receipt(event_id=str(row["id"]), is_new=True)
    return _recognize(session, event, body_hash, now)


def _recognize(session: Session, event: InboundEvent, body_hash: str, now: datetime) -> Receipt:
    candidates = session.execute(
        select(InboxEvent.id, InboxEvent.body_hash)
        .where(
            InboxEvent.source == event.source,
            InboxEvent.account == event.account,
            or_(InboxEvent.event_key == event.key, InboxEvent.delivery_key == event.delivery_key),
        )
        .order_by(InboxEvent.received_at, InboxEvent.id)
    ).all()
    known = next((each for each in candidates if each.body_hash == body_hash), candidates[0])
    if known.body_hash == body_hash:
        return Receipt(event_id=known.id, is_new=False)
    conflict = {
        "id": new_id(),
        "event_id": known.id,
        "body_hash": body_hash,
        "payload": dict(event.payload),
        "received_at": now,
    }
    insert_once(session, InboxConflict, conflict)
    return Receipt(event_id=known.id, is_new=False, is_conflict=True)


def has_due(session: Session, *, now: datetime) -> bool:
    """True where `claim_next` would find something: a look that takes no lock."""
    return session.scalar(select(InboxEvent.id).where(_is_due(now)).limit(1)) is not None


def claim_next(session: Session, *, owner: str, now: datetime) -> ClaimedEvent | None:
    """Claim the event that has waited longest; of each kind of waiting in turn, so that an index finds it."""
    for waiting in (_waits(EventStatus.RECEIVED, now), _waits(EventStatus.FAILED, now), _is_abandoned(now)):
        row = session.scalar(
            select(InboxEvent)
            .where(waiting)
            .order_by(InboxEvent.available_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is not None:
            return _claim(row, owner=owner, now=now)
    return None


def claim(session: Session, event_id: str, *, owner: str, now: datetime) -> ClaimedEvent | None:
    """Claim one event, to resolve it while its sender waits; None when it is done or another has it."""
    row = session.scalar(
        select(InboxEvent).where(InboxEvent.id == event_id, _is_due(now)).with_for_update(skip_locked=True)
    )
    return None if row is None else _claim(row, owner=owner, now=now)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(_waits(EventStatus.RECEIVED, now), _waits(EventStatus.FAILED, now), _is_abandoned(now))


def _waits(status: EventStatus, now: datetime) -> ColumnElement[bool]:
    return and_(InboxEvent.status == status, InboxEvent.available_at <= now)


def _is_abandoned(now: datetime) -> ColumnElement[bool]:
    return and_(InboxEvent.status == EventStatus.RESOLVING, InboxEvent.lease_until < now)


def _claim(row: InboxEvent, *, owner: str, now: datetime) -> ClaimedEvent | None:
    if row.attempts >= MAX_ATTEMPTS:
        # Its last process never came back: it may be what kills them.
        _release(row, EventStatus.DEAD)
        return None
    row.status = EventStatus.RESOLVING
    row.attempts += 1
    row.lease_owner = owner
    row.lease_until = now + LEASE
    return ClaimedEvent(
        id=row.id,
        source=row.source,
        payload=row.payload,
        owner=owner,
        attempts=row.attempts,
        received_at=row.received_at,
        occurred_at=row.occurred_at,
    )


def _release(row: InboxEvent, status: EventStatus) -> None:
    row.status = status
    row.lease_owner = None
    row.lease_until = None


def hold(session: Session, event: ClaimedEvent) -> InboxEvent | None:
    """Lock the row of a claim that is still ours; None when the lease ran out and another took it."""
    return session.scalar(
        select(InboxEvent)
        .where(
            InboxEvent.id == event.id,
            InboxEvent.status == EventStatus.RESOLVING,
            InboxEvent.lease_owner == event.owner,
            InboxEvent.attempts == event.attempts,
        )
        .with_for_update()
    )


def finish(
    row: InboxEvent, *, outcome: str, customer_id: str, answer: Mapping[str, Any], now: datetime
) -> None:
    """Mark an event resolved, in the transaction that holds its effects."""
    _release(row, EventStatus.RESOLVED)
    row.outcome = outcome
    row.customer_id = customer_id
    row.answer = dict(answer)
    row.resolved_at = now
    row.error = None


def postpone(session: Session, event: ClaimedEvent, *, until: datetime) -> None:
    """Give an event back that waits for something outside; the claim does not count as an attempt."""
    row = hold(session, event)
    if row is not None:
        _release(row, EventStatus.RECEIVED)
        row.attempts -= 1
        row.available_at = until


def fail(session: Session, event: ClaimedEvent, *, error: str, now: datetime) -> None:
    """Give an event back after an attempt that failed: later each time, in the end to an operator."""
    row = hold(session, event)
    if row is None:
        return
    _release(row, EventStatus.DEAD if row.attempts >= MAX_ATTEMPTS else EventStatus.FAILED)
    row.error = error
    row.available_at = now + min(timedelta(seconds=2**row.attempts), MAX_BACKOFF)


def free_leases(session: Session, *, owner: str) -> int:
    """Give back what this owner held when it last died; how many there were."""
    freed = session.scalars(
        update(InboxEvent)
        .where(InboxEvent.status == EventStatus.RESOLVING, InboxEvent.lease_owner == owner)
        .values(status=EventStatus.RECEIVED, lease_owner=None, lease_until=None)
        .returning(InboxEvent.id)
    )
    return len(freed.all())
