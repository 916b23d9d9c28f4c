"""Consent: an append-only ledger per contact value, channel and purpose; the `can_*` columns are its projection.

The rules: revoking wins over everything; a grant never moves to another value; nothing is granted by importing, merging or
resolving. Staff may write down a grant, with evidence, where nothing is known; they never lift a revocation, nor does a form
of somebody who only calls the value theirs: only the person does, by a later word of their own. What a doubtful message
holds is stopped like a revocation; staff who find that it was none take out that hold, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from service.store.consent_ledger import append, events_of_values, rows_of_values
from service.store.contacts import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ConsentEvent, ContactMethod

#: Type, platform and match value of a contact.
Identity: TypeAlias = "tuple[str, str, str]"

MARKETING = "marketing"
TRANSACTIONAL = "transactional"
PURPOSES = (MARKETING, TRANSACTIONAL)


class Channel(StrEnum):
    """How somebody is written to or called."""

    SMS = "sms"
    CALL = "call"
    EMAIL = "email"
    DM = "dm"


class Action(StrEnum):
    """What was said, or asked (`request`). `deny` is a box left empty: it ends a permission, and binds nobody.

    `reinstate` is a START where nothing was granted before the STOP: it ends the revocation, and grants nothing. `hold` is
    a message that may be an opt-out; `release` says of the same message that it was none, as if it had never been.
    """

    REQUEST = "request"
    REINSTATE = "reinstate"
    GRANT = "grant"
    DENY = "deny"
    HOLD = "hold"
    RELEASE = "release"
    REVOKE = "revoke"


#: Of acts at one moment the strictest is heard last.
_STRICTNESS = (Action.REQUEST, Action.REINSTATE, Action.GRANT, Action.DENY, Action.HOLD, Action.REVOKE)


class ActorKind(StrEnum):
    """Who said it: the person whose contact it is, whoever calls it theirs in a form, or somebody of the business for them."""

    PERSON = "person"
    CLAIMANT = "claimant"
    STAFF = "staff"


class State(StrEnum):
    """What is allowed by now."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    GRANTED = "granted"
    REVOKED = "revoked"


#: The flag of a contact of each type, and the channel that it opens for marketing.
FLAGS: Mapping[str, Mapping[str, Channel]] = {
    "phone": {"can_sms": Channel.SMS, "can_call": Channel.CALL},
    "email": {"can_marketing": Channel.EMAIL},
    "social": {"can_marketing": Channel.DM},
}


