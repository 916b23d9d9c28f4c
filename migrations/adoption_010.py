"""Taking over a table of customers as a legacy application left it.

Its rows, further columns and further indexes stay. What would keep the service from writing goes: columns that must
not be NULL, phones and emails that must be unique (households share them), limits of length, checks of what we write.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SAWarning
from sqlalchemy.schema import CreateColumn

from migrations import adoption_postgresql_010, adoption_sqlite_010
from migrations.columns import MOMENT
from migrations.moments import read_moment
from migrations.refusal import MigrationRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

_BATCH = 5_000
_TEXTS = ("name", "phone", "email")
_MOMENTS = ("created_at", "updated_at")
#: What later revisions create beside the table that is adopted.
OURS = frozenset(
    (
        "api_keys",
        "audit_log",
        "blocked_values",
        "bookings",
        "campaign_recipients",
        "campaigns",
        "consent_events",
        "contact_methods",
        "contact_sources",
        "decisions",
        "doubtful_messages",
        "external_ids",
        "import_runs",
        "inbox_conflicts",
        "inbox_events",
        "installation_secrets",
        "judgements",
        "match_keys",
        "match_proposals",
        "match_records",
        "merge_entries",
        "merges",
        "own_contacts",
        "prompts",
        "social_accounts",
        "social_identities",
        "verification_challenges",
    )
)
_LATER_COLUMNS = frozenset({"preferred_contact_id", "merged_into_id"})


def adopt(connection: sa.Connection) -> None:
    """Make of the existing table one that the service can work with.

    Raises:
        MigrationRefused: its ids are no UUIDs, or it cannot be changed.
    """
    with warnings.catch_warnings():
        # Reflection skips what it cannot express, such as indexes over expressions; those are kept by their own text.
        warnings.simplefilter("ignore", SAWarning)
        _adopt(connection)


def _adopt(connection: sa.Connection) -> None:
    dialect = adoption_sqlite_010 if connection.dialect.name == "sqlite" else adoption_postgresql_010
    if "id" not in _columns(connection):
        raise MigrationRefused("The table customers has no column id, so its rows cannot be told apart.")
    _refuse_names_in_use(connection)
    dialect.refuse_other_ids(connection)
    for name in _TEXTS:
        _add_if_missing(connection, sa.Column(name, sa.Text()))
    for name in _MOMENTS:
        _add_if_missing(connection, sa.Column(name, MOMENT))
    dialect.relax(connection)
    if connection.dialect.name == "sqlite":
        adoption_sqlite_010.decode_texts(connection)
    dialect.convert_ids(connection)
    _ensure_unique_ids(connection)
    for name in dialect.unreadable_moments(connection):
        _reread_moments(connection, name)


def _refuse_names_in_use(connection: sa.Connection) -> None:
    """Refuse to begin what a later revision could not finish."""
    taken = sorted(OURS.intersection(sa.inspect(connection).get_table_names()))
    taken += sorted(f"customers.{name}" for name in _LATER_COLUMNS & _columns(connection))
    if taken:
        raise MigrationRefused(
            f"Another application has made {', '.join(taken)} here, and these names are needed. Nothing was changed: "
            "rename them, or give isthisyou a database of its own with a copy of the table customers."
        )


def _columns(connection: sa.Connection) -> set[str]:
    names = {column["name"] for column in sa.inspect(connection).get_columns("customers")}
    # SQLite takes Name and name for the same column, PostgreSQL does not.
    return {name.lower() for name in names} if connection.dialect.name == "sqlite" else names


def _add_if_missing(connection: sa.Connection, column: sa.Column[Any]) -> None:
    if column.name not in _columns(connection):
        _add(connection, column)


def _add(connection: sa.Connection, column: sa.Column[Any]) -> None:
    definition = CreateColumn(column).compile(dialect=connection.dialect)
    connection.execute(sa.text(f"ALTER TABLE customers ADD COLUMN {definition}"))


def _ensure_unique_ids(connection: sa.Connection) -> None:
    """Foreign keys need it."""
    inspector = sa.inspect(connection)
    unique = [
        inspector.get_pk_constraint("customers")["constrained_columns"],
        *(index["column_names"] for index in inspector.get_indexes("customers") if index["unique"]),
        *(each["column_names"] for each in inspector.get_unique_constraints("customers")),
    ]
    if ["id"] not in unique:
        connection.execute(sa.text("CREATE UNIQUE INDEX uq_customers_id ON customers (id)"))


def _reread_moments(connection: sa.Connection, name: str) -> None:
    """Keep a column of times that are none beside one of times, which is filled with what can be read."""
    kept = f"{name}_legacy"
    connection.execute(sa.text(f"ALTER TABLE customers RENAME COLUMN {name} TO {kept}"))
    _add(connection, sa.Column(name, MOMENT))
    customers = sa.table("customers", sa.column("id", sa.String()), sa.column(kept), sa.column(name, MOMENT))
    update = (
        sa.update(customers)
        .where(_id(connection, customers) == sa.bindparam("key"))
        .values({name: sa.bindparam("moment")})
    )
    last: str | None = None
    while batch := _legacy_moments(connection, customers, kept, last):
        moments = [{"key": key, "moment": read_moment(raw)} for key, raw in batch]
        connection.execute(update, moments)
        last = batch[-1][0]


def _id(connection: sa.Connection, customers: sa.TableClause) -> sa.ColumnElement[Any]:
    return (
        customers.c.id
        if connection.dialect.name == "sqlite"
        else sa.type_coerce(customers.c.id, sa.Uuid(as_uuid=False))
    )


def _legacy_moments(
    connection: sa.Connection, customers: sa.TableClause, kept: str, last: str | None
) -> Sequence[sa.Row[Any, Any]]:
    """The next customers with something in the column, as text."""
    key = _id(connection, customers)
    query = sa.select(key, sa.cast(customers.c[kept], sa.Text())).where(customers.c[kept].is_not(None))
    if last is not None:
        query = query.where(key > last)
    return connection.execute(query.order_by(key).limit(_BATCH)).all()
