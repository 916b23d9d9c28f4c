"""What a person asked to stop in a conversation is stopped also for the numbers that turn out to be theirs only by a merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.events import Channel as Source
from service.store.clusters import members_of
from service.store.consent_ledger import acts_of_messages
from service.store.contacts import ASSISTANT, identity_of, live_contacts
from service.usecases.consent import CHANNELS, Act, Action, ActorKind, record_consent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ConsentEvent, Merge

_CONVERSATIONS = [each.value for each in Source if each.is_conversation]


def carry_stops(session: Session, record: Merge, *, now: datetime) -> None:
    """Write down, for every number that a merge brought together, each standing stop of a message of either side.

    It counts from when it was said: a START of the number since then has lifted it. Undoing the merge leaves it, since it
    hangs on the number.
    Whoever calls holds the values of both.
    """
    acts = []
    numbers = [
        each
        for each in live_contacts(session, [record.survivor_id])
        if each.type == "phone" and each.label != ASSISTANT
    ]
    cluster = members_of(session, [record.survivor_id])
    for said in acts_of_messages(session, cluster, sources=_CONVERSATIONS).values():
        stop = _standing(said)
        known = {(each.type, each.platform, each.match_value) for each in said}
        acts += [
            Act(
                value=identity_of(number),
                channel=channel,
                action=Action(stop.action),
                actor_kind=ActorKind.PERSON,
                actor=stop.actor,
                source=stop.source,
                text=stop.text,
                evidence={"merge_id": record.id},
                occurred_at=stop.occurred_at,
                customer_id=number.origin_customer_id,
                event_id=stop.event_id,
            )
            for number in numbers
            if stop is not None and identity_of(number) not in known
            for channel in CHANNELS[number.type]
        ]
    record_consent(session, acts, now=now)


def _standing(said: Sequence[ConsentEvent]) -> ConsentEvent | None:
    """What one message comes to: the revocation that it is, the hold that waits for a person, or nothing once released."""
    by_action = {Action(each.action): each for each in reversed(said)}
    if Action.REVOKE in by_action:
        return by_action[Action.REVOKE]
    return None if Action.RELEASE in by_action else by_action.get(Action.HOLD)
