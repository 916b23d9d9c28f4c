"""Making a campaign, and going through everybody once: a row for each contact, with the decision and every reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from service.errors import ErrorCode, Refusal
from service.store.audit import record_change
from service.store.campaigns import (
    chosen_values,
    considered_contacts,
    contacts_by_customer,
    next_customers,
    overtaken,
)
from service.store.locks import lock_keys
from service.store.match_index import NOBODY
from service.store.tables import Campaign, CampaignRecipient, new_id
from service.usecases.audience import TYPES, Reason, decide, obstacles_to
from service.usecases.consent import Channel
from service.usecases.quiet_hours import earliest

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ContactMethod
    from service.usecases.audience import Verdict
    from service.usecases.quiet_hours import SendingHours

#: Customers that are considered in one transaction.
BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wants to send."""

    channel: Channel
    subject: str | None
    body: str
    is_dry_run: bool
    #: Names the request: made twice, it is one campaign.
    request_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingRules:
    """What the installation decides about campaigns: when texts may go out, and how many a person gets in a week."""

    hours: SendingHours
    per_week: int


def create_campaign(session: Session, draft: Draft, *, actor: str, now: datetime) -> Campaign:
    """Write a campaign down; `plan_next` decides who gets it. A request that came before gets what it made then.

    Raises:
        Refusal: another campaign came under this key.
    """
    if draft.request_key is not None:
        lock_keys(session, [_lock_of(draft.request_key)])
        before = session.scalar(select(Campaign).where(Campaign.request_key == draft.request_key))
        if before is not None:
            return _same_or_refuse(before, draft)
    campaign = Campaign(
        id=new_id(),
        channel=draft.channel.value,
        subject=draft.subject,
        body=draft.body,
        is_dry_run=draft.is_dry_run,
        request_key=draft.request_key,
        status="planning",
        planned_until=NOBODY,
        actor=actor,
        created_at=now,
        **dict.fromkeys(("considered", "to_send", "skipped", "sent", "failed", "unknown", "withheld"), 0),
    )
    session.add(campaign)
    session.flush()
    return campaign


def _lock_of(request_key: str) -> int:
    digest = hashlib.blake2b(f"campaign:{request_key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _same_or_refuse(before: Campaign, draft: Draft) -> Campaign:
    if (before.channel, before.subject, before.body, before.is_dry_run) != (
        draft.channel,
        draft.subject,
        draft.body,
        draft.is_dry_run,
    ):
        raise Refusal(ErrorCode.CONFLICT, "Another campaign came under this Idempotency-Key.")
    return before


def stop_campaign(session: Session, campaign_id: str, *, actor: str, now: datetime) -> Campaign:
    """Send to nobody more; whoever is being sent to at this moment still is. What is over stays as it is.

    Raises:
        Refusal: there is no such campaign.
    """
    campaign = session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    if campaign is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no campaign with this id.")
    if campaign.status in {"planning", "sending"}:
        campaign.status, campaign.finished_at = "stopped", now
        record_change(session, "campaign.stopped", actor=actor, now=now, details={"campaign_id": campaign_id})
    return campaign


def plan_next(session: Session, campaign_id: str, *, rules: SendingRules, now: datetime) -> Campaign:
    """Consider the next customers, and note how far it came, in one transaction: killed, it goes on where it was.

    Raises:
        Refusal: there is no such campaign.
    """
    campaign = session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    if campaign is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no campaign with this id.")
    if campaign.status != "planning":
        return campaign
    customers = next_customers(session, after=campaign.planned_until, limit=BATCH)
    channel = Channel(campaign.channel)
    late = overtaken(session, customers, until=campaign.planned_until)
    people = contacts_by_customer(session, [*late, *customers], kind=TYPES[channel])
    served = _set_aside_considered(session, campaign, people, late)
    contacts = [each for held in people.values() for each in held]
    obstacles = obstacles_to(session, contacts, channel, per_week=rules.per_week, now=now)
    for contact in contacts:
        if contact.customer_id in served:
            obstacles[contact.id].append(Reason.OTHER_CONTACT)
    taken = chosen_values(session, campaign_id, {each.match_value for each in contacts})
    verdicts = list(decide(people, obstacles, taken=taken))
    if verdicts:
        # Past the ORM, which would take longer than the rest.
        session.connection().execute(
            insert(CampaignRecipient), [_row(campaign, each, rules.hours, now) for each in verdicts]
        )
    _note_progress(campaign, verdicts)
    if len(customers) < BATCH:
        _finish_planning(campaign, now)
    else:
        campaign.planned_until = customers[-1]
    session.flush()
    return campaign


def _set_aside_considered(
    session: Session, campaign: Campaign, people: dict[str, list[ContactMethod]], late: list[str]
) -> set[str]:
    """Leave of those who were gone through before only the contacts that a merge has brought since; who of them is sent to."""
    contact_ids = [each.id for customer_id in late for each in people[customer_id]]
    decisions = considered_contacts(session, campaign.id, contact_ids) if contact_ids else {}
    served = {
        customer_id
        for customer_id in late
        if any(decisions.get(each.id) == "send" for each in people[customer_id])
    }
    for customer_id in late:
        people[customer_id] = [each for each in people[customer_id] if each.id not in decisions]
    return served


def _note_progress(campaign: Campaign, verdicts: list[Verdict]) -> None:
    to_send = sum(each.sends for each in verdicts)
    campaign.considered += len(verdicts)
    campaign.to_send += to_send
    campaign.skipped += len(verdicts) - to_send


def _finish_planning(campaign: Campaign, now: datetime) -> None:
    campaign.planned_at = now
    campaign.status = "done" if campaign.is_dry_run or not campaign.to_send else "sending"
    campaign.finished_at = now if campaign.status == "done" else None


def _row(campaign: Campaign, verdict: Verdict, hours: SendingHours, now: datetime) -> dict[str, Any]:
    not_before = day_time(verdict.contact, hours, now) if verdict.sends else None
    is_to_go = verdict.sends and not campaign.is_dry_run
    return {
        "id": new_id(),
        "campaign_id": campaign.id,
        "customer_id": verdict.contact.customer_id,
        "contact_id": verdict.contact.id,
        "decision": "send" if verdict.sends else "skip",
        "reason": verdict.reason.value,
        "reasons": [each.value for each in verdict.obstacles],
        "not_before": not_before,
        "outcome": "pending" if is_to_go else None,
        "due_at": (not_before or now) if is_to_go else None,
    }


def day_time(contact: ContactMethod, hours: SendingHours, now: datetime) -> datetime | None:
    """Until when a text has to wait for the day at its recipient's; None where it need not, as no email does."""
    if contact.type != "phone":
        return None
    at = earliest(contact.value, hours=hours, now=now)
    return at if at > now else None
