"""After a customer changed: mirrors and preference follow the contacts that they have, and so does the match index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from matching import (
    Email,
    Handle,
    PersonName,
    Phone,
    Provenance,
    Record,
    normalize_handle,
    normalize_name,
)
from service.store.clusters import members_of
from service.store.contacts import ASSISTANT, all_contacts, identity_of, strongest, told_of
from service.store.match_index import forget_records, write_records
from service.store.tables import Customer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.contacts import Told
    from service.store.tables import ContactMethod


def refresh(session: Session, customer: Customer, *, now: datetime) -> None:
    """Bring mirrors, preference, keys and packed record of a customer up to its contact methods, in this transaction."""
    session.flush()
    if customer.merged_into_id is not None:
        forget_records(session, [customer.id])
        customer.phone = customer.email = None
        return
    _mirror(customer, all_contacts(session, customer.id), now)
    index_customers(session, [customer])


def index_customers(session: Session, customers: Collection[Customer]) -> None:
    """Write keys and packed records of customers, as their contacts are; as many statements for many as for one."""
    write_records(session, records_of_customers(session, customers))


def record_of_customer(session: Session, customer: Customer) -> Record:
    """All that a customer's contacts and names say."""
    return records_of_customers(session, [customer])[customer.id]


def records_of_customers(session: Session, customers: Collection[Customer]) -> dict[str, Record]:
    """All that the contacts and names of each of these customers say, by customer id."""
    told: dict[str, list[Told]] = {customer.id: [] for customer in customers}
    for each in told_of(session, told.keys()):
        told[each.customer_id].append(each)
    names = _names_of(session, customers)
    return {customer_id: record_of(names[customer_id], told[customer_id]) for customer_id in told}


def record_of(names: Iterable[str | None], contacts: Sequence[Told]) -> Record:
    """What names and contacts say of one person; a contact of an assistant, or that nobody could read, says nothing."""
    claims: dict[tuple[str, str, str], list[Provenance]] = {}
    for each in contacts:
        # A twin that stands behind another row may have reached us in a stronger way.
        claims.setdefault(identity_of(each), []).append(_provenance(each))
    telling = [
        (each, strongest(claims[identity_of(each)]))
        for each in contacts
        if each.collapsed_into_id is None and each.is_normalized and each.label != ASSISTANT
    ]
    handles = (
        normalize_handle(each.value, platform=each.platform, provenance=provenance)
        for each, provenance in telling
        if each.type == "social"
    )
    return Record(
        names=_read_names(names),
        phones=tuple(
            Phone(e164=each.value, provenance=provenance)
            for each, provenance in telling
            if each.type == "phone"
        ),
        emails=tuple(
            Email(address=each.value, canonical=each.match_value, provenance=provenance)
            for each, provenance in telling
            if each.type == "email"
        ),
        handles=tuple(each for each in handles if isinstance(each, Handle)),
    )


def _mirror(customer: Customer, contacts: Collection[ContactMethod], now: datetime) -> None:
    primaries = {
        each.type: each.value for each in contacts if each.is_primary and each.collapsed_into_id is None
    }
    customer.phone = primaries.get("phone")
    customer.email = primaries.get("email")
    # Of those merged away it may have left in the meantime: who stands again comes by here too.
    if customer.preferred_contact_id not in {each.id for each in contacts}:
        customer.preferred_contact_id = None
    customer.updated_at = now


def _names_of(session: Session, customers: Collection[Customer]) -> dict[str, list[str | None]]:
    """The names of everyone who is this customer now: an absorbed customer's name still finds them."""
    names = {customer.id: [customer.name] for customer in customers}
    members = members_of(session, names.keys())
    written = session.execute(
        select(Customer.id, Customer.name)
        .where(Customer.id.in_(members))
        .order_by(Customer.created_at, Customer.id)
    )
    for member_id, name in written:
        names[members[member_id]].append(name)
    return names


def _read_names(written: Iterable[str | None]) -> tuple[PersonName, ...]:
    names: dict[tuple[str, ...], PersonName] = {}
    for raw in dict.fromkeys(written):
        name = normalize_name(raw, provenance=Provenance.ASSERTED) if raw else None
        if isinstance(name, PersonName):
            names.setdefault(name.tokens, name)
    return tuple(names.values())


def _provenance(contact: Told) -> Provenance:
    return Provenance.VERIFIED if contact.is_verified else Provenance(contact.provenance)
