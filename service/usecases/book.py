"""Keeping a booking with the customer who made it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from service.store.tables import Booking, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from service.usecases.attach import Origin


def book(
    session: Session, customer_id: str, details: Mapping[str, Any] | None, *, origin: Origin, now: datetime
) -> Booking | None:
    """Keep a booking as it came; one that we have (by its id) is brought up to date. Returns a booking that is new."""
    if details is None or origin.event_id is None:
        return None
    external_id = str(details["id"]) if details.get("id") is not None else None
    known = _find(session, customer_id, origin.actor, external_id)
    if known is not None:
        known.details, known.starts_at, known.updated_at = dict(details), _starts_at(details), now
        return None
    booking = Booking(
        id=new_id(),
        customer_id=customer_id,
        origin_customer_id=origin.customer_id,
        event_id=origin.event_id,
        source=origin.actor,
        external_id=external_id,
        starts_at=_starts_at(details),
        details=dict(details),
        created_at=now,
        updated_at=now,
    )
    session.add(booking)
    session.flush()
    return booking


def _find(session: Session, customer_id: str, source: str, external_id: str | None) -> Booking | None:
    """The same booking of the same customer; what another one books under this id is a booking of its own."""
    if external_id is None:
        return None
    return session.scalar(
        select(Booking)
        .where(
            Booking.customer_id == customer_id,
            Booking.source == source,
            Booking.external_id == external_id,
        )
        .order_by(Booking.created_at)
        .limit(1)
    )


def _starts_at(details: Mapping[str, Any]) -> datetime | None:
    raw = details.get("starts_at")
    if not isinstance(raw, str):
        return None
    starts_at = datetime.fromisoformat(raw)
    return starts_at.astimezone(UTC) if starts_at.tzinfo else starts_at.replace(tzinfo=UTC)
