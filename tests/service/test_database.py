"""What a commit waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import make_url, text

from service.store.session import Database

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: SQLite answers 1 for NORMAL, 2 for FULL.
NO, YES = {"1", "off"}, {"2", "on"}


def waits_for_disk(session: Session) -> bool:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    told = str(session.scalar(text("PRAGMA synchronous" if is_sqlite else "SHOW synchronous_commit")))
    assert told in NO | YES
    return told in YES


def test_an_unsynced_transaction_alone_does_not_wait_for_the_disk(database_url: str) -> None:
    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":
        # Those of tests are told not to wait at all.
        url = url.update_query_dict({"options": "-c synchronous_commit=on"})
    database = Database(url.render_as_string(hide_password=False))
    waited = []
    for begin in (database.transaction, database.unsynced_transaction, database.transaction):
        with begin() as session:
            waited.append(waits_for_disk(session))
    database.dispose()
    assert waited == [True, False, True]
