"""Resolving one inbound event: who is it, what did they bring, what is to be asked. One transaction, applied once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from matching import Outcome, search_keys
from service.events import Profile
from service.store import inbox
from service.store.clusters import lock_survivor, survivors_of
from service.store.contacts import all_contacts, identity_of, live_contacts
from service.store.identities import find_account, find_identity, register_account
from service.store.locks import lock_all_values, lock_values
from service.store.tables import (
    Booking,
    ContactMethod,
    Customer,
    Decision,
    Merge,
    MergeEntry,
    Prompt,
    SocialIdentity,
    new_id,
)
from service.usecases.attach import Attached, Origin, attach
from service.usecases.book import book
from service.usecases.consent import record_consent
from service.usecases.consent_in_form import consents_in_form
from service.usecases.heed import (
    Message,
    answer_open_question,
    hear,
    heed,
    hold_beyond,
    set_wrong_number_aside,
)
from service.usecases.identify import describe_decision, keep_decision
from service.usecases.merge import ENTITY_NAMES
from service.usecases.propose import Question, describe_prompt, proposals_of, propose
from service.usecases.reconsider import reconsider
from service.usecases.refresh import refresh
from service.usecases.set_aside import without_ours
from service.usecases.understand import Reading, record_of, understand

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from matching import Decision as EngineDecision
    from matching import ScoredCandidate
    from service.events import Submission
    from service.store.inbox import ClaimedEvent
    from service.usecases.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An event that is to be resolved, with what its sender's platform said of them meanwhile.

    `profile_due_at` is when to ask again where the platform did not answer.
    """

    event: ClaimedEvent
    submission: Submission
    profile: Profile | None = None
    profile_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How an event ended."""

    outcome: str
    customer_id: str
    prompt_id: str | None = None


def resolve(session: Session, arrival: Arrival, *, terms: Terms, now: datetime) -> Resolution | None:
    """Resolve an event whose claim is ours, and mark it resolved; None when another has taken it over."""
    row = inbox.hold(session, arrival.event)
    if row is None:
        return None
    submission = _with_profile(session, arrival)
    reading = without_ours(session, understand(submission, region=terms.region))
    message = Message(
        submission=submission,
        reading=reading,
        heard=hear(submission),
        event_id=arrival.event.id,
        said_at=arrival.event.said_at,
        received_at=arrival.event.received_at,
        terms=terms,
    )
    hold_beyond(session, message, now=now)
    _hold_for_late_profile(session, arrival)
    _wait_for_rivals(session, submission, reading)
    message = answer_open_question(session, message, now=now)
    set_wrong_number_aside(session, message, now=now)
    case = _Case(
        session=session, arrival=arrival, submission=submission, reading=reading, terms=terms, now=now
    )
    identity = find_identity(session, submission.sender) if submission.sender else None
    resolution = _resolve_known(case, identity) if identity else _resolve_unknown(case)
    # A late profile may just have merged them with somebody.
    customer = lock_survivor(session, resolution.customer_id)
    reply = heed(session, message, customer_id=customer.id, now=now)
    inbox.finish(
        row,
        outcome=resolution.outcome,
        customer_id=resolution.customer_id,
        answer={**_answer(session, resolution), **({"reply": reply} if reply else {})},
        now=now,
    )
    return resolution


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What every step of one resolution needs."""

    session: Session
    arrival: Arrival
    submission: Submission
    reading: Reading
    terms: Terms
    now: datetime

    @property
    def event_id(self) -> str:
        return self.arrival.event.id

    def origin(self, customer_id: str) -> Origin:
        return Origin(customer_id=customer_id, actor=self.submission.channel.value, event_id=self.event_id)

    def question(self, customer: Customer, row: Decision, decision: EngineDecision) -> Question:
        return Question(
            customer=customer,
            decision_row=row,
            decision=decision,
            identifier=self.terms.identifier,
            channel=self.submission.channel,
            ttl=self.terms.prompt_ttl,
        )


def _with_profile(session: Session, arrival: Arrival) -> Submission:
    """The submission with the sender's name and username: what the platform said now, or what it said before."""
    submission, profile = arrival.submission, arrival.profile
    if submission.sender is None:
        return submission
    if profile is None:
        identity = find_identity(session, submission.sender)
        profile = Profile(username=identity.username, name=identity.display_name) if identity else Profile()
    return replace(submission, name=profile.name, instagram=profile.username)


def _hold_for_late_profile(session: Session, arrival: Arrival) -> None:
    """Hold every value where a known sender has a profile at last: whom it merges them with is known only later."""
    sender = arrival.submission.sender if arrival.profile is not None else None
    identity = find_identity(session, sender) if sender is not None else None
    if identity is not None and identity.profile_fetched_at is None:
        lock_all_values(session)


