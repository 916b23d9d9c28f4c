"""The link that every newsletter carries: pressing its button, or a mail program's, revokes for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.errors import ErrorCode, Refusal
from service.store.consent_ledger import events_of_values
from service.store.contacts import identity_of
from service.store.locks import lock_values
from service.store.tables import CampaignRecipient, ContactMethod
from service.usecases.consent import (
    MARKETING,
    Act,
    Action,
    ActorKind,
    Channel,
    State,
    is_revoked_for_good,
    marketing_state,
    record_consent,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ConsentEvent

#: What the ledger calls it.
SOURCE = "unsubscribe_link"


def is_unsubscribed(session: Session, recipient_id: str) -> bool:
    """Say whether the address that a newsletter went to gets none any more; nothing is changed by looking.

    Raises:
        Refusal: there is no such recipient.
    """
    _, contact = _found(session, recipient_id)
    return marketing_state(_events(session, contact), Channel.EMAIL) is State.REVOKED


def unsubscribe(session: Session, recipient_id: str, *, client: Mapping[str, str], now: datetime) -> None:
    """Revoke newsletters to the address that one went to, whoever has it; again, it changes nothing.

    A hold is no reason not to: a person may release it, and does not know of this.

    `client` is who pressed, a person or their mail program, as evidence.

    Raises:
        Refusal: there is no such recipient.
    """
    row, contact = _found(session, recipient_id)
    lock_values(session, [identity_of(contact)])
    if is_revoked_for_good(_events(session, contact), Channel.EMAIL, MARKETING):
        return
    act = Act(
        value=identity_of(contact),
        channel=Channel.EMAIL,
        action=Action.REVOKE,
        actor_kind=ActorKind.PERSON,
        actor="person",
        source=SOURCE,
        evidence={"campaign_id": row.campaign_id, **client},
        occurred_at=now,
        customer_id=contact.origin_customer_id,
    )
    record_consent(session, [act], now=now)


def _events(session: Session, contact: ContactMethod) -> Sequence[ConsentEvent]:
    identity = identity_of(contact)
    return events_of_values(session, {identity})[identity]


def _found(session: Session, recipient_id: str) -> tuple[CampaignRecipient, ContactMethod]:
    row = session.get(CampaignRecipient, recipient_id)
    if row is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is nothing to unsubscribe from here.")
    return row, session.get_one(ContactMethod, row.contact_id)
