"""The database that the settings name, for one command."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from service.config import Settings
from service.errors import ErrorCode, Refusal
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
def existing(settings: Settings | None = None) -> Iterator[Database]:
    """The same for what only makes sense where something is: a mistyped path makes no empty database.

    Raises:
        Refusal: there is no such file.
    """
    settings = settings or Settings.from_environment()
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        complaint = (
            f"ISTHISYOU_DATABASE_URL: there is no database {url.database}. isthisyou migrate makes one."
        )
        raise Refusal(ErrorCode.NOT_FOUND, complaint)
    with opened(settings) as database:
        yield database


@contextmanager
def transaction(settings: Settings | None = None) -> Iterator[Session]:
    """A transaction on the database, brought to the newest revision."""
    with opened(settings) as database, database.transaction() as session:
        yield session
