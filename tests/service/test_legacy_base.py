"""A base that another application made: adopted, moved, indexed, and matched against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, text

from service.store.match_index import NOBODY
from service.store.migrating import migrate
from service.store.session import Database
from service.store.tables import Customer, new_id
from service.usecases.index_customers import BATCH
from service.worker import index_some
from tests.service.installation import Installation

if TYPE_CHECKING:
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
    with installation.runtime.database.transaction() as session:
        session.execute(
            insert(Customer),
            [{"id": new_id(), "name": f"Ana Number{number}"} for number in range(2 * BATCH + 50)],
        )
    assert index_all(installation) == 3
    found = installation.call("POST", "/api/v1/match", json={"name": "Ana Number7"}).get_json()
    assert found["candidates"]
