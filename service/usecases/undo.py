"""Undoing a merge or an automatic link: everybody gets back exactly what they brought, whatever was edited since.

Nothing is replayed backwards. Each row knows the customer it was recorded for (`origin_customer_id`), and who holds it follows from
that and the merges that stand; so merges can be undone in any order. The journal only says which rows were primary.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from service.errors import ErrorCode, Refusal
from service.store.clusters import find_survivor, lock_survivor, members_of
from service.store.contacts import all_contacts, sources_by_contact
from service.store.proposals import remember
from service.store.tables import (
    Booking,
    ContactMethod,
    ContactSource,
    Customer,
    Decision,
    InboxEvent,
    MatchProposal,
    Merge,
    MergeEntry,
    SocialIdentity,
    new_id,
)
from service.usecases.merge import ENTITY_NAMES, followers
from service.usecases.refresh import refresh
from service.usecases.rehome import rehome

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What an undo did: rows that went back, rows that stayed, and what a person should look at (a sentence each)."""

    merge: Merge
    restored_customer_id: str
    moved_back: list[dict[str, str]] = field(default_factory=list)
    stayed: list[dict[str, str]] = field(default_factory=list)
    needs_person: list[str] = field(default_factory=list)


def undo(session: Session, merge_id: str, *, actor: str, now: datetime) -> Undone:
    """Undo a merge or a link; the two sides are remembered as not the same.

    Raises:
        Refusal: there is no such merge, or it is undone already.
    """
    record = session.scalar(select(Merge).where(Merge.id == merge_id).with_for_update())
    if record is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no merge with this id.")
    if record.undone_at is not None:
        raise Refusal(ErrorCode.CONFLICT, "This merge is undone already.")
    holder = lock_survivor(session, record.survivor_id)
    undone = (
        _undo_merge(session, record, holder, now)
        if record.kind == "merge"
        else _undo_link(session, record, holder, now)
    )
    record.undone_at, record.undone_by = now, actor
    remember(
        session, record.survivor_id, undone.restored_customer_id, verdict="not_same", actor=actor, now=now
    )
    _correct_proposal(session, record)
    return undone


# ---------------------------------------------------------------- a merge of two customers


def _undo_merge(session: Session, record: Merge, holder: Customer, now: datetime) -> Undone:
    absorbed = session.get_one(Customer, record.absorbed_id)
    absorbed.merged_into_id = None
    session.flush()
    members = members_of(session, [absorbed.id])
    contacts = all_contacts(session, holder.id)
    returning = {contact.id for contact in contacts if contact.origin_customer_id in members}
    preferred = _primaries_after(session, record, contacts, returning)
    rehome(
        session,
        contacts,
        {each.id: absorbed.id if each.id in returning else holder.id for each in contacts},
        preferred_primaries=preferred,
    )
    moved = [_named(contact) for contact in contacts if contact.id in returning]
    _return_deleted(session, members, holder, absorbed)
    moved += _return_the_rest(session, members, holder, absorbed)
    if holder.preferred_contact_id in returning:
        holder.preferred_contact_id = None
    for customer in (holder, absorbed):
        refresh(session, customer, now=now)
    return Undone(
        merge=record,
        restored_customer_id=absorbed.id,
        moved_back=moved,
        stayed=_later_additions(contacts, returning, record),
        needs_person=_doubts(session, record, contacts, returning),
    )


def _primaries_after(
    session: Session, record: Merge, contacts: Sequence[ContactMethod], returning: Collection[str]
) -> list[str]:
    """Whom to prefer as primary, best first.

    A primary that stays, stays primary. What returns is primary where it was before this merge. Where neither is left, a
    row that another merge brought may have been its own customer's primary.
    """
    entries = session.execute(
        select(MergeEntry.entity_id, MergeEntry.merge_id, MergeEntry.before)
        .join(Merge, Merge.id == MergeEntry.merge_id)
        .where(MergeEntry.entity_id.in_([contact.id for contact in contacts]))
        .order_by(Merge.created_at, MergeEntry.id)
    ).all()
    were_primary = [(each.entity_id, each.merge_id) for each in entries if each.before.get("is_primary")]
    return [
        *(each.id for each in contacts if each.is_primary and each.id not in returning),
        *(contact_id for contact_id, merge_id in were_primary if merge_id == record.id),
        *(each.id for each in contacts if each.is_primary),
        *(contact_id for contact_id, _ in were_primary),
    ]


def _return_deleted(session: Session, members: Collection[str], holder: Customer, absorbed: Customer) -> None:
    """What was deleted in the meantime stays deleted, in the history of the customer that it came with."""
    session.execute(
        update(ContactMethod)
        .where(
            ContactMethod.customer_id == holder.id,
            ContactMethod.origin_customer_id.in_(members),
            ContactMethod.deleted_at.is_not(None),
        )
        .values(customer_id=absorbed.id)
    )


def _return_the_rest(
    session: Session, members: Collection[str], holder: Customer, absorbed: Customer
) -> list[dict[str, str]]:
    moved = []
    for row in followers(session, holder.id):
        if row.origin_customer_id in members:
            row.customer_id = absorbed.id
            moved.append({"entity": ENTITY_NAMES[type(row)], "id": row.id})
    return moved


