"""Giving a customer the contact methods that an event or a person brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.store.contacts import identity_of, live_contacts, may_stand_for, strongest
from service.store.tables import ContactMethod, ContactSource, new_id
from service.usecases.consent import project
from service.usecases.primaries import primary_of, settle_primary

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    session: Session, customer_id: str, values: Sequence[ContactValue], *, origin: Origin, now: datetime
) -> list[Attached]:
    """Add `values` to a customer, or count their use where it has them. The first of a type becomes primary.

    Whoever calls holds the keys of the values (store.locks), so that nobody changes what they allow meanwhile.
    """
    live = {identity_of(contact): contact for contact in live_contacts(session, [customer_id])}
    attached = []
    for value in values:
        known = live.get(value.identity)
        contact = known or _new_contact(customer_id, value, origin, now)
        if known is None:
            contact.is_primary = may_stand_for(contact) and primary_of(live.values(), value.type) is None
            live[value.identity] = contact
            session.add(contact)
        attached.append(Attached(contact=contact, before=_snapshot(known) if known else None))
        _use(contact, value, now)
    session.flush()
    session.add_all(
        _source(each.contact, value, origin, now) for each, value in zip(attached, values, strict=True)
    )
    _settle(session, list(live.values()), [each.contact for each in attached if each.is_new])
    return attached


def _settle(session: Session, live: Sequence[ContactMethod], added: Sequence[ContactMethod]) -> None:
    """A number of the customer's own takes over from an assistant's; and what a value allows holds for its new row too."""
    for kind in {contact.type for contact in added}:
        settle_primary(session, live, kind, newcomers=added)
    project(session, added)
    session.flush()


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


def _source(contact: ContactMethod, value: ContactValue, origin: Origin, now: datetime) -> ContactSource:
    return ContactSource(
        id=new_id(),
        contact_id=contact.id,
        event_id=origin.event_id,
        origin_customer_id=origin.customer_id,
        provenance=value.provenance,
        actor=origin.actor,
        created_at=now,
    )
