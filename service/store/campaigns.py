"""Campaigns as rows: who was reached lately, what is due, what is shown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, null, select, tuple_, union_all, update
from sqlalchemy.orm import load_only

from service.errors import ErrorCode, Refusal
from service.store.bulk import among
from service.store.clusters import survivors_of
from service.store.tables import Campaign, CampaignRecipient, ContactMethod, Customer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import Session

#: Something may have reached the person: what is being handed over, and what nobody knows of, counts too.
REACHED = ("sending", "sent", "unknown")


def find_campaign(session: Session, campaign_id: str) -> Campaign:
    """A campaign.

    Raises:
        Refusal: there is no such campaign.
    """
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no campaign with this id.")
    return campaign


def list_campaigns(session: Session, *, after: Sequence[Any] | None, limit: int) -> list[Campaign]:
    """Campaigns, newest first, after a (created_at, id)."""
    wanted = select(Campaign).order_by(Campaign.created_at.desc(), Campaign.id.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(Campaign.created_at, Campaign.id) < tuple(after))
    return list(session.scalars(wanted))


def next_customers(session: Session, *, after: str, limit: int) -> list[str]:
    """The ids of the next customers behind an id, those who were merged away too."""
    wanted = select(Customer.id).where(Customer.id > after)
    return list(session.scalars(wanted.order_by(Customer.id).limit(limit)))


def overtaken(session: Session, customer_ids: Collection[str], *, until: str) -> list[str]:
    """Customers up to the id `until` whom any of `customer_ids` was merged into: they may have more contacts by now."""
    survivors = set(survivors_of(session, customer_ids).values()) - set(customer_ids)
    if not survivors:
        return []
    wanted = select(Customer.id).where(Customer.id.in_(survivors), Customer.id <= until)
    return list(session.scalars(wanted.order_by(Customer.id)))


def considered_contacts(session: Session, campaign_id: str, contact_ids: Collection[str]) -> dict[str, str]:
    """Those of `contact_ids` that a campaign has decided of, with the decision."""
    rows = session.execute(
        select(CampaignRecipient.contact_id, CampaignRecipient.decision).where(
            CampaignRecipient.contact_id.in_(contact_ids), CampaignRecipient.campaign_id == campaign_id
        )
    )
    return dict(rows.all())


def contacts_by_customer(
    session: Session, customer_ids: Sequence[str], *, kind: str
) -> dict[str, list[ContactMethod]]:
    """The live contacts of a type of each customer, in the order of `customer_ids`: of their columns, what is asked about."""
    found: dict[str, list[ContactMethod]] = {customer_id: [] for customer_id in customer_ids}
    columns = [getattr(ContactMethod, name) for name in _ASKED_ABOUT.split()]
    rows = session.scalars(
        select(ContactMethod)
        .where(
            among(ContactMethod.customer_id, customer_ids),
            ContactMethod.type == kind,
            ContactMethod.deleted_at.is_(None),
            ContactMethod.collapsed_into_id.is_(None),
        )
        .order_by(ContactMethod.created_at, ContactMethod.id)
        # Half the time of whole rows; another column would be a query for each row, and so is an error.
        .options(load_only(*columns, raiseload=True))
    )
    for contact in rows:
        found[contact.customer_id].append(contact)
    return found


_ASKED_ABOUT = (
    "customer_id type platform value match_value label source is_primary is_verified is_valid is_normalized"
    " usage_count can_sms can_marketing created_at"
)


class ReachedCounts:
    """How many campaigns reached each person, and each value, since some moment."""

    def __init__(self, session: Session, contacts: Iterable[ContactMethod], since: datetime) -> None:
        contacts = list(contacts)
        reached = (
            select(ContactMethod.customer_id, ContactMethod.match_value, CampaignRecipient.campaign_id)
            .join(CampaignRecipient, CampaignRecipient.contact_id == ContactMethod.id)
            .where(CampaignRecipient.outcome.in_(REACHED), CampaignRecipient.claimed_at > since)
        )
        rows = session.execute(
            union_all(
                reached.where(among(ContactMethod.customer_id, {each.customer_id for each in contacts})),
                # Whoever else holds the same number gets it on the same phone.
                reached.where(ContactMethod.match_value.in_({each.match_value for each in contacts})),
            )
        )
        # Found both ways, a message counts once.
        distinct = {tuple(row) for row in rows}
        self._people = Counter(customer_id for customer_id, _, _ in distinct)
        self._values = Counter(value for _, value, _ in distinct)

    def of(self, contact: ContactMethod) -> int:
        return max(self._people[contact.customer_id], self._values[contact.match_value])


def chosen_values(session: Session, campaign_id: str, values: Collection[str]) -> set[str]:
    """Those of `values` that a campaign sends to already, to whomever; where it was withheld, it does not."""
    rows = session.scalars(
        select(ContactMethod.match_value)
        .join(CampaignRecipient, CampaignRecipient.contact_id == ContactMethod.id)
        .where(
            ContactMethod.match_value.in_(values),
            _is_of(campaign_id),
            CampaignRecipient.decision == "send",
            CampaignRecipient.outcome.is_distinct_from("withheld"),
        )
    )
    return set(rows)


def passed_over(
    session: Session, campaign_id: str, contact: ContactMethod, *, reasons: Collection[str]
) -> dict[str, tuple[CampaignRecipient, ContactMethod]]:
    """Skipped by a campaign for `reasons`, and still there: the person's of a contact, and whoever else has its value; by contact."""
    skipped = (
        select(CampaignRecipient, ContactMethod)
        .join(ContactMethod, CampaignRecipient.contact_id == ContactMethod.id)
        .where(
            _is_of(campaign_id),
            CampaignRecipient.decision == "skip",
            CampaignRecipient.reason.in_(reasons),
            ContactMethod.deleted_at.is_(None),
            ContactMethod.collapsed_into_id.is_(None),
        )
        .order_by(ContactMethod.created_at, ContactMethod.id)
    )
    found = {}
    for near in (
        ContactMethod.customer_id == contact.customer_id,
        ContactMethod.match_value == contact.match_value,
    ):
        found.update({other.id: (row, other) for row, other in session.execute(skipped.where(near))})
    return found


