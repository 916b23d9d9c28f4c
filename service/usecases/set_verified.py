"""A contact is verified, or no longer: what both leave behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store.audit import record_change
from service.usecases.refresh import refresh

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.usecases.holding import Held


def set_verified(
    session: Session, held: Held, verified_at: datetime | None, *, what: str, actor: str, now: datetime
) -> None:
    """Note since when a contact is verified, None for no longer; `what` names it in the audit log.

    It belongs to the value, and so to the rows that stand behind it.
    """
    for row in held.rows:
        row.is_verified, row.verified_at, row.updated_at = verified_at is not None, verified_at, now
    record_change(
        session,
        what,
        actor=actor,
        now=now,
        customer_id=held.contact.origin_customer_id,
        contact_id=held.contact.id,
    )
    refresh(session, held.customer, now=now)
