"""The move of legacy phones and emails into contact methods: in batches, as often as it takes.

What a batch does follows from comparing each legacy column with the customer's primary contact method of that type.
So a batch that ran already does nothing, and what the legacy application changed since, also between a downgrade
and the next upgrade, is brought over.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from migrations.contacts_012 import CONTACT_METHODS, CUSTOMERS
from migrations.moments import read_moment
from migrations.normalizing_012 import Read, is_blank, read_contact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Customers in a batch: memory stays flat, a commit's cost is shared, and the legacy application waits for it briefly.
BATCH = 500
KINDS = ("phone", "email")
#: The label of a contact that is somebody else's, and so never a primary by itself.
_ASSISTANT = "assistant"

_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changes:
    """What a batch writes, in the order of the fields: at no moment has a customer two primaries of a type."""

    demoted: list[dict[str, object]] = field(default_factory=list)
    deleted: list[dict[str, object]] = field(default_factory=list)
    promoted: list[dict[str, object]] = field(default_factory=list)
    added: list[dict[str, object]] = field(default_factory=list)
    #: Kind -> customers whose column is to say what their primary says.
    mirrored: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})


def move_all(connection: sa.Connection, region: str) -> Iterator[None]:
    """Move everything, batch by batch in the order of ids; the caller commits at each yield."""
    last: str | None = None
    while batch := _customers(connection, _after(last)):
        _move(connection, batch, region)
        last = batch[-1].id
        yield


def settle(connection: sa.Connection, region: str) -> None:
    """Move what is left or has changed since it was moved; afterwards the columns mirror the primaries."""
    last: str | None = None
    while batch := _customers(connection, _differing(), _after(last)):
        _move(connection, batch, region)
        last = batch[-1].id


def _customers(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> Sequence[_Row]:
    # The time without its type: what the legacy application wrote on SQLite may be no time at all.
    created_at = sa.type_coerce(CUSTOMERS.c.created_at, sa.Text()).label("created_at")
    query = (
        sa.select(CUSTOMERS.c.id, CUSTOMERS.c.phone, CUSTOMERS.c.email, created_at)
        .where(*conditions)
        .order_by(CUSTOMERS.c.id)
        .limit(BATCH)
        .with_for_update()
    )
    return connection.execute(query).all()


def _after(last: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if last is None else CUSTOMERS.c.id > last


def _differing() -> sa.ColumnElement[bool]:
    """Customers of whom a legacy column says something else than the primary contact method."""
    return sa.or_(
        *(sa.func.nullif(CUSTOMERS.c[kind], "").is_distinct_from(_primary_value(kind)) for kind in KINDS)
    )


def _primary_value(kind: str) -> sa.ScalarSelect[str]:
    return (
        sa.select(CONTACT_METHODS.c.value)
        .where(
            CONTACT_METHODS.c.customer_id == CUSTOMERS.c.id,
            CONTACT_METHODS.c.type == kind,
            CONTACT_METHODS.c.is_primary,
            *live(),
        )
        .scalar_subquery()
    )


def live() -> tuple[sa.ColumnElement[bool], ...]:
    return CONTACT_METHODS.c.deleted_at.is_(None), CONTACT_METHODS.c.collapsed_into_id.is_(None)


def _move(connection: sa.Connection, batch: Sequence[_Row], region: str) -> None:
    held = _held(connection, batch)
    changes, now = _Changes(), datetime.now(UTC)  # noqa: TID251 - Alembic calls a revision with nothing
    for customer in batch:
        for kind in KINDS:
            contacts = held.get((customer.id, kind), [])
            _compare(changes, _Legacy(customer=customer, kind=kind, now=now), contacts, region)
    _write(connection, changes)


def _held(connection: sa.Connection, batch: Sequence[_Row]) -> dict[tuple[str, str], list[_Row]]:
    """The live contact methods of the batch's customers, by customer and type, the best first."""
    columns = CONTACT_METHODS.c
    rows = connection.execute(
        sa.select(
            columns.id,
            columns.customer_id,
            columns.type,
            columns.value,
            columns.match_value,
            columns.raw,
            columns.is_normalized,
            columns.is_primary,
            columns.label,
        )
        .where(_of_customers([customer.id for customer in batch]), *live())
        # As the service chooses a primary where nobody said.
        .order_by(
            columns.is_primary.desc(),
            columns.is_verified.desc(),
            sa.and_(columns.is_valid, columns.is_normalized).desc(),
            columns.usage_count.desc(),
            columns.created_at,
            columns.id,
        )
    )
    held: dict[tuple[str, str], list[_Row]] = {}
    for row in rows:
        held.setdefault((row.customer_id, row.type), []).append(row)
    return held


