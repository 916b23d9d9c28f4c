"""Changing a customer: the name, and the contact that is preferred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.errors import ErrorCode, Refusal
from service.store.audit import record_change
from service.store.clusters import lock_survivor
from service.store.contacts import all_contacts
from service.usecases.holding import hold_keys, standing_contact
from service.usecases.refresh import refresh

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChange:
    """What is to change; a name of None stays. `prefers` says whether the preference changes, to nobody where the id is None."""

    name: str | None = None
    prefers: bool = False
    preferred_contact_id: str | None = None


def change_customer(
    session: Session,
    customer_id: str,
    change: CustomerChange,
    *,
    actor: str,
    now: datetime,
    check: Callable[[Customer], None],
) -> Customer:
    """Change the customer that `customer_id` leads to. `check` may refuse what it finds.

    Raises:
        Refusal: there is no such customer, or the preferred contact is none of theirs.
    """
    hold_keys(session, change.name)
    customer = lock_survivor(session, customer_id)
    check(customer)
    changed = {}
    preferred_id = (
        _preferred_id(session, customer, change) if change.prefers else customer.preferred_contact_id
    )
    if preferred_id != customer.preferred_contact_id:
        changed["preferred_contact_id"] = {"old": customer.preferred_contact_id, "new": preferred_id}
        customer.preferred_contact_id = preferred_id
    name = (change.name or customer.name or "").strip() or None
    if name != customer.name:
        changed["name"] = {"old": customer.name, "new": name}
        customer.name = name
    if changed:
        record_change(
            session, "customer.changed", actor=actor, now=now, customer_id=customer.id, details=changed
        )
        refresh(session, customer, now=now)
    return customer


def _preferred_id(session: Session, customer: Customer, change: CustomerChange) -> str | None:
    if change.preferred_contact_id is None:
        return None
    try:
        return standing_contact(all_contacts(session, customer.id), change.preferred_contact_id).id
    except Refusal as refusal:
        fields = {"preferred_contact_id": [refusal.detail]}
        raise Refusal(ErrorCode.INVALID, "Some fields cannot be used.", fields=fields) from None
