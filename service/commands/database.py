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
def transaction(settings: Settings | None = None) -> Iterator[Session]:
    """A transaction on the database, brought to the newest revision."""
    settings = settings or Settings.from_environment()
    database = Database(settings.database_url)
    try:
        migrate(database, region=settings.default_region)
        with database.transaction() as session:
            yield session
    finally:
        database.dispose()