def _of_customers(ordered_ids: Sequence[str]) -> sa.ColumnElement[bool]:
    """Contact methods of customers, by ids in order.

    A list, since between customers who differ may be all the others; and a range, since PostgreSQL, which knows nothing
    of a new table, takes a list to be most of it and reads all of it for every batch.
    """
    column = CONTACT_METHODS.c.customer_id
    return sa.and_(column.in_(ordered_ids), column.between(ordered_ids[0], ordered_ids[-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Legacy:
    """One legacy column of one customer."""

    customer: _Row
    kind: str
    now: datetime

    @property
    def text(self) -> str | None:
        value: object = getattr(self.customer, self.kind)
        if isinstance(value, bytes):
            return value.decode(errors="replace")
        return None if value is None else str(value)


def _compare(changes: _Changes, legacy: _Legacy, contacts: Sequence[_Row], region: str) -> None:
    primary = contacts[0] if contacts and contacts[0].is_primary else None
    text = legacy.text
    if text is None or is_blank(text):
        _clear(changes, legacy, primary, contacts)
    elif primary is not None and text in {primary.value, primary.raw}:
        _mirror(changes, legacy, primary.value)
    else:
        _bring_over(changes, legacy, contacts, read_contact(legacy.kind, text, region=region))


def _clear(changes: _Changes, legacy: _Legacy, primary: _Row | None, contacts: Sequence[_Row]) -> None:
    """The column was emptied since: the primary goes, and the next best takes its place, but for an assistant's."""
    if primary is not None:
        changes.deleted.append({"key": primary.id, "now": legacy.now})
    best = next((each for each in contacts if each is not primary and each.label != _ASSISTANT), None)
    if best is not None:
        changes.promoted.append({"key": best.id, "now": legacy.now})
        _mirror(changes, legacy, best.value)


def _bring_over(changes: _Changes, legacy: _Legacy, contacts: Sequence[_Row], read: Read) -> None:
    same = next((each for each in contacts if each.match_value == read.match_value), None)
    if same is None or not same.is_primary:
        changes.demoted.extend({"key": each.id, "now": legacy.now} for each in contacts if each.is_primary)
        if same is None:
            changes.added.append(_contact(legacy, read))
        else:
            changes.promoted.append({"key": same.id, "now": legacy.now})
    _mirror(changes, legacy, read.value if same is None else same.value)


def _mirror(changes: _Changes, legacy: _Legacy, value: str) -> None:
    if legacy.text != value:
        changes.mirrored[legacy.kind].append(legacy.customer.id)


def _contact(legacy: _Legacy, read: Read) -> dict[str, object]:
    return {
        "id": str(uuid.uuid4()),
        "customer_id": legacy.customer.id,
        "origin_customer_id": legacy.customer.id,
        "type": legacy.kind,
        "platform": "",
        "value": read.value,
        "match_value": read.match_value,
        "raw": legacy.text if legacy.text != read.value else None,
        "is_normalized": read.is_normalized,
        "is_valid": read.is_normalized,
        "is_primary": True,
        "source": "legacy",
        "provenance": "imported",
        "created_at": read_moment(legacy.customer.created_at) or legacy.now,
        "updated_at": legacy.now,
    }


def _write(connection: sa.Connection, changes: _Changes) -> None:
    columns = CONTACT_METHODS.c
    key: sa.BindParameter[str] = sa.bindparam("key")
    now: sa.BindParameter[datetime] = sa.bindparam("now")
    chosen = sa.update(CONTACT_METHODS).where(columns.id == key)
    statements = (
        (chosen.values(is_primary=False, updated_at=now), changes.demoted),
        (chosen.values(is_primary=False, deleted_at=now, updated_at=now), changes.deleted),
        (chosen.values(is_primary=True, updated_at=now), changes.promoted),
    )
    for statement, rows in statements:
        if rows:
            connection.execute(statement, rows)
    if changes.added:
        _insert(connection, changes.added)
    for kind, customer_ids in changes.mirrored.items():
        if customer_ids:
            connection.execute(_mirroring(kind, customer_ids))


def _insert(connection: sa.Connection, rows: Sequence[dict[str, object]]) -> None:
    """Insert contact methods; on PostgreSQL one array a column, several times the rate of a statement a row."""
    if connection.dialect.name != "postgresql":
        connection.execute(sa.insert(CONTACT_METHODS), rows)
        return
    names = list(rows[0])
    arrays = [
        sa.func.unnest(sa.bindparam(name, type_=postgresql.ARRAY(CONTACT_METHODS.c[name].type)))
        for name in names
    ]
    statement = sa.insert(CONTACT_METHODS).from_select(names, sa.select(*arrays))
    connection.execute(statement, {name: [row[name] for row in rows] for name in names})


def _mirroring(kind: str, customer_ids: Sequence[str]) -> sa.Update:
    return sa.update(CUSTOMERS).where(CUSTOMERS.c.id.in_(customer_ids)).values({kind: _primary_value(kind)})
