"""Driving campaigns: planned batch by batch, handed over one by one at a steady rate, tried out on oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from matching import Email, Phone, Provenance, normalize_email, normalize_phone
from service.errors import ErrorCode, Refusal
from service.messages import Fault, Mail, SendingError, Text
from service.store.audit import record_change
from service.store.campaigns import campaigns_in, find_campaign
from service.store.consent_ledger import events_of_values
from service.usecases.consent import Channel, State, marketing_state
from service.usecases.plan_campaign import SendingRules, create_campaign, plan_next
from service.usecases.quiet_hours import SendingHours
from service.usecases.send_campaign import (
    Claimed,
    claim_next,
    finish_settled,
    give_up_abandoned,
    settle_failed,
    settle_sent,
)

if TYPE_CHECKING:
    from service.runtime import Runtime
    from service.store.tables import Campaign
    from service.usecases.plan_campaign import Draft

log = structlog.get_logger(__name__)

#: What tokens of links in newsletters are signed for.
UNSUBSCRIBE = "unsubscribe"
UNSUBSCRIBE_PATH = "/u/"
#: How long nobody is tried after a provider refused, was busy or was away, in seconds.
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
    if draft.channel is Channel.EMAIL and runtime.settings.public_url is None:
        raise Refusal(
            ErrorCode.CONFLICT, "Set ISTHISYOU_PUBLIC_URL: a newsletter needs its unsubscribe link."
        )
    with runtime.database.transaction() as session:
        campaign = create_campaign(session, draft, actor=actor, now=runtime.clock())
    return _plan(runtime, campaign.id)


def advance(runtime: Runtime) -> float | None:
    """Do the next step of any campaign: how many seconds to wait before another; None where there is nothing to do now."""
    with runtime.database.reading() as session:
        planning, sending = campaigns_in(session, "planning"), campaigns_in(session, "sending")
    if planning:
        _plan(runtime, planning[0])
        return 0.0
    if not sending:
        return None
    with runtime.database.transaction() as session:
        claimed = claim_next(session, owner=runtime.owner, rules=rules_of(runtime), now=runtime.clock())
        if claimed is False:
            # Nobody's of this process, which may be sending in another thread; only what took too long.
            give_up_abandoned(session, owner="", now=runtime.clock())
            return 0.0 if finish_settled(session, now=runtime.clock()) else None
    return _send(runtime, claimed) if isinstance(claimed, Claimed) else 0.0


def recover(runtime: Runtime) -> None:
    """At the start of a process: what it was sending when it last died, it may have sent."""
    with runtime.database.transaction() as session:
        given_up = give_up_abandoned(session, owner=runtime.owner, now=runtime.clock())
    if given_up:
        log.warning("campaign.interrupted", recipients=given_up)


def try_out(runtime: Runtime, campaign_id: str, to: str, *, actor: str) -> str:
    """Send a campaign's message to one address of one's own; the address as it was read.

    Raises:
        Refusal: there is no such campaign, the address cannot be read or revoked, or the provider did not take it.
    """
    with runtime.database.transaction() as session:
        campaign = find_campaign(session, campaign_id)
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
        claimed = Claimed(
            recipient_id=campaign_id,
            channel=Channel(campaign.channel),
            to=shown,
            subject=campaign.subject,
            body=campaign.body,
        )
    try:
        _hand_over(runtime, claimed)
    except SendingError as failure:
        if failure.fault is Fault.RECIPIENT:
            raise _unusable("The provider cannot deliver to this.") from None
        is_waiting = failure.fault in {Fault.BUSY, Fault.UNREACHABLE}
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


def _send(runtime: Runtime, claimed: Claimed) -> float:
    """Hand one message over and note how it ended; how long to wait before the next."""
    settings = runtime.settings
    try:
        provider_id = _hand_over(runtime, claimed)
    except SendingError as failure:
        log.warning(
            "campaign.not_sent", recipient_id=claimed.recipient_id, fault=failure.fault, code=failure.code
        )
        with runtime.database.transaction() as session:
            settle_failed(session, claimed.recipient_id, failure, now=runtime.clock())
        if failure.fault is not Fault.RECIPIENT:
            return REST_SECONDS
    else:
        with runtime.database.transaction() as session:
            settle_sent(session, claimed.recipient_id, provider_id=provider_id, now=runtime.clock())
    per_second = settings.texts_per_second if claimed.channel is Channel.SMS else settings.mails_per_second
    return 1.0 / per_second


def _hand_over(runtime: Runtime, claimed: Claimed) -> str:
    if claimed.channel is Channel.SMS:
        return runtime.texts.send(Text(to=claimed.to, body=f"{claimed.body}\n{STOP_LINE}"))
    token = runtime.token(UNSUBSCRIBE, claimed.recipient_id)
    url = f"{runtime.settings.public_url}{UNSUBSCRIBE_PATH}{token}"
    return runtime.mail.send(
        Mail(
            to=claimed.to,
            subject=claimed.subject or "",
            body=f"{claimed.body}\n\n-- \nNo more of these: {url}\n",
            key=f"campaign-{claimed.recipient_id}",
            # RFC 8058: a mail program's own button posts there.
            headers={
                "List-Unsubscribe": f"<{url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
    )
