"""What the API shows, straight from queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select, tuple_

from service.errors import ErrorCode, Refusal
from service.store.clusters import find_survivor, members_of
from service.store.contacts import live_contacts, standing_for
from service.store.imports import external_ids_of
from service.store.proposals import prompt_state
from service.store.tables import (
    Booking,
    ContactMethod,
    Customer,
    Decision,
    InboxEvent,
    MatchProposal,
    Merge,
    MergeEntry,
    Prompt,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

#: Where contact methods of each type stand in a customer's list.
CONTACT_LISTS = {"phone": "phones", "email": "emails", "social": "social"}


def customer_view(session: Session, customer: Customer) -> dict[str, Any]:
    """A customer with the ids that lead to it."""
    return customer_views(session, [customer])[0]


def customer_views(session: Session, customers: Sequence[Customer]) -> list[dict[str, Any]]:
    """Customers with the ids that lead to each, in a fixed number of queries."""
    members = members_of(session, [customer.id for customer in customers])
    external_ids = external_ids_of(session, [customer.id for customer in customers])
    preferred = [each.preferred_contact_id for each in customers if each.preferred_contact_id is not None]
    standing = standing_for(session, preferred)
    shown = "id name phone email preferred_contact_id created_at updated_at"
    return [
        {
            **_shown(customer, shown),
            # A legacy column may hold spaces: they are no number and no address.
            "phone": _told(customer.phone),
            "email": _told(customer.email),
            # It keeps its own id, so that an undo has nothing to bring back.
            "preferred_contact_id": standing.get(
                customer.preferred_contact_id or "", customer.preferred_contact_id
            ),
            "external_id": external_ids.get(customer.id),
            "merged_ids": sorted(
                member
                for member, survivor in members.items()
                if survivor == customer.id and member != customer.id
            ),
        }
        for customer in customers
    ]


def _told(text: str | None) -> str | None:
    return text if text and text.strip() else None


def contacts_view(session: Session, customer: Customer) -> dict[str, Any]:
    """A customer's contact methods by type; primaries first."""
    lists: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTACT_LISTS.values()}
    for contact in sorted(live_contacts(session, [customer.id]), key=lambda each: not each.is_primary):
        lists[CONTACT_LISTS[contact.type]].append(contact_view(contact))
    return {"customer_id": customer.id, "name": customer.name, "contacts": lists}


def contact_view(contact: ContactMethod) -> dict[str, Any]:
    """A contact method as the API shows it."""
    shown = (
        "id customer_id type value match_value label label_reason is_primary is_verified verified_at can_sms can_call"
        " can_marketing is_valid is_normalized source usage_count first_used_at last_used_at created_at updated_at"
    )
    return {**_shown(contact, shown), "platform": contact.platform or None}


def survivor_or_refuse(session: Session, customer_id: str) -> Customer:
    """The customer that an id leads to.

    Raises:
        Refusal: nobody has this id.
    """
    customer = find_survivor(session, customer_id)
    if customer is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no customer with this id.")
    return customer


