"""Opening the database, and the ways to use it: `transaction` to write, `reading` to look."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

#: How long a writer waits for another on SQLite, in seconds.
SQLITE_BUSY_SECONDS = 30
#: Parameters stay out of errors, which are logged: they are what people typed.
_OPTIONS: dict[str, Any] = {"pool_size": 16, "max_overflow": 16, "hide_parameters": True}
#: What begins a transaction that writes, where that is more than the driver does of itself.
#: SQLite takes its write lock at BEGIN, so that what a use case reads is still true when it writes.
#: An acknowledged event survives a power cut, not only a crash of the process.
WRITING = {"sqlite": ["PRAGMA synchronous = FULL", "BEGIN IMMEDIATE"]}
_UNSYNCED = {
    "sqlite": ["PRAGMA synchronous = NORMAL", "BEGIN IMMEDIATE"],
    "postgresql": ["SET LOCAL synchronous_commit = off"],
}


class Database:
    """One engine, and the sessions on it.

    Only entry points (web, worker, command) open a transaction; everything below may flush, never commit.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        # Within a process SQLite's writers take turns here: its own waiting is a poll that starves the unlucky.
        self._turn: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()
        self._writer = self.engine.execution_options(isthisyou_begin=WRITING)
        self._unsynced_writer = self.engine.execution_options(isthisyou_begin=_UNSYNCED)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits when the block ends, and rolls back when it raises."""
        with self._turn, Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def unsynced_transaction(self) -> Iterator[Session]:
        """The same, but its commit does not wait for the disk: `kill -9` does not undo it, a power cut may."""
        with self._turn, Session(self._unsynced_writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that never commits."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that never commits, and sees one state of the data in all its queries."""
        engine = (
            self.engine
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )
        with Session(engine, autoflush=False) as session:
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), **_OPTIONS)

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        begin = connection.get_execution_options().get("isthisyou_begin")
        if begin is not None:
            for statement in begin.get(connection.dialect.name, []):
                connection.exec_driver_sql(statement)
        elif connection.dialect.name == "sqlite":
            # It waits for nobody and cannot fail; SQLAlchemy takes longer to pass it on than SQLite to begin.
            driver: Any = connection.connection.driver_connection
            driver.execute("BEGIN")

    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    # The driver's own transaction handling would begin too late, and never for a read.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # In KiB. The default of 2,000 does not hold the inner pages of a large base's indexes.
    cursor.execute("PRAGMA cache_size = -8000")
    cursor.close()
