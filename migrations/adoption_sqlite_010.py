"""What adopting a table of customers takes on SQLite, where most of it means to build the table anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from migrations.refusal import MigrationRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEXTS = ("name", "phone", "email")
_MOMENTS = ("created_at", "updated_at")
_WRITTEN = frozenset({*_TEXTS, *_MOMENTS})
_CUSTOMERS = sa.table("customers", *(sa.column(name, sa.String()) for name in _MOMENTS))
_REBUILT = "customers_adopted"
#: As SQLAlchemy writes a time, with its microseconds.
_MOMENT_LENGTH = len("2024-01-31 10:00:00.000000")

#: Characters of a UUID without dashes, and its groups: where each begins, and how long it is.
_BARE_LENGTH = 32
_GROUPS = ((1, 8), (9, 4), (13, 4), (17, 4), (21,))


def refuse_other_ids(connection: sa.Connection) -> None:
    if _affinity(_declared(connection)["id"]) == "INTEGER":
        raise MigrationRefused(
            "customers.id is an integer, and isthisyou names customers by UUIDs; nothing was changed. "
            "Give the table a column id of UUIDs first, and keep the old one under another name."
        )
    customers = sa.table("customers", own := sa.column("id", sa.String()))
    bare = _bare(own)
    is_wrong = sa.or_(
        sa.func.typeof(own) != "text",
        sa.func.length(bare) != _BARE_LENGTH,
        bare.op("GLOB")("*[^0-9a-f]*"),
    )
    wrong = connection.scalar(sa.select(sa.func.count()).select_from(customers).where(is_wrong))
    if wrong:
        raise MigrationRefused(f"customers.id holds {wrong} values that are no UUIDs; nothing was changed.")
    repeated = sa.func.count() - sa.func.count(bare.distinct())
    if connection.scalar(sa.select(repeated).select_from(customers)):
        raise MigrationRefused("customers.id holds the same UUID in two spellings; nothing was changed.")


def convert_ids(connection: sa.Connection) -> None:
    """Write every id with dashes and in lower case, here and in the tables that refer to it."""
    for table, name in [("customers", "id"), *_references(connection)]:
        column = sa.column(name, sa.String())
        dashed = _dashed(column)
        changed = sa.update(sa.table(table, column)).values({column: dashed})
        connection.execute(changed.where(column != dashed))


def _dashed(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    first, *others = (sa.func.substr(_bare(column), *group, type_=sa.String()) for group in _GROUPS)
    dashed: sa.ColumnElement[str] = first
    for group in others:
        dashed = dashed.concat("-").concat(group)
    return dashed


def _bare(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """A UUID without dashes, in lower case."""
    return sa.func.lower(sa.func.replace(column, "-", ""), type_=sa.String())


def _references(connection: sa.Connection) -> list[tuple[str, str]]:
    inspector = sa.inspect(connection)
    return [
        (table, key["constrained_columns"][0])
        for table in inspector.get_table_names()
        for key in inspector.get_foreign_keys(table)
        if key["referred_table"] == "customers" and key["referred_columns"] in ([], ["id"])
    ]


def relax(connection: sa.Connection) -> None:
    """Let go of what would keep the service from writing."""
    table = sa.Table("customers", sa.MetaData(), autoload_with=connection)
    objects = _indexes_and_triggers(connection)
    if _is_strict(connection, table):
        _rebuild(connection, table)
    else:
        objects = [each for each in objects if _is_unique_over_texts(each.sql, table)]
    for each in objects:
        connection.exec_driver_sql(f'DROP {each.type.upper()} IF EXISTS "{each.name}"')
        unique = _is_unique_over_texts(each.sql, table)
        connection.exec_driver_sql(_UNIQUE.sub("CREATE INDEX", each.sql, count=1) if unique else each.sql)


def decode_texts(connection: sa.Connection) -> None:
    """Rewrite what is no UTF-8 text, which SQLite keeps and Python refuses to read."""
    driver: Any = connection.connection.driver_connection
    driver.create_function("decoded", 1, _decoded, deterministic=True)
    for name in _TEXTS:
        bytes_, text = f"CAST({name} AS BLOB)", f"decoded(CAST({name} AS BLOB))"
        connection.exec_driver_sql(
            f"UPDATE customers SET {name} = {text}"  # noqa: S608 - our own three names
            f" WHERE {name} IS NOT NULL AND (typeof({name}) <> 'text' OR CAST({text} AS BLOB) <> {bytes_})"
        )


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        # What an old import most likely left; five of its bytes mean nothing.
        return raw.decode("cp1252", errors="replace")


def _checks_what_we_write(constraint: sa.Constraint) -> bool:
    """True for a check that a number in another spelling, or a customer without one, would fail."""
    if not isinstance(constraint, sa.CheckConstraint):
        return False
    return not _WRITTEN.isdisjoint(re.findall(r"\w+", str(constraint.sqltext).lower()))


def _is_strict(connection: sa.Connection, table: sa.Table) -> bool:
    declared = _declared(connection)
    return (
        any(not column.nullable and _is_ours_to_fill(column) for column in table.columns)
        or any(_holds_texts_unique(each) or _checks_what_we_write(each) for each in table.constraints)
        or any(_affinity(declared[name]) not in {"TEXT", "BLOB"} for name in _TEXTS)
    )


def _is_ours_to_fill(column: sa.Column[Any]) -> bool:
    """True for a column that we write, or that would stay empty in a row of ours."""
    given = column.server_default is not None or column.primary_key
    return column.name in _WRITTEN or not given


def _holds_texts_unique(constraint: sa.Constraint) -> bool:
    return isinstance(constraint, sa.UniqueConstraint) and {each.name for each in constraint.columns} <= {
        *_TEXTS
    }


_UNIQUE = re.compile(r"^\s*CREATE\s+UNIQUE\s+INDEX", re.IGNORECASE)
_INDEXED = re.compile(r"\bON\b[^(]*\((.*)\)", re.IGNORECASE | re.DOTALL)
_CONDITION = re.compile(r"\)\s*WHERE\b.*$", re.IGNORECASE | re.DOTALL)


def _indexes_and_triggers(connection: sa.Connection) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    return connection.execute(
        sa.text(
            "SELECT type, name, sql FROM sqlite_master WHERE lower(tbl_name) = 'customers'"
            " AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type"
        )
    ).all()


def _is_unique_over_texts(definition: str, table: sa.Table) -> bool:
    """True for a unique index over nothing but names, phones and emails, also over an expression: lower(email)."""
    indexed = _INDEXED.search(_CONDITION.sub(")", definition))
    if not _UNIQUE.match(definition) or indexed is None:
        return False
    mentioned = set(re.findall(r"\w+", indexed[1].lower())) & {
        column.name.lower() for column in table.columns
    }
    return bool(mentioned) and mentioned <= {*_TEXTS}


def _rebuild(connection: sa.Connection, table: sa.Table) -> None:
    """SQLite's own procedure: a new table, the rows copied, the old one dropped, the new one renamed.

    Foreign keys are off while migrations run, so that nothing that refers to customers is deleted with the table.
    """
    connection.exec_driver_sql(str(CreateTable(_relaxed(table)).compile(dialect=connection.dialect)))
    copied = [column for column in table.columns if column.computed is None]
    names = ", ".join(f'"{column.name}"' for column in copied)
    values = ", ".join(_copied(column.name) for column in copied)
    connection.exec_driver_sql(f"INSERT INTO {_REBUILT} ({names}) SELECT {values} FROM customers")  # noqa: S608 - columns as the table names them
    # Otherwise views over customers would stand in the way of the renaming.
    connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
    connection.exec_driver_sql("DROP TABLE customers")
    connection.exec_driver_sql(f"ALTER TABLE {_REBUILT} RENAME TO customers")
    connection.exec_driver_sql("PRAGMA legacy_alter_table = OFF")


def _relaxed(table: sa.Table) -> sa.Table:
    rebuilt = table.to_metadata(sa.MetaData(), name=_REBUILT)
    rebuilt.constraints = {
        each
        for each in rebuilt.constraints
        if not _holds_texts_unique(each) and not _checks_what_we_write(each)
    }
    for column in rebuilt.columns:
        column.nullable = not column.primary_key and (bool(column.nullable) or _is_ours_to_fill(column))
        if isinstance(column.type, sa.types.NullType):
            # It was declared without a type, for which BLOB is another spelling.
            column.type = sa.LargeBinary()
    for name in _TEXTS:
        rebuilt.columns[name].type = sa.Text()
        rebuilt.columns[name].server_default = None
    return rebuilt


def _copied(name: str) -> str:
    if name not in _TEXTS:
        return f'"{name}"'
    # A number kept as a number: 9165551234.0 is meant without its decimals.
    return (
        f"CASE WHEN typeof({name}) = 'real' AND {name} = CAST({name} AS INTEGER)"
        f" THEN CAST(CAST({name} AS INTEGER) AS TEXT) ELSE CAST({name} AS TEXT) END"
    )


def unreadable_moments(connection: sa.Connection) -> list[str]:
    """The columns with a value that is no time as SQLAlchemy writes it: "2024-01-31 10:00:00.000000".

    Where only the fraction is short, as CURRENT_TIMESTAMP leaves it, it is completed: times are compared as text.
    """
    unreadable = [name for name in _MOMENTS if _holds_something_else(connection, name)]
    for name in (name for name in _MOMENTS if name not in unreadable):
        connection.execute(_completed(name))
    return unreadable


def _holds_something_else(connection: sa.Connection, name: str) -> bool:
    column: sa.ColumnClause[str] = sa.column(name, sa.String())
    whole_seconds = sa.func.substr(column, 1, 19)
    # The modifier makes SQLite reckon, so that the 31st of February comes out as another day.
    reckoned = sa.func.strftime("%Y-%m-%d %H:%M:%S", whole_seconds, "+0 days")
    is_moment = sa.and_(
        sa.func.typeof(column) == "text",
        sa.func.length(column).between(len("2024-01-31 10:00:00"), _MOMENT_LENGTH),
        column >= "0001",
        reckoned.is_not_distinct_from(whole_seconds),
        sa.func.substr(column, 20).op("NOT GLOB")("*[^0-9.]*"),
    )
    query = (
        sa.select(sa.literal(1))
        .select_from(_CUSTOMERS)
        .where(column.is_not(None), sa.not_(is_moment))
        .limit(1)
    )
    return connection.scalar(query) is not None


def _completed(name: str) -> sa.Update:
    column: sa.ColumnClause[str] = sa.column(name, sa.String())
    point = sa.case((sa.func.length(column) == len("2024-01-31 10:00:00"), "."), else_="")
    padded = sa.func.substr(column + point + "000000", 1, _MOMENT_LENGTH)
    return sa.update(_CUSTOMERS).where(sa.func.length(column) < _MOMENT_LENGTH).values({name: padded})


def _declared(connection: sa.Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("PRAGMA table_info(customers)")
    return {row.name: str(row.type).upper() for row in rows}


def _affinity(declared: str) -> str:
    """SQLite's rules, in its order (datatype3.html, 3.1)."""
    rules = {"INT": "INTEGER", "CHAR": "TEXT", "CLOB": "TEXT", "TEXT": "TEXT", "BLOB": "BLOB"}
    found = next((affinity for part, affinity in rules.items() if part in declared), None)
    return found or ("NUMERIC" if declared else "BLOB")
