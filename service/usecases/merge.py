"""Merging two customers into one, with a journal of every value that it touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from service.errors import ErrorCode, Refusal
from service.store.clusters import lock_survivors, members_of
from service.store.contacts import all_contacts
from service.store.proposals import close_prompts, undecided_proposals_of
from service.store.tables import (
    Booking,
    ContactMethod,
    Customer,
    Merge,
    MergeEntry,
    SocialIdentity,
    new_id,
)
from service.usecases.carry_stops import carry_stops
from service.usecases.refresh import refresh
from service.usecases.rehome import rehome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why two customers are one: the proof (none, claim, code, operator), who said so, and what led to it."""

    proof: str
    actor: str
    event_id: str | None = None
    proposal_id: str | None = None
    note: str | None = None


def merge(session: Session, survivor_id: str, absorbed_id: str, *, grounds: Grounds, now: datetime) -> Merge:
    """Merge `absorbed_id` into `survivor_id`; either may itself have been merged away.

    The survivor keeps its name and its primaries; what comes in becomes primary only where there was none of its type. Nothing
    is granted by it, and what either side asked to stop is stopped for the numbers of both.

    Raises:
        Refusal: they are one customer already, or one of them does not exist.
    """
    locked = lock_survivors(session, [survivor_id, absorbed_id], with_values=True)
    survivor, absorbed = locked[survivor_id], locked[absorbed_id]
    if survivor is absorbed:
        raise Refusal(ErrorCode.CONFLICT, "These are one customer already.")
    record = _open_journal(session, survivor, absorbed, grounds, now)
    staying, coming = all_contacts(session, survivor.id), all_contacts(session, absorbed.id)
    before = {contact.id: _state(contact) for contact in [*staying, *coming]}
    rehome(
        session,
        [*staying, *coming],
        dict.fromkeys(before, survivor.id),
        preferred_primaries=[contact.id for contact in [*staying, *coming] if contact.is_primary],
    )
    _journal_contacts(session, record, staying, coming, before)
    _move_the_rest(session, record)
    _move_deleted(session, record)
    absorbed.merged_into_id = survivor.id
    session.flush()
    for customer in (survivor, absorbed):
        refresh(session, customer, now=now)
    carry_stops(session, record, now=now)
    _close_answered_proposals(session, survivor, record, now)
    return record


def _open_journal(
    session: Session, survivor: Customer, absorbed: Customer, grounds: Grounds, now: datetime
) -> Merge:
    record = Merge(
        id=new_id(),
        kind="merge",
        survivor_id=survivor.id,
        absorbed_id=absorbed.id,
        event_id=grounds.event_id,
        proposal_id=grounds.proposal_id,
        proof=grounds.proof,
        actor=grounds.actor,
        note=grounds.note,
        created_at=now,
    )
    session.add(record)
    session.flush()
    return record


def _state(contact: ContactMethod) -> dict[str, Any]:
    """What a merge changes of a row, as it was."""
    return {"is_primary": contact.is_primary}


def _journal_contacts(
    session: Session,
    record: Merge,
    staying: Sequence[ContactMethod],
    coming: Sequence[ContactMethod],
    before: dict[str, dict[str, Any]],
) -> None:
    """Every row that came, and of the survivor's own every one that changed, was primary, or stands behind one that came."""
    for contact in coming:
        action = "collapsed" if contact.collapsed_into_id else "moved"
        session.add(_entry(record, contact, record.absorbed_id, action, before[contact.id]))
    came = {contact.id for contact in coming}
    for contact in staying:
        is_touched = before[contact.id]["is_primary"] or before[contact.id] != _state(contact)
        if is_touched or contact.collapsed_into_id in came:
            session.add(_entry(record, contact, record.survivor_id, "kept", before[contact.id]))


def _move_the_rest(session: Session, record: Merge) -> None:
    for row in followers(session, record.absorbed_id):
        session.add(_entry(record, row, record.absorbed_id, "moved", {}))
        row.customer_id = record.survivor_id


def _move_deleted(session: Session, record: Merge) -> None:
    """What was deleted before is history, and moves along; it needs no journal, since its origin tells whose it was."""
    session.execute(
        update(ContactMethod)
        .where(ContactMethod.customer_id == record.absorbed_id, ContactMethod.deleted_at.is_not(None))
        .values(customer_id=record.survivor_id)
    )


def followers(session: Session, customer_id: str | None) -> list[SocialIdentity | Booking]:
    """The rows that move with their customer as they are; contact methods move through `rehome`."""
    return [
        *session.scalars(select(SocialIdentity).where(SocialIdentity.customer_id == customer_id)),
        *session.scalars(select(Booking).where(Booking.customer_id == customer_id)),
    ]


def _entry(
    record: Merge,
    row: ContactMethod | SocialIdentity | Booking,
    holder_id: str | None,
    action: str,
    before: dict[str, Any],
) -> MergeEntry:
    return MergeEntry(
        id=new_id(),
        merge_id=record.id,
        entity=ENTITY_NAMES[type(row)],
        entity_id=row.id,
        action=action,
        from_customer_id=holder_id,
        to_customer_id=record.survivor_id,
        before=before,
    )


#: What the journal calls a row of each table.
ENTITY_NAMES: dict[type, str] = {
    ContactMethod: "contact_method",
    SocialIdentity: "social_identity",
    Booking: "booking",
}


def _close_answered_proposals(session: Session, survivor: Customer, record: Merge, now: datetime) -> None:
    """A proposal whose two sides are one customer now is answered, and so is the prompt that asked it."""
    cluster = members_of(session, [survivor.id])
    prompts = set()
    for proposal in undecided_proposals_of(session, cluster):
        if proposal.customer_id in cluster and proposal.candidate_id in cluster:
            proposal.status = "merged"
            proposal.decided_at = now
            proposal.decided_by = record.actor
            prompts.add(proposal.prompt_id)
    close_prompts(session, prompts, now=now)
