# ruff: noqa: S608 - the values in these statements are the test's own
from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from legacy import ANA, JANE, JOHN, contacts, insert, run, select

from service.errors import Refusal
from service.store.migrating import current_revision, migrate
from service.store.session import Database
from service.store.tables import Customer

if TYPE_CHECKING:
    from pathlib import Path


def test_a_bare_table_is_given_the_columns_it_lacks(empty_database: Database) -> None:
    run(empty_database, "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, phone VARCHAR(20))")
    insert(empty_database, "customers", [{"id": JOHN, "phone": "(916) 555-1234"}])
    migrate(empty_database)
    with empty_database.reading() as session:
        john = session.get_one(Customer, JOHN)
        assert (john.name, john.phone, john.email, john.created_at) == (None, "+19165551234", None, None)


STRICT = """
    CREATE TABLE customers (
        id VARCHAR(36) NOT NULL PRIMARY KEY,
        name VARCHAR(20) NOT NULL,
        phone VARCHAR(20) NOT NULL DEFAULT '',
        email VARCHAR(50) NOT NULL UNIQUE,
        tier VARCHAR(10) NOT NULL,
        loyalty INTEGER NOT NULL DEFAULT 0,
        created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        updated_at TIMESTAMP)
"""


@pytest.fixture
def strict(empty_database: Database) -> Database:
    """A table that would let nobody be written without a name, a phone and an email of their own."""
    run(empty_database, STRICT, "CREATE INDEX ix_tier ON customers (tier)")
    run(empty_database, "CREATE UNIQUE INDEX uq_phone ON customers (phone)")
    row = {
        "id": JOHN,
        "name": "John Doe",
        "phone": "916-555-1234",
        "email": "john@example.com",
        "tier": "gold",
    }
    insert(empty_database, "customers", [row])
    return empty_database


def test_a_strict_table_learns_to_take_what_the_service_writes(strict: Database) -> None:
    migrate(strict)
    with strict.transaction() as session:
        session.add(Customer(id=JANE, name="N" * 300, email="john@example.com", phone="+19165551234"))
        session.add(Customer(id=ANA))
    with strict.reading() as session:
        assert session.get_one(Customer, JANE).name == "N" * 300


def test_what_else_the_legacy_table_had_is_left_alone(strict: Database) -> None:
    migrate(strict)
    assert select(strict, "SELECT tier, loyalty FROM customers") == [("gold", 0)]
    inspector = sa.inspect(strict.engine)
    indexes = {index["name"]: bool(index["unique"]) for index in inspector.get_indexes("customers")}
    assert indexes["ix_tier"] is False
    assert indexes["uq_phone"] is False
    nullable = {column["name"]: column["nullable"] for column in inspector.get_columns("customers")}
    assert nullable["loyalty"] is False


def test_tables_and_views_around_an_adopted_table_stay_whole(strict: Database) -> None:
    run(
        strict,
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id VARCHAR(36) REFERENCES customers (id) ON DELETE CASCADE)",
        f"INSERT INTO orders VALUES (1, '{JOHN}')",
    )
    migrate(strict)
    assert [str(key) for _, key in select(strict, "SELECT id, customer_id FROM orders")] == [JOHN]
    with pytest.raises(sa.exc.IntegrityError):
        run(strict, f"INSERT INTO orders VALUES (2, '{JANE}')")


def test_a_unique_index_over_an_expression_gives_way(empty_database: Database) -> None:
    run(
        empty_database,
        "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, email TEXT, shop INTEGER)",
        "CREATE UNIQUE INDEX uq_email ON customers (lower(email)) WHERE shop IS NULL",
        "CREATE UNIQUE INDEX uq_shop ON customers (shop, email)",
    )
    migrate(empty_database)
    with empty_database.transaction() as session:
        session.add_all([Customer(id=JOHN, email="a@example.com"), Customer(id=JANE, email="a@example.com")])
    run(empty_database, f"UPDATE customers SET shop = 1 WHERE id = '{JOHN}'")
    with pytest.raises(sa.exc.IntegrityError):
        run(empty_database, f"UPDATE customers SET shop = 1 WHERE id = '{JANE}'")


