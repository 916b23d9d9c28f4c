"""Inserting what may be there already, from however many transactions at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import literal_column
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from service.store.tables import Base


def insert_once(session: Session, table: type[Base], row: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique key has it already; True when this call inserted it."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    inserting = (
        dialect.insert(table).values(dict(row)).on_conflict_do_nothing().returning(literal_column("1"))
    )
    return session.scalar(inserting) is not None
