"""What a person allowed in the form that they sent: for the very values that they typed there, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.usecases.consent import Act, Action, ActorKind, Channel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from service.events import Submission
    from service.usecases.attach import Origin
    from service.usecases.understand import Reading

#: What each box of the form is about: the field whose value it opens, and for what.
_BOXES: Mapping[str, tuple[str, Channel]] = {
    "sms": ("phone", Channel.SMS),
    "call": ("phone", Channel.CALL),
    "marketing": ("email", Channel.EMAIL),
}


def consents_in_form(
    submission: Submission,
    reading: Reading,
    *,
    origin: Origin,
    occurred_at: datetime,
    known: Collection[tuple[str, str, str]],
) -> Iterator[Act]:
    """The acts of a form. A box about a field that was left empty, or that is nobody's of theirs, is about nothing.

    `known` are the values that the customer had before: of any other it is only claimed that it is theirs.
    """
    held = {contact.identity for contact in reading.contacts}
    text = submission.consents.get("text")
    for box, (field, channel) in _BOXES.items():
        allowed, contact = submission.consents.get(box), reading.typed.get(field)
        if not isinstance(allowed, bool) or contact is None or contact.identity not in held:
            continue
        yield Act(
            value=contact.identity,
            channel=channel,
            action=Action.GRANT if allowed else Action.DENY,
            actor_kind=ActorKind.PERSON if contact.identity in known else ActorKind.CLAIMANT,
            actor="person",
            source=origin.actor,
            text=text if isinstance(text, str) else None,
            evidence={"consents": dict(submission.consents), "client": dict(submission.client)},
            occurred_at=occurred_at,
            customer_id=origin.customer_id,
            event_id=origin.event_id,
        )
