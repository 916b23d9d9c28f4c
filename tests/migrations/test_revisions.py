# ruff: noqa: S608 - the values in these statements are the test's own
from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from legacy import JANE, JOHN, customers, insert, run, select

from service.errors import Refusal
from service.store import migrating
from service.store.migrating import current_revision, head_revision, migrate
from service.store.session import Database
from service.store.tables import Base

REVISIONS = [
    "010",
    "011",
    "012",
    "013",
    "014",
    "015",
    "016",
    "017",
    "018",
    "019",
    "020",
    "021",
    "022",
    "023",
    "024",
    "025",
]
NOW = "'2024-01-01 00:00:00'"


def _at(database: Database) -> str | None:
    with database.reading() as session:
        return current_revision(session)


def test_the_revisions_form_one_line_with_one_head() -> None:
    assert migrating._revisions() == REVISIONS  # noqa: SLF001 - the promise is about the whole
    assert head_revision() == REVISIONS[-1]


def test_each_revision_runs_alone_upwards_and_downwards(empty_database: Database) -> None:
    assert _at(empty_database) is None
    for revision in [*REVISIONS, *reversed(REVISIONS)]:
        migrate(empty_database, revision)
        assert _at(empty_database) == revision


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = set(sa.inspect(database.engine).get_table_names())
    migrate(database)
    assert set(sa.inspect(database.engine).get_table_names()) == before


def test_going_down_to_the_base_leaves_no_table_of_ours(database: Database) -> None:
    migrate(database, "base")
    assert set(sa.inspect(database.engine).get_table_names()) == {
        "alembic_version",
        "contact_methods_archive",
        "preferred_contacts_archive",
    }


def test_going_down_and_up_again_ends_in_the_tables_of_the_models(database: Database) -> None:
    migrate(database, "base")
    migrate(database)
    assert set(Base.metadata.tables) < set(sa.inspect(database.engine).get_table_names())


def test_an_unknown_revision_is_refused(database: Database) -> None:
    with pytest.raises(Refusal, match="There is no revision '099'"):
        migrate(database, "099")


def test_a_database_from_a_newer_version_is_left_alone(database: Database) -> None:
    run(database, "UPDATE alembic_version SET version_num = '999'")
    with pytest.raises(Refusal, match="There is no revision '999'"):
        migrate(database)


EVENT = (
    "INSERT INTO inbox_events (id, source, event_key, kind, payload, body_hash, status, available_at, received_at)"
    f" VALUES ('{JANE}', 'instagram', 'k', 'message', '{{}}', 'h', 'received', {NOW}, {NOW})"
)
LINK = (
    "INSERT INTO merges (id, kind, survivor_id, proof, actor, created_at)"
    f" VALUES ('{JANE}', 'link', '{JOHN}', 'none', 'engine', {NOW})"
)


@pytest.mark.parametrize(
    ("revision", "statements"),
    [
        ("010", [f"INSERT INTO social_accounts VALUES ('{JANE}', 'instagram', '17', {NOW})"]),
        ("012", [EVENT]),
        (
            "014",
            [f"INSERT INTO judgements VALUES ('{JANE}', '{JOHN}', '{JOHN}', 'person', {NOW})"],
        ),
        (
            "015",
            [LINK],
        ),
        ("016", [f"INSERT INTO installation_secrets VALUES ('key', 'value', {NOW})"]),
        (
            "018",
            [
                (
                    "INSERT INTO audit_log (id, customer_id, action, actor, details, created_at)"
                    f" VALUES ('{JANE}', '{JOHN}', 'customer.changed', 'key:x', '{{}}', {NOW})"
                )
            ],
        ),
        (
            "019",
            [
                (
                    "INSERT INTO blocked_values (id, type, kind, value, source, created_at)"
                    f" VALUES ('{JANE}', 'email', 'exact', 'x@y.zz', 'operator', {NOW})"
                )
            ],
        ),
        ("021", [f"INSERT INTO external_ids VALUES ('42', '{JOHN}')"]),
    ],
)
def test_a_downgrade_that_would_lose_data_is_refused_whole(
    database: Database, revision: str, statements: list[str]
) -> None:
    run(database, f"INSERT INTO customers (id) VALUES ('{JOHN}')", *statements)
    tables = set(sa.inspect(database.engine).get_table_names())
    with pytest.raises(Refusal, match="would lose what is in"):
        migrate(database, revision)
    assert _at(database) == head_revision()
    assert set(sa.inspect(database.engine).get_table_names()) == tables


