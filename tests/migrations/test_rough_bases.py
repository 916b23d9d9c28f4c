# ruff: noqa: S608 - the values in these statements are the test's own
"""Legacy bases that are rougher than their tables look, and what happens to them between one revision and the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from legacy import ANA, JANE, JOHN, contacts, customers, insert, run, select

from migrations import moving_012
from service.errors import Refusal
from service.store.migrating import migrate
from service.store.session import Database
from service.store.tables import Customer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "check",
    [
        "CHECK (length(phone) <= 10)",
        "CONSTRAINT reachable CHECK (phone IS NOT NULL OR email IS NOT NULL)",
        "CONSTRAINT named CHECK (name <> '')",
    ],
)
def test_a_check_of_names_phones_or_emails_gives_way(empty_database: Database, check: str) -> None:
    run(
        empty_database,
        "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, name TEXT, phone TEXT, email TEXT,"
        f" shop INTEGER, {check}, CONSTRAINT shop_is_positive CHECK (shop > 0))",
    )
    insert(empty_database, "customers", [{"id": JOHN, "name": "John", "phone": "9165551234"}])
    migrate(empty_database)
    with empty_database.transaction() as session:
        session.add(Customer(id=JANE, name="", phone="+19165551234"))
        session.add(Customer(id=ANA))
    assert select(empty_database, "SELECT phone FROM customers ORDER BY id") == [
        ("+19165551234",),
        ("+19165551234",),
        (None,),
    ]
    with pytest.raises(sa.exc.IntegrityError):
        run(empty_database, "UPDATE customers SET shop = -1")


def test_a_check_beside_its_column_gives_way(empty_database: Database) -> None:
    run(
        empty_database,
        "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, phone TEXT CHECK (phone NOT LIKE '+%'), email TEXT)",
    )
    insert(empty_database, "customers", [{"id": JOHN, "phone": "9165551234"}])
    migrate(empty_database)
    assert select(empty_database, "SELECT phone FROM customers") == [("+19165551234",)]


def test_a_view_is_in_the_way_where_a_phone_column_is_too_narrow_for_a_number(
    empty_database: Database,
) -> None:
    run(
        empty_database,
        "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, phone VARCHAR(10))",
        "CREATE VIEW reachable AS SELECT phone FROM customers",
    )
    insert(empty_database, "customers", [{"id": JOHN, "phone": "9165551234"}])
    if not empty_database.is_sqlite:  # which limits no lengths
        with pytest.raises(Refusal, match="Drop the view"):
            migrate(empty_database)
        run(empty_database, "DROP VIEW reachable")
    migrate(empty_database)
    assert select(empty_database, "SELECT phone FROM customers") == [("+19165551234",)]


def test_text_that_is_no_utf8_and_came_after_the_adoption_is_moved_too(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'legacy.db'}")
    migrate(database, "011")
    run(
        database,
        "INSERT INTO customers (id, name, phone, email)"
        f" VALUES ('{JOHN}', CAST(x'4a6f73e9' AS TEXT), x'39313635353531323334', CAST(x'ff' AS TEXT))",
    )
    migrate(database)
    assert select(database, "SELECT name, phone, email FROM customers") == [
        ("Jos\u00e9", "+19165551234", "\u00ff")
    ]
    database.dispose()


def test_text_with_characters_that_end_a_string_elsewhere_is_kept_whole(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'legacy.db'}")
    migrate(database, "011")
    insert(
        database, "customers", customers([(JOHN, "916\x00555", "j\x00@example.com"), (JANE, "\x00", None)])
    )
    migrate(database)
    migrate(database, "011")
    assert select(database, "SELECT phone, email FROM customers ORDER BY id") == [
        ("916\x00555", "j\x00@example.com"),
        ("\x00", None),
    ]
    database.dispose()


def test_what_differs_at_both_ends_of_a_base_is_compared_without_what_lies_between(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(empty_database, "011")
    many = [(f"{number:08x}-0000-4000-8000-000000000000", "9165551234", None) for number in range(60)]
    many[0], many[-1] = (many[0][0], "  ", None), (many[-1][0], "\t", None)
    insert(empty_database, "customers", customers(many))
    looked_at: list[int] = []
    held = moving_012._held  # noqa: SLF001 - what a batch holds in memory is the promise

    def counting(*arguments: object) -> object:
        found = held(*arguments)  # type: ignore[arg-type]
        looked_at.append(len(found))
        return found

    monkeypatch.setattr(moving_012, "_held", counting)
    monkeypatch.setattr(moving_012, "BATCH", 20)
    migrate(empty_database)
    assert looked_at
    assert max(looked_at) == 0, "nobody whose contacts have been moved is read again"


def test_an_assistants_number_does_not_follow_one_that_was_emptied(empty_database: Database) -> None:
    migrate(empty_database, "011")
    insert(empty_database, "customers", customers([(JOHN, "9165551234", None)]))
    migrate(empty_database)
    _add_assistant(empty_database)
    migrate(empty_database, "011")
    run(empty_database, "UPDATE customers SET phone = NULL")
    migrate(empty_database)
    assert select(empty_database, "SELECT phone FROM customers") == [(None,)]
    assert [value for _, value, *_ in contacts(empty_database, JOHN)] == ["+19165550000"]
    assert select(empty_database, "SELECT count(*) FROM contact_methods WHERE is_primary") == [(0,)]


def _add_assistant(database: Database) -> None:
    run(
        database,
        "INSERT INTO contact_methods (id, customer_id, origin_customer_id, type, value, match_value, label, source,"
        f" provenance, created_at, updated_at) SELECT '{JANE}', customer_id, customer_id, 'phone', '+19165550000',"
        " '+19165550000', 'assistant', 'api', 'asserted', created_at, created_at FROM contact_methods",
    )
