"""Making a contact method the primary of its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.store.audit import record_change
from service.usecases.holding import hold_contact
from service.usecases.primaries import make_primary, primary_of
from service.usecases.refresh import refresh

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ContactMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """Which contact was the primary, and which is now; the same where it was already."""

    old: ContactMethod | None
    new: ContactMethod


def set_primary(
    session: Session,
    customer_id: str,
    contact_id: str,
    *,
    actor: str,
    now: datetime,
    check: Callable[[ContactMethod], None],
) -> Switched:
    """Make a contact the primary of its type, whatever its label: a person said so. `check` may refuse what it finds.

    Raises:
        Refusal: there is no such contact.
    """
    held = hold_contact(session, customer_id, contact_id)
    check(held.contact)
    old = primary_of(held.contacts, held.contact.type)
    if old is not held.contact:
        make_primary(session, held.contact, held.contacts)
        held.contact.updated_at = now
        if old is not None:
            old.updated_at = now
        record_change(
            session,
            "contact.made_primary",
            actor=actor,
            now=now,
            customer_id=held.contact.origin_customer_id,
            contact_id=held.contact.id,
            details={"old_primary_id": old.id if old else None},
        )
        refresh(session, held.customer, now=now)
    return Switched(old=old, new=held.contact)
