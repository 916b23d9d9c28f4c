"""Bringing a database to a revision: one revision, or one bounded piece of it, to a transaction.

Every transaction takes the same lock and then looks where the database stands, so that any number of processes may
migrate at the same time: each finds done what another did. A revision with much to move has a function `ahead`
beside `upgrade`: its pieces are committed one by one, and an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from migrations.refusal import MigrationRefused
from service.errors import ErrorCode, Refusal
from service.store.session import WRITING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from service.store.session import Database

#: Any number, as long as it is always the same.
_ADVISORY_LOCK = 0x1DE717
#: Between two transactions on SQLite.
_PAUSE_SECONDS = 0.01
#: Of SQLite's pages, while a migration goes through whole tables.
_CACHE_KIB = 16_000
#: Alembic keeps its context in module globals: one migration at a time in a process.
_ALEMBIC = threading.Lock()


def migrate(database: Database, revision: str = "head", *, region: str = "US") -> None:
    """Bring the database to `revision`, upwards or downwards; "base" is below all of them.

    `region` is where a legacy phone number without a country code is taken to be from.

    Raises:
        Refusal: there is no such revision, or the database cannot go there as it stands.
    """
    target = _rank(head_revision() if revision == "head" else None if revision == "base" else revision)
    try:
        with _ALEMBIC, _migrating_connection(database) as connection:
            if _climb(connection, target, region):
                _count_anew(connection)
            _descend(connection, target, region)
    except MigrationRefused as refused:
        raise Refusal(ErrorCode.CONFLICT, str(refused)) from refused


def current_revision(session: Session | sa.Connection) -> str | None:
    """The revision the database is at; None where no migration ever ran."""
    connection = session if isinstance(session, sa.Connection) else session.connection()
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The newest revision there is."""
    return _revisions()[-1]


def _climb(connection: sa.Connection, target: int, region: str) -> bool:
    """Upgrade step by step; committed pieces of a step first. True where there was a step to take."""
    climbed = False
    pieces: dict[str, Iterator[None]] = {}
    while True:
        with _locked(connection) as rank:
            if rank >= target:
                return climbed
            climbed = True
            step = _revisions()[rank + 1]
            if step not in pieces:
                pieces[step] = _ahead(step, connection, region)
            if next(pieces[step], _Finished) is _Finished:
                command.upgrade(_config(connection=connection, region=region), step)
        if connection.dialect.name == "sqlite":
            # Other processes only look now and then whether the lock is free: taken again at once, it never would be.
            time.sleep(_PAUSE_SECONDS)


def _count_anew(connection: sa.Connection) -> None:
    """Have PostgreSQL see what was moved and added: it plans by its statistics, which are of the table before."""
    with _locked(connection):
        if connection.dialect.name == "postgresql":
            for table in sorted(
                {"customers", "contact_methods"} & {*sa.inspect(connection).get_table_names()}
            ):
                connection.execute(sa.text(f"ANALYZE {table}"))


def _descend(connection: sa.Connection, target: int, region: str) -> None:
    """Downgrade in one transaction, so that a refusal half-way leaves everything as it was."""
    with _locked(connection) as rank:
        if rank > target:
            command.downgrade(
                _config(connection=connection, region=region), "base" if target < 0 else _revisions()[target]
            )


class _Finished:
    """What a revision's pieces end with."""


def _ahead(step: str, connection: sa.Connection, region: str) -> Iterator[None]:
    ahead = getattr(_scripts().get_revision(step).module, "ahead", None)
    return iter(()) if ahead is None else ahead(connection, region)


@contextmanager
def _migrating_connection(database: Database) -> Iterator[sa.Connection]:
    """A connection whose transactions may write at once; on SQLite without foreign keys.

    SQLite lets a table be rebuilt only so, and lets the switch be turned only outside a transaction.
    """
    with database.engine.connect() as opened:
        connection = opened.execution_options(isthisyou_begin=WRITING)
        if not database.is_sqlite:
            yield connection
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        try:
            yield connection
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _locked(connection: sa.Connection) -> Iterator[int]:
    """A transaction in which nobody else migrates; gives the rank of the revision the database is at."""
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        yield _rank(current_revision(connection))


def _rank(revision: str | None) -> int:
    """Where a revision stands in the line; -1 is below all of them."""
    if revision is None:
        return -1
    known = _revisions()
    if revision not in known:
        raise Refusal(
            ErrorCode.NOT_FOUND, f"There is no revision {revision!r} here; there are {', '.join(known)}."
        )
    return known.index(revision)


def _revisions() -> list[str]:
    return [script.revision for script in _scripts().walk_revisions()][::-1]


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(**attributes: object) -> Config:
    """Alembic's settings, without a file of them; `migrations/env.py` and the revisions read the attributes."""
    config = Config(attributes=attributes)
    config.set_main_option("script_location", "migrations:")
    return config