def test_limited_and_revoked_keys_do_not_become_keys_to_everything(database: Database) -> None:
    run(
        database,
        "INSERT INTO api_keys (id, name, key_hash, scopes, created_at)"
        f" VALUES ('{JANE}', 'form', 'hash', 'ingest', {NOW})",
    )
    with pytest.raises(Refusal, match="do everything"):
        migrate(database, "020")
    run(database, "UPDATE api_keys SET scopes = 'admin'")
    migrate(database, "017")
    migrate(database)
    assert select(database, "SELECT scopes, revoked_at FROM api_keys") == [("admin", None)]


def test_holds_in_the_ledger_do_not_come_to_a_revision_that_cannot_read_them(database: Database) -> None:
    run(
        database,
        "INSERT INTO consent_events (id, type, platform, match_value, channel, purpose, action, actor_kind, actor, source,"
        f" evidence, occurred_at, recorded_at) VALUES ('{JANE}', 'phone', '', '+12125550100', 'sms', 'marketing', 'hold', 'person', 'x',"
        f" 'sms', '{{}}', {NOW}, {NOW})",
    )
    with pytest.raises(Refusal, match="holds"):
        migrate(database, "024")
    assert _at(database) == head_revision()


def test_a_blocked_value_that_an_operator_took_off_the_list_stays_off_it(database: Database) -> None:
    run(database, "DELETE FROM blocked_values WHERE value = 'test@test.com'")
    with pytest.raises(Refusal, match="blocked_values"):
        migrate(database, "019")


def test_a_downgrade_drops_the_match_index_which_can_be_built_again(database: Database) -> None:
    run(
        database,
        f"INSERT INTO customers (id) VALUES ('{JOHN}')",
        f"INSERT INTO match_keys (key, customer_id) VALUES (1, '{JOHN}')",
    )
    migrate(database, "013")
    assert _at(database) == "013"


def test_customers_are_not_dropped_with_their_table(database: Database) -> None:
    run(database, f"INSERT INTO customers (id) VALUES ('{JOHN}')")
    with pytest.raises(Refusal, match="customers"):
        migrate(database, "base")


def test_foreign_keys_hold_again_after_a_migration(database: Database) -> None:
    migrate(database, "016")
    migrate(database)
    with pytest.raises(sa.exc.IntegrityError):
        run(database, f"INSERT INTO match_keys (key, customer_id) VALUES (1, '{JOHN}')")


def test_threads_that_migrate_at_once_all_succeed(empty_database_url: str) -> None:
    databases = [Database(empty_database_url) for _ in range(4)]
    start = Barrier(len(databases))

    def migrate_together(database: Database) -> None:
        start.wait()
        migrate(database)

    with ThreadPoolExecutor(len(databases)) as threads:
        list(threads.map(migrate_together, databases))
    assert [_at(database) for database in databases] == [head_revision()] * len(databases)
    for database in databases:
        database.dispose()


MIGRATE = """
import os, sys
from migrations import moving_012
from service.store.migrating import migrate
from service.store.session import Database

moving_012.BATCH = 50
{interference}
database = Database(sys.argv[1])
migrate(database)
database.dispose()
"""

KILLED_IN_THE_THIRD_BATCH = """
move, left = moving_012._move, iter(range(2))
moving_012._move = lambda *batch: move(*batch) if next(left, None) is not None else os.kill(os.getpid(), 9)
"""


def _start(database: Database, interference: str = "") -> subprocess.Popen[bytes]:
    script = MIGRATE.format(interference=interference)
    return subprocess.Popen([sys.executable, "-c", script, database.url])  # noqa: S603 - our own command


def _legacy_base(database: Database, count: int) -> None:
    migrate(database, "011")
    rows = [(f"{index:08x}-0000-4000-8000-000000000000", f"916555{index:04}", None) for index in range(count)]
    insert(database, "customers", customers(rows))


def test_processes_that_migrate_a_legacy_base_at_once_move_each_contact_once(
    empty_database: Database,
) -> None:
    _legacy_base(empty_database, 1_000)
    processes = [_start(empty_database) for _ in range(2)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert select(empty_database, "SELECT count(*) FROM contact_methods") == [(1_000,)]
    assert _at(empty_database) == head_revision()


def test_a_move_that_is_killed_goes_on_where_it_stopped(empty_database: Database) -> None:
    _legacy_base(empty_database, 200)
    assert _start(empty_database, KILLED_IN_THE_THIRD_BATCH).wait(timeout=60) == -9
    committed = select(empty_database, "SELECT id FROM contact_methods")
    assert len(committed) == 100
    migrate(empty_database)
    moved = select(empty_database, "SELECT id FROM contact_methods")
    assert len(moved) == 200
    assert set(committed) < set(moved)
