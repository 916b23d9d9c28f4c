"""What undoing a merge and undoing a link have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from service.store.clusters import find_survivor, members_of
from service.store.tables import ContactMethod, Customer, InboxEvent, Merge, new_id
from service.usecases.merge import ENTITY_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ContactSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What an undo did: rows that went back, rows that stayed, and what a person should look at (a sentence each)."""

    merge: Merge
    restored_customer_id: str
    moved_back: list[dict[str, str]] = field(default_factory=list)
    stayed: list[dict[str, str]] = field(default_factory=list)
    needs_person: list[str] = field(default_factory=list)


def contact_line(contact: ContactMethod) -> dict[str, str]:
    return {
        "entity": ENTITY_NAMES[ContactMethod],
        "id": contact.id,
        "type": contact.type,
        "value": contact.value,
    }


def came_since(session: Session, record: Merge) -> list[str]:
    """The events that ended in this cluster since, whichever of its ids they bear."""
    holder = find_survivor(session, record.survivor_id)
    cluster = members_of(session, [holder.id]) if holder else {}
    wanted = select(InboxEvent.id).where(
        InboxEvent.customer_id.in_(cluster), InboxEvent.resolved_at > record.created_at
    )
    return list(session.scalars(wanted))


def copy_with(
    session: Session,
    contact: ContactMethod,
    sources: Sequence[ContactSource],
    restored: Customer,
    now: datetime,
) -> ContactMethod:
    """A copy of a value for another customer, who takes these of its sources along."""
    copy = _copy_for(contact, restored, now)
    # Until it is given its holder, it stands behind the row that it copies.
    copy.customer_id, copy.collapsed_into_id = contact.customer_id, contact.id
    session.add(copy)
    session.flush()
    for source in sources:
        source.contact_id, source.origin_customer_id = copy.id, restored.id
    return copy


def _copy_for(contact: ContactMethod, restored: Customer, now: datetime) -> ContactMethod:
    """The same value, held by another customer. Flags and labels are the value's, and so are copied."""
    kept = {
        "type",
        "platform",
        "value",
        "match_value",
        "raw",
        "is_normalized",
        "label",
        "label_reason",
        "is_verified",
    }
    kept |= {"verified_at", "can_sms", "can_call", "can_marketing", "is_valid", "source", "provenance"}
    return ContactMethod(
        id=new_id(),
        customer_id=restored.id,
        origin_customer_id=restored.id,
        is_primary=False,
        usage_count=1,
        first_used_at=now,
        last_used_at=now,
        created_at=now,
        updated_at=now,
        **{name: getattr(contact, name) for name in kept},
    )