@pytest.mark.parametrize("kind", ["INTEGER", "BIGINT"])
def test_phones_that_were_kept_as_numbers_are_read(empty_database: Database, kind: str) -> None:
    run(empty_database, f"CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, phone {kind})")
    insert(empty_database, "customers", [{"id": JOHN, "phone": 916555123}, {"id": JANE, "phone": None}])
    run(empty_database, f"UPDATE customers SET phone = 2079460958 WHERE id = '{JOHN}'")
    migrate(empty_database, region="GB")
    assert select(empty_database, "SELECT phone FROM customers ORDER BY id") == [("+442079460958",), (None,)]


def test_ids_of_every_spelling_become_dashed_and_lower_case(empty_database: Database) -> None:
    run(
        empty_database,
        "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, phone TEXT)",
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id VARCHAR(36) REFERENCES customers (id))",
    )
    bare, upper = JOHN.replace("-", ""), "AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA"
    insert(empty_database, "customers", [{"id": each, "phone": "9165551234"} for each in (bare, upper, JANE)])
    insert(empty_database, "orders", [{"id": 1, "customer_id": bare}, {"id": 2, "customer_id": upper}])
    migrate(empty_database)
    expected = [JOHN, JANE, upper.lower()]
    assert [str(key) for (key,) in select(empty_database, "SELECT id FROM customers ORDER BY id")] == expected
    referring = select(empty_database, "SELECT customer_id FROM orders ORDER BY id")
    assert [str(key) for (key,) in referring] == [JOHN, upper.lower()]
    assert all(contacts(empty_database, each) for each in expected)


@pytest.mark.parametrize(
    ("definition", "ids"),
    [
        ("INTEGER PRIMARY KEY", ["1", "2"]),
        ("VARCHAR(36) PRIMARY KEY", ["'customer-1'"]),
        ("VARCHAR(36)", ["NULL"]),
        ("VARCHAR(36) PRIMARY KEY", [f"'{JOHN}'", f"'{JOHN.replace('-', '')}'"]),
        ("VARCHAR(36) PRIMARY KEY", ["''"]),
    ],
)
def test_ids_that_are_no_uuids_are_refused_and_nothing_is_changed(
    empty_database: Database, definition: str, ids: list[str]
) -> None:
    run(empty_database, f"CREATE TABLE customers (id {definition}, phone TEXT)")
    run(empty_database, *(f"INSERT INTO customers VALUES ({each}, 'n/a')" for each in ids))
    before = select(empty_database, "SELECT * FROM customers ORDER BY id")
    with pytest.raises(Refusal, match=r"customers\.id"):
        migrate(empty_database)
    assert select(empty_database, "SELECT * FROM customers ORDER BY id") == before
    with empty_database.reading() as session:
        assert current_revision(session) is None


def test_a_table_without_ids_is_refused(empty_database: Database) -> None:
    run(empty_database, "CREATE TABLE customers (name TEXT)")
    with pytest.raises(Refusal, match="no column id"):
        migrate(empty_database)


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE bookings (id TEXT)", "ALTER TABLE customers ADD COLUMN preferred_contact_id TEXT"],
)
def test_names_that_another_application_uses_are_refused_before_anything_is_changed(
    empty_database: Database, statement: str
) -> None:
    run(empty_database, "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, phone TEXT)", statement)
    with pytest.raises(Refusal, match=r"bookings|customers\.preferred_contact_id"):
        migrate(empty_database)
    with empty_database.reading() as session:
        assert current_revision(session) is None


def test_ids_that_were_not_declared_unique_can_be_referred_to(empty_database: Database) -> None:
    run(empty_database, "CREATE TABLE customers (id VARCHAR(36), phone TEXT)")
    insert(empty_database, "customers", [{"id": JOHN, "phone": "9165551234"}])
    migrate(empty_database)
    assert len(contacts(empty_database, JOHN)) == 1


