"""Holding what a change by hand is about: the values first, then the customers, then the contact method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching import PersonName, Provenance, block_keys, normalize_name
from service.errors import ErrorCode, Refusal
from service.store.clusters import lock_survivor
from service.store.contacts import all_contacts, identity_of
from service.store.locks import lock_values
from service.store.reading import survivor_or_refuse
from service.store.tables import ContactMethod
from service.usecases.understand import record_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from service.store.tables import Customer
    from service.usecases.understand import ContactValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A contact method that nobody else changes meanwhile, with its customer and everything live beside it."""

    customer: Customer
    contact: ContactMethod
    contacts: Sequence[ContactMethod]
    #: The rows that stand behind it: an edit belongs to the value, and so to each of them.
    twins: Sequence[ContactMethod]

    @property
    def rows(self) -> list[ContactMethod]:
        return [self.contact, *self.twins]


def hold_keys(session: Session, name: str | None, values: Sequence[ContactValue] = ()) -> None:
    """Hold what a customer is about to have, so that an event of the same person sees it: block keys and values."""
    parsed = normalize_name(name, provenance=Provenance.ASSERTED) if name else None
    names = [parsed] if isinstance(parsed, PersonName) else []
    keys = [key.hash for key in block_keys(record_of(values, names))]
    lock_values(session, [value.identity for value in values], keys=keys)


def hold_contact(session: Session, customer_id: str, contact_id: str) -> Held:
    """Hold a contact method of the customer that `customer_id` leads to; the id of a collapsed one leads to its twin.

    Raises:
        Refusal: there is no such customer, or they have no such contact.
    """
    row = session.get(ContactMethod, contact_id)
    if row is not None:
        lock_values(session, [identity_of(row)])
    customer = lock_survivor(session, customer_id)
    contacts = all_contacts(session, customer.id)
    contact = standing_contact(contacts, contact_id)
    return Held(
        customer=customer,
        contact=contact,
        contacts=[each for each in contacts if each.collapsed_into_id is None],
        twins=[each for each in contacts if each.collapsed_into_id == contact.id],
    )


def find_contact(session: Session, customer_id: str, contact_id: str) -> ContactMethod:
    """The same contact method, only to look at.

    Raises:
        Refusal: there is no such customer, or they have no such contact.
    """
    customer = survivor_or_refuse(session, customer_id)
    return standing_contact(all_contacts(session, customer.id), contact_id)


def standing_contact(contacts: Sequence[ContactMethod], contact_id: str) -> ContactMethod:
    """The live one of a customer's `contacts` that an id leads to: its own, or that of the twin that it collapsed into.

    Raises:
        Refusal: this customer has no such contact.
    """
    by_id = {each.id: each for each in contacts}
    found = by_id.get(contact_id)
    if found is not None and found.collapsed_into_id is not None:
        found = by_id.get(found.collapsed_into_id)
    if found is None:
        raise Refusal(ErrorCode.NOT_FOUND, "This customer has no contact with this id.")
    return found
