"""Many rows at once, at each database's own best rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, false, func, insert, inspect, select
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection
    from sqlalchemy.orm import InstrumentedAttribute

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


def among(column: InstrumentedAttribute[str], ids: Collection[str]) -> ColumnElement[bool]:
    """Rows whose column is one of `ids`, of which the batch of a walk in id order may be many.

    The range beside the list is for PostgreSQL: of a table that was just filled it knows nothing, takes a list to be
    most of it, and would read all of it for every batch.
    """
    if not ids:
        return false()
    return and_(column.in_(ids), column.between(min(ids), max(ids)))
