"""The consent ledger as the API shows it: every act on a value that a customer holds or held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_

from service.store.consent_ledger import events_of_values
from service.store.contacts import identity_of, live_contacts
from service.store.tables import ConsentEvent, ContactMethod

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from service.store.tables import Customer


def consents_of(customer_id: str) -> Select[ConsentEvent]:
    """Every act on a value that a customer holds, or held until it was deleted."""
    held = select(ContactMethod.id).where(
        ContactMethod.customer_id == customer_id,
        ContactMethod.type == ConsentEvent.type,
        ContactMethod.platform == ConsentEvent.platform,
        ContactMethod.match_value == ConsentEvent.match_value,
    )
    values = select(ContactMethod.match_value).where(ContactMethod.customer_id == customer_id)
    # The list of values lets the ledger's index be used; the rest makes it exact.
    return select(ConsentEvent).where(ConsentEvent.match_value.in_(values), held.exists())


def list_consents(
    session: Session, customer: Customer, *, after: Sequence[Any] | None, limit: int
) -> list[ConsentEvent]:
    """A customer's ledger, newest first, after a (recorded_at, id)."""
    wanted = (
        consents_of(customer.id)
        .order_by(ConsentEvent.recorded_at.desc(), ConsentEvent.id.desc())
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(tuple_(ConsentEvent.recorded_at, ConsentEvent.id) < tuple(after))
    return list(session.scalars(wanted))


def consent_views(
    session: Session, customer: Customer, events: Sequence[ConsentEvent]
) -> list[dict[str, Any]]:
    """Acts with the contact that they are about, in one query however many there are."""
    rows = session.scalars(
        select(ContactMethod)
        .where(ContactMethod.customer_id == customer.id, ContactMethod.collapsed_into_id.is_(None))
        # A live row comes last and stands for its value.
        .order_by(ContactMethod.deleted_at.is_(None), ContactMethod.created_at)
    )
    contacts = {identity_of(row): row for row in rows}
    return [_view(event, contacts.get((event.type, event.platform, event.match_value))) for event in events]


def ledgers_of(session: Session, customer: Customer) -> list[tuple[ContactMethod, Sequence[ConsentEvent]]]:
    """Every contact that a customer has now, with all acts on its value, in two queries however many there are."""
    contacts = live_contacts(session, [customer.id])
    ledger = events_of_values(session, {identity_of(contact) for contact in contacts})
    return [(contact, ledger[identity_of(contact)]) for contact in contacts]


def _view(event: ConsentEvent, contact: ContactMethod | None) -> dict[str, Any]:
    shown = "id type channel purpose action actor_kind actor source text evidence event_id occurred_at recorded_at"
    return {
        **{name: getattr(event, name) for name in shown.split()},
        "platform": event.platform or None,
        **_told(event.evidence),
        "value": contact.value if contact else event.match_value,
        "contact_id": contact.id if contact and contact.deleted_at is None else None,
    }


def _told(evidence: Mapping[str, Any]) -> dict[str, str | None]:
    """Where and on which version of a form it was said, as a form's backend or staff told it."""
    boxes, client = evidence.get("consents"), evidence.get("client")
    places = [evidence, *(each for each in (boxes, client) if isinstance(each, dict))]
    return {name: _first_text(places, name) for name in ("form_version", "ip", "user_agent")}


def _first_text(places: Sequence[Mapping[str, Any]], name: str) -> str | None:
    return next((place[name] for place in places if isinstance(place.get(name), str)), None)
