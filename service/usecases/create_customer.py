"""Creating a customer by hand, with the contact methods that the caller knows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from service.store.audit import record_change
from service.store.contacts import live_contacts
from service.store.tables import Customer, new_id
from service.usecases.attach import Origin, attach
from service.usecases.holding import hold_keys
from service.usecases.primaries import make_primary
from service.usecases.refresh import refresh
from service.usecases.set_aside import refuse_ours
from service.usecases.typed_contacts import read_contacts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.usecases.typed_contacts import TypedContact


def create_customer(
    session: Session,
    *,
    name: str,
    contacts: Sequence[TypedContact],
    region: str,
    actor: str,
    now: datetime,
) -> Customer:
    """Create a customer who holds `contacts`; of each type the one called primary is, else the first.

    Raises:
        Refusal: some contacts cannot be read, or are ours; `fields` names each (`contacts.0.value`).
    """
    values = read_contacts(contacts, region=region)
    refuse_ours(session, values, fields=[f"contacts.{place}.value" for place in range(len(values))])
    hold_keys(session, name, values)
    customer = Customer(id=new_id(), name=name.strip(), created_at=now, updated_at=now)
    session.add(customer)
    session.flush()
    origin = Origin(customer_id=customer.id, actor="api")
    attached = attach(session, customer.id, values, origin=origin, now=now)
    live = live_contacts(session, [customer.id])
    for each, typed in zip(attached, contacts, strict=True):
        if typed.is_primary:
            make_primary(session, each.contact, live)
    write_down = partial(record_change, session, actor=actor, now=now, customer_id=customer.id)
    write_down("customer.created")
    for each in attached:
        write_down("contact.added", contact_id=each.contact.id)
    refresh(session, customer, now=now)
    return customer
