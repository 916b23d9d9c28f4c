"""A base that another application made: adopted, moved, indexed, and matched against."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, func, insert, select, text

from service.store.match_index import NOBODY
from service.store.migrating import migrate
from service.store.session import Database
from service.store.tables import Customer, MatchRecord, new_id
from service.usecases import refresh
from service.usecases.index_customers import BATCH
from service.worker import InboxWorker, index_some
from tests.service.installation import Installation

if TYPE_CHECKING:
    import pytest

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
