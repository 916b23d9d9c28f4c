"""An event is applied once, whoever claims it: after a crash, after a lease ran out, and with several workers at once."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from service.events import Profile
from service.runtime import READERS
from service.store import inbox
from service.store.tables import (
    ContactMethod,
    Customer,
    Decision,
    InboxEvent,
    SocialIdentity,
)
from service.usecases.receive import replay
from service.usecases.resolve import Arrival, resolve
from service.usecases.update_profile import postpone_profile, update_profile
from service.worker import InboxWorker
from tests.service.at_once import at_once
from tests.service.installation import ACCOUNT, Installation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.store.inbox import ClaimedEvent
    from tests.fakes.instagram_api import FakeInstagram

JOHN = {"name": "John Doe", "username": "johndoe_biz"}
TEXT = "my number is 916 555 0100"


@pytest.fixture
def busy(database_url: str, instagram: FakeInstagram) -> Iterator[Installation]:
    """An installation with more threads than usual."""
    started = Installation.start(database_url, instagram, inbox_threads=4)
    yield started
    started.close()


def claim(installation: Installation, owner: str) -> ClaimedEvent:
    with installation.runtime.database.transaction() as session:
        claimed = inbox.claim_next(session, owner=owner, now=installation.clock())
    assert claimed is not None
    return claimed


def apply(installation: Installation, claimed: ClaimedEvent) -> Any:
    """Resolve an event as a worker does that claimed it, perhaps long ago."""
    arrival = Arrival(event=claimed, submission=READERS[claimed.source](claimed.payload))
    with installation.runtime.database.transaction() as session:
        return resolve(session, arrival, terms=installation.runtime.terms, now=installation.clock())


def uses(installation: Installation) -> dict[str, int]:
    """How often every contact method was used, by its value."""
    with installation.runtime.database.reading() as session:
        return dict(session.execute(select(ContactMethod.value, ContactMethod.usage_count)).all())


def events(installation: Installation) -> list[tuple[str, int]]:
    with installation.runtime.database.reading() as session:
        return [(row.status, row.attempts) for row in session.scalars(select(InboxEvent))]


def wait_until_resolved(installation: Installation, count: int) -> None:
    deadline = time.monotonic() + 30
    while sum(status == "resolved" for status, _ in events(installation)) < count:
        assert time.monotonic() < deadline, events(installation)
        time.sleep(0.01)


# ---------------------------------------------------------------- a claim that was taken over


@pytest.mark.parametrize("owner", ["a worker that is slow", "another"])
@pytest.mark.parametrize("first_back", ["slow", "second"])
def test_a_claim_that_was_taken_over_is_not_applied_a_second_time(
    installation: Installation, owner: str, first_back: str
) -> None:
    installation.message("77", TEXT)
    slow = claim(installation, "a worker that is slow")
    installation.clock.advance(minutes=2)
    second = claim(installation, owner)

    applied = {
        name: apply(installation, {"slow": slow, "second": second}[name])
        for name in sorted(["slow", "second"], key=lambda name: name != first_back)
    }

    assert applied["slow"] is None
    assert applied["second"] is not None
    assert uses(installation) == {"+19165550100": 1}
    assert events(installation) == [("resolved", 2)]


def test_a_worker_that_comes_back_after_a_replay_began_the_count_anew_has_lost_its_claim(
    installation: Installation,
) -> None:
    event_id = installation.message("77", TEXT).get_json()["events"][0]
    slow = claim(installation, "a worker that is slow")
    installation.clock.advance(minutes=2)
    with installation.runtime.database.transaction() as session:
        second = inbox.claim_next(session, owner="another", now=installation.clock())
        assert second is not None
        inbox.fail(session, second, error="RuntimeError", now=installation.clock())
        replay(session, event_id, now=installation.clock())
    third = claim(installation, "another")
    assert third.attempts == slow.attempts

    assert apply(installation, slow) is None
    assert apply(installation, third) is not None


def test_a_claim_that_was_taken_over_neither_fails_nor_postpones_the_event(
    installation: Installation,
) -> None:
    installation.message("77", TEXT)
    slow = claim(installation, "a worker that is slow")
    installation.clock.advance(minutes=2)
    second = claim(installation, "another")

    with installation.runtime.database.transaction() as session:
        inbox.fail(session, slow, error="RuntimeError", now=installation.clock())
        inbox.postpone(session, slow, until=installation.clock())

    assert events(installation) == [("resolving", 2)]
    assert apply(installation, second) is not None


# ---------------------------------------------------------------- a worker that starts


def test_a_worker_that_starts_frees_what_it_held_when_it_died_and_nothing_else(
    installation: Installation,
) -> None:
    ours = installation.message("77", TEXT).get_json()["events"][0]
    assert claim(installation, installation.runtime.owner).id == ours
    theirs = installation.message("78", "hello").get_json()["events"][0]
    assert claim(installation, "a process that lives").id == theirs
    worker = InboxWorker(installation.runtime)

    worker.start()
    try:
        wait_until_resolved(installation, 1)
    finally:
        worker.stop()

    assert installation.get(f"/api/v1/events/{ours}")["status"] == "resolved", "no lease had run out"
    assert installation.get(f"/api/v1/events/{theirs}")["status"] == "resolving"


# ---------------------------------------------------------------- several workers at once


def deliver_messages(installation: Installation, numbers: range) -> None:
    """One delivery with a message of a sender of their own, and their phone, for each number."""
    messages = [
        {
            "sender": {"id": str(number)},
            "recipient": {"id": ACCOUNT},
            "timestamp": 1772452800000,
            "message": {"mid": f"m-{number}", "text": f"call me: 916 555 {number:04}"},
        }
        for number in numbers
    ]
    document = {"object": "instagram", "entry": [{"id": ACCOUNT, "time": 1, "messaging": messages}]}
    assert installation.deliver(document).status_code == 200


def test_no_two_workers_claim_one_event(installation: Installation) -> None:
    deliver_messages(installation, range(100, 112))
    database, now = installation.runtime.database, installation.clock()

    def claim_thrice() -> list[str]:
        claimed: list[str] = []
        while len(claimed) < 3:
            with database.transaction() as session:
                event = inbox.claim_next(session, owner="one process", now=now)
            claimed += [event.id] if event else []
        return claimed

    claimed = [event_id for ids in at_once([claim_thrice] * 4) for event_id in ids]

    assert len(set(claimed)) == 12
    assert events(installation) == [("resolving", 1)] * 12


def test_workers_at_once_resolve_every_event_once(busy: Installation) -> None:
    deliver_messages(busy, range(100, 140))
    worker = InboxWorker(busy.runtime)

    worker.start()
    try:
        wait_until_resolved(busy, 40)
    finally:
        worker.stop()

    assert uses(busy) == {f"+1916555{number:04}": 1 for number in range(100, 140)}
    assert set(events(busy)) == {("resolved", 1)}
    with busy.runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 40


# ---------------------------------------------------------------- a profile that two workers got


def sender_without_profile(installation: Installation) -> str:
    """The id of a sender whose platform did not answer yet, and is to be asked again."""
    installation.instagram.status, installation.instagram.body = 503, json.dumps({}).encode()
    installation.message("77", TEXT)
    installation.drain()
    installation.clock.advance(seconds=6)
    installation.drain()
    with installation.runtime.database.reading() as session:
        return str(session.scalars(select(SocialIdentity.id)).one())


def test_a_late_profile_that_two_workers_got_counts_once_and_decides_once(
    installation: Installation,
) -> None:
    identity_id = sender_without_profile(installation)
    profile = Profile(username=JOHN["username"], name=JOHN["name"])

    for _ in range(2):
        with installation.runtime.database.transaction() as session:
            update_profile(
                session, identity_id, profile, terms=installation.runtime.terms, now=installation.clock()
            )

    assert uses(installation) == {"+19165550100": 1, "johndoe_biz": 1}
    with installation.runtime.database.reading() as session:
        decided = session.scalars(select(Decision).where(Decision.occasion == "profile")).all()
    assert len(decided) == 1


def test_a_profile_that_one_worker_got_is_not_put_off_by_another_who_did_not(
    installation: Installation,
) -> None:
    identity_id = sender_without_profile(installation)
    now = installation.clock()
    with installation.runtime.database.transaction() as session:
        profile = Profile(username=JOHN["username"], name=JOHN["name"])
        update_profile(session, identity_id, profile, terms=installation.runtime.terms, now=now)
        postpone_profile(session, identity_id, due_at=now, now=now)
        identity = session.get_one(SocialIdentity, identity_id)
        assert (identity.profile_due_at, identity.profile_attempts) == (None, 0)
