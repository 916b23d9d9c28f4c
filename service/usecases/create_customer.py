"""Creating a customer by hand, with the contact methods that the caller knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching import (
    Label,
    LabelName,
    PersonName,
    Provenance,
    Rejected,
    block_keys,
    label_from_context,
    normalize_email,
    normalize_handle,
    normalize_name,
    normalize_phone,
)
from service.errors import ErrorCode, Refusal
from service.store.contacts import ASSISTANT
from service.store.locks import lock_keys
from service.store.tables import Customer, new_id
from service.usecases.attach import Origin, attach
from service.usecases.refresh import refresh
from service.usecases.set_aside import refuse_ours
from service.usecases.understand import contact_value, record_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from matching import Email, Handle, Phone
    from service.usecases.attach import Attached
    from service.usecases.understand import ContactValue


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedContact:
    """A contact method as a caller of the API gives it, before it is normalized."""

    type: str
    value: str
    platform: str | None = None
    label: str | None = None
    is_primary: bool | None = None


def create_customer(
    session: Session, *, name: str, contacts: Sequence[TypedContact], region: str, now: datetime
) -> Customer:
    """Create a customer who holds `contacts`.

    Raises:
        Refusal: some contacts cannot be read, or are ours; `fields` names each (`contacts.0.value`).
    """
    values = read_contacts(contacts, region=region)
    fields = [f"contacts.{place}.value" for place in range(len(values))]
    refuse_ours(session, values, fields=fields)
    _wait_for_rivals(session, name, values)
    customer = Customer(id=new_id(), name=name.strip(), created_at=now, updated_at=now)
    session.add(customer)
    session.flush()
    origin = Origin(customer_id=customer.id, actor="api")
    attached = attach(session, customer.id, values, origin=origin, now=now)
    _choose_primaries(session, attached, contacts)
    refresh(session, customer, now=now)
    return customer


def _wait_for_rivals(session: Session, name: str, values: Sequence[ContactValue]) -> None:
    """Hold the keys of the new customer, so that an event of the same person sees them."""
    parsed = normalize_name(name, provenance=Provenance.ASSERTED)
    names = [parsed] if isinstance(parsed, PersonName) else []
    lock_keys(session, (key.hash for key in block_keys(record_of(values, names))))


def read_contacts(contacts: Sequence[TypedContact], *, region: str) -> list[ContactValue]:
    """Normalize every contact, or say of each that cannot be read why."""
    values, complaints = [], {}
    for place, contact in enumerate(contacts):
        value = _normalize(contact, region)
        if isinstance(value, Rejected):
            complaints[f"contacts.{place}.value"] = [value.detail]
        else:
            values.append(
                contact_value(value, label=_label(contact), provenance=Provenance.ASSERTED, raw=contact.value)
            )
    called = [contact.type for contact in contacts if contact.is_primary]
    if len(set(called)) < len(called):
        complaints["contacts"] = ["Only one contact of a type can be the primary."]
    identities = [value.identity for value in values]
    if not complaints and len(set(identities)) < len(identities):
        complaints["contacts"] = ["The same contact is given twice."]
    if complaints:
        raise Refusal(ErrorCode.INVALID, "Some contacts cannot be used.", fields=complaints)
    return values


def _normalize(contact: TypedContact, region: str) -> Phone | Email | Handle | Rejected:
    match contact.type:
        case "phone":
            return normalize_phone(contact.value, region=region, provenance=Provenance.ASSERTED)
        case "email":
            return normalize_email(contact.value, provenance=Provenance.ASSERTED)
        case _:
            return normalize_handle(
                contact.value, platform=contact.platform or "", provenance=Provenance.ASSERTED
            )


def _label(contact: TypedContact) -> Label:
    if contact.label:
        return Label(label=LabelName(contact.label), reason="set through the API")
    handle = contact.value if contact.type == "social" else None
    return label_from_context(handle=handle)


def _choose_primaries(
    session: Session, attached: Sequence[Attached], contacts: Sequence[TypedContact]
) -> None:
    """The first contact of a type that the caller calls primary is; where none is called so, the first stays it."""
    wanted: dict[str, str] = {}
    for each, typed in zip(attached, contacts, strict=True):
        if typed.is_primary and each.contact.label != ASSISTANT:
            wanted.setdefault(each.contact.type, each.contact.id)
    for each in attached:
        if each.contact.type in wanted:
            each.contact.is_primary = False
    session.flush()
    for each in attached:
        if wanted.get(each.contact.type) == each.contact.id:
            each.contact.is_primary = True
    session.flush()
