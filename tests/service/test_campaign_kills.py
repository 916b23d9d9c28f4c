"""A process that is killed while it sends a campaign, and started again: nobody gets it twice, and nobody is forgotten."""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import text

from service.app import build_runtime
from service.usecases.create_customer import create_customer
from service.usecases.typed_contacts import TypedContact
from service.worker import InboxWorker
from tests.service.test_campaigns import NEWS, campaign, progress, recipients, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from service.config import Settings
    from tests.fakes.smtp_server import FakeMailServer
    from tests.service.installation import Installation

SUBSCRIBERS = 40
#: At random moments, beside those at known ones.
KILLS = 6
#: Each is forked from one that has imported all of it.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.service.test_campaign_kills"])
_SUBSCRIBE = """
INSERT INTO consent_events
    (id, type, platform, match_value, channel, purpose, action, actor_kind, actor, source, evidence, occurred_at, recorded_at)
SELECT id, type, platform, match_value, 'email', 'marketing', 'grant', 'person', 'person', 'tests', '{}', created_at, created_at
FROM contact_methods
"""


def subscribed(installation: Installation, count: int) -> set[str]:
    """The addresses of so many customers who may get newsletters."""
    addresses = {f"ana{number}@x.example" for number in range(count)}
    with installation.runtime.database.transaction() as session:
        for address in addresses:
            create_customer(
                session,
                name="Ana Lopez",
                contacts=[TypedContact(type="email", value=address)],
                region="US",
                actor="tests",
                now=installation.clock(),
            )
        session.execute(text(_SUBSCRIBE))
        session.execute(text("UPDATE contact_methods SET is_verified = true, can_marketing = true"))
    return addresses


def send_campaigns(settings: Settings) -> None:
    """What a serving process does besides serving."""
    InboxWorker(build_runtime(settings, owner="sender")).start()
    threading.Event().wait()


@contextmanager
def sender(installation: Installation) -> Iterator[None]:
    """A process that sends as fast as it can, killed in the end."""
    settings = replace(installation.runtime.settings, mails_per_second=1_000.0)
    process = PROCESSES.Process(target=send_campaigns, args=(settings,))
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join(timeout=20)


def kill_at(verb: str, installation: Installation, mail_server: FakeMailServer) -> None:
    """Kill a process that has said `verb` and has no answer."""
    said, dead = threading.Event(), threading.Event()

    def answer_nobody() -> None:
        said.set()
        dead.wait(timeout=60)

    mail_server.before = {verb: answer_nobody}
    with sender(installation):
        assert said.wait(timeout=60)
    mail_server.before = {}
    dead.set()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def kill_at_random(sends: int, installation: Installation, mail_server: FakeMailServer) -> None:
    """Kill a process that has sent a few messages."""
    enough = len(mail_server.mailbox) + sends
    with sender(installation):
        wait_until(lambda: len(mail_server.mailbox) >= enough)
        time.sleep(random.uniform(0, 0.03))  # noqa: S311 - any moment will do


def test_killed_while_it_sends_it_sends_to_nobody_twice_and_forgets_nobody(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    addresses = subscribed(sending, SUBSCRIBERS)
    made = campaign(sending, **NEWS)
    for verb in ("MAIL", "DATA", "."):
        kill_at(verb, sending, mail_server)
    for _ in range(KILLS):
        kill_at_random(SUBSCRIBERS // KILLS // 2, sending, mail_server)
    with sender(sending):
        wait_until(lambda: shown(sending, made)["status"] == "done")

    arrived = Counter(each.to for each in mail_server.mailbox)
    assert set(arrived.values()) == {1}
    told = progress(sending, made)
    assert told["sent"] + told["unknown"] == SUBSCRIBERS, "one died when its message was whole"
    unknown = set(recipients(sending, made, outcome="unknown"))
    # Between the claim and the end of a message are microseconds: whoever is hit there is told of.
    assert addresses - set(arrived) <= unknown