#: What the ledger calls a sender whom a platform vouches for: they are heard also where nothing else of them is known.
SENDER = "sender"
#: What may be sent to a contact of each type, or to a sender, and is asked to stop.
CHANNELS: Mapping[str, Sequence[Channel]] = {
    **{kind: tuple(flags.values()) for kind, flags in FLAGS.items()},
    SENDER: (Channel.DM,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that somebody allowed or forbade, before it is written down. `evidence` is kept as it came."""

    value: Identity
    channel: Channel
    action: Action
    actor_kind: ActorKind
    actor: str
    source: str
    occurred_at: datetime
    purpose: str = MARKETING
    text: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    customer_id: str | None = None
    event_id: str | None = None


def state_of(events: Iterable[ConsentEvent]) -> State:
    """What the acts on one value, channel and purpose come to, in whatever order they were written down."""
    return _states(events)[-1]


def lifted_by(events: Sequence[ConsentEvent], channel: Channel, purpose: str) -> Action:
    """The act that ends a revocation and leaves allowed what was allowed before it, and no more."""
    states = _states(each for each in events if (each.channel, each.purpose) == (channel, purpose))
    before = next((each for each in reversed(states) if each is not State.REVOKED), State.UNKNOWN)
    return Action.GRANT if before is State.GRANTED else Action.REINSTATE


def standing_against(events: Iterable[ConsentEvent], channel: Channel, purpose: str) -> list[ConsentEvent]:
    """Every revocation that was not lifted since: a grant has to be stronger than each of them."""
    standing: list[ConsentEvent] = []
    for act, state in _course(each for each in events if (each.channel, each.purpose) == (channel, purpose)):
        if state is not State.REVOKED:
            standing.clear()
        elif act.action in {Action.REVOKE, Action.HOLD}:
            standing.append(act)
    return standing


def is_revoked_for_good(events: Sequence[ConsentEvent], channel: Channel, purpose: str) -> bool:
    """True where more stands against it than holds, which a person may release."""
    standing = (standing_against(events, channel, each) for each in {purpose, TRANSACTIONAL})
    return any(act.action == Action.REVOKE for acts in standing for act in acts)


def last_ended(events: Iterable[ConsentEvent], channel: Channel, purpose: str) -> datetime | None:
    """When it was last said that nothing is to be sent: a grant that was said before that allows nothing."""
    ending = {Action.DENY, Action.HOLD, Action.REVOKE}
    said = _course(each for each in events if (each.channel, each.purpose) == (channel, purpose))
    return max((act.occurred_at for act, _ in said if act.action in ending), default=None)


def _states(events: Iterable[ConsentEvent]) -> list[State]:
    """What acts come to, one after the other, in the order in which they were said."""
    return [State.UNKNOWN, *(state for _, state in _course(events))]


def _course(events: Iterable[ConsentEvent]) -> Iterator[tuple[ConsentEvent, State]]:
    """Acts in the order in which they were said, each with what all until then come to."""
    state = State.UNKNOWN
    for each in sorted(
        _standing(events), key=lambda event: (event.occurred_at, _STRICTNESS.index(event.action))
    ):
        state = _after(state, Action(each.action), ActorKind(each.actor_kind))
        yield each, state


def _standing(events: Iterable[ConsentEvent]) -> list[ConsentEvent]:
    """Acts without the holds that were released."""
    listed = list(events)
    released = {each.event_id for each in listed if each.action == Action.RELEASE}
    return [
        each
        for each in listed
        if each.action != Action.RELEASE and not (each.action == Action.HOLD and each.event_id in released)
    ]


def _after(state: State, action: Action, actor: ActorKind) -> State:
    match action:
        case Action.REVOKE | Action.HOLD:
            return State.REVOKED
        case Action.GRANT if state is not State.REVOKED or actor is ActorKind.PERSON:
            return State.GRANTED
        case Action.REINSTATE if state is State.REVOKED and actor is ActorKind.PERSON:
            return State.UNKNOWN
        case Action.DENY if state is not State.REVOKED:
            return State.UNKNOWN
        case Action.REQUEST if state is State.UNKNOWN:
            return State.PENDING
    return state


def record_consent(session: Session, acts: Sequence[Act], *, now: datetime) -> None:
    """Write acts down, and bring every row that has one of their values up to them.

    Whoever calls holds the keys of the values (store.locks).
    """
    append(session, [_described(act) for act in acts], now=now)
    project(session, rows_of_values(session, {act.value for act in acts}))


def project(session: Session, contacts: Sequence[ContactMethod]) -> None:
    """Set the flags of `contacts` to what the ledger says of their values."""
    ledger = events_of_values(session, {identity_of(contact) for contact in contacts})
    for contact in contacts:
        for flag, allowed in flags_of(contact.type, ledger.get(identity_of(contact), [])).items():
            setattr(contact, flag, allowed)
    session.flush()


def flags_of(kind: str, events: Sequence[ConsentEvent]) -> dict[str, bool]:
    """The `can_*` flags of a contact of type `kind` whose value has these acts."""
    flags = {flag: marketing_state(events, channel) is State.GRANTED for flag, channel in FLAGS[kind].items()}
    if kind == "phone":
        flags["can_marketing"] = any(flags.values())
    return flags


def states_of(kind: str, events: Sequence[ConsentEvent]) -> list[dict[str, str]]:
    """What is allowed by now to a contact of type `kind`, for each channel that it has and each purpose."""
    return [
        {"channel": channel.value, "purpose": purpose, "state": state_on(events, channel, purpose).value}
        for channel in FLAGS[kind].values()
        for purpose in PURPOSES
    ]


def marketing_state(events: Sequence[ConsentEvent], channel: Channel) -> State:
    """What acts on one value come to for marketing on a channel."""
    return state_on(events, channel, MARKETING)


def state_on(events: Sequence[ConsentEvent], channel: Channel, purpose: str) -> State:
    """What acts on one value come to for one channel and purpose: where nothing may be sent at all, no marketing either."""
    states = {
        each: state_of(event for event in events if (event.channel, event.purpose) == (channel, each))
        for each in {purpose, TRANSACTIONAL}
    }
    is_barred = states[TRANSACTIONAL] is State.REVOKED
    return State.REVOKED if is_barred else states[purpose]


def _described(act: Act) -> dict[str, Any]:
    kind, platform, match_value = act.value
    return {
        "type": kind,
        "platform": platform,
        "match_value": match_value,
        "channel": act.channel.value,
        "purpose": act.purpose,
        "action": act.action.value,
        "actor_kind": act.actor_kind.value,
        "actor": act.actor,
        "source": act.source,
        "text": act.text,
        "evidence": dict(act.evidence),
        "customer_id": act.customer_id,
        "event_id": act.event_id,
        "occurred_at": act.occurred_at,
    }
