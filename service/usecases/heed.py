"""Doing what a message asks for: to stop, to begin again, to help; and taking the answer to a question that is open.

Whoever says stop by text is heard for the number that they wrote from; by direct message (WhatsApp and RCS too), for
every number and account that we know to be theirs; by email, for their address and the numbers of whoever has it; in a form, for what they typed
there. What turns out to be theirs only later is stopped then (usecases.carry_stops). In doubt marketing stops, and a
person is asked to look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import select

from service.events import Channel as Source
from service.store.audit import record_change
from service.store.consent_ledger import events_of_values, rows_of_values
from service.store.contacts import ASSISTANT, holders_of, identity_of, live_contacts
from service.store.inserting import insert_once
from service.store.locks import lock_all_values
from service.store.own_and_blocked import EXACT
from service.store.proposals import open_prompts_of
from service.store.tables import BlockedValue, Booking, DoubtfulMessage, new_id
from service.usecases.answer import answer
from service.usecases.consent import (
    CHANNELS,
    MARKETING,
    PURPOSES,
    SENDER,
    Act,
    Action,
    ActorKind,
    Channel,
    State,
    lifted_by,
    record_consent,
    state_on,
)
from service.usecases.propose import proposals_of
from service.usecases.wording import Wording, is_answer, read_wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.events import Submission
    from service.store.tables import ConsentEvent, ContactMethod
    from service.usecases.terms import Terms
    from service.usecases.understand import Reading

#: Type, platform and match value of a contact.
Identity: TypeAlias = "tuple[str, str, str]"

#: One confirmation of a stop is presumed to be wanted when it comes this soon (47 CFR 64.1200(a)(12)).
CONFIRMATION_WINDOW = timedelta(minutes=5)
#: What stands in the timeline where a person has to look.
NEEDS_PERSON = "message.needs_person"

_STOPPING = frozenset({Wording.STOP, Wording.CANCEL, Wording.UNCLEAR, Wording.WRONG_NUMBER})
_FOR_A_PERSON = frozenset({Wording.UNCLEAR, Wording.WRONG_NUMBER})
_LIFTING = frozenset({Action.GRANT, Action.REINSTATE})
_KEYWORDS: Mapping[str, Wording] = {"STOP": Wording.STOP, "START": Wording.START, "HELP": Wording.HELP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a message asks for, or answers (yes, no); `is_answered` where the platform has answered it already."""

    wording: Wording | None = None
    answer: str | None = None
    is_answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message with all that is needed to heed it."""

    submission: Submission
    reading: Reading
    heard: Heard
    event_id: str
    said_at: datetime
    received_at: datetime
    terms: Terms

    @property
    def number(self) -> Identity | None:
        """The number that a text came from, where it is one that can be called."""
        return _number_of(self.submission, self.reading)


def _number_of(submission: Submission, reading: Reading) -> Identity | None:
    typed = reading.typed.get("phone")
    return typed.identity if typed is not None and submission.channel is Source.SMS else None


def disowned_number(submission: Submission, reading: Reading) -> Identity | None:
    """The number that a text came from, where its holder says that it is not who we write to."""
    number = _number_of(submission, reading)
    return number if number and hear(submission).wording is Wording.WRONG_NUMBER else None


def hear(submission: Submission) -> Heard:
    """What a message asks for. A keyword that the platform recognized counts whatever the text says."""
    told = _KEYWORDS.get((submission.keyword or "").upper())
    answers = [word for word in ("yes", "no") if is_answer(submission.text, word)]
    return Heard(
        wording=told or read_wording(submission.text),
        answer=answers[0] if answers and submission.channel is Source.SMS else None,
        is_answered=told is not None,
    )


def hold_beyond(session: Session, message: Message, *, now: datetime) -> None:
    """Hold every value where a message reaches further than what it brings: whose they are is known only later."""
    stops_all = message.submission.channel.is_conversation and message.heard.wording in _STOPPING
    if stops_all or _open_questions(session, message, now):
        lock_all_values(session)


def answer_open_question(session: Session, message: Message, *, now: datetime) -> Message:
    """Take a yes or a no for the answer to the one question that is open for its number: then it opts nobody in."""
    prompts = _open_questions(session, message, now)
    word = message.heard.answer
    if not prompts or word is None:
        return message
    choices = [each for each in proposals_of(session, prompts[0].id) if each.status == "pending"]
    if len(prompts) == 1 and (word == "no" or len(choices) == 1):
        answer(session, prompts[0].id, word=word, candidate_key=None, now=now)
    return replace(message, heard=replace(message.heard, wording=None))


def _open_questions(session: Session, message: Message, now: datetime) -> list[Any]:
    if message.heard.answer is None or message.number is None:
        return []
    return open_prompts_of(session, message.number, now=now)


def set_wrong_number_aside(session: Session, message: Message, *, now: datetime) -> None:
    """Let a number prove nothing, and serve nobody who had it, once its holder says that it is not who we write to."""
    value = message.number
    if message.heard.wording is not Wording.WRONG_NUMBER or value is None:
        return
    kind, platform, match_value = value
    row = {"type": kind, "platform": platform, "kind": EXACT, "value": match_value}
    listed = {
        **row,
        "id": new_id(),
        "reason": "a reply says wrong number",
        "source": "reply",
        "created_at": now,
    }
    if insert_once(session, BlockedValue, listed):
        details = {**row, "id": listed["id"]}
        record_change(session, "blocked_value.added", actor=Source.SMS.value, now=now, details=details)
    for contact in rows_of_values(session, {value}):
        contact.is_valid, contact.updated_at = False, now
    session.flush()


def heed(session: Session, message: Message, *, customer_id: str, now: datetime) -> dict[str, Any] | None:
    """Do what a message of this customer asks for. What a text is to be answered with: `{"text", "until"}`.

    Whoever calls holds the values (`hold_beyond`) and the customer.
    """
    wording = _settled(session, message, customer_id)
    if wording in _FOR_A_PERSON:
        _put_to_a_person(session, message, str(wording), customer_id, now)
    if wording in _STOPPING:
        return _stop(session, message, wording, customer_id, now)
    if wording in {Wording.START, Wording.YES}:
        return _start(session, message, customer_id, now)
    return _reply(message, message.terms.replies.help) if wording is Wording.HELP else None


def _put_to_a_person(session: Session, message: Message, why: str, customer_id: str, now: datetime) -> None:
    """Into the queue of those who look (usecases.settle_doubt)."""
    typed = next(iter(message.reading.typed.values()), None)
    session.add(
        DoubtfulMessage(
            id=new_id(),
            event_id=message.event_id,
            channel=message.submission.channel.value,
            contact=typed.value if typed else None,
            text=message.submission.text,
            why=why,
            status="needs_person",
            created_at=now,
        )
    )
    details = {"event_id": message.event_id, "why": why}
    record_change(session, NEEDS_PERSON, actor="engine", now=now, customer_id=customer_id, details=details)


def _settled(session: Session, message: Message, customer_id: str) -> Wording | None:
    """What a message asks for, by all that is known: "please cancel" is about a booking where there is one."""
    wording = message.heard.wording
    if wording is Wording.CANCEL:
        is_sure = message.number is not None and not _has_booking(session, message.number, customer_id)
        wording = Wording.STOP if is_sure else Wording.UNCLEAR
    if message.submission.channel is Source.BOOKING_FORM and wording is not Wording.STOP:
        return None
    return wording


def _has_booking(session: Session, number: Identity, customer_id: str) -> bool:
    """True where the customer, or anybody else who has the number, booked something."""
    customers = {customer_id, *holders_of(session, number)}
    booked = select(Booking.id).where(Booking.customer_id.in_(customers))
    return session.scalar(booked.limit(1)) is not None


# ---------------------------------------------------------------- stop


def _stop(
    session: Session, message: Message, wording: Wording, customer_id: str, now: datetime
) -> dict[str, Any] | None:
    by_text = message.submission.channel is Source.SMS
    is_whole = by_text and wording is not Wording.UNCLEAR
    known = events_of_values(session, {message.number})[message.number] if message.number else []
    action = Action.HOLD if wording is Wording.UNCLEAR else Action.REVOKE
    confirms = is_whole and _is_confirmation_due(known, message, now)
    acts = [
        _act(message, value, channel, purpose, action, said_for, wording=wording, confirmed=confirms)
        for value, said_for in _targets(session, message, customer_id).items()
        for channel in CHANNELS[value[0]]
        for purpose in (message.terms.revoked_purposes if is_whole else (MARKETING,))
    ]
    record_consent(session, acts, now=now)
    return _reply(message, message.terms.replies.stop) if confirms and acts else None


def _targets(session: Session, message: Message, customer_id: str) -> dict[Identity, str]:
    """The values that a message is about, each with the customer for whom it is said."""
    if message.submission.channel is Source.SMS:
        return {message.number: customer_id} if message.number else {}
    sender = message.submission.sender
    own = [each.identity for each in message.reading.typed.values()]
    if sender is not None:
        own.append((SENDER, sender.platform, sender.sender_id))
    theirs = _theirs(session, message, customer_id) if message.submission.channel.is_conversation else ()
    return {
        **{identity_of(each): each.origin_customer_id for each in theirs},
        **dict.fromkeys(own, customer_id),
    }


def _theirs(session: Session, message: Message, customer_id: str) -> Iterator[ContactMethod]:
    """Numbers of the sender's own, and their accounts where they wrote: an assistant speaks for themselves."""
    sender = message.submission.sender
    for contact in live_contacts(session, _speakers(session, message, customer_id)):
        is_account = contact.type == "social" and sender is not None and contact.platform == sender.platform
        if is_account or (contact.type == "phone" and contact.label != ASSISTANT):
            yield contact


