"""Taking a contact method off a customer; its row stays, as history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store.audit import record_change
from service.usecases.holding import hold_contact
from service.usecases.primaries import settle_primary
from service.usecases.refresh import refresh

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ContactMethod


def delete_contact(
    session: Session,
    customer_id: str,
    contact_id: str,
    *,
    actor: str,
    now: datetime,
    check: Callable[[ContactMethod], None],
) -> ContactMethod:
    """Delete a contact with the twins behind it; the next best becomes primary. `check` may refuse what it finds.

    Raises:
        Refusal: there is no such contact.
    """
    held = hold_contact(session, customer_id, contact_id)
    check(held.contact)
    for row in held.rows:
        row.is_primary, row.deleted_at, row.updated_at = False, now, now
    session.flush()
    settle_primary(session, [each for each in held.contacts if each is not held.contact], held.contact.type)
    record_change(
        session,
        "contact.deleted",
        actor=actor,
        now=now,
        customer_id=held.contact.origin_customer_id,
        contact_id=held.contact.id,
    )
    refresh(session, held.customer, now=now)
    return held.contact