def _named(contact: ContactMethod) -> dict[str, str]:
    return {
        "entity": ENTITY_NAMES[ContactMethod],
        "id": contact.id,
        "type": contact.type,
        "value": contact.value,
    }


def _later_additions(
    contacts: Sequence[ContactMethod], returning: Collection[str], record: Merge
) -> list[dict[str, str]]:
    """What was added while the two were one, and stays with the customer with whom it was proven."""
    return [
        _named(contact)
        for contact in contacts
        if contact.id not in returning and contact.created_at > record.created_at
    ]


def _came_since(session: Session, record: Merge) -> list[str]:
    """The events that ended in this cluster since, whichever of its ids they bear."""
    holder = find_survivor(session, record.survivor_id)
    cluster = members_of(session, [holder.id]) if holder else {}
    wanted = select(InboxEvent.id).where(
        InboxEvent.customer_id.in_(cluster), InboxEvent.resolved_at > record.created_at
    )
    return list(session.scalars(wanted))


def _doubts(
    session: Session, record: Merge, contacts: Sequence[ContactMethod], returning: Collection[str]
) -> list[str]:
    """What no rule can decide: values that both sides keep, and messages that came in the meantime."""
    values: dict[tuple[str, str, str], set[bool]] = {}
    for contact in contacts:
        identity = contact.type, contact.platform, contact.match_value
        values.setdefault(identity, set()).add(contact.id in returning)
    shared = sum(len(sides) > 1 for sides in values.values())
    doubts = [f"{shared} contact method(s) belong to both customers."] if shared else []
    came = _came_since(session, record)
    if came:
        doubts.append(f"{len(came)} event(s) came in while the two were one; look whose they are.")
    return doubts


# ---------------------------------------------------------------- an automatic link of one event


def _undo_link(session: Session, record: Merge, holder: Customer, now: datetime) -> Undone:
    """Give the event's contributions to a customer of its own."""
    event = session.get_one(InboxEvent, record.event_id)
    restored = _customer_of_event(session, record, now)
    taken = _take_contacts(session, record, holder, restored, now)
    moved = [_named(contact) for contact in taken]
    moved += _take_the_rest(session, record, restored)
    event.customer_id = restored.id
    record.absorbed_id = restored.id
    for customer in (holder, restored):
        refresh(session, customer, now=now)
    return Undone(
        merge=record,
        restored_customer_id=restored.id,
        moved_back=moved,
        needs_person=_later_messages(session, restored, record),
    )


def _customer_of_event(session: Session, record: Merge, now: datetime) -> Customer:
    name = session.scalar(
        select(Decision.record).where(Decision.event_id == record.event_id).order_by(Decision.created_at)
    )
    names = (name or {}).get("names") or [{}]
    customer = Customer(id=new_id(), name=names[0].get("display"), created_at=now, updated_at=now)
    session.add(customer)
    session.flush()
    return customer


def _take_contacts(
    session: Session, record: Merge, holder: Customer, restored: Customer, now: datetime
) -> list[ContactMethod]:
    """Move every value that only this event brought; of one that was there or that others brought too, take a copy."""
    contacts = all_contacts(session, holder.id)
    sources = sources_by_contact(session, [contact.id for contact in contacts])
    added = _journalled(session, record, ContactMethod)
    copies = []
    for contact in contacts:
        if all(source.event_id != record.event_id for source in sources[contact.id]):
            continue
        if contact.id in added and len(sources[contact.id]) == 1:
            contact.origin_customer_id = restored.id
            continue
        copy = _copy_for(contact, restored, now)
        session.add(copy)
        session.flush()
        _move_source(sources[contact.id], record.event_id, copy.id)
        copies.append(copy)
    rehome(
        session,
        [*contacts, *copies],
        {
            each.id: restored.id if each.origin_customer_id == restored.id else holder.id
            for each in [*contacts, *copies]
        },
        preferred_primaries=[each.id for each in contacts if each.is_primary],
    )
    return [each for each in [*contacts, *copies] if each.customer_id == restored.id]


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


def _journalled(session: Session, record: Merge, table: type) -> set[str]:
    """The rows of a table that a link's event was the first to bring."""
    return set(
        session.scalars(
            select(MergeEntry.entity_id).where(
                MergeEntry.merge_id == record.id,
                MergeEntry.entity == ENTITY_NAMES[table],
                MergeEntry.action == "added",
            )
        )
    )


def _move_source(sources: Sequence[ContactSource], event_id: str | None, contact_id: str) -> None:
    for source in sources:
        if source.event_id == event_id:
            source.contact_id = contact_id


def _take_the_rest(session: Session, record: Merge, restored: Customer) -> list[dict[str, str]]:
    """The event's booking, and the sender's identity where this event was the first that we heard of it."""
    identities = _journalled(session, record, SocialIdentity)
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
    later = _came_since(session, record)
    return [f"{len(later)} later event(s) of that customer; look whose they are."] if later else []


def _correct_proposal(session: Session, record: Merge) -> None:
    """The proposal that led here was answered wrongly: it now says that these are two people."""
    if record.proposal_id is not None:
        session.get_one(MatchProposal, record.proposal_id).status = "not_same"
