"""Contact methods as rows: which are live, which is primary, and what mirrors them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from matching import Provenance
from service.store.bulk import among
from service.store.tables import ContactMethod, ContactSource

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy.orm import Session

#: A contact with this label is somebody who acts for the customer: it never proves who a person is.
ASSISTANT = "assistant"

#: Where the contacts of somebody who answered a prompt for another came from.
BY_PROMPT = "prompt"

#: Where the values of a legacy base came from: no event brought them.
LEGACY = "legacy"


#: From the strongest claim to the weakest: a value keeps the strongest way it ever reached us.
_STRENGTH = list(Provenance)


def strongest(provenances: Iterable[str]) -> Provenance:
    """The strongest of the ways that a value reached us."""
    return min((Provenance(each) for each in provenances), key=_STRENGTH.index)


def values_of(session: Session, customer_ids: Iterable[str]) -> set[tuple[str, str, str]]:
    """The values (type, platform, match value) of the contact methods that these customers have now."""
    rows = session.execute(
        select(ContactMethod.type, ContactMethod.platform, ContactMethod.match_value).where(
            ContactMethod.customer_id.in_(set(customer_ids)),
            ContactMethod.deleted_at.is_(None),
            ContactMethod.collapsed_into_id.is_(None),
        )
    )
    return {(kind, platform, match_value) for kind, platform, match_value in rows}


def live_contacts(session: Session, customer_ids: Collection[str]) -> list[ContactMethod]:
    """The contact methods that these customers have now, oldest first: as they are, whatever was read before a lock."""
    return list(
        session.scalars(
            select(ContactMethod)
            .where(
                ContactMethod.customer_id.in_(customer_ids),
                ContactMethod.deleted_at.is_(None),
                ContactMethod.collapsed_into_id.is_(None),
            )
            .order_by(ContactMethod.created_at, ContactMethod.id)
            .execution_options(populate_existing=True)
        )
    )


def all_contacts(session: Session, customer_id: str) -> list[ContactMethod]:
    """Every contact method of a customer that is not deleted, those hidden behind their twin included; likewise as they are."""
    return list(
        session.scalars(
            select(ContactMethod)
            .where(ContactMethod.customer_id == customer_id, ContactMethod.deleted_at.is_(None))
            .order_by(ContactMethod.created_at, ContactMethod.id)
            .execution_options(populate_existing=True)
        )
    )


def holders_of(session: Session, value: tuple[str, str, str]) -> set[str]:
    """The customers who have a contact value (type, platform, match value) now."""
    kind, platform, match_value = value
    return set(
        session.scalars(
            select(ContactMethod.customer_id).where(
                ContactMethod.match_value == match_value,
                ContactMethod.type == kind,
                ContactMethod.platform == platform,
                ContactMethod.deleted_at.is_(None),
            )
        )
    )


def standing_for(session: Session, contact_ids: Collection[str]) -> dict[str, str]:
    """For each of `contact_ids` that stands behind its twin: the twin's id."""
    if not contact_ids:
        return {}
    rows = session.execute(
        select(ContactMethod.id, ContactMethod.collapsed_into_id).where(
            ContactMethod.id.in_(contact_ids), ContactMethod.collapsed_into_id.is_not(None)
        )
    )
    return {contact_id: twin_id for contact_id, twin_id in rows if twin_id is not None}


class Told(NamedTuple):
    """What a contact method says of its customer."""

    customer_id: str
    type: str
    platform: str
    value: str
    match_value: str
    label: str
    provenance: str
    is_verified: bool
    is_normalized: bool
    collapsed_into_id: str | None


def told_of(session: Session, customer_ids: Collection[str]) -> list[Told]:
    """Every contact method of these customers that is not deleted, those behind their twin included, oldest first."""
    columns = [getattr(ContactMethod, name) for name in Told._fields]
    rows = session.execute(
        select(*columns)
        .where(among(ContactMethod.customer_id, customer_ids), ContactMethod.deleted_at.is_(None))
        .order_by(ContactMethod.created_at, ContactMethod.id)
    )
    return [Told(*row) for row in rows]


def identity_of(contact: ContactMethod | Told) -> tuple[str, str, str]:
    """What makes two contact methods of a customer the same one."""
    return contact.type, contact.platform, contact.match_value


def may_stand_for(contact: ContactMethod) -> bool:
    """False for what somebody who answered "I'm booking for them" left: nobody but a person makes that a primary."""
    return not (contact.label == ASSISTANT and contact.source == BY_PROMPT)


def best_primary(contacts: Iterable[ContactMethod]) -> ContactMethod | None:
    """Who becomes primary where nobody said: the customer's own before an assistant's, verified, deliverable, most used, oldest.

    Of equals, the first; None where nothing may stand for the customer.
    """
    return min(
        filter(may_stand_for, contacts),
        key=lambda each: (
            each.label == ASSISTANT,
            not each.is_verified,
            not (each.is_valid and each.is_normalized),
            -each.usage_count,
            each.created_at,
        ),
        default=None,
    )


def sources_by_contact(session: Session, contact_ids: Collection[str]) -> dict[str, list[ContactSource]]:
    """What brought each of `contact_ids`."""
    found: dict[str, list[ContactSource]] = {contact_id: [] for contact_id in contact_ids}
    for source in session.scalars(select(ContactSource).where(ContactSource.contact_id.in_(contact_ids))):
        found[source.contact_id].append(source)
    return found
