"""A contact that a campaign had chosen cannot be sent to after all: the next best is, and what rows tell is true again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store.campaigns import chosen_values, count_outcome, passed_over, served_customers
from service.usecases.audience import Reason, decide, obstacles_to
from service.usecases.consent import Channel
from service.usecases.plan_campaign import day_time

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import Campaign, ContactMethod
    from service.usecases.plan_campaign import SendingRules

#: Why somebody was passed over for the sake of a contact that was chosen.
_FOR_ANOTHER = (Reason.OTHER_CONTACT, Reason.VALUE_TAKEN)


def choose_again(
    session: Session, campaign: Campaign, contact: ContactMethod, *, rules: SendingRules, now: datetime
) -> None:
    """Decide anew of the other contacts of the person whose `contact` is out, and of whoever else has its value.

    Whom the campaign reaches another way is left alone. That `contact` is out must be written already.
    """
    session.flush()
    found = passed_over(session, campaign.id, contact, reasons=_FOR_ANOTHER)
    holders = {other.customer_id for _, other in found.values()}
    people: dict[str, list[ContactMethod]] = {
        each: [] for each in sorted(holders - served_customers(session, campaign.id, holders))
    }
    for _, other in found.values():
        if other.customer_id in people:
            people[other.customer_id].append(other)
    contacts = [each for held in people.values() for each in held]
    obstacles = obstacles_to(session, contacts, Channel(campaign.channel), per_week=rules.per_week, now=now)
    taken = chosen_values(session, campaign.id, {each.match_value for each in contacts})
    for verdict in decide(people, obstacles, taken=taken):
        row, _ = found[verdict.contact.id]
        row.reason, row.reasons = verdict.reason.value, [each.value for each in verdict.obstacles]
        if verdict.sends:
            row.decision, row.outcome = "send", "pending"
            row.not_before = day_time(verdict.contact, rules.hours, now)
            row.due_at = row.not_before or now
            count_outcome(session, campaign.id, "to_send")
            count_outcome(session, campaign.id, "skipped", by=-1)
