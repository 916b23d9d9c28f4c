"""A verified number that went quiet may be somebody else's by now: its verification lapses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from service.store.tables import ContactMethod
from service.usecases.holding import hold_contact
from service.usecases.set_verified import set_verified

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

#: Who lets a verification lapse, in the audit log.
ACTOR = "upkeep"


def next_quiet(session: Session, *, before: datetime, limit: int) -> list[tuple[str, str]]:
    """Customer and contact of verified numbers of which nothing was heard since then."""
    rows = session.execute(
        select(ContactMethod.customer_id, ContactMethod.id)
        .where(
            ContactMethod.type == "phone",
            ContactMethod.is_verified,
            ContactMethod.verified_at < before,
            or_(ContactMethod.last_used_at.is_(None), ContactMethod.last_used_at < before),
            ContactMethod.deleted_at.is_(None),
            ContactMethod.collapsed_into_id.is_(None),
        )
        .order_by(ContactMethod.verified_at)
        .limit(limit)
    )
    return [(customer_id, contact_id) for customer_id, contact_id in rows]


def lapse(session: Session, customer_id: str, contact_id: str, *, before: datetime, now: datetime) -> bool:
    """Let a verification lapse; False where there was a sign of life meanwhile.

    Raises:
        Refusal: the contact is gone.
    """
    held = hold_contact(session, customer_id, contact_id)
    lives = [at for at in (held.contact.verified_at, held.contact.last_used_at) if at is not None]
    if not held.contact.is_verified or max(lives, default=before) >= before:
        return False
    set_verified(session, held, None, what="contact.verification_lapsed", actor=ACTOR, now=now)
    return True