def served_customers(session: Session, campaign_id: str, customer_ids: Collection[str]) -> set[str]:
    """Those of `customer_ids` whom a campaign reached, or is going to."""
    rows = session.scalars(
        select(ContactMethod.customer_id)
        .join(CampaignRecipient, CampaignRecipient.contact_id == ContactMethod.id)
        .where(
            ContactMethod.customer_id.in_(customer_ids),
            _is_of(campaign_id),
            CampaignRecipient.outcome.in_(("pending", *REACHED)),
        )
    )
    return set(rows)


def _is_of(campaign_id: str) -> ColumnElement[bool]:
    """Rows of a campaign, of those that are found by their contact.

    Said so that no index is used for it: SQLite would read the whole campaign for each batch and each message.
    """
    return func.coalesce(CampaignRecipient.campaign_id, null()) == campaign_id


def has_reached(session: Session, row: CampaignRecipient, contact: ContactMethod) -> bool:
    """Say whether its campaign reached the person or the value of a recipient another way: two may have become one."""
    reached = (
        select(CampaignRecipient.id)
        .join(ContactMethod, CampaignRecipient.contact_id == ContactMethod.id)
        .where(
            _is_of(row.campaign_id),
            CampaignRecipient.outcome.in_(REACHED),
            CampaignRecipient.id != row.id,
        )
    )
    held = reached.where(ContactMethod.customer_id == contact.customer_id)
    shared = reached.where(ContactMethod.match_value == contact.match_value)
    return session.scalar(union_all(held, shared).limit(1)) is not None


def campaigns_in(session: Session, status: str, *, channel: str | None = None) -> list[str]:
    """The ids of the campaigns that stand so (on a channel), in order."""
    wanted = select(Campaign.id).where(Campaign.status == status).order_by(Campaign.id)
    if channel is not None:
        wanted = wanted.where(Campaign.channel == channel)
    return list(session.scalars(wanted))


