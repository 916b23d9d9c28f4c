"""A person's decision on a message that may have been an opt-out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from service.errors import ErrorCode, Refusal
from service.events import Channel as Source
from service.store.audit import record_change
from service.store.doubts import acts_of
from service.store.locks import lock_values
from service.store.tables import DoubtfulMessage, InboxEvent
from service.usecases.consent import CHANNELS, MARKETING, Act, Action, ActorKind, Channel, record_consent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ConsentEvent
    from service.usecases.terms import Terms

#: What the ledger calls it.
SOURCE = "review"
OPT_OUT, NOT_OPT_OUT = "opt_out", "not_opt_out"
#: What stands in the timeline.
DECIDED = "message.decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a person says of a message: `opt_out` or `not_opt_out`."""

    verdict: str
    note: str | None
    actor: str


def settle_doubt(
    session: Session, doubt_id: str, ruling: Ruling, *, terms: Terms, now: datetime
) -> DoubtfulMessage:
    """Let a message count as the opt-out that it is (`opt_out`), or take out what it held (`not_opt_out`).

    An opt-out counts from when it was said, so that a START since then has lifted it. A revocation stays what it is.

    Raises:
        Refusal: there is no such message, someone decided before, or it revoked already (a wrong number).
    """
    doubt = session.get(DoubtfulMessage, doubt_id)
    if doubt is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no message with this id.")
    holds = acts_of(session, [doubt.event_id], actions=[Action.HOLD])
    lock_values(session, {_value(hold) for hold in holds})
    doubt = session.get_one(DoubtfulMessage, doubt_id, with_for_update=True, populate_existing=True)
    if doubt.decided_at is not None:
        raise Refusal(ErrorCode.CONFLICT, f"This message is decided already: {doubt.status}.")
    if ruling.verdict == NOT_OPT_OUT and acts_of(session, [doubt.event_id], actions=[Action.REVOKE]):
        raise Refusal(ErrorCode.CONFLICT, "This message revoked: only a later word of its sender lifts that.")
    acts = _revocations(doubt, holds, terms) if ruling.verdict == OPT_OUT else _releases(holds)
    evidence = {"note": ruling.note} if ruling.note else {}
    record_consent(session, [replace(act, actor=ruling.actor, evidence=evidence) for act in acts], now=now)
    doubt.status, doubt.decided_at = ruling.verdict, now
    doubt.decided_by, doubt.note = ruling.actor, ruling.note
    details = {"event_id": doubt.event_id, "decision": ruling.verdict, "note": ruling.note}
    customer_id = session.get_one(InboxEvent, doubt.event_id).customer_id
    record_change(session, DECIDED, actor=ruling.actor, now=now, customer_id=customer_id, details=details)
    return doubt


def _revocations(doubt: DoubtfulMessage, holds: Sequence[ConsentEvent], terms: Terms) -> Iterator[Act]:
    """What a clear message of the same kind would have revoked, at the time when it was said."""
    purposes = terms.revoked_purposes if doubt.channel == Source.SMS else (MARKETING,)
    for hold in {_value(each): each for each in holds}.values():
        for channel in CHANNELS[hold.type]:
            for purpose in purposes:
                yield _act(hold, Action.REVOKE, channel=channel, purpose=purpose)


def _releases(holds: Sequence[ConsentEvent]) -> Iterator[Act]:
    return (_act(hold, Action.RELEASE, channel=Channel(hold.channel), purpose=hold.purpose) for hold in holds)


def _act(hold: ConsentEvent, action: Action, *, channel: Channel, purpose: str) -> Act:
    return Act(
        value=_value(hold),
        channel=channel,
        action=action,
        actor_kind=ActorKind.STAFF,
        actor="",
        source=SOURCE,
        occurred_at=hold.occurred_at,
        purpose=purpose,
        text=hold.text,
        customer_id=hold.customer_id,
        event_id=hold.event_id,
    )


def _value(act: ConsentEvent) -> tuple[str, str, str]:
    return act.type, act.platform, act.match_value
