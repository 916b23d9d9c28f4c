"""Giving a customer one more contact method, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matching import Rejected
from service.errors import ErrorCode, Refusal
from service.store.audit import record_change
from service.store.clusters import lock_survivor
from service.store.contacts import identity_of, live_contacts
from service.usecases.attach import Origin, attach
from service.usecases.holding import hold_keys
from service.usecases.primaries import make_primary
from service.usecases.refresh import refresh
from service.usecases.set_aside import refuse_ours
from service.usecases.typed_contacts import read_contact

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ContactMethod
from service.usecases.typed_contacts import TypedContact


def add_contact(
    session: Session, customer_id: str, typed: TypedContact, *, region: str, actor: str, now: datetime
) -> ContactMethod:
    """Add a contact to the customer that `customer_id` leads to; it is proven with the one whom that id was made for.

    Raises:
        Refusal: there is no such customer, the value cannot be read or is ours, or the customer has it already.
    """
    value = read_contact(typed, region=region)
    if isinstance(value, Rejected):
        raise Refusal(ErrorCode.INVALID, "This contact cannot be used.", fields={"value": [value.detail]})
    refuse_ours(session, [value], fields=["value"])
    hold_keys(session, None, [value])
    customer = lock_survivor(session, customer_id)
    live = live_contacts(session, [customer.id])
    if any(identity_of(each) == value.identity for each in live):
        complaint = "This customer has this contact already."
        raise Refusal(ErrorCode.CONFLICT, complaint, fields={"value": [complaint]})
    origin = Origin(customer_id=customer_id, actor="api")
    [attached] = attach(session, customer.id, [value], origin=origin, now=now)
    contact = attached.contact
    if typed.is_primary:
        make_primary(session, contact, [*live, contact])
    record_change(
        session, "contact.added", actor=actor, now=now, customer_id=customer_id, contact_id=contact.id
    )
    refresh(session, customer, now=now)
    return contact