def next_due(session: Session, campaign_id: str, *, now: datetime) -> CampaignRecipient | None:
    """The next recipient whose time has come, locked; whoever is locked already is somebody else's."""
    return session.scalar(
        select(CampaignRecipient)
        .where(
            CampaignRecipient.campaign_id == campaign_id,
            CampaignRecipient.outcome == "pending",
            CampaignRecipient.outcome.in_(UNSETTLED),
            CampaignRecipient.due_at <= now,
        )
        .order_by(CampaignRecipient.due_at, CampaignRecipient.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


#: Named in a query, it lets the partial index be used.
UNSETTLED = ("pending", "sending")


def is_settled(session: Session, campaign_id: str) -> bool:
    """True once nobody is left to be sent to."""
    unsettled = select(CampaignRecipient.id).where(
        CampaignRecipient.campaign_id == campaign_id, CampaignRecipient.outcome.in_(UNSETTLED)
    )
    return session.scalar(unsettled.limit(1)) is None


def let_go(session: Session, *, owner: str, now: datetime) -> None:
    """Whoever `owner` had reserved, and not claimed, is due again."""
    session.execute(
        update(CampaignRecipient)
        .where(
            CampaignRecipient.campaign_id.in_(select(Campaign.id).where(Campaign.status == "sending")),
            CampaignRecipient.outcome == "pending",
            CampaignRecipient.outcome.in_(UNSETTLED),
            CampaignRecipient.claimed_by == owner,
        )
        .values(claimed_by=None, due_at=now)
    )


def abandoned(session: Session, *, owner: str, before: datetime) -> list[CampaignRecipient]:
    """Recipients that were claimed when their process died: by `owner`, or before any sender's patience ends."""
    rows = session.scalars(
        select(CampaignRecipient)
        .join(Campaign, Campaign.id == CampaignRecipient.campaign_id)
        .where(
            Campaign.status.in_(("sending", "stopped")),
            CampaignRecipient.outcome == "sending",
            CampaignRecipient.outcome.in_(UNSETTLED),
            (CampaignRecipient.claimed_by == owner) | (CampaignRecipient.claimed_at < before),
        )
        .with_for_update(of=CampaignRecipient)
    )
    return list(rows)


def count_outcome(session: Session, campaign_id: str, outcome: str, *, by: int = 1) -> None:
    """Count recipients who are `to_send`, `skipped`, `sent` …, among those of all who send at once."""
    column = getattr(Campaign, outcome)
    session.execute(update(Campaign).where(Campaign.id == campaign_id).values({outcome: column + by}))


def list_recipients(
    session: Session,
    campaign_id: str,
    *,
    only: Mapping[str, str],
    after: Sequence[str] | None,
    limit: int,
) -> list[Row[Any]]:
    """Who was considered (see `recipient_view`), in the order of their ids, after a (customer_id, contact_id).

    `only` those whose columns hold these values.
    """
    place = (CampaignRecipient.customer_id, CampaignRecipient.contact_id)
    # Columns rather than rows of the ORM: a table of a million takes half the time.
    columns = {name: getattr(CampaignRecipient, name) for name in _SHOWN.split()}
    # To write it into a million rows would take a stop as long.
    is_stopped = (CampaignRecipient.outcome == "pending") & (Campaign.status == "stopped")
    columns["outcome"] = case((is_stopped, "stopped"), else_=CampaignRecipient.outcome).label("outcome")
    wanted = (
        select(*columns.values(), ContactMethod.value)
        .join(ContactMethod, ContactMethod.id == CampaignRecipient.contact_id)
        .join(Campaign, Campaign.id == CampaignRecipient.campaign_id)
        .where(CampaignRecipient.campaign_id == campaign_id)
        .where(*(columns[name] == value for name, value in only.items()))
        .order_by(*place)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(tuple_(*place) > tuple(after))
    return list(session.execute(wanted))


_SHOWN = "customer_id contact_id decision reason reasons not_before outcome sent_at error"


def campaign_view(campaign: Campaign) -> dict[str, Any]:
    """A campaign as the API shows it, with how far it is."""
    shown = "id channel subject body status created_at planned_at finished_at"
    counts = "considered to_send skipped sent failed unknown withheld"
    progress = {name: getattr(campaign, name) for name in counts.split()}
    settled = sum(progress[name] for name in ("sent", "failed", "unknown", "withheld"))
    left = 0 if campaign.is_dry_run else progress["to_send"] - settled
    waits_for = "stopped" if campaign.status == "stopped" else "pending"
    return {
        **{name: getattr(campaign, name) for name in shown.split()},
        "dry_run": campaign.is_dry_run,
        "progress": {**progress, "pending": 0, "stopped": 0, waits_for: left},
    }


def recipient_view(row: Row[Any]) -> dict[str, Any]:
    """Somebody who was considered, as the API shows it."""
    return {name: getattr(row, name) for name in (*_SHOWN.split(), "value")}
