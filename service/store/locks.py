"""Two events for the same new person at the same moment end in one customer: these locks see to it.

SQLite needs none of them: its writers take turns (`BEGIN IMMEDIATE`).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import BigInteger, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from service.store.tables import Customer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

#: Type, platform and match value of a contact.
Identity: TypeAlias = "tuple[str, str, str]"

#: Any number, as long as it is always the same.
_ALL_VALUES = 0x1DE7_1709_0000
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


def lock_values(session: Session, values: Iterable[Identity], *, keys: Iterable[int] = ()) -> None:
    """Hold contact values until the transaction ends: what they allow does not change, and nobody gets a row of them meanwhile.

    Taken before customers, by everybody who writes down consent or adds a contact method. `keys` are block keys to be
    held with them.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock_shared(_ALL_VALUES)))
    lock_keys(session, [*keys, *(_value_key(value) for value in values)])


def lock_all_values(session: Session) -> None:
    """Hold every contact value there is: for whoever brings so many that a lock each would be too many."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_ALL_VALUES)))


def _value_key(value: Identity) -> int:
    """What `lock_keys` holds for a contact value."""
    text = "value:" + ":".join(value)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


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
