"""Changing a contact method: its label, and what its person allows, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from service.errors import ErrorCode, Refusal
from service.store.audit import record_change
from service.store.consent_ledger import events_of_values
from service.store.contacts import ASSISTANT, identity_of
from service.usecases.consent import (
    FLAGS,
    MARKETING,
    Act,
    Action,
    ActorKind,
    Channel,
    State,
    is_revoked_for_good,
    last_ended,
    marketing_state,
    record_consent,
)
from service.usecases.holding import hold_contact
from service.usecases.primaries import settle_primary
from service.usecases.refresh import refresh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ConsentEvent, ContactMethod
    from service.usecases.holding import Held

#: What the ledger calls an act of staff who gave no evidence: enough to stop, never to allow.
UNEXPLAINED = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How it is known what a person said: `source` (a paper form, a call), their words, when; `more` is kept as it came."""

    source: str
    text: str | None = None
    occurred_at: datetime | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChange:
    """What is to change; None leaves a thing as it is. `flags` are `can_sms`, `can_call`, `can_marketing`."""

    label: str | None = None
    flags: Mapping[str, bool] = field(default_factory=dict)
    evidence: Evidence | None = None


def change_contact(  # noqa: PLR0913 - who, what, and when
    session: Session,
    customer_id: str,
    contact_id: str,
    change: ContactChange,
    *,
    actor: str,
    now: datetime,
    check: Callable[[ContactMethod], None],
) -> ContactMethod:
    """Apply a change to a contact and to the twins behind it. `check` may refuse what it finds.

    Raises:
        Refusal: there is no such contact; a flag that it does not have, a grant without evidence, or one that was revoked.
    """
    held = hold_contact(session, customer_id, contact_id)
    check(held.contact)
    news = _news(session, held.contact, change)
    _refuse_what_stands_against_it(held.contact, change, news)
    acts = [_act(held.contact, each, change.evidence, actor=actor, now=now) for each in news]
    record_consent(session, acts, now=now)
    old_label = held.contact.label
    if change.label is not None and change.label != old_label:
        _relabel(session, held, change.label, now)
        _write_down(session, held, "contact.relabelled", {"old": old_label, "new": change.label}, actor, now)
    if acts:
        said = {act.channel.value: act.action.value for act in acts}
        _write_down(session, held, "contact.consent_recorded", said, actor, now)
        held.contact.updated_at = now
    refresh(session, held.customer, now=now)
    return held.contact


def _relabel(session: Session, held: Held, label: str, now: datetime) -> None:
    own = [each for each in held.contacts if each.label != ASSISTANT and each is not held.contact]
    for row in held.rows:
        row.label, row.label_reason, row.updated_at = label, "set through the API", now
    newcomers = own if label == ASSISTANT else [held.contact]
    settle_primary(session, held.contacts, held.contact.type, newcomers=newcomers)


def _write_down(
    session: Session, held: Held, action: str, details: dict[str, Any], actor: str, now: datetime
) -> None:
    record_change(
        session,
        action,
        actor=actor,
        now=now,
        customer_id=held.contact.origin_customer_id,
        contact_id=held.contact.id,
        details=details,
    )


# ---------------------------------------------------------------- consent


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """What a flag says that the ledger does not say yet, and what it finds there: the state, and when it was last ended."""

    flag: str
    allowed: bool
    channel: Channel
    state: State
    ended_at: datetime | None

    @property
    def is_barred(self) -> bool:
        return self.allowed and self.state is State.REVOKED


def complaints_about(session: Session, contact: ContactMethod, change: ContactChange) -> dict[str, list[str]]:
    """All that a contact, and what is known of it, has against a change, by field."""
    news = _news(session, contact, change)
    return {**_faults(contact, change, news), **_conflicts(news)}


def _news(session: Session, contact: ContactMethod, change: ContactChange) -> list[_News]:
    events = events_of_values(session, {identity_of(contact)})[identity_of(contact)]
    told = [
        _News(
            flag=flag,
            allowed=allowed,
            channel=channel,
            state=marketing_state(events, channel),
            ended_at=last_ended(events, channel, MARKETING),
        )
        for flag, allowed in change.flags.items()
        if (channel := FLAGS[contact.type].get(flag)) is not None
    ]
    return [each for each in told if change.evidence is not None or not _is_known(each, events)]


def _is_known(news: _News, events: Sequence[ConsentEvent]) -> bool:
    """True for what the ledger says already. A hold, which may be released, is no revocation yet."""
    if news.allowed:
        return news.state is State.GRANTED
    return is_revoked_for_good(events, news.channel, MARKETING)


def _refuse_what_stands_against_it(contact: ContactMethod, change: ContactChange, news: list[_News]) -> None:
    faults, conflicts = _faults(contact, change, news), _conflicts(news)
    if faults:
        raise Refusal(ErrorCode.INVALID, "Some fields cannot be used.", fields={**faults, **conflicts})
    if conflicts:
        raise Refusal(ErrorCode.CONFLICT, "A revocation stands against this.", fields=conflicts)


def _faults(contact: ContactMethod, change: ContactChange, news: list[_News]) -> dict[str, list[str]]:
    not_its_own = change.flags.keys() - FLAGS[contact.type].keys()
    faults = {flag: [_NOT_ITS_FLAG[contact.type]] for flag in change.flags if flag in not_its_own}
    is_grant = any(each.allowed and not each.is_barred for each in news)
    if is_grant and (change.evidence is None or not (change.evidence.text or "").strip()):
        faults["evidence"] = ["A grant needs evidence: its source, and the text that was agreed to."]
    if any(_is_outdated(each, change.evidence) for each in news):
        faults["evidence.occurred_at"] = ["They said no since then: only what they agreed to later counts."]
    return faults


def _is_outdated(news: _News, evidence: Evidence | None) -> bool:
    """True for a grant that allows nothing, since it was said before the last no."""
    said_at = evidence.occurred_at if evidence else None
    is_open = news.allowed and news.state not in {State.REVOKED, State.GRANTED}
    return is_open and said_at is not None and news.ended_at is not None and said_at <= news.ended_at


def _conflicts(news: list[_News]) -> dict[str, list[str]]:
    complaint = "This was revoked; only the person can allow it again, by a word of their own."
    return {each.flag: [complaint] for each in news if each.is_barred}


_NOT_ITS_FLAG = {
    "phone": "Read-only on a phone: it is can_sms or can_call.",
    "email": "Only a phone has this; an email has can_marketing.",
    "social": "Only a phone has this; a social contact has can_marketing.",
}


def _act(contact: ContactMethod, news: _News, evidence: Evidence | None, *, actor: str, now: datetime) -> Act:
    """What is written down. A no counts from now, whenever it was said: of two words the one against it wins."""
    said_at = evidence.occurred_at if evidence else None
    more = dict(evidence.more) if evidence else {}
    if said_at is not None and not news.allowed:
        more["said_at"] = said_at.isoformat()
    return Act(
        value=identity_of(contact),
        channel=news.channel,
        action=Action.GRANT if news.allowed else Action.REVOKE,
        actor_kind=ActorKind.STAFF,
        actor=actor,
        source=evidence.source if evidence else UNEXPLAINED,
        text=evidence.text if evidence else None,
        evidence=more,
        occurred_at=(said_at or now) if news.allowed else now,
        customer_id=contact.origin_customer_id,
    )
