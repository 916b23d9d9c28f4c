"""The database that the settings name, for one command."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.config import Settings
from service.store.migrating import migrate
from service.store.session import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


@contextmanager
def as_it_is(settings: Settings) -> Iterator[Database]:
    """The database at whatever revision it is, or empty."""
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Database]:
    """The database, brought to the newest revision."""
    settings = settings or Settings.from_environment()
    with as_it_is(settings) as database:
        migrate(database, region=settings.default_region)
        yield database


@contextmanager
def transaction(settings: Settings | None = None) -> Iterator[Session]:
    """A transaction on the database, brought to the newest revision."""
    with opened(settings) as database, database.transaction() as session:
        yield session
