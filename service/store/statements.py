"""Statements that are read for every event: written out, and handed to the driver as they are.

SQLAlchemy's way to a row (expressions, parameters by name, types) costs several times what these read.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session


def read_rows(session: Session, statement: str, values: Iterable[object]) -> Sequence[Any]:
    """The rows of a statement in which each `?` stands for one of `values`, in order.

    Nothing is converted: an id is to be cast to text, which PostgreSQL keeps as uuid.
    """
    # What is not written yet counts: the driver's statements do not flush by themselves.
    session.flush()
    written = statement if dialect_of(session) == "sqlite" else _for_psycopg(statement)
    return session.connection().exec_driver_sql(written, tuple(values)).all()


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
