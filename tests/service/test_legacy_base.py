"""A base that another application made: adopted, moved, indexed, and matched against."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, insert, select, text

from service.store.clusters import members_of
from service.store.contacts import live_contacts, told_of
from service.store.match_index import NOBODY
from service.store.migrating import migrate
from service.store.session import Database
from service.store.tables import Customer, MatchRecord, new_id
from service.usecases import refresh
from service.usecases.check import check_next
from service.usecases.index_customers import BATCH, next_unindexed
from service.worker import InboxWorker, index_some
from tests.service.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from tests.fakes.instagram_api import FakeInstagram


def index_all(installation: Installation) -> int:
    after: str | None = NOBODY
    batches = -1
    while after is not None:
        after = index_some(installation.runtime, after)
        batches += 1
    return batches


def test_a_customer_of_a_legacy_base_is_recognised(empty_database_url: str, instagram: FakeInstagram) -> None:
    database = Database(empty_database_url)
    legacy = new_id()
    with database.transaction() as session:
        kind = "CHAR(36)" if database.is_sqlite else "UUID"
        session.execute(
            text(f"CREATE TABLE customers (id {kind} PRIMARY KEY, name TEXT, phone TEXT, email TEXT)")
        )
        session.execute(
            text("INSERT INTO customers VALUES (:id, 'John Doe', '(916) 555-1234', 'John@Example.com')"),
            {"id": legacy},
        )
    migrate(database)
    database.dispose()
    installation = Installation.start(empty_database_url, instagram)
    try:
        assert installation.book(name="John Doe", phone="+1 916 555 1234")["outcome"] == "created", (
            "not indexed yet"
        )
        assert index_all(installation) == 1
        assert index_all(installation) == 0
        answer = installation.book(name="John Doe", email="john@example.com")
        assert (answer["outcome"], answer["customer_id"]) == ("linked", legacy)
        customer = installation.get(f"/api/v1/customers/{legacy}")
        assert (customer["phone"], customer["email"]) == ("+19165551234", "john@example.com")
    finally:
        installation.close()


def test_blank_columns_of_a_legacy_base_are_no_contacts(
    empty_database_url: str, instagram: FakeInstagram
) -> None:
    database = Database(empty_database_url)
    blank, spaces = new_id(), new_id()
    with database.transaction() as session:
        kind = "CHAR(36)" if database.is_sqlite else "UUID"
        session.execute(
            text(f"CREATE TABLE customers (id {kind} PRIMARY KEY, name TEXT, phone TEXT, email TEXT)")
        )
        session.execute(
            text("INSERT INTO customers VALUES (:one, 'A', '', NULL), (:other, 'B', ' ', 'b@x.example')"),
            {"one": blank, "other": spaces},
        )
    migrate(database)
    installation = Installation.start(empty_database_url, instagram)
    try:
        index_all(installation)
        for customer, email in ((blank, None), (spaces, "b@x.example")):
            shown = installation.get(f"/api/v1/customers/{customer}")
            assert (shown["phone"], shown["email"]) == (None, email)
        with installation.runtime.database.snapshot() as session:
            assert check_next(session, after=NOBODY).findings == []
    finally:
        installation.close()
        database.dispose()


def test_indexing_goes_through_a_large_base_in_batches(installation: Installation) -> None:
    named(installation, 2 * BATCH + 50)
    assert index_all(installation) == 3
    found = installation.call("POST", "/api/v1/match", json={"name": "Ana Number7"}).get_json()
    assert found["candidates"]


def named(installation: Installation, count: int) -> None:
    with installation.runtime.database.transaction() as session:
        rows = [{"id": new_id(), "name": f"Ana Number{number}"} for number in range(count)]
        session.execute(insert(Customer), rows)


def statements_of_a_batch(installation: Installation) -> int:
    engine = installation.runtime.database.engine
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    assert index_some(installation.runtime, NOBODY) is not None
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_many_customers_take_as_many_statements_as_one(installation: Installation) -> None:
    named(installation, 1)
    for_one = statements_of_a_batch(installation)
    named(installation, BATCH)
    assert statements_of_a_batch(installation) == for_one <= 12


def test_a_customer_who_cannot_be_indexed_holds_up_nobody(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(installation, 40)
    with installation.runtime.database.transaction() as session:
        session.add(Customer(id=new_id(), name="Unspeakable"))
    normalize = refresh.normalize_name

    def stumbling(raw: str, **options: Any) -> object:
        if raw == "Unspeakable":
            raise ValueError(raw)
        return normalize(raw, **options)

    monkeypatch.setattr(refresh, "normalize_name", stumbling)
    worker = InboxWorker(installation.runtime)
    worker.start()
    deadline = time.monotonic() + 60
    while (indexed := count_records(installation)) < 40 and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.stop()
    assert indexed == 40


def count_records(installation: Installation) -> int:
    with installation.runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(MatchRecord)) or 0


def plan(installation: Installation, look: Callable[[Session], object]) -> list[str]:
    """How SQLite goes about the statement of a look at the database."""
    engine = installation.runtime.database.engine
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        seen.append((statement, parameters))

    with installation.runtime.database.reading() as session:
        event.listen(engine, "before_cursor_execute", note)
        look(session)
        event.remove(engine, "before_cursor_execute", note)
        explained = [
            session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", given) for each, given in seen
        ]
        return [str(row.detail) for rows in explained for row in rows]


@pytest.mark.parametrize(
    "look",
    [
        lambda session: next_unindexed(session, after=NOBODY, limit=BATCH),
        lambda session: live_contacts(session, [NOBODY, new_id()]),
        lambda session: told_of(session, [new_id() for _ in range(BATCH)]),
        lambda session: members_of(session, [NOBODY]),
    ],
    ids=["next_unindexed", "live_contacts", "told_of", "members_of"],
)
def test_no_look_at_some_customers_reads_all_of_a_table(
    installation: Installation, look: Callable[[Session], object]
) -> None:
    if not installation.runtime.database.is_sqlite:
        return  # PostgreSQL plans by what the tables hold, and here they hold nothing.
    steps = [step for step in plan(installation, look) if "customers" in step or "contact_methods" in step]
    assert steps
    known = ("(id", "(customer_id", "(merged_into_id=?)")
    assert all(any(column in step for column in known) for step in steps), steps
