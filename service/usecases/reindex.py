"""Bringing the match index to what contacts and names say today, customer by customer, beside a serving process.

A batch is looked at first, without a lock; only customers whose keys or record are not right are locked, looked at again and
written. So a second run writes nothing, and an interrupted one loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from service.store.locks import lock_customers
from service.store.match_index import forget_records, read_index, write_records
from service.store.tables import Customer
from service.usecases.refresh import records_of_customers

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from matching import Record

#: Customers that are looked at together; on SQLite an event waits while as many are written, for tenths of a second.
BATCH = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """A batch of customers that was looked at; `stale` are not in the index as they should be. `last` is None at the end."""

    customers: int
    stale: Sequence[str]
    last: str | None


def survey_next(session: Session, *, after: str, limit: int = BATCH) -> Surveyed:
    """Look at the next customers behind the id `after`; `session` must see one state of the data."""
    customers = session.scalars(
        select(Customer).where(Customer.id > after).order_by(Customer.id).limit(limit)
    ).all()
    wrong, gone = _not_as_they_should_be(session, customers)
    return Surveyed(
        customers=len(customers),
        stale=[*wrong, *gone],
        last=customers[-1].id if len(customers) == limit else None,
    )


def reindex(session: Session, customer_ids: Collection[str]) -> int:
    """Write keys and packed records of these customers where they are not right; of how many that was."""
    # Locked, then read: a merge or an edit that came in between is seen, and whoever wrote it has indexed it.
    wrong, gone = _not_as_they_should_be(session, lock_customers(session, customer_ids).values())
    if gone:
        forget_records(session, gone)
    if wrong:
        write_records(session, wrong)
    return len(wrong) + len(gone)


def _not_as_they_should_be(
    session: Session, customers: Collection[Customer]
) -> tuple[dict[str, Record], list[str]]:
    """The records of customers whom the index has not or otherwise, and the tombstones that it still has."""
    indexed = read_index(session, [customer.id for customer in customers])
    records = records_of_customers(session, [each for each in customers if each.merged_into_id is None])
    wrong = {
        customer_id: record
        for customer_id, record in records.items()
        if not indexed.is_current(customer_id, record)
    }
    gone = [each.id for each in customers if each.id not in records and indexed.has(each.id)]
    return wrong, gone
