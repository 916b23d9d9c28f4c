"""Putting customers into the match index who are not in it: those that a legacy base brought along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from service.store.locks import lock_customers
from service.store.match_index import RECORD_VERSION
from service.store.tables import Customer, MatchRecord
from service.usecases.refresh import index_customers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

#: Customers a transaction: on SQLite an event waits for one, for some tenths of a second at most.
BATCH = 250


def index_next(session: Session, *, after: str, limit: int = BATCH) -> str | None:
    """Index the next customers behind the id `after` who have no record of this version; None when there are no more."""
    missing = next_unindexed(session, after=after, limit=limit)
    # Locked, then read: a merge or an edit that came in between is seen.
    standing = [each for each in lock_customers(session, missing).values() if each.merged_into_id is None]
    index_customers(session, standing)
    return missing[-1] if missing else None


def next_unindexed(session: Session, *, after: str, limit: int) -> Sequence[str]:
    """The ids of the next customers behind `after` who have no record of this version."""
    current = and_(
        MatchRecord.customer_id == Customer.id,
        MatchRecord.version == RECORD_VERSION,
        # Told again, or PostgreSQL goes through all that was indexed already.
        MatchRecord.customer_id > after,
    )
    return session.scalars(
        select(Customer.id)
        .outerjoin(MatchRecord, current)
        .where(Customer.id > after, Customer.merged_into_id.is_(None), MatchRecord.customer_id.is_(None))
        .order_by(Customer.id)
        .limit(limit)
    ).all()
