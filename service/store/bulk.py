"""Many rows at once, at each database's own best rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, inspect, select
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from service.store.tables.base import Base


def insert_rows(connection: Connection, table: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that all have the same columns; on PostgreSQL one array a column, several times a statement a row."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), list(rows))
        return
    columns = inspect(table).columns
    arrays = [func.unnest(bindparam(name, type_=ARRAY(columns[name].type))) for name in rows[0]]
    statement = insert(table).from_select(list(rows[0]), select(*arrays))
    connection.execute(statement, {name: [row[name] for row in rows] for name in rows[0]})