TIMES = [
    ("2024-01-31 10:20:30", datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC)),
    ("2024-01-31T10:20:30Z", datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC)),
    ("2024-01-31T10:20:30+02:00", datetime(2024, 1, 31, 8, 20, 30, tzinfo=UTC)),
    ("2024-01-31", datetime(2024, 1, 31, tzinfo=UTC)),
    ("2024/01/31 10:20", datetime(2024, 1, 31, 10, 20, tzinfo=UTC)),
    ("Wed, 31 Jan 2024 10:20:30 +0000", datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC)),
    ("1706696430", datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC)),
    ("1706696430000", datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC)),
    ("2024-02-31 10:20:30", None),
    ("0000-00-00 00:00:00", None),
    ("yesterday", None),
    ("", None),
    (None, None),
]


def test_times_kept_as_text_are_read_and_what_is_no_time_is_kept_beside(empty_database: Database) -> None:
    run(empty_database, "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, phone TEXT, created_at TEXT)")
    rows = [
        {"id": f"{index:08x}-0000-4000-8000-000000000000", "phone": "9165551234", "created_at": written}
        for index, (written, _) in enumerate(TIMES)
    ]
    insert(empty_database, "customers", rows)
    migrate(empty_database)
    with empty_database.reading() as session:
        read = session.scalars(sa.select(Customer.created_at).order_by(Customer.id)).all()
    assert read == [moment for _, moment in TIMES]
    kept = select(empty_database, "SELECT created_at_legacy FROM customers ORDER BY id")
    assert kept == [(written,) for written, _ in TIMES]


@pytest.mark.parametrize("written", [written for written, _ in TIMES])
def test_no_value_where_a_time_should_be_makes_a_customer_unreadable(
    tmp_path: Path, written: str | None
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'legacy.db'}")
    run(database, "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, updated_at TIMESTAMP)")
    insert(database, "customers", [{"id": JOHN, "updated_at": written}])
    migrate(database)
    with database.reading() as session:
        assert session.get_one(Customer, JOHN).updated_at == dict(TIMES)[written]
    database.dispose()


def test_times_without_a_zone_are_taken_for_utc(empty_database: Database) -> None:
    run(
        empty_database,
        "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)",
        f"INSERT INTO customers VALUES ('{JOHN}', '2024-01-31 10:20:30')",
    )
    migrate(empty_database)
    with empty_database.transaction() as session:
        john = session.get_one(Customer, JOHN)
        assert john.created_at == datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC)
        assert session.scalar(sa.select(Customer.id).where(Customer.created_at == john.created_at)) == JOHN


def test_text_that_is_no_utf8_is_read_as_what_an_old_import_left(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'legacy.db'}")
    run(
        database,
        "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, name TEXT, phone TEXT, email TEXT)",
        f"INSERT INTO customers VALUES ('{JOHN}', CAST(x'4a6f73e9' AS TEXT), x'39313635353531323334', NULL)",
        f"INSERT INTO customers VALUES ('{JANE}', 'Zo\u00eb', NULL, CAST(x'ff' AS TEXT))",
    )
    migrate(database)
    rows = [("Jos\u00e9", "+19165551234", None), ("Zo\u00eb", None, "\u00ff")]
    assert select(database, "SELECT name, phone, email FROM customers ORDER BY id") == rows
    database.dispose()


def test_an_adopted_table_outlives_a_downgrade_to_the_base(strict: Database) -> None:
    before = select(strict, "SELECT name, phone, email FROM customers")
    migrate(strict)
    migrate(strict, "base")
    assert select(strict, "SELECT name, phone, email FROM customers") == before
    migrate(strict)
    assert len(contacts(strict, JOHN)) == 2


def test_a_view_over_the_legacy_table_goes_on_working(strict: Database) -> None:
    run(strict, "CREATE VIEW reachable AS SELECT name, email FROM customers")
    migrate(strict)
    assert select(strict, "SELECT * FROM reachable") == [("John Doe", "john@example.com")]