def _speakers(session: Session, message: Message, customer_id: str) -> set[str]:
    """Who may have written: of an email, whoever has its address, since it says nothing surer of who it is."""
    address = message.reading.typed.get("email")
    if message.submission.channel is not Source.EMAIL or address is None:
        return {customer_id}
    holders = live_contacts(session, holders_of(session, address.identity))
    having = [each for each in holders if identity_of(each) == address.identity]
    return {customer_id, *(each.customer_id for each in having if each.label != ASSISTANT)}


def _is_confirmation_due(events: Iterable[ConsentEvent], message: Message, now: datetime) -> bool:
    """One confirmation of a stop, soon after it or never; another only after it was lifted, and not at once."""
    if now - message.received_at > CONFIRMATION_WINDOW:
        return False
    listed = list(events)
    confirmed = [each.occurred_at for each in listed if each.evidence.get("confirmed")]
    if not confirmed:
        return True
    lifted = any(each.action in _LIFTING and each.occurred_at > max(confirmed) for each in listed)
    return lifted and message.said_at - max(confirmed) > CONFIRMATION_WINDOW


# ---------------------------------------------------------------- start


def _start(session: Session, message: Message, customer_id: str, now: datetime) -> dict[str, Any] | None:
    """Lift what was revoked for texts to the very number that says so; nothing is granted that was not before."""
    if message.number is None:
        return None
    events = events_of_values(session, {message.number})[message.number]
    if all(state_on(events, Channel.SMS, each) is not State.REVOKED for each in PURPOSES):
        return None
    # Also of what is not revoked: an older message may turn out to have revoked it.
    acts = [
        _act(
            message,
            message.number,
            Channel.SMS,
            purpose,
            lifted_by(events, Channel.SMS, purpose),
            customer_id,
        )
        for purpose in PURPOSES
    ]
    record_consent(session, acts, now=now)
    return _reply(message, message.terms.replies.start)


def _act(
    message: Message,
    value: Identity,
    channel: Channel,
    purpose: str,
    action: Action,
    customer_id: str,
    **evidence: object,
) -> Act:
    return Act(
        value=value,
        channel=channel,
        action=action,
        actor_kind=ActorKind.PERSON,
        actor="person",
        source=message.submission.channel.value,
        occurred_at=message.said_at,
        purpose=purpose,
        text=message.submission.text,
        evidence=evidence,
        customer_id=customer_id,
        event_id=message.event_id,
    )


def _reply(message: Message, text: str) -> dict[str, Any] | None:
    """What a text is answered with, until when; None where the platform answered, or where nobody waits."""
    if message.heard.is_answered or message.submission.channel is not Source.SMS:
        return None
    return {"text": text, "until": (message.received_at + CONFIRMATION_WINDOW).isoformat()}
