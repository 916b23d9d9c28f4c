"""Two events for the same new person at the same moment end in one customer: these locks see to it.

SQLite needs none of them: its writers take turns (`BEGIN IMMEDIATE`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from service.store.tables import Customer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

_LOCK_ALL = text("SELECT pg_advisory_xact_lock(k) FROM unnest(:keys) AS k").bindparams(
    bindparam("keys", type_=ARRAY(BigInteger))
)


def lock_keys(session: Session, keys: Iterable[int]) -> None:
    """Hold signed 64-bit `keys` until the transaction ends; whoever wants one of them waits.

    Taken in one order by everybody, so that two transactions cannot wait for each other.
    """
    ordered = sorted(set(keys))
    if ordered and session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK_ALL, {"keys": ordered}).all()


def lock_customers(session: Session, customer_ids: Iterable[str]) -> dict[str, Customer]:
    """Lock customers by id, in id order, and read them as they now are."""
    wanted = sorted(set(customer_ids))
    rows = session.scalars(
        select(Customer)
        .where(Customer.id.in_(wanted))
        .order_by(Customer.id)
        # Ids never change: whoever only refers to a customer need not wait.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}
