"""The match index: block keys of every customer in one narrow table, and one packed record each for scoring."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, union_all

from matching import KEY_CAP, Block, block_keys, pack, unpack
from service.store.bulk import among, insert_rows
from service.store.tables import Customer, MatchKey, MatchRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from matching import BlockKey, Record

#: The format of packed records; another version is packed anew when it is next written.
RECORD_VERSION = 1
#: An id that no customer has.
NOBODY = "00000000-0000-0000-0000-000000000000"


def read_blocks(session: Session, keys: Sequence[BlockKey], *, without: str | None = None) -> list[Block]:
    """Who has each of `keys`, but for `without`: at most KEY_CAP + 1 customers a key, in one query."""
    if not keys:
        return []
    reads = [
        select(
            select(MatchKey.key, MatchKey.customer_id)
            .where(MatchKey.key == key.hash, MatchKey.customer_id != (without or NOBODY))
            .order_by(MatchKey.customer_id)
            .limit(KEY_CAP + 1)
            .subquery()
        )
        for key in keys
    ]
    holders: dict[int, list[str]] = {key.hash: [] for key in keys}
    for key_hash, customer_id in session.execute(union_all(*reads)):
        holders[key_hash].append(customer_id)
    return [Block(key=key, customer_ids=tuple(holders[key.hash])) for key in keys]


def load_records(session: Session, customer_ids: Collection[str]) -> dict[str, Record]:
    """The packed records of `customer_ids`, unpacked."""
    if not customer_ids:
        return {}
    rows = session.execute(
        select(MatchRecord.customer_id, MatchRecord.packed).where(MatchRecord.customer_id.in_(customer_ids))
    )
    return {customer_id: unpack(packed) for customer_id, packed in rows}


def index_rows(customer_id: str, record: Record) -> tuple[list[tuple[int, str]], tuple[str, bytes, int]]:
    """What a customer's record makes: the rows of match_keys, and the row of match_records (store.bulk)."""
    keys = [(key.hash, customer_id) for key in block_keys(record)]
    return keys, (customer_id, pack(record), RECORD_VERSION)


def write_records(session: Session, records: Mapping[str, Record]) -> None:
    """Replace the keys and packed records of these customers, by customer id; as many statements for many as for one."""
    forget_records(session, records)
    rows = [index_rows(customer_id, record) for customer_id, record in records.items()]
    insert_rows(
        session,
        {
            "match_keys": [key for keys, _ in rows for key in keys],
            "match_records": [record for _, record in rows],
        },
    )


def forget_records(session: Session, customer_ids: Collection[str]) -> None:
    """Take customers out of the index, so that nobody is matched to them."""
    for table in (MatchKey, MatchRecord):
        session.execute(
            delete(table).where(among(table.customer_id, customer_ids)),
            execution_options={"synchronize_session": False},
        )


class CustomerCount:
    """How many customers there are: what a prior needs, so a large count may be seconds old.

    Counting is linear, so that a large base is counted now and then; a small one each time.
    """

    SMALL = 20_000
    SECONDS = 30.0

    def __init__(self) -> None:
        self._count = 0
        self._counted_at = 0.0

    def read(self, session: Session) -> int:
        fresh = time.monotonic() - self._counted_at < self.SECONDS
        if self._count < self.SMALL or not fresh:
            counting = select(func.count()).select_from(Customer).where(Customer.merged_into_id.is_(None))
            self._count = session.scalar(counting) or 0
            self._counted_at = time.monotonic()
        return self._count
