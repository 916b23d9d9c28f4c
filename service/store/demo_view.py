"""What the demo page shows: the newest customers, events and merges, as they are now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from service.store import reading
from service.store.tables import ContactMethod, Customer, InboxEvent, Prompt

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

#: Of each kind, this many are shown: the page is for stories of a few people.
MOST_SHOWN = 20
#: Bookings that a card shows.
_BOOKINGS = 20
#: What the journal says of values that came, rather than of those that were there.
_BROUGHT = ("moved", "collapsed", "added")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCard:
    """An event as it came, how it was decided, and the question that it was answered with."""

    row: InboxEvent
    decision: Mapping[str, Any] | None
    prompt: Prompt | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything below the forms; `names` has the name of every customer that is spoken of."""

    customers: Sequence[Mapping[str, Any]]
    customer_count: int
    events: Sequence[EventCard]
    merges: Sequence[Mapping[str, Any]]
    names: Mapping[str, str | None]


def look_over(session: Session) -> Overview:
    """The newest of everything."""
    events = [
        _event_card(session, row)
        for row in reading.list_events(session, status=None, after=None, limit=MOST_SHOWN)
    ]
    merges = reading.merge_views(
        session, reading.list_merges(session, kind=None, after=None, limit=MOST_SHOWN)
    )
    standing = Customer.merged_into_id.is_(None)
    newest = (
        select(Customer)
        .where(standing)
        .order_by(Customer.created_at.desc().nulls_last(), Customer.id)
        .limit(MOST_SHOWN)
    )
    return Overview(
        customers=[_customer_card(session, customer) for customer in session.scalars(newest)],
        customer_count=session.scalar(select(func.count()).select_from(Customer).where(standing)) or 0,
        events=events,
        merges=_with_values(session, merges),
        names=_names(session, [*_spoken_of(events), *_merged(merges)]),
    )


def find_card(session: Session, event_id: str) -> EventCard | None:
    """One event; None for an id that nobody has."""
    row = session.get(InboxEvent, event_id)
    return None if row is None else _event_card(session, row)


def _event_card(session: Session, row: InboxEvent) -> EventCard:
    prompt = session.scalar(select(Prompt).where(Prompt.event_id == row.id))
    return EventCard(row=row, decision=reading.event_view(session, row)["decision"], prompt=prompt)


def _customer_card(session: Session, customer: Customer) -> dict[str, Any]:
    lists = reading.contacts_view(session, customer)["contacts"]
    return {
        **reading.customer_view(session, customer),
        "contacts": [contact for contacts in lists.values() for contact in contacts],
        "bookings": [
            reading.booking_view(each)
            for each in reading.list_bookings(session, customer, after=None, limit=_BOOKINGS)
        ],
    }


def _with_values(session: Session, merges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merges with the contact methods that each brought along or added."""
    touched = {
        merge["id"]: [entry["entity_id"] for entry in merge["entries"] if entry["action"] in _BROUGHT]
        for merge in merges
    }
    wanted = {each for ids in touched.values() for each in ids}
    contacts = {
        contact.id: contact.value
        for contact in session.scalars(select(ContactMethod).where(ContactMethod.id.in_(wanted)))
    }
    return [
        {**merge, "values": sorted(contacts[each] for each in touched[merge["id"]] if each in contacts)}
        for merge in merges
    ]


def _spoken_of(events: Sequence[EventCard]) -> list[str]:
    candidates = [each for event in events if event.decision for each in event.decision.get("candidates", [])]
    ids = [each["customer_id"] for each in candidates]
    return [*ids, *(event.row.customer_id for event in events if event.row.customer_id)]


def _merged(merges: Sequence[Mapping[str, Any]]) -> list[str]:
    return [merge[side] for merge in merges for side in ("survivor_id", "absorbed_id") if merge[side]]


def _names(session: Session, customer_ids: Collection[str]) -> dict[str, str | None]:
    spoken_of = select(Customer).where(Customer.id.in_(set(customer_ids)))
    return {customer.id: customer.name for customer in session.scalars(spoken_of)}
