"""Driving campaigns: planned batch by batch, handed over one by one at a steady rate, tried out on oneself."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import structlog

from matching import Email, Phone, Provenance, normalize_email, normalize_phone
from service.errors import ErrorCode, Refusal
from service.messages import Fault, Mail, SendingError, Text, unclaimed
from service.store.audit import record_change
from service.store.campaigns import campaigns_in, find_campaign
from service.store.consent_ledger import events_of_values
from service.store.tables import new_id
from service.usecases.consent import Channel, State, marketing_state
from service.usecases.plan_campaign import SendingRules, create_campaign, plan_next
from service.usecases.quiet_hours import SendingHours
from service.usecases.send_campaign import (
    OF_ONE,
    Letter,
    Reserved,
    claim,
    finish_settled,
    give_up_abandoned,
    letter_of,
    reserve_next,
    settle_failed,
    settle_sent,
    take_up,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.runtime import Runtime
    from service.store.tables import Campaign
    from service.usecases.plan_campaign import Draft

log = structlog.get_logger(__name__)

#: What tokens of links in newsletters are signed for; those in trials lead nowhere else.
UNSUBSCRIBE, TRIAL = "unsubscribe", "trial"
UNSUBSCRIBE_PATH = "/u/"
#: How long nobody is tried on a channel after its provider refused, was busy or was away, in seconds.
REST_SECONDS = 30.0
STOP_LINE = "Reply STOP to opt out."


def rules_of(runtime: Runtime) -> SendingRules:
    """What this installation decides about campaigns."""
    settings = runtime.settings
    hours = SendingHours(usual=settings.sending_hours, by_state=settings.sending_hours_by_state)
    return SendingRules(hours=hours, per_week=settings.campaigns_per_week)


def begin_campaign(runtime: Runtime, draft: Draft, *, actor: str) -> Campaign:
    """Make a campaign and consider the first customers at once: in a small base that is all of them.

    Raises:
        Refusal: newsletters need a link, and nobody said how people reach this service.
    """
    if not draft.is_dry_run:
        _refuse_dead_link(runtime, draft.channel)
    with runtime.database.transaction() as session:
        campaign = create_campaign(session, draft, actor=actor, now=runtime.clock())
    return _plan(runtime, campaign.id)


def _has_dead_link(runtime: Runtime, channel: Channel) -> bool:
    """True where nobody could unsubscribe from what is sent."""
    return channel is Channel.EMAIL and runtime.settings.sends_dead_links


def _refuse_dead_link(runtime: Runtime, channel: Channel) -> None:
    if _has_dead_link(runtime, channel):
        raise Refusal(
            ErrorCode.CONFLICT, "Set ISTHISYOU_PUBLIC_URL: a newsletter needs its unsubscribe link."
        )


def plan_some(runtime: Runtime) -> bool:
    """Consider the next customers of each campaign that is not through yet; False where none is."""
    with runtime.database.reading() as session:
        planning = campaigns_in(session, "planning")
    for campaign_id in planning:
        _plan(runtime, campaign_id)
    return bool(planning)


class Outbox:
    """What goes out on one channel: its campaigns take turns, at the pace and with the rests of that channel alone."""

    def __init__(self, runtime: Runtime, channel: Channel) -> None:
        settings = runtime.settings
        self._runtime = runtime
        self._channel = channel
        self._interval = 1.0 / (
            settings.texts_per_second if channel is Channel.SMS else settings.mails_per_second
        )
        #: The campaign whose turn it was last.
        self._served = ""

    def advance(self) -> float | None:
        """Do the next step: how many seconds to wait before another; None where there is nothing to do now."""
        started = time.monotonic()
        with self._runtime.database.reading() as session:
            sending = campaigns_in(session, "sending", channel=self._channel)
        if not sending or _has_dead_link(self._runtime, self._channel):
            return None
        reserved = self._reserve(sending)
        if not isinstance(reserved, Reserved):
            return 0.0 if reserved else None
        if not _send(self._runtime, reserved):
            return REST_SECONDS
        # So many a second, however long each of them takes.
        return max(0.0, self._interval - (time.monotonic() - started))

    def _reserve(self, sending: list[str]) -> Reserved | bool:
        """Who is next; True where something else was to be done, False where there is nothing to do."""
        runtime, now = self._runtime, self._runtime.clock()
        # Lost in a power cut, all that is written here is done again.
        with runtime.database.unsynced_transaction() as session:
            for campaign_id in sorted(sending, key=lambda each: (each <= self._served, each)):
                reserved = reserve_next(
                    session, campaign_id, owner=runtime.owner, rules=rules_of(runtime), now=now
                )
                if reserved is not False:
                    self._served = campaign_id
                    return reserved
                if finish_settled(session, campaign_id, now=now):
                    return True
            # Nobody's of this process, which may be sending in another thread; only what took too long.
            return give_up_abandoned(session, owner="", now=now) > 0


def recover(runtime: Runtime) -> None:
    """At the start of a process: what it was preparing when it last died, it sends; what it was sending, it may have sent."""
    with runtime.database.transaction() as session:
        given_up = take_up(session, owner=runtime.owner, now=runtime.clock())
    if given_up:
        log.warning("campaign.interrupted", recipients=given_up)


def try_out(runtime: Runtime, campaign_id: str, to: str, *, actor: str) -> str:
    """Send a campaign's message to one address of one's own; the address as it was read.

    Raises:
        Refusal: there is no such campaign, its link would lead nowhere, the address cannot be read or revoked, or the
            provider did not take it.
    """
    with runtime.database.transaction() as session:
        campaign = find_campaign(session, campaign_id)
        _refuse_dead_link(runtime, Channel(campaign.channel))
        value, shown = _read(to, Channel(campaign.channel), region=runtime.settings.default_region)
        events = events_of_values(session, {value})[value]
        if marketing_state(events, Channel(campaign.channel)) is State.REVOKED:
            raise _unusable("Whoever reads this forbade it.")
        record_change(
            session,
            "campaign.tried_out",
            actor=actor,
            now=runtime.clock(),
            details={"campaign_id": campaign_id},
        )
        letter = letter_of(campaign, shown)
    try:
        # Each trial is a mail of its own: of two with one Message-ID a mailbox shows the first.
        _hand_over(runtime, letter, key=f"trial-{new_id()}", token=runtime.token(TRIAL, campaign_id))
    except SendingError as failure:
        if failure.fault is Fault.RECIPIENT:
            raise _unusable("The provider cannot deliver to this.") from None
        is_waiting = failure.fault in {Fault.BUSY, Fault.DELAYED, Fault.UNREACHABLE}
        code = ErrorCode.UNAVAILABLE if is_waiting else ErrorCode.PROVIDER_FAILED
        raise Refusal(code, f"The provider did not take the message ({failure.fault}).") from None
    return shown


def _read(to: str, channel: Channel, *, region: str) -> tuple[tuple[str, str, str], str]:
    if channel is Channel.SMS:
        phone = normalize_phone(to, region=region, provenance=Provenance.ASSERTED)
        if isinstance(phone, Phone):
            return ("phone", "", phone.e164), phone.e164
        raise _unusable(phone.detail)
    email = normalize_email(to, provenance=Provenance.ASSERTED)
    if isinstance(email, Email):
        return ("email", "", email.canonical), email.address
    raise _unusable(email.detail)


def _unusable(complaint: str) -> Refusal:
    return Refusal(ErrorCode.INVALID, complaint, fields={"to": [complaint]})


def _plan(runtime: Runtime, campaign_id: str) -> Campaign:
    with runtime.database.transaction() as session:
        return plan_next(session, campaign_id, rules=rules_of(runtime), now=runtime.clock())


def _send(runtime: Runtime, reserved: Reserved) -> bool:
    """Hand one message over and note how it ended; False where the provider takes no others either for a while."""
    recipient_id = reserved.recipient_id
    try:
        provider_id = _hand_over(
            runtime,
            reserved.letter,
            key=f"campaign-{recipient_id}",
            token=runtime.token(UNSUBSCRIBE, recipient_id),
            claim=partial(_claim, runtime, reserved),
        )
    except _NotClaimedError:
        return True
    except SendingError as failure:
        log.warning("campaign.not_sent", recipient_id=recipient_id, fault=failure.fault, code=failure.code)
        with runtime.database.transaction() as session:
            settle_failed(session, reserved, failure, rules=rules_of(runtime), now=runtime.clock())
        return failure.fault in OF_ONE
    with runtime.database.transaction() as session:
        settle_sent(session, reserved, provider_id=provider_id, now=runtime.clock())
    return True


class _NotClaimedError(Exception):
    """What was prepared is not to go out."""


def _claim(runtime: Runtime, reserved: Reserved) -> None:
    """Nothing is waited for here: killed between this commit and the end of the message, somebody would be forgotten.

    Lost in a power cut, the message goes out again.
    """
    with runtime.database.unsynced_transaction() as session:
        is_claimed = claim(session, reserved, rules=rules_of(runtime), now=runtime.clock())
    if not is_claimed:
        raise _NotClaimedError


def _hand_over(
    runtime: Runtime, letter: Letter, *, key: str, token: str, claim: Callable[[], None] = unclaimed
) -> str:
    """Send a letter; `key` and `token` are for mail: what its id is made of, and what its unsubscribe link leads by."""
    if letter.channel is Channel.SMS:
        return runtime.texts.send(Text(to=letter.to, body=f"{letter.body}\n{STOP_LINE}"), claim)
    url = f"{runtime.settings.base_url}{UNSUBSCRIBE_PATH}{token}"
    mail = Mail(
        to=letter.to,
        subject=letter.subject or "",
        body=f"{letter.body}\n\n-- \nNo more of these: {url}\n",
        key=key,
        # RFC 8058: a mail program's own button posts there.
        headers={
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    return runtime.mail.send(mail, claim)
