"""A legacy application's table, and how to look at what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from service.store.session import Database

JOHN = "11111111-1111-4111-8111-111111111111"
JANE = "22222222-2222-4222-8222-222222222222"
ANA = "33333333-3333-4333-8333-333333333333"


def run(database: Database, *statements: str) -> None:
    with database.transaction() as session:
        for statement in statements:
            session.execute(sa.text(statement))


def insert(database: Database, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    names = ", ".join(rows[0])
    values = ", ".join(f":{name}" for name in rows[0])
    with database.transaction() as session:
        statement = f"INSERT INTO {table} ({names}) VALUES ({values})"  # noqa: S608 - our own names
        session.execute(sa.text(statement), list(rows))


def select(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(sa.text(query))]


def customers(rows: Iterable[tuple[str, str | None, str | None]]) -> list[dict[str, object]]:
    """Rows of the legacy table out of (id, phone, email)."""
    return [{"id": key, "phone": phone, "email": email} for key, phone, email in rows]


def contacts(database: Database, customer: str) -> list[tuple[Any, ...]]:
    return select(
        database,
        "SELECT type, value, match_value, raw FROM contact_methods"  # noqa: S608 - our own ids
        f" WHERE customer_id = '{customer}' AND deleted_at IS NULL ORDER BY type, value",
    )