def list_bookings(
    session: Session, customer: Customer, *, after: Sequence[Any] | None, limit: int
) -> list[Booking]:
    """What a customer booked, newest first, after a (created_at, id)."""
    wanted = (
        select(Booking)
        .where(Booking.customer_id == customer.id)
        .order_by(Booking.created_at.desc(), Booking.id.desc())
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(tuple_(Booking.created_at, Booking.id) < tuple(after))
    return list(session.scalars(wanted))


def booking_view(booking: Booking) -> dict[str, Any]:
    """A booking as the API shows it."""
    shown = "id customer_id event_id source external_id starts_at details created_at updated_at"
    return _shown(booking, shown)


def event_view(session: Session, row: InboxEvent) -> dict[str, Any]:
    """An inbound event: where it stands, and the decision that it ended in."""
    decision = session.scalar(
        select(Decision).where(Decision.event_id == row.id).order_by(Decision.created_at.desc()).limit(1)
    )
    return {**event_row(row), "decision": _decision_view(decision) if decision else None}


def event_row(row: InboxEvent) -> dict[str, Any]:
    """An inbound event as a list shows it."""
    shown = (
        "id source account kind status attempts outcome customer_id error occurred_at received_at resolved_at"
    )
    return _shown(row, shown)


def _decision_view(decision: Decision) -> dict[str, Any]:
    return {
        **decision.explanation,
        "id": decision.id,
        "decision": decision.outcome,
        "customer_id": decision.customer_id,
        "model_version": decision.model_version,
        "mentions": decision.record.get("others", []),
        "ours": decision.record.get("ours", []),
        "created_at": decision.created_at,
    }


def find_event(session: Session, event_id: str) -> InboxEvent:
    """An inbound event.

    Raises:
        Refusal: there is no such event.
    """
    row = session.get(InboxEvent, event_id)
    if row is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no event with this id.")
    return row


def list_events(
    session: Session, *, status: str | None, after: Sequence[Any] | None, limit: int
) -> list[InboxEvent]:
    """Inbound events, newest first, after a (received_at, id)."""
    wanted = select(InboxEvent).order_by(InboxEvent.received_at.desc(), InboxEvent.id.desc()).limit(limit)
    if status is not None:
        wanted = wanted.where(InboxEvent.status == status)
    if after is not None:
        wanted = wanted.where(tuple_(InboxEvent.received_at, InboxEvent.id) < tuple(after))
    return list(session.scalars(wanted))


def list_proposals(
    session: Session, *, status: str, after: Sequence[Any] | None, limit: int
) -> list[MatchProposal]:
    """Proposals, most probable first, after a (probability, id)."""
    wanted = (
        select(MatchProposal)
        .where(MatchProposal.status == status)
        .order_by(MatchProposal.probability.desc(), MatchProposal.id.desc())
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(tuple_(MatchProposal.probability, MatchProposal.id) < tuple(after))
    return list(session.scalars(wanted))


def list_merges(
    session: Session, *, kind: str | None, after: Sequence[Any] | None, limit: int
) -> list[Merge]:
    """Merges and links, newest first, after a (created_at, id)."""
    wanted = select(Merge).order_by(Merge.created_at.desc(), Merge.id.desc()).limit(limit)
    if kind is not None:
        wanted = wanted.where(Merge.kind == kind)
    if after is not None:
        wanted = wanted.where(tuple_(Merge.created_at, Merge.id) < tuple(after))
    return list(session.scalars(wanted))


def merge_views(session: Session, merges: Sequence[Merge]) -> list[dict[str, Any]]:
    """Merges with their journals, in three queries however many there are."""
    entries: dict[str, list[dict[str, Any]]] = {merge.id: [] for merge in merges}
    for entry in session.scalars(select(MergeEntry).where(MergeEntry.merge_id.in_(entries))):
        entries[entry.merge_id].append(
            _shown(entry, "entity entity_id action from_customer_id to_customer_id before")
        )
    shown = (
        "id kind survivor_id absorbed_id event_id proposal_id proof actor note created_at undone_at undone_by"
    )
    return [{**_shown(merge, shown), "entries": entries[merge.id]} for merge in merges]


def proposal_views(
    session: Session, proposals: Sequence[MatchProposal], *, now: datetime
) -> list[dict[str, Any]]:
    """Proposals with both sides as they are now, in a fixed number of queries however many there are."""
    ids = {each for proposal in proposals for each in (proposal.customer_id, proposal.candidate_id)}
    sides = _sides(session, ids)
    prompts = {
        prompt.id: prompt
        for prompt in session.scalars(
            select(Prompt).where(Prompt.id.in_({each.prompt_id for each in proposals} - {None}))
        )
    }
    shown = "id customer_id candidate_id status probability explanation decided_at decided_by note created_at"
    views = []
    for proposal in proposals:
        prompt = prompts.get(proposal.prompt_id or "")
        views.append(
            {
                **_shown(proposal, shown),
                "customer": sides[proposal.customer_id],
                "candidate": sides[proposal.candidate_id],
                "prompt": None
                if prompt is None
                else {"state": prompt_state(prompt, now=now), "expires_at": prompt.expires_at},
            }
        )
    return views


def _sides(session: Session, customer_ids: set[str]) -> dict[str, dict[str, Any]]:
    """Each customer of a proposal by its original id, with what it has now; once merged away, with what it brought."""
    contacts = session.scalars(
        select(ContactMethod)
        .where(
            or_(
                ContactMethod.customer_id.in_(customer_ids),
                ContactMethod.origin_customer_id.in_(customer_ids),
            ),
            ContactMethod.deleted_at.is_(None),
        )
        .order_by(ContactMethod.created_at, ContactMethod.id)
    ).all()
    return {
        customer.id: {
            "id": customer.id,
            "name": customer.name,
            "merged_into_id": customer.merged_into_id,
            "contacts": [contact_view(contact) for contact in contacts if _shows(customer, contact)],
        }
        for customer in session.scalars(select(Customer).where(Customer.id.in_(customer_ids)))
    }


def _shows(customer: Customer, contact: ContactMethod) -> bool:
    if customer.merged_into_id is not None:
        return contact.origin_customer_id == customer.id
    return contact.customer_id == customer.id and contact.collapsed_into_id is None


def _shown(row: object, names: str) -> dict[str, Any]:
    """The columns of a row that `names` lists."""
    return {name: getattr(row, name) for name in names.split()}
