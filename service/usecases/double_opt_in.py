"""Double opt-in: a mailbox is asked, and only a button behind the link that was sent there grants.

The link names the question in the ledger. It lives for a week, and a revocation that came after the question ends it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from service.errors import ErrorCode, Refusal
from service.store.consent_ledger import events_of_values
from service.store.contacts import identity_of
from service.store.locks import lock_values
from service.store.tables import ConsentEvent
from service.usecases.consent import (
    Act,
    Action,
    ActorKind,
    Channel,
    State,
    marketing_state,
    record_consent,
)
from service.usecases.holding import hold_contact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

#: Type, platform and match value of a contact.
Identity: TypeAlias = "tuple[str, str, str]"

#: How long the link that was sent can be used.
LINK_LIFE = timedelta(days=7)
#: How soon a mailbox may be asked again.
PATIENCE = timedelta(days=1)
SOURCE = "double_opt_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a mailbox is asked to agree to: the exact `text`, and what else is known of where it was shown."""

    text: str
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that is to be sent to a mailbox."""

    id: str
    customer_id: str
    to: str
    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """What the page behind a link has to say: `open`, `granted` or `closed`; and what is agreed to."""

    state: str
    text: str


def ask_for_consent(
    session: Session, customer_id: str, contact_id: str, wish: Wish, *, actor: str, now: datetime
) -> Question:
    """Write down that a mailbox is asked; sending the question is the caller's.

    Raises:
        Refusal: there is no such contact, it is no email, it has agreed or revoked, or was asked a moment ago.
    """
    contact = hold_contact(session, customer_id, contact_id).contact
    value = identity_of(contact)
    if contact.type != "email":
        complaint = "Only an email can be asked by email."
        raise Refusal(ErrorCode.INVALID, complaint, fields={"contact_id": [complaint]})
    _refuse_unless_askable(events_of_values(session, {value})[value], now)
    act = _act(value, Action.REQUEST, ActorKind.STAFF, actor, now, wish, contact.origin_customer_id)
    record_consent(session, [act], now=now)
    [asked] = [each for each in _requests(session, value) if each.occurred_at == now]
    return Question(
        id=asked.id,
        customer_id=contact.customer_id,
        to=contact.value,
        text=wish.text,
        expires_at=now + LINK_LIFE,
    )


def _refuse_unless_askable(events: Sequence[ConsentEvent], now: datetime) -> None:
    state = marketing_state(events, Channel.EMAIL)
    if state is State.REVOKED:
        raise Refusal(ErrorCode.CONFLICT, "This was revoked; whoever revoked is not asked again.")
    if state is State.GRANTED:
        raise Refusal(ErrorCode.CONFLICT, "This is granted already.")
    asked = [each.occurred_at for each in events if each.action == Action.REQUEST]
    if state is State.PENDING and asked and now - max(asked) < PATIENCE:
        raise Refusal(ErrorCode.CONFLICT, "This mailbox was asked less than a day ago.")


def withdraw(session: Session, question_id: str, *, why: str, now: datetime) -> None:
    """Take back a question that was not sent: the mailbox is as free to be asked as it was before."""
    question = session.get_one(ConsentEvent, question_id)
    lock_values(session, [_value(question)])
    wish = Wish(text=question.text or "", more={"question_id": question.id, "not_sent": why})
    kind = ActorKind(question.actor_kind)
    act = _act(_value(question), Action.DENY, kind, question.actor, now, wish, question.customer_id)
    record_consent(session, [act], now=now)


def read_question(session: Session, question_id: str, *, now: datetime) -> LinkState:
    """What the page behind a link has to say; nothing is changed by looking.

    Raises:
        Refusal: there is no such question.
    """
    question = session.get(ConsentEvent, question_id)
    if question is None or question.action != Action.REQUEST:
        raise Refusal(ErrorCode.NOT_FOUND, "There is nothing to confirm here.")
    value = _value(question)
    events = events_of_values(session, {value})[value]
    # What came after the question answers it, whoever said it.
    since = [each for each in events if each.occurred_at >= question.occurred_at and each is not question]
    if any(_answers(each, question) for each in since):
        is_standing = marketing_state(events, Channel.EMAIL) is State.GRANTED
        return LinkState(state="granted" if is_standing else "closed", text=question.text or "")
    is_ended = any(each.action in {Action.REVOKE, Action.HOLD, Action.DENY} for each in since)
    is_open = not is_ended and now < question.occurred_at + LINK_LIFE
    return LinkState(state="open" if is_open else "closed", text=question.text or "")


def confirm(session: Session, question_id: str, *, client: Mapping[str, str], now: datetime) -> None:
    """The button behind the link was pressed: whoever reads the mailbox agrees. Pressed again, it changes nothing.

    Raises:
        Refusal: there is no such question, or it can no longer be answered.
    """
    question = session.get(ConsentEvent, question_id)
    if question is not None:
        lock_values(session, [_value(question)])
    state = read_question(session, question_id, now=now).state
    if state == "closed":
        raise Refusal(ErrorCode.GONE, "This link can no longer be used.")
    if state == "open" and question is not None:
        wish = Wish(text=question.text or "", more={"question_id": question.id, **client})
        act = _act(
            _value(question), Action.GRANT, ActorKind.PERSON, "person", now, wish, question.customer_id
        )
        record_consent(session, [act], now=now)


def _answers(event: ConsentEvent, question: ConsentEvent) -> bool:
    return event.action == Action.GRANT and event.evidence.get("question_id") == question.id


def _requests(session: Session, value: Identity) -> list[ConsentEvent]:
    return [each for each in events_of_values(session, {value})[value] if each.action == Action.REQUEST]


def _value(event: ConsentEvent) -> Identity:
    return event.type, event.platform, event.match_value


def _act(  # noqa: PLR0913, PLR0917 - an act has these parts
    value: Identity,
    action: Action,
    actor_kind: ActorKind,
    actor: str,
    now: datetime,
    wish: Wish,
    customer_id: str | None,
) -> Act:
    return Act(
        value=value,
        channel=Channel.EMAIL,
        action=action,
        actor_kind=actor_kind,
        actor=actor,
        source=SOURCE,
        text=wish.text,
        evidence=dict(wish.more),
        occurred_at=now,
        customer_id=customer_id,
    )
