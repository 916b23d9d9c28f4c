"""What a person allowed in the form that they sent: for the very values that they typed there, and no other.

Anybody can type anybody's number, as often as they like. So a form lifts a revocation only where the value was this
customer's before it, is theirs alone or verified for them, and nobody else revoked; and never one of all messages, which
only the number itself lifts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store.clusters import survivors_of
from service.store.consent_ledger import events_of_values
from service.store.contacts import holders_of, identity_of
from service.usecases.consent import MARKETING, PURPOSES, Act, Action, ActorKind, Channel, standing_against

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.events import Submission
    from service.store.tables import ConsentEvent, ContactMethod
    from service.usecases.attach import Attached, Origin
    from service.usecases.consent import Identity
    from service.usecases.understand import Reading

#: What each box of the form is about: the field whose value it opens, and for what.
_BOXES: Mapping[str, tuple[str, Channel]] = {
    "sms": ("phone", Channel.SMS),
    "call": ("phone", Channel.CALL),
    "marketing": ("email", Channel.EMAIL),
}


def consents_in_form(
    session: Session,
    submission: Submission,
    reading: Reading,
    attached: Sequence[Attached],
    *,
    origin: Origin,
    occurred_at: datetime,
) -> Iterator[Act]:
    """The acts of a form. A box about a field that was left empty, or that is nobody's of theirs, is about nothing.

    `attached` is what the customer has of the form by now.
    """
    held = {identity_of(each.contact): each for each in attached}
    text = submission.consents.get("text")
    ticked = [each for each in _ticked(submission, reading) if each[0] in held]
    ledger = events_of_values(session, {value for value, *_ in ticked})
    for value, channel, allowed in ticked:
        yield Act(
            value=value,
            channel=channel,
            action=Action.GRANT if allowed else Action.DENY,
            actor_kind=_who_says_so(session, held[value], ledger[value], channel),
            actor="person",
            source=origin.actor,
            text=text if isinstance(text, str) else None,
            evidence={"consents": dict(submission.consents), "client": dict(submission.client)},
            occurred_at=occurred_at,
            customer_id=origin.customer_id,
            event_id=origin.event_id,
        )


def _ticked(submission: Submission, reading: Reading) -> Iterator[tuple[Identity, Channel, bool]]:
    """The value, the channel and the answer of each box that has one."""
    for box, (field, channel) in _BOXES.items():
        allowed, typed = submission.consents.get(box), reading.typed.get(field)
        if isinstance(allowed, bool) and typed is not None:
            yield typed.identity, channel, allowed


def _who_says_so(
    session: Session, theirs: Attached, events: Sequence[ConsentEvent], channel: Channel
) -> ActorKind:
    """The person where the value was theirs before, also before all that stands against the grant; else a claimant."""
    against = [act for purpose in PURPOSES for act in standing_against(events, channel, purpose)]
    is_own = _is_own(session, theirs.contact, against) if against else not theirs.is_new
    return ActorKind.PERSON if is_own else ActorKind.CLAIMANT


def _is_own(session: Session, contact: ContactMethod, against: Sequence[ConsentEvent]) -> bool:
    """True where all of these revocations are of marketing, its customer's and newer than the contact, and so is the value."""
    survivors = survivors_of(session, {each.customer_id for each in against if each.customer_id is not None})
    are_theirs = all(
        each.purpose == MARKETING
        and survivors.get(each.customer_id or "") == contact.customer_id
        and contact.created_at < each.occurred_at
        for each in against
    )
    return are_theirs and (
        contact.is_verified or holders_of(session, identity_of(contact)) == {contact.customer_id}
    )
