"""Messages that wait for a person, and what they stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_

from service.store.clusters import survivors_of
from service.store.tables import ConsentEvent, Customer, DoubtfulMessage, InboxEvent

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session


def list_doubts(
    session: Session, *, status: str, after: Sequence[Any] | None, limit: int
) -> list[DoubtfulMessage]:
    """Messages of a status, the one that waited longest first, after a (created_at, id)."""
    order = (DoubtfulMessage.created_at, DoubtfulMessage.id)
    wanted = select(DoubtfulMessage).where(DoubtfulMessage.status == status).order_by(*order).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(*order) > tuple(after))
    return list(session.scalars(wanted))


def doubt_views(session: Session, doubts: Sequence[DoubtfulMessage]) -> list[dict[str, Any]]:
    """Messages with who wrote them and what they stopped, in a fixed number of queries however many there are."""
    event_ids = [doubt.event_id for doubt in doubts]
    customers = _customers_of(session, event_ids)
    stopped = acts_of(session, event_ids, actions=("hold", "revoke"))
    shown = "id event_id channel contact text why status created_at decided_at decided_by note"
    return [
        {
            **{name: getattr(doubt, name) for name in shown.split()},
            "customer": customers[doubt.event_id],
            "stopped": [
                {
                    "type": act.type,
                    "value": act.match_value,
                    "channel": act.channel,
                    "purpose": act.purpose,
                    "action": act.action,
                }
                for act in stopped
                if act.event_id == doubt.event_id
            ],
        }
        for doubt in doubts
    ]


def acts_of(session: Session, event_ids: Collection[str], *, actions: Collection[str]) -> list[ConsentEvent]:
    """What the ledger says that these events did, of these actions."""
    wanted = select(ConsentEvent).where(
        ConsentEvent.event_id.in_(event_ids), ConsentEvent.action.in_(actions)
    )
    return list(session.scalars(wanted.order_by(ConsentEvent.recorded_at, ConsentEvent.id)))


def _customers_of(session: Session, event_ids: Collection[str]) -> dict[str, dict[str, Any] | None]:
    """Who each event ended in, as they are now."""
    rows = session.execute(select(InboxEvent.id, InboxEvent.customer_id).where(InboxEvent.id.in_(event_ids)))
    ended_in = dict(rows.all())
    survivors = survivors_of(session, {each for each in ended_in.values() if each is not None})
    names = dict(
        session.execute(select(Customer.id, Customer.name).where(Customer.id.in_(survivors.values()))).all()
    )
    return {
        event_id: None if customer_id is None else _named(survivors[customer_id], names)
        for event_id, customer_id in ended_in.items()
    }


def _named(customer_id: str, names: dict[str, str | None]) -> dict[str, Any]:
    return {"id": customer_id, "name": names[customer_id]}
