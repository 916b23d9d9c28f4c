"""Putting customers into the match index who are not in it: those that a legacy base brought along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from service.store.locks import lock_customers
from service.store.match_index import RECORD_VERSION
from service.store.tables import Customer, MatchRecord
from service.usecases.refresh import index_customer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Customers a transaction: short enough that an event need not wait for it.
BATCH = 100


def index_next(session: Session, *, after: str) -> str | None:
    """Index the next customers behind the id `after` who have no record of this version; None when there are no more."""
    missing = session.scalars(
        select(Customer.id)
        .outerjoin(
            MatchRecord, (MatchRecord.customer_id == Customer.id) & (MatchRecord.version == RECORD_VERSION)
        )
        .where(Customer.id > after, Customer.merged_into_id.is_(None), MatchRecord.customer_id.is_(None))
        .order_by(Customer.id)
        .limit(BATCH)
    ).all()
    for customer in lock_customers(session, missing).values():
        if customer.merged_into_id is None:
            index_customer(session, customer)
    return missing[-1] if missing else None
