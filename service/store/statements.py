"""Statements that are read for every event: written out, and handed to the driver as they are.

SQLAlchemy's way to a row (expressions, parameters by name, types) costs several times what these read.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session


def read_rows(session: Session, statement: str, values: Iterable[object]) -> Sequence[Any]:
    """The rows of a statement in which each `?` stands for one of `values`, in order.

    Nothing is converted: an id is to be cast to text, which PostgreSQL keeps as uuid.

    Raises:
        DBAPIError: as of any other statement.
    """
    # What is not written yet counts: the driver's statements do not flush by themselves.
    session.flush()
    written = statement if dialect_of(session) == "sqlite" else _for_psycopg(statement)
    connection, given = session.connection(), tuple(values)
    if connection.dispatch.before_cursor_execute:
        # Whoever listens to statements hears these, too.
        return connection.exec_driver_sql(written, given).all()
    return _of_the_driver(connection, written, given)


def _of_the_driver(connection: Connection, statement: str, values: tuple[object, ...]) -> Sequence[Any]:
    """To pass a short statement on, SQLAlchemy takes as long as the database does to answer it: an eighth of a match in all."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement, values)
        return cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            statement,
            None,
            error,
            connection.dialect.loaded_dbapi.Error,
            hide_parameters=True,
            dialect=connection.dialect,
        ) from error
    finally:
        cursor.close()


def dialect_of(session: Session) -> str:
    """Sqlite or postgresql."""
    return session.get_bind().dialect.name


@cache
def marks(count: int) -> str:
    """The inside of `IN (…)` for so many values."""
    return ", ".join("?" * count)


@cache
def _for_psycopg(statement: str) -> str:
    return statement.replace("?", "%s")
