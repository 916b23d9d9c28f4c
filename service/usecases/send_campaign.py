"""Handing a campaign over, one recipient at a time: reserved, prepared outside of any transaction, claimed, sent, settled.

Reserved, a recipient is still pending, and nobody else prepares the same message meanwhile. The claim is the last thing
before the provider has the whole message: whoever was claimed is not tried again, so that nobody is sent to twice, and
whoever was not is still pending, so that nobody is forgotten ([ADR 16](../../docs/adr/0016-claimed-at-the-last-byte.md)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from service.messages import Fault
from service.store.campaigns import (
    abandoned,
    count_outcome,
    has_reached,
    is_settled,
    let_go,
    next_due,
)
from service.store.clusters import lock_survivor
from service.store.contacts import identity_of
from service.store.locks import lock_values
from service.store.tables import Campaign, CampaignRecipient, ContactMethod
from service.usecases.audience import Reason, obstacles_to
from service.usecases.choose_again import choose_again
from service.usecases.consent import PURPOSES, Act, Action, ActorKind, Channel, record_consent
from service.usecases.plan_campaign import day_time

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.messages import SendingError
    from service.usecases.plan_campaign import SendingRules

MAX_ATTEMPTS = 8
#: Said of one message: it is not tried again.
FOR_GOOD = frozenset({Fault.RECIPIENT, Fault.MESSAGE})
#: Said of one message alone: the next one is not waited with.
OF_ONE = FOR_GOOD | {Fault.DELAYED}
RETRY = timedelta(minutes=1)
MAX_RETRY = timedelta(hours=2)
#: What the ledger calls a revocation that the provider told us of.
PROVIDER = "provider"
#: Longer than any sender waits for its provider.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A campaign's message to one address or number."""

    channel: Channel
    to: str
    subject: str | None
    body: str


