"""A database with nothing in it for every test that asks for one: each such test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from databases import PostgresServer, Reused, copied_sqlite, migrate_and_close, postgres_server, sqlite_url

from service.store.session import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on."""
    return str(request.param)


@pytest.fixture
def empty_database_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if dialect == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
        return
    reused: Reused = request.getfixturevalue("postgres_bare")
    with reused.lent() as url:
        yield url


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database at the newest revision, with nothing in it."""
    if dialect == "sqlite":
        yield copied_sqlite(request.getfixturevalue("sqlite_template"), tmp_path / "isthisyou.db")
        return
    reused: Reused = request.getfixturevalue("postgres_migrated")
    with reused.lent() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The service's database, at the newest revision, with nothing in it."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def empty_database(empty_database_url: str) -> Iterator[Database]:
    """The service's database before any migration ran."""
    opened = Database(empty_database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction that is rolled back in the end. While it is open, nobody else writes on SQLite."""
    with database.transaction() as opened:
        yield opened
        opened.rollback()


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator[PostgresServer]:
    """The PostgreSQL server of this test run."""
    with postgres_server(testrun_uid) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_bare(postgres: PostgresServer) -> Iterator[Reused]:
    with postgres.bare() as reused:
        yield reused


@pytest.fixture(scope="session")
def postgres_migrated(postgres: PostgresServer) -> Iterator[Reused]:
    with postgres.migrated() as reused:
        yield reused


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("template") / "template.db"
    migrate_and_close(sqlite_url(path))
    return path
