"""isthisyou reindex: the match index is what contacts and names say, whatever it was before."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, delete, event, insert, select, update

from service.cli import main
from service.store.locks import lock_customers
from service.store.match_index import NOBODY
from service.store.tables import Customer, MatchKey, MatchRecord, new_id
from service.usecases.reindex import BATCH, reindex, survey_next

if TYPE_CHECKING:
    from click.testing import Result

    from service.store.session import Database
    from tests.service.installation import Installation

JOHN = {"name": "John Doe", "phone": "(916) 555-1234", "email": "john@gmail.com"}


def command(database: Database, *arguments: str, status: int = 0) -> Result:
    result = CliRunner(env={"ISTHISYOU_DATABASE_URL": database.url}).invoke(main, [*arguments])
    assert result.exit_code == status, result.output
    return result


@pytest.fixture
def base(installation: Installation) -> Database:
    return installation.runtime.database


@pytest.fixture
def four(installation: Installation) -> list[str]:
    """Customers who have nothing in common, in the order of their ids."""
    people = (
        JOHN,
        {"name": "Ann Lee", "phone": "(916) 555-2222"},
        {"name": "Zoltan Papp", "email": "z@papp.example"},
        {"name": "Ivo Queck", "phone": "(916) 555-4444"},
    )
    return sorted(str(installation.book(**each)["customer_id"]) for each in people)


def test_an_index_that_is_right_is_only_read(base: Database, four: list[str]) -> None:
    assert f"{len(four)} customers looked at, 0 indexed anew." in command(base, "reindex").output


def test_whatever_is_wrong_is_mended_and_a_second_run_writes_nothing(base: Database, four: list[str]) -> None:
    without_keys, with_more, garbled, outdated = four
    with base.transaction() as session:
        session.execute(delete(MatchKey).where(MatchKey.customer_id == without_keys))
        session.execute(insert(MatchKey).values(key=42, customer_id=with_more))
        session.execute(update(MatchRecord).where(MatchRecord.customer_id == garbled).values(packed=b"?"))
        session.execute(update(MatchRecord).where(MatchRecord.customer_id == outdated).values(version=0))
    command(base, "check", status=1)
    assert "4 customers looked at, 4 indexed anew." in command(base, "reindex").output
    assert " 0 findings" in command(base, "check").output
    assert "4 customers looked at, 0 indexed anew." in command(base, "reindex").output
    with base.reading() as session:
        assert session.scalar(select(MatchKey.key).where(MatchKey.key == 42)) is None
        assert set(session.scalars(select(MatchRecord.version))) == {1}


def test_an_index_that_was_lost_is_rebuilt_and_people_are_found_again(
    installation: Installation, base: Database, four: list[str]
) -> None:
    with base.transaction() as session:
        session.execute(delete(MatchKey))
        session.execute(delete(MatchRecord))
    assert "4 customers wait to be indexed" in command(base, "check").output
    command(base, "reindex")
    assert installation.book(**JOHN)["outcome"] == "linked"
    assert " 0 findings" in command(base, "check").output


def test_a_customer_who_was_merged_away_is_taken_out(installation: Installation, base: Database) -> None:
    first = installation.book(**JOHN)["customer_id"]
    second = installation.book(name="Ann Lee", phone="(916) 555-2222")["customer_id"]
    merged = installation.call("POST", f"/api/v1/customers/{first}/merge", json={"other_id": second})
    assert merged.status_code == 200, merged.text
    with base.transaction() as session:
        session.execute(insert(MatchKey).values(key=42, customer_id=second))
        session.execute(insert(MatchRecord).values(customer_id=second, packed=b"?", version=0))
    command(base, "check", status=1)
    assert "2 customers looked at, 1 indexed anew." in command(base, "reindex").output
    assert " 0 findings" in command(base, "check").output
    with base.reading() as session:
        assert second not in set(session.scalars(select(MatchKey.customer_id)))
        assert second not in set(session.scalars(select(MatchRecord.customer_id)))


def test_nobody_waits_for_customers_who_are_indexed_rightly(base: Database, four: list[str]) -> None:
    with base.transaction() as session:
        lock_customers(session, four)
        with base.snapshot() as looking:
            assert survey_next(looking, after=NOBODY).stale == []


def test_what_changed_since_it_was_looked_at_is_looked_at_again(
    installation: Installation, base: Database, four: list[str]
) -> None:
    with base.transaction() as session:
        session.execute(delete(MatchKey).where(MatchKey.customer_id == four[0]))
    with base.snapshot() as session:
        stale = survey_next(session, after=NOBODY).stale
    assert stale == [four[0]]
    contact = {"type": "email", "value": "new@else.example"}
    added = installation.call("POST", f"/api/v1/customers/{four[0]}/contacts", json=contact)
    assert added.status_code == 201, added.text
    with base.transaction() as session:
        assert reindex(session, stale) == 0
    assert " 0 findings" in command(base, "check").output


def test_events_that_come_in_meanwhile_keep_the_index_right(
    installation: Installation, base: Database, four: list[str]
) -> None:
    stopping = threading.Event()

    def spoil_and_mend() -> None:
        while not stopping.is_set():
            with base.transaction() as session:
                session.execute(delete(MatchKey).where(MatchKey.customer_id == four[0]))
            with base.snapshot() as session:
                stale = survey_next(session, after=NOBODY).stale
            with base.transaction() as session:
                reindex(session, stale)
            time.sleep(0.01)

    mending = threading.Thread(target=spoil_and_mend)
    mending.start()
    try:
        for number in range(12):
            installation.book(name="Ann Lee", phone="(916) 555-2222", email=f"a{number}@lee.example")
    finally:
        stopping.set()
        mending.join()
    command(base, "reindex")
    assert " 0 findings" in command(base, "check").output


@pytest.fixture
def crowd(base: Database, installation: Installation) -> list[str]:
    """More customers than are looked at together, none of them indexed; their ids in order."""
    ids = sorted(new_id() for _ in range(BATCH + 20))
    now = installation.clock()
    with base.transaction() as session:
        session.add_all(Customer(id=each, name="Ann Lee", created_at=now, updated_at=now) for each in ids)
    return ids


def test_a_run_goes_on_behind_the_customer_that_it_is_given(base: Database, crowd: list[str]) -> None:
    told = command(base, "reindex", "--after", crowd[BATCH - 1]).output
    assert "20 customers looked at, 20 indexed anew." in told
    assert f"{len(crowd)} customers looked at, {BATCH} indexed anew." in command(base, "reindex").output


def test_an_interrupted_run_keeps_what_is_done_and_says_where_to_go_on(
    base: Database, crowd: list[str]
) -> None:
    begun = 0

    def interrupt(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        """A Ctrl-C while the second batch is written."""
        nonlocal begun
        begun += statement.startswith("DELETE FROM match_keys")
        if begun == 2:
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", interrupt)
    try:
        stopped = command(base, "reindex", status=130)
    finally:
        event.remove(Engine, "before_cursor_execute", interrupt)
    assert f"{BATCH} customers looked at, {BATCH} indexed anew" in stopped.output
    assert f"--after {crowd[BATCH - 1]}" in stopped.output
    assert "20 indexed anew" in command(base, "reindex", "--after", crowd[BATCH - 1]).output
    assert " 0 findings" in command(base, "check").output
