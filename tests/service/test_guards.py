"""What keeps customers sound: names that were absorbed still find, and merges at the same moment leave one survivor."""

from __future__ import annotations

import threading
import time
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from service.errors import Refusal
from service.store.contacts import live_contacts
from service.store.locks import lock_customers
from service.store.tables import Customer
from tests.service.at_once import at_once
from tests.service.review_desk import (
    create,
    decide,
    merge_by_hand,
    merges,
    pairs,
    proposals,
    survivor,
    undo,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.service.installation import Installation


def try_to_merge(installation: Installation, survivor_id: str, absorbed_id: str) -> bool:
    """True where the two were not one already."""
    try:
        merge_by_hand(installation, survivor_id, absorbed_id)
    except Refusal:
        return False
    return True


def assert_one_holds_all(installation: Installation, ids: Sequence[str], values: set[str]) -> None:
    """One survivor holds every value once, and everybody's id leads there."""
    with installation.runtime.database.reading() as session:
        standing = session.scalars(select(Customer.id).where(Customer.merged_into_id.is_(None))).all()
        held = [(row.customer_id, row.value) for row in live_contacts(session, ids)]
    assert len(standing) == 1
    assert sorted(held) == sorted((standing[0], value) for value in values)
    assert {survivor(installation, each) for each in ids} == set(standing)


# ---------------------------------------------------------------- names


def test_a_booking_under_the_name_of_an_absorbed_customer_finds_the_survivor(
    installation: Installation,
) -> None:
    ana = create(installation, "Ana Lopez", ("phone", "+1 916 555 0100"))
    married = create(installation, "Anita Whitfield", ("email", "anita@example.com"))
    merge_by_hand(installation, ana, married)

    booked = installation.book(name="Anita Whitfield", phone="+1 212 555 0142")

    assert booked["outcome"] == "prompted"
    assert pairs(installation) == [{booked["customer_id"], ana}]


def test_a_booking_under_the_name_of_a_survivor_no_longer_finds_whom_an_undo_gave_back(
    installation: Installation,
) -> None:
    ana = create(installation, "Ana Lopez", ("phone", "+1 916 555 0100"))
    other = create(installation, "Anita Whitfield", ("email", "anita@example.com"))
    undo(installation, merge_by_hand(installation, ana, other))

    booked = installation.book(name="Anita Whitfield", phone="+1 212 555 0142")

    assert pairs(installation) == [{booked["customer_id"], other}]


# ---------------------------------------------------------------- at the same moment


def test_customers_who_are_merged_into_each_other_at_once_end_in_one_who_holds_all(
    installation: Installation,
) -> None:
    ids = [create(installation, "Ana Lopez", ("phone", f"+1 415 555 000{each}")) for each in range(3)]

    done = at_once([partial(try_to_merge, installation, *pair) for pair in permutations(ids, 2)])

    assert sum(done) == 2
    assert_one_holds_all(installation, ids, {f"+1415555000{each}" for each in range(3)})
    assert len(merges(installation)) == 2


def test_yes_and_an_operators_merge_at_once_make_one_merge_of_each_pair(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", "+1 415 555 0001"))
    booked = [installation.book(name="John Doe", phone=f"+1 916 555 000{each}") for each in range(3)]
    asked = [each for each in proposals(installation) if each["candidate_id"] == john]
    answers = [partial(installation.answer, each["prompt"], "yes", candidate="1") for each in booked]
    verdicts = [partial(decide, installation, each, "merge") for each in asked]

    statuses = [response.status_code for response in at_once([*answers, *verdicts])]

    assert set(statuses) <= {200, 409, 410}
    values = {"+14155550001", *(f"+1916555000{each}" for each in range(3))}
    assert_one_holds_all(installation, [john, *(each["customer_id"] for each in booked)], values)


def test_merges_and_undos_at_once_lose_nothing(installation: Installation) -> None:
    ids = [create(installation, "Ana Lopez", ("phone", f"+1 415 555 000{each}")) for each in range(4)]
    standing = [merge_by_hand(installation, ids[0], ids[1]), merge_by_hand(installation, ids[2], ids[3])]
    undoing = [partial(undo, installation, merge_id) for merge_id in standing for _ in range(2)]
    merging = [partial(try_to_merge, installation, *pair) for pair in ((ids[0], ids[2]), (ids[3], ids[1]))]

    results = at_once([*undoing, *merging])

    statuses = [response.status_code for response in results[: len(undoing)]]
    assert sorted(statuses[:2]) == sorted(statuses[2:]) == [200, 409]
    for each in merges(installation):
        if each["undone_at"] is None:
            assert undo(installation, each["id"]).status_code == 200
    held = [list(installation.contacts(each)) for each in ids]
    assert held == [[("phone", f"+1415555000{number}")] for number in range(4)]


@pytest.mark.parametrize("stale", ["survivor", "absorbed"])
def test_an_undo_does_not_block_whoever_locks_the_same_customers_in_id_order(
    installation: Installation, stale: str
) -> None:
    """Another transaction has the lower id, which is a tombstone by now, and goes on to the higher one."""
    low, middle, high = sorted(
        create(installation, "Ana Lopez", ("phone", f"+1 415 555 000{each}")) for each in range(3)
    )
    if stale == "survivor":
        undone = merge_by_hand(installation, low, middle)
        merge_by_hand(installation, high, low)
    else:
        undone = merge_by_hand(installation, high, low)
    database = installation.runtime.database
    if database.is_sqlite:
        return  # Its one writer at a time has nothing to wait for.
    statuses: list[int] = []
    undoing = threading.Thread(target=lambda: statuses.append(undo(installation, undone).status_code))
    with database.transaction() as session:
        lock_customers(session, [low])
        undoing.start()
        time.sleep(0.3)
        lock_customers(session, [high])
    undoing.join()
    assert statuses == [200]
