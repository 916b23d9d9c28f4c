"""Why a revision will not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterable


class MigrationRefused(Exception):  # noqa: N818 - an answer to who migrates, not a fault
    """A revision that cannot run as the database stands. Its text is for an operator, and quotes no row."""


def refuse_to_lose(connection: sa.Connection, tables: Iterable[str], revision: str) -> None:
    """Refuse to go below `revision` while one of its tables holds what nothing else does."""
    filled = [name for name in tables if _has_rows(connection, name)]
    if filled:
        raise MigrationRefused(
            f"Going below revision {revision} would lose what is in {', '.join(filled)}. "
            "Nothing was changed: keep this revision, or empty the tables yourself after a backup."
        )


def _has_rows(connection: sa.Connection, table: str) -> bool:
    return connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(table)).limit(1)) is not None
