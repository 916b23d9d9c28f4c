"""The match index: block keys of every customer in one narrow table, and one packed record each for scoring."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from matching import Block, block_keys, pack, unpack
from service.store.bulk import among, insert_rows
from service.store.statements import dialect_of, marks, read_rows
from service.store.tables import Customer, MatchKey, MatchRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from matching import BlockKey, Record

#: The format of packed records and the kinds of their keys; a customer indexed by another version is indexed anew.
RECORD_VERSION = 5
#: An id that no customer has.
NOBODY = "00000000-0000-0000-0000-000000000000"


def read_blocks(session: Session, keys: Sequence[BlockKey], *, without: str | None = None) -> list[Block]:
    """Who has each of `keys`, but for `without`: at most one more than its cap for each key, in one query."""
    if not keys:
        return []
    values = [value for key in keys for value in (key.hash, without or NOBODY, key.kind.cap + 1)]
    holders = dict(read_rows(session, _blocks_statement(len(keys), dialect_of(session)), values))
    return [
        Block(key=key, customer_ids=tuple(ids.split(",")) if (ids := holders[place]) else ())
        for place, key in enumerate(keys)
    ]


@cache
def _blocks_statement(keys: int, dialect: str) -> str:
    """One row for each key, with all ids in it: to make hundreds of rows takes longer than to read them."""
    listed = (
        "group_concat(customer_id)" if dialect == "sqlite" else "string_agg(CAST(customer_id AS text), ',')"
    )
    block = f"""SELECT {{}}, {listed} FROM (
        SELECT customer_id FROM match_keys WHERE key = ? AND customer_id <> ? ORDER BY customer_id LIMIT ?
    ) AS block"""  # noqa: S608 - no value of anybody's is in it
    return " UNION ALL ".join(block.format(place) for place in range(keys))


def load_records(session: Session, customer_ids: Collection[str]) -> dict[str, Record]:
    """The packed records of `customer_ids` that have one, unpacked, in the order of the ids."""
    if not customer_ids:
        return {}
    packed = dict(read_rows(session, _records_statement(len(customer_ids)), customer_ids))
    return {each: unpack(packed[each]) for each in customer_ids if each in packed}


@cache
def _records_statement(customers: int) -> str:
    return f"SELECT CAST(customer_id AS text), packed FROM match_records WHERE customer_id IN ({marks(customers)})"  # noqa: S608 - no value of anybody's is in it


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """What the index has of some customers: packed records of today's version, ids with one of another version, key hashes."""

    records: Mapping[str, bytes]
    outdated: frozenset[str]
    keys: Mapping[str, set[int]]

    def has(self, customer_id: str) -> bool:
        """True where there is anything of a customer, of whatever version."""
        return customer_id in self.records or customer_id in self.outdated or bool(self.keys.get(customer_id))

    def is_current(self, customer_id: str, record: Record) -> bool:
        """True where there is exactly what this record makes."""
        keys, (_, packed, _) = index_rows(customer_id, record)
        return self.records.get(customer_id) == packed and self.keys.get(customer_id, set()) == {
            key for key, _ in keys
        }


def read_index(session: Session, customer_ids: Collection[str]) -> Indexed:
    """What the index has of these customers."""
    rows = session.execute(
        select(MatchRecord.customer_id, MatchRecord.packed, MatchRecord.version).where(
            among(MatchRecord.customer_id, customer_ids)
        )
    ).all()
    keys: dict[str, set[int]] = defaultdict(set)
    for customer_id, key in session.execute(
        select(MatchKey.customer_id, MatchKey.key).where(among(MatchKey.customer_id, customer_ids))
    ):
        keys[customer_id].add(key)
    return Indexed(
        records={customer_id: packed for customer_id, packed, version in rows if version == RECORD_VERSION},
        outdated=frozenset(customer_id for customer_id, _, version in rows if version != RECORD_VERSION),
        keys=keys,
    )


class CustomerCount:
    """How many customers there are: what a prior needs, so a large count may be seconds old.

    Counting is linear, so that a large base is counted now and then; a small one each time.
    """

    SMALL = 2_000
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
