"""Handing a campaign over, one recipient at a time: claimed first, then sent outside of any transaction, then settled.

Nobody is sent to twice: what was claimed when a process died is `unknown`, and is not tried again. Nobody is forgotten: whoever
was not claimed is still pending.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from service.messages import Fault
from service.store.campaigns import abandoned, campaigns_in, count_outcome, has_reached, is_settled, next_due
from service.store.contacts import identity_of
from service.store.locks import lock_values
from service.store.tables import Campaign, CampaignRecipient, ContactMethod
from service.usecases.audience import Reason, obstacles_to
from service.usecases.consent import Channel
from service.usecases.plan_campaign import day_time

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.messages import SendingError
    from service.usecases.plan_campaign import SendingRules

MAX_ATTEMPTS = 8
RETRY = timedelta(minutes=1)
MAX_RETRY = timedelta(hours=2)
#: Longer than any sender waits for its provider.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A recipient who is to be sent to now, by whoever claimed them and nobody else."""

    recipient_id: str
    channel: Channel
    to: str
    subject: str | None
    body: str


def claim_next(session: Session, *, owner: str, rules: SendingRules, now: datetime) -> Claimed | bool:
    """Claim the next recipient whose time has come, if they may still be sent to; False where nobody's has.

    True where one was looked at who may not, or not yet.
    """
    for campaign_id in campaigns_in(session, "sending"):
        row = next_due(session, campaign_id, now=now)
        if row is not None:
            campaign = session.get_one(Campaign, campaign_id)
            return _claim(session, campaign, row, owner=owner, rules=rules, now=now)
    return False


def _claim(
    session: Session,
    campaign: Campaign,
    row: CampaignRecipient,
    *,
    owner: str,
    rules: SendingRules,
    now: datetime,
) -> Claimed | bool:
    contact, obstacles = _check_again(session, campaign, row, rules, now)
    if obstacles:
        row.outcome, row.reasons = "withheld", [each.value for each in obstacles]
        row.error = obstacles[0].value
        count_outcome(session, campaign.id, "withheld")
        return True
    waits_until = day_time(contact, rules.hours, now)
    if waits_until is not None:
        row.due_at = row.not_before = waits_until
        return True
    row.outcome, row.claimed_by, row.claimed_at = "sending", owner, now
    row.attempts += 1
    return Claimed(
        recipient_id=row.id,
        channel=Channel(campaign.channel),
        to=contact.value,
        subject=campaign.subject,
        body=campaign.body,
    )


def _check_again(
    session: Session, campaign: Campaign, row: CampaignRecipient, rules: SendingRules, now: datetime
) -> tuple[ContactMethod, list[Reason]]:
    """The contact as it is now, and all that has come to speak against it since it was chosen."""
    contact = session.get_one(ContactMethod, row.contact_id, populate_existing=True)
    # Whoever revokes at this moment comes before or after, never in between.
    lock_values(session, [identity_of(contact)])
    if contact.collapsed_into_id is not None:
        contact = session.get_one(ContactMethod, contact.collapsed_into_id, populate_existing=True)
    if contact.deleted_at is not None:
        return contact, [Reason.REMOVED]
    found = obstacles_to(session, [contact], Channel(campaign.channel), per_week=rules.per_week, now=now)[
        contact.id
    ]
    if has_reached(session, row, contact):
        found.append(Reason.OTHER_CONTACT)
    return contact, found


def settle_sent(session: Session, recipient_id: str, *, provider_id: str, now: datetime) -> None:
    """The provider took the message."""
    row = session.get_one(CampaignRecipient, recipient_id, with_for_update=True)
    row.outcome, row.sent_at, row.provider_id = "sent", now, provider_id
    count_outcome(session, row.campaign_id, "sent")


def settle_failed(session: Session, recipient_id: str, failure: SendingError, *, now: datetime) -> None:
    """The provider did not take it: tried again later unless that cannot help; never where it may have been taken."""
    row = session.get_one(CampaignRecipient, recipient_id, with_for_update=True)
    row.error = failure.code[:64]
    if failure.fault is Fault.UNCERTAIN:
        row.outcome = "unknown"
    elif failure.fault is Fault.RECIPIENT or row.attempts >= MAX_ATTEMPTS:
        row.outcome = "failed"
    else:
        row.outcome, row.claimed_by, row.claimed_at = "pending", None, None
        row.due_at = now + min(RETRY * 2 ** (row.attempts - 1), MAX_RETRY)
        return
    count_outcome(session, row.campaign_id, row.outcome)


def give_up_abandoned(session: Session, *, owner: str, now: datetime) -> int:
    """Whoever was being sent to when a process died may have been reached: that is said, and they are not tried again."""
    rows = abandoned(session, owner=owner, before=now - PATIENCE)
    for row in rows:
        row.outcome, row.error = "unknown", "interrupted"
        count_outcome(session, row.campaign_id, "unknown")
    return len(rows)


def finish_settled(session: Session, *, now: datetime) -> int:
    """Close the campaigns in which nobody is left; how many."""
    finished = 0
    for campaign_id in campaigns_in(session, "sending"):
        if is_settled(session, campaign_id):
            campaign = session.get_one(Campaign, campaign_id, with_for_update=True, populate_existing=True)
            if campaign.status == "sending":
                campaign.status, campaign.finished_at = "done", now
                finished += 1
    return finished
