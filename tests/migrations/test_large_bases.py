"""A base of the size that real installations have: moved whole and indexed, in memory that does not grow with it."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from legacy import select

from benchmarks.legacy_base import make_base, watch
from service.store.migrating import migrate
from tests.service.command import COMMAND, environment

if TYPE_CHECKING:
    from service.store.session import Database

CUSTOMERS = 50_000
#: The share that is indexed: what would not stay flat shows before, and a smaller base is indexed to its end elsewhere.
INDEXED = 0.4
#: A Python object for every customer of the base would take several times as much.
GROWTH_MIB = 24


@pytest.mark.timeout(600)
def test_fifty_thousand_customers_are_moved_and_indexed_in_memory_that_stays_flat(
    empty_database_url: str, empty_database: Database
) -> None:
    make_base(empty_database_url, CUSTOMERS)
    written = _written(empty_database)
    seen = watch("a large base", empty_database_url, CUSTOMERS, indexed=INDEXED)
    assert _moved(empty_database) == written
    primaries = "SELECT count(*) FROM contact_methods WHERE is_primary"
    assert select(empty_database, primaries) == [(sum(written),)]
    [(last,)] = select(
        empty_database, "SELECT customer_id FROM match_records ORDER BY customer_id DESC LIMIT 1"
    )
    reached = f"SELECT count(*) FROM customers WHERE id <= '{last}'"  # noqa: S608 - our own id
    assert select(empty_database, "SELECT count(*) FROM match_records") == select(empty_database, reached)
    without_key = (
        f"{reached} AND name IS NOT NULL"  # noqa: S608 - as above
        " AND NOT EXISTS (SELECT 1 FROM match_keys WHERE customer_id = customers.id)"
    )
    assert select(empty_database, without_key) == [(0,)]
    early = max(each.memory for each in seen.samples if each.moved < 0.2)
    assert seen.memory_at(0.95, lambda sample: sample.moved) < early + GROWTH_MIB
    assert seen.peak < seen.memory_at(0.1, lambda sample: sample.indexed) + GROWTH_MIB


def _written(database: Database) -> tuple[int, int]:
    """Phones and emails that are more than blank."""
    return select(database, "SELECT count(nullif(phone, '')), count(nullif(email, '')) FROM customers")[0]  # type: ignore[return-value]


def _moved(database: Database) -> tuple[int, int]:
    by_type = dict(select(database, "SELECT type, count(*) FROM contact_methods GROUP BY type"))
    return by_type["phone"], by_type["email"]


@pytest.mark.timeout(300)
def test_a_migration_that_was_killed_goes_on_where_it_was(
    empty_database_url: str, empty_database: Database
) -> None:
    make_base(empty_database_url, 4_000)
    migrate(empty_database, "011")
    written = _written(empty_database)
    command = [*COMMAND, "migrate", "012"]
    settings = environment(database_url=empty_database_url)
    with subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - ourselves
        while not _begun(empty_database):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    kept = {row[0] for row in select(empty_database, "SELECT id FROM contact_methods")}
    assert 0 < len(kept) < sum(written)
    migrate(empty_database, "012")
    assert _moved(empty_database) == written
    assert kept <= {row[0] for row in select(empty_database, "SELECT id FROM contact_methods")}


def _begun(database: Database) -> bool:
    with database.engine.connect() as connection:
        return (
            database.engine.dialect.has_table(connection, "contact_methods")
            and connection.exec_driver_sql("SELECT count(*) FROM contact_methods").scalar_one() > 0
        )
