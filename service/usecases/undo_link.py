"""Undoing an automatic link: the event's contributions go to its sender's customer, or to one of its own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from service.store.clusters import lock_survivor, lock_survivors
from service.store.contacts import LEGACY, all_contacts, sources_by_contact, strongest
from service.store.tables import (
    Booking,
    ContactMethod,
    ContactSource,
    Customer,
    Decision,
    InboxEvent,
    Merge,
    MergeEntry,
    SocialIdentity,
    new_id,
)
from service.usecases.merge import ENTITY_NAMES
from service.usecases.refresh import refresh
from service.usecases.rehome import rehome
from service.usecases.undoing import Undone, came_since, contact_line, copy_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def customers_of_link(session: Session, record: Merge) -> list[str]:
    """Whoever holds something that the link's event brought, or its sender."""
    contacts = (
        select(ContactMethod.customer_id)
        .join(ContactSource, ContactSource.contact_id == ContactMethod.id)
        .where(ContactSource.event_id == record.event_id)
    )
    senders = (
        select(SocialIdentity.customer_id)
        .join(MergeEntry, MergeEntry.entity_id == SocialIdentity.id)
        .where(MergeEntry.merge_id == record.id)
    )
    return list(session.scalars(contacts.union(senders)))


def undo_link(session: Session, record: Merge, holder: Customer, now: datetime) -> Undone:
    """Give the event's contributions to its sender's customer, or to one of its own."""
    event = session.get_one(InboxEvent, record.event_id)
    entries = session.scalars(select(MergeEntry).where(MergeEntry.merge_id == record.id)).all()
    restored = _customer_of_sender(session, entries, holder) or _customer_of_event(session, record, now)
    holders = _holders_of(session, record, holder)
    taken = _take_contacts(session, record, holders, restored, now)
    _forget_use(session, record, entries)
    moved = [contact_line(contact) for contact in taken]
    moved += _take_the_rest(session, record, entries, restored)
    event.customer_id = restored.id
    record.absorbed_id = restored.id
    for customer in {each.id: each for each in (*holders, restored)}.values():
        refresh(session, customer, now=now)
    return Undone(
        merge=record,
        restored_customer_id=restored.id,
        moved_back=moved,
        needs_person=_later_messages(session, restored, record),
    )


def _customer_of_sender(session: Session, entries: Sequence[MergeEntry], holder: Customer) -> Customer | None:
    """Whoever holds the event's sender by now, where that is not the customer that the event was linked to."""
    for entry in entries:
        if entry.entity == ENTITY_NAMES[SocialIdentity]:
            identity = session.get_one(SocialIdentity, entry.entity_id)
            customer = lock_survivor(session, identity.customer_id)
            return customer if customer is not holder else None
    return None


def _customer_of_event(session: Session, record: Merge, now: datetime) -> Customer:
    told = session.scalar(
        select(Decision.record).where(Decision.event_id == record.event_id).order_by(Decision.created_at)
    )
    names = (told or {}).get("names") or [{}]
    customer = Customer(id=new_id(), name=names[0].get("display"), created_at=now, updated_at=now)
    session.add(customer)
    session.flush()
    return customer


def _holders_of(session: Session, record: Merge, holder: Customer) -> list[Customer]:
    """Whoever holds what the event brought: its customer, and those to whom an undone merge gave some of it back."""
    involved = sorted({holder.id, *customers_of_link(session, record)})
    return list(lock_survivors(session, involved).values())


def _take_contacts(
    session: Session, record: Merge, holders: Sequence[Customer], restored: Customer, now: datetime
) -> list[ContactMethod]:
    """Move every value that this event was the last source of; of one that others brought too, take a copy."""
    ids = dict.fromkeys([*(each.id for each in holders), restored.id])
    contacts = [contact for each in ids for contact in all_contacts(session, each)]
    sources = sources_by_contact(session, [contact.id for contact in contacts])
    copies = []
    for contact in contacts:
        theirs = [source for source in sources[contact.id] if source.event_id == record.event_id]
        if not theirs or contact.customer_id == restored.id:
            continue
        # A legacy value had no event to bring it, and stays.
        if len(theirs) == len(sources[contact.id]) and contact.source != LEGACY:
            contact.origin_customer_id = restored.id
        else:
            copies.append(copy_with(session, contact, theirs, restored, now))
    rows = [*contacts, *copies]
    held = {each.id: each.customer_id for each in contacts}
    rehome(
        session,
        rows,
        {each.id: restored.id if each.origin_customer_id == restored.id else held[each.id] for each in rows},
        preferred_primaries=[each.id for each in contacts if each.is_primary],
    )
    return [each for each in rows if each.customer_id == restored.id and held.get(each.id) != restored.id]


def _forget_use(session: Session, record: Merge, entries: Sequence[MergeEntry]) -> None:
    """Take back what the event did to values that were there: a use, and the weight of how it brought them."""
    used = {entry.entity_id: entry.before for entry in entries if entry.action == "used"}
    sources = sources_by_contact(session, list(used))
    for contact_id, before in used.items():
        contact = session.get_one(ContactMethod, contact_id)
        contact.usage_count = max(0, contact.usage_count - 1)
        contact.provenance = strongest(
            [before["provenance"], *(each.provenance for each in sources[contact_id])]
        )
        if contact.last_used_at == record.created_at:
            contact.first_used_at, contact.last_used_at = (
                datetime.fromisoformat(before[name]) if before[name] else None
                for name in ("first_used_at", "last_used_at")
            )


def _take_the_rest(
    session: Session, record: Merge, entries: Sequence[MergeEntry], restored: Customer
) -> list[dict[str, str]]:
    """The event's booking, and the sender's identity where this event was the first that we heard of it."""
    identities = {
        each.entity_id
        for each in entries
        if each.entity == ENTITY_NAMES[SocialIdentity] and each.action == "added"
    }
    rows: list[Booking | SocialIdentity] = [
        *session.scalars(select(Booking).where(Booking.event_id == record.event_id)),
        *session.scalars(select(SocialIdentity).where(SocialIdentity.id.in_(identities))),
    ]
    for row in rows:
        row.customer_id = row.origin_customer_id = restored.id
    return [{"entity": ENTITY_NAMES[type(row)], "id": row.id} for row in rows]


def _later_messages(session: Session, restored: Customer, record: Merge) -> list[str]:
    """Messages of the same sender that came after the link were taken for the other customer's too."""
    identity = session.scalar(
        select(SocialIdentity.id).where(SocialIdentity.customer_id == restored.id).limit(1)
    )
    if identity is None:
        return []
    later = came_since(session, record)
    return [f"{len(later)} later event(s) of that customer; look whose they are."] if later else []
