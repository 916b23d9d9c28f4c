"""What adopting a table of customers takes on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import NotSupportedError

from migrations.refusal import MigrationRefused

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import ReflectedColumn

_TEXTS = ("name", "phone", "email")
_MOMENTS = ("created_at", "updated_at")
_WRITTEN = (*_TEXTS, *_MOMENTS)

#: Characters of the longest number as it is kept: +, and 15 digits.
_LONGEST_PHONE = 16

_UUID = "^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$"

_REFERENCES = sa.text("""
    SELECT c.conname AS name, c.conrelid::regclass::text AS child, quote_ident(a.attname) AS child_column,
           pg_get_constraintdef(c.oid) AS definition
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND c.confrelid = 'customers'::regclass AND r.attname = 'id' AND cardinality(c.conkey) = 1
""")

_UNIQUE_TEXTS = sa.text("""
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition,
           (SELECT quote_ident(c.conname) FROM pg_constraint c
            WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid AND c.contype = 'u') AS constraint_name
    FROM pg_index i
    WHERE i.indrelid = 'customers'::regclass AND i.indisunique AND NOT i.indisprimary
      AND coalesce(pg_get_expr(i.indexprs, i.indrelid), 'name phone email') ~ '\\m(name|phone|email)\\M'
      AND NOT EXISTS (
        SELECT 1 FROM pg_attribute a
        WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND a.attname NOT IN ('name', 'phone', 'email'))
""")

#: What a number in another spelling, or a customer without one, would fail.
_CHECKS = sa.text("""
    SELECT DISTINCT quote_ident(c.conname) AS name FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
    WHERE c.conrelid = 'customers'::regclass AND c.contype = 'c'
      AND a.attname IN ('name', 'phone', 'email', 'created_at', 'updated_at')
""")


def refuse_other_ids(connection: sa.Connection) -> None:
    kind = _types(connection)["id"]
    if isinstance(kind, sa.Uuid):
        return
    if not isinstance(kind, sa.String):
        raise MigrationRefused(
            f"customers.id is of type {kind}, and isthisyou names customers by UUIDs; nothing was changed. "
            "Give the table a column id of UUIDs first, and keep the old one under another name."
        )
    wrong = connection.scalar(
        sa.text("SELECT count(*) FROM customers WHERE id IS NULL OR trim(id) !~* :uuid"), {"uuid": _UUID}
    )
    if wrong:
        raise MigrationRefused(f"customers.id holds {wrong} values that are no UUIDs; nothing was changed.")
    if connection.scalar(sa.text("SELECT count(*) - count(DISTINCT trim(id)::uuid) FROM customers")):
        raise MigrationRefused("customers.id holds the same UUID in two spellings; nothing was changed.")


def convert_ids(connection: sa.Connection) -> None:
    """Turn ids kept as text into UUIDs, here and in the tables that refer to them."""
    if isinstance(_types(connection)["id"], sa.Uuid):
        return
    references = connection.execute(_REFERENCES).all()
    for each in references:
        _run(connection, f'ALTER TABLE {each.child} DROP CONSTRAINT "{each.name}"')
    made_by_default = _columns(connection)["id"]["default"] is not None
    _to_uuid(connection, "customers", "id")
    if made_by_default:
        _run(connection, "ALTER TABLE customers ALTER COLUMN id SET DEFAULT gen_random_uuid()")
    for each in references:
        _to_uuid(connection, each.child, each.child_column)
        _run(connection, f'ALTER TABLE {each.child} ADD CONSTRAINT "{each.name}" {each.definition}')


def _to_uuid(connection: sa.Connection, table: str, column: str) -> None:
    # A default that makes text would not fit any more.
    _run(connection, f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT")
    _run(connection, f"ALTER TABLE {table} ALTER COLUMN {column} TYPE uuid USING trim({column})::uuid")


def relax(connection: sa.Connection) -> None:
    """Let go of what would keep the service from writing."""
    for index in connection.execute(_UNIQUE_TEXTS).all():
        dropped = f"ALTER TABLE customers DROP CONSTRAINT {index.constraint_name}"
        _run(connection, dropped if index.constraint_name else f"DROP INDEX {index.name}")
        _run(connection, index.definition.replace("CREATE UNIQUE INDEX", "CREATE INDEX", 1))
    for check in connection.scalars(_CHECKS).all():
        _run(connection, f"ALTER TABLE customers DROP CONSTRAINT {check}")
    for name, column in _columns(connection).items():
        if not column["nullable"] and _is_ours_to_fill(column):
            _run(connection, f'ALTER TABLE customers ALTER COLUMN "{name}" DROP NOT NULL')
    for name in _TEXTS:
        _widen(connection, name)
    for name in _MOMENTS:
        _give_zone(connection, name)


def _is_ours_to_fill(column: ReflectedColumn) -> bool:
    """True for a column that we write, or that would stay empty in a row of ours."""
    given = (
        column["name"] == "id"
        or column["default"] is not None
        or "identity" in column
        or "computed" in column
    )
    return column["name"] in _WRITTEN or not given


def _widen(connection: sa.Connection, name: str) -> None:
    kind = _types(connection)[name]
    if isinstance(kind, postgresql.CITEXT | sa.Text):
        return
    statement = f"ALTER TABLE customers ALTER COLUMN {name} TYPE text USING {name}::text"
    if isinstance(kind, sa.String) and not (name == "phone" and (kind.length or 0) < _LONGEST_PHONE):
        _run_unless_viewed(connection, statement)
    else:
        _run(connection, statement)


def _give_zone(connection: sa.Connection, name: str) -> None:
    """Times without a zone are taken for UTC."""
    kind = _types(connection)[name]
    if isinstance(kind, sa.Date) or (isinstance(kind, sa.DateTime) and not kind.timezone):
        _run_unless_viewed(
            connection,
            f"ALTER TABLE customers ALTER COLUMN {name} TYPE timestamptz USING {name}::timestamp AT TIME ZONE 'UTC'",
        )


def unreadable_moments(connection: sa.Connection) -> list[str]:
    """The columns that hold something else than times, or times that Python has none for."""
    kinds = _types(connection)
    return [
        name
        for name in _MOMENTS
        if not isinstance(kinds[name], sa.DateTime) or _has_far_times(connection, name)
    ]


def _has_far_times(connection: sa.Connection, name: str) -> bool:
    moment: sa.ColumnClause[Any] = sa.column(name)
    is_far = (moment < sa.text("'0001-01-02'")) | (moment > sa.text("'9999-12-30'"))
    return bool(connection.scalar(sa.select(sa.exists().select_from(sa.table("customers")).where(is_far))))


def _columns(connection: sa.Connection) -> dict[str, ReflectedColumn]:
    return {column["name"]: column for column in sa.inspect(connection).get_columns("customers")}


def _types(connection: sa.Connection) -> dict[str, Any]:
    return {name: column["type"] for name, column in _columns(connection).items()}


def _run(connection: sa.Connection, statement: str) -> None:
    try:
        # The driver takes a percent sign, as in an index over a pattern, for a parameter's.
        connection.exec_driver_sql(statement.replace("%", "%%"))
    except NotSupportedError as error:
        raise MigrationRefused(
            f"PostgreSQL would not run {statement!r}, most likely because a view uses the column. "
            "Drop the view, migrate, and create it again."
        ) from error


def _run_unless_viewed(connection: sa.Connection, statement: str) -> None:
    """Run what is better done, and can be left where a view uses the column."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement)
    except NotSupportedError:
        return