def _wait_for_rivals(session: Session, submission: Submission, reading: Reading) -> None:
    """Hold the sender and every key of the record, so that another event of the same person sees what we do."""
    keys = [key.hash for key in search_keys(reading.record)]
    if submission.sender is not None:
        sender = submission.sender
        text = f"sender:{sender.platform}:{sender.account_id}:{sender.sender_id}"
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        keys.append(int.from_bytes(digest, signed=True))
    lock_values(session, [contact.identity for contact in reading.contacts], keys=keys)


# ---------------------------------------------------------------- Rule 0: a sender whom the platform vouches for


def _resolve_known(case: _Case, identity: SocialIdentity) -> Resolution:
    """The sender's holder, without scoring. What the text mentions is attached, or proposed where others hold it."""
    customer = _lock_holder(case, identity)
    is_first_profile = _take_profile(case, identity, customer)
    decision = _weigh_new_values(case, customer)
    row = _keep_decision(case, customer.id, Outcome.LINKED, _rule_zero(case, customer.id, decision))
    brought = _bring(case, customer, origin_customer_id=identity.origin_customer_id)
    if brought.added:
        _journal_link(case, customer.id, brought)
    likely = _worth_asking(decision) if decision else ()
    if decision is not None and likely:
        quiet = replace(decision, outcome=Outcome.REVIEW, asked=likely)
        propose(case.session, case.question(customer, row, quiet), now=case.now)
    if is_first_profile:
        reconsider(case.session, identity, customer, terms=case.terms, now=case.now)
    return Resolution(outcome=Outcome.LINKED, customer_id=customer.id)


def _worth_asking(decision: EngineDecision) -> tuple[ScoredCandidate, ...]:
    """Who a known sender may be as well: also the one whom a stranger with these values would be linked to."""
    linked = [each for each in decision.posterior.candidates if each.customer_id == decision.customer_id]
    return decision.asked or tuple(linked)


def _lock_holder(case: _Case, identity: SocialIdentity) -> Customer:
    """Lock the sender's customer, even while an undo gives the sender to another one."""
    while True:
        customer = lock_survivor(case.session, identity.customer_id)
        case.session.refresh(identity)
        if survivors_of(case.session, [identity.customer_id]) == {identity.customer_id: customer.id}:
            return customer


def _weigh_new_values(case: _Case, customer: Customer) -> EngineDecision | None:
    """Who else the message may speak for: only where it brings a value that its sender did not have."""
    held = {identity_of(contact) for contact in live_contacts(case.session, [customer.id])}
    new = [each for each in case.reading.contacts if each.type != "social" and each.identity not in held]
    if not new:
        return None
    brings = record_of(new, case.reading.record.names)
    return case.terms.identifier.identify(
        case.session, brings, channel=case.submission.channel, asker_id=customer.id
    )


def _rule_zero(case: _Case, customer_id: str, decision: EngineDecision | None) -> dict[str, Any]:
    explanation = describe_decision(decision) if decision else {}
    sender = case.submission.sender
    return {
        **explanation,
        "decision": Outcome.LINKED,
        "rule": "sender",
        "customer_id": customer_id,
        "sentence": f"{sender.platform if sender else 'the platform'} vouches for this sender, who is known",
    }


def _take_profile(case: _Case, identity: SocialIdentity, customer: Customer) -> bool:
    """Keep what the platform says of the sender now; True where it never said anything before."""
    profile = case.arrival.profile
    is_first = profile is not None and identity.profile_fetched_at is None
    if profile is not None:
        identity.username, identity.display_name = profile.username, profile.name
        identity.profile_fetched_at, identity.profile_due_at = case.now, None
        identity.profile_attempts = 0
    if customer.name is None:
        customer.name = case.reading.display_name
    return is_first


# ---------------------------------------------------------------- everybody else: the engine


def _resolve_unknown(case: _Case) -> Resolution:
    decision = case.terms.identifier.identify(
        case.session, case.reading.record, channel=case.submission.channel, ours=case.reading.ours
    )
    if decision.outcome is Outcome.LINKED and decision.customer_id is not None:
        return _link(case, decision, decision.customer_id)
    return _create(case, decision)


def _link(case: _Case, decision: EngineDecision, customer_id: str) -> Resolution:
    customer = lock_survivor(case.session, customer_id)
    _keep_decision(case, customer.id, decision.outcome, describe_decision(decision))
    brought = _bring(case, customer, origin_customer_id=_proven_origin(case, customer))
    _journal_link(case, customer.id, brought)
    return Resolution(outcome=decision.outcome, customer_id=customer.id)


def _proven_origin(case: _Case, customer: Customer) -> str:
    """Whom the event proved to be: of a merged customer, the one whose values it brought; so an undo knows where it belongs."""
    brought = {contact.identity for contact in case.reading.contacts}
    origins = {
        contact.origin_customer_id
        for contact in all_contacts(case.session, customer.id)
        if identity_of(contact) in brought
    }
    return origins.pop() if len(origins) == 1 else customer.id