def letter_of(campaign: Campaign, to: str) -> Letter:
    """What a campaign sends to an address or number."""
    return Letter(channel=Channel(campaign.channel), to=to, subject=campaign.subject, body=campaign.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """A recipient whose message is prepared by whoever reserved them and, until `PATIENCE` ends, by nobody else."""

    recipient_id: str
    #: Counts on with each reservation: what was reserved again meanwhile is no longer ours.
    attempt: int
    letter: Letter


def reserve_next(
    session: Session, campaign_id: str, *, owner: str, rules: SendingRules, now: datetime
) -> Reserved | bool:
    """Reserve the next recipient of a campaign whose time has come, if they may still be sent to; False where nobody's has.

    True where one was looked at who may not, or not yet.
    """
    row = next_due(session, campaign_id, now=now)
    if row is None:
        return False
    campaign = session.get_one(Campaign, campaign_id)
    contact = _cleared(session, campaign, row, rules, now)
    if contact is None:
        return True
    row.claimed_by, row.due_at = owner, now + PATIENCE
    row.attempts += 1
    return Reserved(recipient_id=row.id, attempt=row.attempts, letter=letter_of(campaign, contact.value))


def claim(session: Session, reserved: Reserved, *, rules: SendingRules, now: datetime) -> bool:
    """Say whether the message that was prepared is to go out; then it counts as sent, whatever happens.

    All that speaks against it is looked at once more: preparing it took a while.
    """
    row = session.get_one(CampaignRecipient, reserved.recipient_id, with_for_update=True)
    campaign = session.get_one(Campaign, row.campaign_id)
    if not _is_still(row, "pending", reserved) or campaign.status != "sending":
        return False
    contact = _cleared(session, campaign, row, rules, now)
    if contact is None:
        return False
    if contact.value != reserved.letter.to:
        row.claimed_by, row.due_at = None, now
        return False
    row.outcome, row.claimed_at = "sending", now
    return True


def _is_still(row: CampaignRecipient, outcome: str, reserved: Reserved) -> bool:
    return row.outcome == outcome and row.attempts == reserved.attempt


def _cleared(
    session: Session, campaign: Campaign, row: CampaignRecipient, rules: SendingRules, now: datetime
) -> ContactMethod | None:
    """The contact to be sent to at this moment; None where something speaks against it, or it has to wait: that is noted."""
    contact, obstacles = _check_again(session, campaign, row, rules, now)
    if obstacles:
        row.outcome, row.reasons = "withheld", [each.value for each in obstacles]
        row.error = obstacles[0].value
        count_outcome(session, campaign.id, "withheld")
        choose_again(session, campaign, contact, rules=rules, now=now)
        return None
    waits_until = day_time(contact, rules.hours, now)
    if waits_until is not None:
        row.claimed_by = None
        row.due_at = row.not_before = waits_until
        return None
    return contact


def _check_again(
    session: Session, campaign: Campaign, row: CampaignRecipient, rules: SendingRules, now: datetime
) -> tuple[ContactMethod, list[Reason]]:
    """The contact as it is now, and all that has come to speak against it since it was chosen."""
    contact = _hold(session, row)
    if contact.deleted_at is not None:
        return contact, [Reason.REMOVED]
    found = obstacles_to(session, [contact], Channel(campaign.channel), per_week=rules.per_week, now=now)[
        contact.id
    ]
    if has_reached(session, row, contact):
        found.append(Reason.OTHER_CONTACT)
    return contact, found


def _hold(session: Session, row: CampaignRecipient) -> ContactMethod:
    """The contact that stands for a recipient's now, its value and its customer held.

    Whoever revokes at this moment, and whoever sends to the same person another way, comes before or after, never in
    between. An undo holds the values that it moves, so that the customer can only change by a merge.
    """
    contact = session.get_one(ContactMethod, row.contact_id, populate_existing=True)
    lock_values(session, [identity_of(contact)])
    session.refresh(contact)
    lock_survivor(session, contact.customer_id)
    session.refresh(contact)
    if contact.collapsed_into_id is None:
        return contact
    return session.get_one(ContactMethod, contact.collapsed_into_id, populate_existing=True)


def settle_sent(session: Session, reserved: Reserved, *, provider_id: str, now: datetime) -> None:
    """The provider took the message."""
    row = session.get_one(CampaignRecipient, reserved.recipient_id, with_for_update=True)
    if row.outcome == "unknown":
        # It took so long that it had been given up.
        count_outcome(session, row.campaign_id, "unknown", by=-1)
    row.outcome, row.sent_at, row.provider_id, row.error = "sent", now, provider_id, None
    count_outcome(session, row.campaign_id, "sent")


def settle_failed(
    session: Session, reserved: Reserved, failure: SendingError, *, rules: SendingRules, now: datetime
) -> None:
    """The provider did not take it: tried again later unless that cannot help; never where it may have been taken.

    Where it does not deliver to this contact, the person's next one has its turn.
    """
    row = session.get_one(CampaignRecipient, reserved.recipient_id, with_for_update=True)
    was_claimed = _is_still(row, "sending", reserved)
    if not was_claimed and not _is_still(row, "pending", reserved):
        return
    row.error = failure.code[:64]
    if was_claimed and failure.fault is Fault.UNCERTAIN:
        row.outcome = "unknown"
    elif failure.fault in FOR_GOOD or row.attempts >= MAX_ATTEMPTS:
        row.outcome = "failed"
    else:
        row.outcome, row.claimed_by, row.claimed_at = "pending", None, None
        row.due_at = now + min(RETRY * 2 ** (row.attempts - 1), MAX_RETRY)
        return
    # First: who waits for the campaign's counts may hold it already.
    contact = _hold(session, row)
    campaign = session.get_one(Campaign, row.campaign_id)
    if failure.is_revoked:
        _revoke(session, campaign, contact, failure.code, now)
    count_outcome(session, row.campaign_id, row.outcome)
    if failure.fault is Fault.RECIPIENT:
        choose_again(session, campaign, contact, rules=rules, now=now)


def _revoke(session: Session, campaign: Campaign, contact: ContactMethod, code: str, now: datetime) -> None:
    """Write down a STOP that the provider heard and we did not: it blocks all messages there until the number says START."""
    acts = [
        Act(
            value=identity_of(contact),
            channel=Channel(campaign.channel),
            action=Action.REVOKE,
            actor_kind=ActorKind.PERSON,
            actor="person",
            source=PROVIDER,
            occurred_at=now,
            purpose=purpose,
            evidence={"code": code, "campaign_id": campaign.id},
            customer_id=contact.origin_customer_id,
        )
        for purpose in PURPOSES
    ]
    record_consent(session, acts, now=now)


def take_up(session: Session, *, owner: str, now: datetime) -> int:
    """At the start of a process: what it had reserved when it died is due again; whom it had claimed is given up."""
    let_go(session, owner=owner, now=now)
    return give_up_abandoned(session, owner=owner, now=now)


def give_up_abandoned(session: Session, *, owner: str, now: datetime) -> int:
    """Whoever was claimed when a process died was most likely reached: that is said, and they are not tried again."""
    rows = abandoned(session, owner=owner, before=now - PATIENCE)
    for row in rows:
        row.outcome, row.error = "unknown", "interrupted"
        count_outcome(session, row.campaign_id, "unknown")
    return len(rows)


def finish_settled(session: Session, campaign_id: str, *, now: datetime) -> bool:
    """Close a campaign in which nobody is left; whether it was to be closed."""
    if not is_settled(session, campaign_id):
        return False
    campaign = session.get_one(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    if campaign.status != "sending":
        return False
    campaign.status, campaign.finished_at = "done", now
    return True
