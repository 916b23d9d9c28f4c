"""Giving a customer the contact methods that an event or a person brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.store.contacts import ASSISTANT, identity_of, live_contacts, strongest
from service.store.tables import ContactMethod, ContactSource, new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.usecases.understand import ContactValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where values come from: what `actor` (a channel, `api`) brought, through which event, proven with which customer."""

    customer_id: str
    actor: str
    event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A contact method that a customer now has; `before` is how it stood where it had it already."""

    contact: ContactMethod
    before: dict[str, Any] | None

    @property
    def is_new(self) -> bool:
        return self.before is None


def attach(
    session: Session, customer_id: str, values: Iterable[ContactValue], *, origin: Origin, now: datetime
) -> list[Attached]:
    """Add `values` to a customer, or count their use where it has them. The first of a type becomes primary."""
    live = {identity_of(contact): contact for contact in live_contacts(session, [customer_id])}
    attached = []
    for value in values:
        known = live.get(value.identity)
        contact = known or _new_contact(customer_id, value, origin, now)
        if known is None:
            contact.is_primary = value.label.label != ASSISTANT and not any(
                each.is_primary and each.type == contact.type for each in live.values()
            )
            live[value.identity] = contact
            session.add(contact)
            session.flush()
        attached.append(Attached(contact=contact, before=_snapshot(known) if known else None))
        _use(contact, value, now)
        _record_source(session, contact, value, origin, now)
    session.flush()
    return attached


def _new_contact(customer_id: str, value: ContactValue, origin: Origin, now: datetime) -> ContactMethod:
    return ContactMethod(
        id=new_id(),
        customer_id=customer_id,
        origin_customer_id=origin.customer_id,
        type=value.type,
        platform=value.platform,
        value=value.value,
        match_value=value.match_value,
        raw=value.raw,
        is_normalized=value.is_normalized,
        is_valid=value.is_normalized,
        label=value.label.label,
        label_reason=value.label.reason,
        source=origin.actor,
        provenance=value.provenance,
        usage_count=0,
        created_at=now,
        updated_at=now,
    )


def _snapshot(contact: ContactMethod) -> dict[str, Any]:
    """What an event changes of a value that is there: undoing it takes that back."""
    used = {name: getattr(contact, name) for name in ("first_used_at", "last_used_at")}
    return {
        "provenance": contact.provenance,
        **{name: at.isoformat() if at else None for name, at in used.items()},
    }


def _use(contact: ContactMethod, value: ContactValue, now: datetime) -> None:
    contact.usage_count += 1
    contact.first_used_at = contact.first_used_at or now
    contact.last_used_at = now
    contact.provenance = strongest([contact.provenance, value.provenance])


def _record_source(
    session: Session, contact: ContactMethod, value: ContactValue, origin: Origin, now: datetime
) -> None:
    session.add(
        ContactSource(
            id=new_id(),
            contact_id=contact.id,
            event_id=origin.event_id,
            origin_customer_id=origin.customer_id,
            provenance=value.provenance,
            actor=origin.actor,
            created_at=now,
        )
    )