def _create(case: _Case, decision: EngineDecision) -> Resolution:
    customer = Customer(id=new_id(), name=case.reading.display_name, created_at=case.now, updated_at=case.now)
    case.session.add(customer)
    case.session.flush()
    row = _keep_decision(case, customer.id, decision.outcome, describe_decision(decision))
    _bring(case, customer, origin_customer_id=customer.id)
    prompt = propose(case.session, case.question(customer, row, decision), now=case.now)
    return Resolution(
        outcome=decision.outcome, customer_id=customer.id, prompt_id=prompt.id if prompt else None
    )


# ---------------------------------------------------------------- what an event brings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Brought:
    """What an event did: rows that are new, values that it used again (as they stood), and the sender it came from."""

    added: list[ContactMethod | SocialIdentity | Booking]
    used: list[Attached]
    sender: SocialIdentity | None


def _bring(case: _Case, customer: Customer, *, origin_customer_id: str) -> _Brought:
    """Attach contacts with what was allowed for them, sender and booking."""
    origin = case.origin(origin_customer_id)
    attached = attach(case.session, customer.id, case.reading.contacts, origin=origin, now=case.now)
    acts = consents_in_form(
        case.session,
        case.submission,
        case.reading,
        attached,
        origin=origin,
        occurred_at=case.arrival.event.received_at,
    )
    record_consent(case.session, list(acts), now=case.now)
    sender, is_new = _identify_sender(case, customer)
    booking = book(case.session, customer.id, case.submission.booking, origin=origin, now=case.now)
    refresh(case.session, customer, now=case.now)
    return _Brought(
        added=[
            *(each.contact for each in attached if each.is_new),
            *([sender] if sender and is_new else []),
            *([booking] if booking else []),
        ],
        used=[each for each in attached if not each.is_new],
        sender=sender,
    )


def _identify_sender(case: _Case, customer: Customer) -> tuple[SocialIdentity | None, bool]:
    """The sender, remembered where we had not heard of them; and whether that is new."""
    sender = case.submission.sender
    known = find_identity(case.session, sender) if sender else None
    if sender is None or known is not None:
        return known, False
    register_account(case.session, sender.platform, sender.account_id, now=case.now)
    profile = case.arrival.profile
    identity = SocialIdentity(
        id=new_id(),
        social_account_id=find_account(case.session, sender.platform, sender.account_id).id,
        sender_id=sender.sender_id,
        username=profile.username if profile else None,
        display_name=profile.name if profile else None,
        profile_fetched_at=case.now if profile else None,
        profile_due_at=case.arrival.profile_due_at,
        customer_id=customer.id,
        origin_customer_id=customer.id,
        created_at=case.now,
        updated_at=case.now,
    )
    case.session.add(identity)
    case.session.flush()
    return identity, True


def _journal_link(case: _Case, survivor_id: str, brought: _Brought) -> None:
    link = Merge(
        id=new_id(),
        kind="link",
        survivor_id=survivor_id,
        event_id=case.event_id,
        proof="none",
        actor="engine",
        created_at=case.now,
    )
    case.session.add(link)
    case.session.flush()
    entries: list[tuple[str, ContactMethod | SocialIdentity | Booking, dict[str, Any]]] = [
        *(("added", row, {}) for row in brought.added),
        *(("used", each.contact, each.before or {}) for each in brought.used),
    ]
    if brought.sender is not None and brought.sender not in brought.added:
        entries.append(("sent", brought.sender, {}))
    case.session.add_all(
        MergeEntry(
            id=new_id(),
            merge_id=link.id,
            entity=ENTITY_NAMES[type(row)],
            entity_id=row.id,
            action=action,
            to_customer_id=survivor_id,
            before=before,
        )
        for action, row, before in entries
    )


# ---------------------------------------------------------------- what is kept of it


def _keep_decision(case: _Case, customer_id: str, outcome: str, explanation: dict[str, Any]) -> Decision:
    return keep_decision(
        case.session,
        Decision(
            event_id=case.event_id,
            customer_id=customer_id,
            outcome=outcome,
            occasion="event",
            record=_describe_reading(case.reading),
            explanation=explanation,
            model_version=case.terms.identifier.model.version,
            created_at=case.now,
        ),
    )


def _describe_reading(reading: Reading) -> dict[str, Any]:
    """All it takes to decide again, with the values that were somebody else's or ours, and those that nobody could read."""
    described: dict[str, Any] = msgspec.to_builtins(reading.record)
    described["others"] = [
        {"type": each.type, "value": each.value, "reason": each.label.reason} for each in reading.others
    ]
    described["ours"] = [{"type": each.type, "value": each.value} for each in reading.ours]
    described["rejected"] = {name: rejected.code for name, rejected in reading.rejected.items()}
    return described


def _answer(session: Session, resolution: Resolution) -> dict[str, Any]:
    """What the sender is told, and told again at every redelivery; the prompt's token is added where it is sent."""
    prompt = None
    if resolution.prompt_id is not None:
        found = session.get_one(Prompt, resolution.prompt_id)
        prompt = {"id": found.id, **describe_prompt(found, proposals_of(session, found.id))}
    return {"outcome": resolution.outcome, "customer_id": resolution.customer_id, "prompt": prompt}
