"""What a commit waits for, and statements that go to the driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError

from service.store.session import Database
from service.store.statements import read_rows

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


def test_what_the_driver_refuses_is_told_as_of_any_statement_and_without_what_people_typed(
    database: Database,
) -> None:
    with database.reading() as session, pytest.raises(DBAPIError) as told:
        read_rows(session, "SELECT nothing FROM nowhere WHERE it = ?", ["ana@example.org"])
    assert "nowhere" in str(told.value)
    assert "ana@example.org" not in str(told.value)


def test_whoever_listens_to_statements_hears_those_of_the_driver(database: Database) -> None:
    heard: list[str] = []

    def note(*told: object) -> None:
        heard.append(str(told[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    with database.reading() as session:
        assert [tuple(row) for row in read_rows(session, "SELECT 1 WHERE 1 = ?", [1])] == [(1,)]
    assert any("SELECT 1" in statement for statement in heard)
