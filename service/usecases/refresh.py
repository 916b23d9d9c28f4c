"""After a customer changed: the legacy mirrors follow the primaries, and the match index follows the contacts."""

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
from service.store.contacts import ASSISTANT, all_contacts, identity_of, live_contacts, strongest
from service.store.match_index import forget_record, write_record
from service.store.tables import ContactMethod, Customer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session


def refresh(session: Session, customer: Customer, *, now: datetime) -> None:
    """Bring mirrors, keys and packed record of a customer up to its contact methods, in this transaction."""
    session.flush()
    if customer.merged_into_id is not None:
        forget_record(session, customer.id)
        customer.phone = customer.email = None
        return
    _mirror(customer, live_contacts(session, [customer.id]), now)
    index_customer(session, customer)


def index_customer(session: Session, customer: Customer) -> None:
    """Write keys and packed record of a customer, as its contacts are."""
    write_record(session, customer.id, record_of_customer(session, customer))


def record_of_customer(session: Session, customer: Customer) -> Record:
    """All that a customer's contacts and names say; one of an assistant, or that nobody could read, says nothing."""
    contacts = all_contacts(session, customer.id)
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
        names=_names(session, customer),
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


def _mirror(customer: Customer, contacts: Iterable[ContactMethod], now: datetime) -> None:
    primaries = {each.type: each.value for each in contacts if each.is_primary}
    customer.phone = primaries.get("phone")
    customer.email = primaries.get("email")
    customer.updated_at = now


def _names(session: Session, customer: Customer) -> tuple[PersonName, ...]:
    """The names of everyone who is this customer now: an absorbed customer's name still finds them."""
    members = members_of(session, [customer.id])
    written = session.scalars(
        select(Customer.name).where(Customer.id.in_(members)).order_by(Customer.created_at, Customer.id)
    )
    names: dict[tuple[str, ...], PersonName] = {}
    for raw in [customer.name, *written]:
        name = normalize_name(raw, provenance=Provenance.ASSERTED) if raw else None
        if isinstance(name, PersonName):
            names.setdefault(name.tokens, name)
    return tuple(names.values())


def _provenance(contact: ContactMethod) -> Provenance:
    return Provenance.VERIFIED if contact.is_verified else Provenance(contact.provenance)
