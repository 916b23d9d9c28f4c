"""Contact methods as a caller of the API types them: normalized and labelled, or with a sentence on what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching import (
    Label,
    LabelName,
    Provenance,
    Rejected,
    label_from_context,
    normalize_email,
    normalize_handle,
    normalize_phone,
)
from service.errors import ErrorCode, Refusal
from service.usecases.understand import contact_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matching import Email, Handle, Phone
    from service.usecases.understand import ContactValue


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedContact:
    """A contact method as a caller of the API gives it, before it is normalized."""

    type: str
    value: str
    platform: str | None = None
    label: str | None = None
    is_primary: bool | None = None


def read_contact(contact: TypedContact, *, region: str) -> ContactValue | Rejected:
    """Normalize and label one contact, or say why it cannot be."""
    value = _normalize(contact, region)
    if isinstance(value, Rejected):
        return value
    return contact_value(value, label=_label(contact), provenance=Provenance.ASSERTED, raw=contact.value)


def complaints_about_contacts(
    contacts: Sequence[TypedContact | None], *, region: str
) -> dict[str, list[str]]:
    """What is wrong with a list of contacts, by place and field; None stands for one whose shape is wrong already."""
    read = [None if contact is None else read_contact(contact, region=region) for contact in contacts]
    complaints = {
        f"{place}.value": [each.detail] for place, each in enumerate(read) if isinstance(each, Rejected)
    }
    seen: set[tuple[str, str, str]] = set()
    called: set[str] = set()
    for place, (contact, value) in enumerate(zip(contacts, read, strict=True)):
        if contact is None or value is None or isinstance(value, Rejected):
            continue
        if value.identity in seen:
            complaints[f"{place}.value"] = ["The same contact is given twice."]
        if contact.is_primary and contact.type in called:
            complaints[f"{place}.is_primary"] = ["Only one contact of a type can be the primary."]
        seen.add(value.identity)
        called.update([contact.type] if contact.is_primary else [])
    return complaints


def read_contacts(contacts: Sequence[TypedContact], *, region: str) -> list[ContactValue]:
    """Normalize every contact.

    Raises:
        Refusal: some cannot be used; `fields` names each (`contacts.0.value`).
    """
    complaints = complaints_about_contacts(contacts, region=region)
    if complaints:
        fields = {f"contacts.{place}": said for place, said in complaints.items()}
        raise Refusal(ErrorCode.INVALID, "Some contacts cannot be used.", fields=fields)
    read = [read_contact(contact, region=region) for contact in contacts]
    return [value for value in read if not isinstance(value, Rejected)]


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
    email = contact.value if contact.type == "email" else None
    return label_from_context(handle=handle, email=email)
