"""Undoing a merge or an automatic link: everybody gets back exactly what they brought, whatever was edited since.

Nothing is replayed backwards. Each row knows the customer it was recorded for (`origin_customer_id`), and who holds it follows from
that and the merges that stand; so merges can be undone in any order. The journal only says which rows were primary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from service.errors import ErrorCode, Refusal
from service.store.clusters import lock_survivors, members_of, survivors_of
from service.store.contacts import all_contacts, identity_of, sources_by_contact
from service.store.tables import (
    ContactMethod,
    Customer,
    MatchProposal,
    Merge,
    MergeEntry,
)
from service.usecases.merge import ENTITY_NAMES, followers
from service.usecases.refresh import refresh
from service.usecases.rehome import rehome
from service.usecases.tell_apart import tell_apart
from service.usecases.undo_link import customers_of_link, undo_link
from service.usecases.undoing import Undone, came_since, contact_line, copy_with

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


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
    holder = _lock_sides(session, record)
    undone = (
        _undo_merge(session, record, holder, now)
        if record.kind == "merge"
        else undo_link(session, record, holder, now)
    )
    record.undone_at, record.undone_by = now, actor
    tell_apart(session, record.survivor_id, undone.restored_customer_id, actor=actor, now=now)
    _correct_proposals(session, record.survivor_id, undone.restored_customer_id)
    return undone


def _lock_sides(session: Session, record: Merge) -> Customer:
    """Lock everybody whom the undo may write, tombstones too, in one go; returns who holds it all now."""
    involved = [record.survivor_id, *(customers_of_link(session, record) if record.kind == "link" else ())]
    tombstones = {each for each in (record.survivor_id, record.absorbed_id) if each is not None}
    # Values may be copied.
    return lock_survivors(session, involved, beside=tombstones, with_values=True)[record.survivor_id]


def _undo_merge(session: Session, record: Merge, holder: Customer, now: datetime) -> Undone:
    absorbed = session.get_one(Customer, record.absorbed_id)
    absorbed.merged_into_id = None
    session.flush()
    members = members_of(session, [absorbed.id])
    contacts = all_contacts(session, holder.id)
    contacts += [
        *_copies_of_reproven(session, contacts, members, absorbed, now),
        *_copies_of_reproven(session, contacts, members_of(session, [holder.id]), holder, now),
    ]
    returning = {contact.id for contact in contacts if contact.origin_customer_id in members}
    preferred = _primaries_after(session, record, contacts, returning)
    rehome(
        session,
        contacts,
        {each.id: absorbed.id if each.id in returning else holder.id for each in contacts},
        preferred_primaries=preferred,
    )
    moved = [contact_line(contact) for contact in contacts if contact.id in returning]
    _return_deleted(session, members, holder, absorbed)
    moved += _return_the_rest(session, members, holder, absorbed)
    if holder.preferred_contact_id in returning:
        holder.preferred_contact_id = _own_twin(contacts, holder.preferred_contact_id, returning)
    for customer in (holder, absorbed):
        refresh(session, customer, now=now)
    return Undone(
        merge=record,
        restored_customer_id=absorbed.id,
        moved_back=moved,
        stayed=_later_additions(contacts, returning, record),
        needs_person=_doubts(session, record, contacts, returning),
    )


def _copies_of_reproven(
    session: Session,
    contacts: Sequence[ContactMethod],
    members: Collection[str],
    side: Customer,
    now: datetime,
) -> list[ContactMethod]:
    """Copies, with their sources, of what was proven meanwhile with one side (`members`) and is the other side's."""
    returning = {identity_of(each) for each in contacts if each.origin_customer_id in members}
    staying = [each for each in contacts if identity_of(each) not in returning]
    sources = sources_by_contact(session, [each.id for each in staying])
    copies = []
    for contact in staying:
        theirs = [each for each in sources[contact.id] if each.origin_customer_id in members]
        if theirs:
            copies.append(copy_with(session, contact, theirs, side, now))
    return copies


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


def _own_twin(
    contacts: Sequence[ContactMethod], contact_id: str | None, returning: Collection[str]
) -> str | None:
    """The row that stays and has the same value as one that returns; None where none has."""
    [value] = {identity_of(each) for each in contacts if each.id == contact_id}
    staying = [each for each in contacts if each.id not in returning and identity_of(each) == value]
    return next((each.id for each in staying if each.collapsed_into_id is None), None)


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


def _later_additions(
    contacts: Sequence[ContactMethod], returning: Collection[str], record: Merge
) -> list[dict[str, str]]:
    """What was added while the two were one, and stays with the customer with whom it was proven."""
    return [
        contact_line(contact)
        for contact in contacts
        if contact.id not in returning and contact.created_at > record.created_at
    ]


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
    came = came_since(session, record)
    if came:
        doubts.append(f"{len(came)} event(s) came in while the two were one; look whose they are.")
    return doubts


def _correct_proposals(session: Session, one_id: str, other_id: str) -> None:
    """Whatever proposal of these two the merge answered was answered wrongly: they are two people."""
    clusters = members_of(session, set(survivors_of(session, [one_id, other_id]).values()))
    answered = select(MatchProposal).where(
        MatchProposal.status == "merged",
        MatchProposal.customer_id.in_(clusters),
        MatchProposal.candidate_id.in_(clusters),
    )
    for proposal in session.scalars(answered):
        if clusters[proposal.customer_id] != clusters[proposal.candidate_id]:
            proposal.status = "not_same"
