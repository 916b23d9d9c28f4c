"""Many rows at once, past the ORM, at each database's own best rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

#: What is written of each table, in this order; the rest has its default.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "customers": ("id", "name", "phone", "email", "created_at", "updated_at"),
    "contact_methods": (
        "id",
        "customer_id",
        "origin_customer_id",
        "type",
        "platform",
        "value",
        "match_value",
        "raw",
        "is_normalized",
        "label",
        "label_reason",
        "is_primary",
        "is_valid",
        "source",
        "provenance",
        "usage_count",
        "first_used_at",
        "last_used_at",
        "created_at",
        "updated_at",
    ),
    "contact_sources": ("id", "contact_id", "origin_customer_id", "provenance", "actor", "created_at"),
    "match_keys": ("key", "customer_id"),
    "match_records": ("customer_id", "packed", "version"),
    "external_ids": ("external_id", "customer_id"),
}


def insert_rows(session: Session, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
    """Insert many rows of several tables, each a tuple in the order of `COLUMNS`: on PostgreSQL by COPY."""
    connection = session.connection()
    for table, values in rows.items():
        if not values:
            continue
        columns = COLUMNS[table]
        listed = ", ".join(columns)
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            connection.exec_driver_sql(f"INSERT INTO {table} ({listed}) VALUES ({marks})", list(values))  # noqa: S608 - our own names
            continue
        cursor: Any = connection.connection.cursor()
        # Times are written without their zone, as SQLite has them: they are UTC.
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        with cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
            for value in values:
                copy.write_row(value)
        cursor.close()


def among(column: InstrumentedAttribute[str], ids: Collection[str]) -> ColumnElement[bool]:
    """Rows whose column is one of `ids`, of which the batch of a walk in id order may be many.

    The range beside the list is for PostgreSQL: of a table that was just filled it knows nothing, takes a list to be
    most of it, and would read all of it for every batch.
    """
    if not ids:
        return false()
    return and_(column.in_(ids), column.between(min(ids), max(ids)))
