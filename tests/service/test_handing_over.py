"""Between a message that is prepared and one that is sent: what happens meanwhile, and what becomes of it when a process dies."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from service.campaigning import REST_SECONDS, Outbox, recover, rules_of
from service.messages import Fault, SendingError, unclaimed
from service.store.campaigns import campaigns_in
from service.usecases.consent import Channel
from service.usecases.send_campaign import (
    PATIENCE,
    Reserved,
    claim,
    reserve_next,
    settle_failed,
    settle_sent,
)
from tests.service.review_desk import merge_by_hand
from tests.service.test_campaigns import (
    GMAIL,
    NEWS,
    OFFER,
    PERSONAL,
    WORK,
    campaign,
    change,
    mailed,
    progress,
    recipients,
    run,
    shown,
    step,
    texted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.messages import Mail, Sender
    from tests.fakes.smtp_server import FakeMailServer
    from tests.fakes.twilio_api import FakeTwilio
    from tests.service.installation import Installation


def reserve(installation: Installation, owner: str | None = None) -> Reserved:
    """What a process does before it prepares a message of the only campaign."""
    runtime = installation.runtime
    with runtime.database.transaction() as session:
        [sending] = campaigns_in(session, "sending")
        reserved = reserve_next(
            session, sending, owner=owner or runtime.owner, rules=rules_of(runtime), now=installation.clock()
        )
    assert isinstance(reserved, Reserved)
    return reserved


def claim_now(installation: Installation, reserved: Reserved) -> bool:
    """What it does before the message has its end."""
    with installation.runtime.database.transaction() as session:
        return claim(session, reserved, rules=rules_of(installation.runtime), now=installation.clock())


@dataclass
class Meanwhile:
    """A way out by which something happens while a message is prepared."""

    sender: Sender[Mail]
    happens: Callable[[], object]
    name: str = "smtp"

    def send(self, message: Mail, claim: Callable[[], None] = unclaimed) -> str:
        def late() -> None:
            self.happens()
            claim()

        return self.sender.send(message, late)


def send_while(installation: Installation, happens: Callable[[], object]) -> None:
    """Hand one message over, and let something happen when all of it is at the provider but its end."""
    runtime = installation.runtime
    Outbox(replace(runtime, mail=Meanwhile(runtime.mail, happens)), Channel.EMAIL).advance()


# ---------------------------------------------------------------- killed


def test_what_was_prepared_when_the_process_died_goes_out_after_its_restart(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS)
    reserve(sending)
    run(sending)
    assert mail_server.mailbox == [], "it is being prepared"
    recover(sending.runtime)
    run(sending)
    assert [each.to for each in mail_server.mailbox] == [GMAIL]
    assert progress(sending, made) == {"considered": 1, "to_send": 1, "sent": 1}


def test_what_was_claimed_when_the_process_died_is_unknown_and_nobody_else_is_forgotten(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    for number in range(3):
        mailed(sending, "John Doe", f"john{number}@x.example")
    made = campaign(sending, **NEWS)
    reserved = reserve(sending)
    assert claim_now(sending, reserved)
    recover(sending.runtime)
    run(sending)
    assert len({each.to for each in mail_server.mailbox}) == len(mail_server.mailbox) == 2
    assert progress(sending, made) == {"considered": 3, "to_send": 3, "sent": 2, "unknown": 1}
    assert shown(sending, made)["status"] == "done"
    [(value, row)] = recipients(sending, made, outcome="unknown").items()
    assert (value, row["error"]) == (reserved.letter.to, "interrupted")
    path = f"/api/v1/campaigns/{made['id']}/recipients.csv"
    table = sending.call("GET", path, query_string={"outcome": "unknown"}).text.splitlines()
    assert len(table) == 2
    assert reserved.letter.to in table[1]


@pytest.mark.parametrize("is_claimed", [False, True])
def test_what_a_process_held_that_never_comes_back_is_freed_or_given_up_after_a_while(
    sending: Installation, mail_server: FakeMailServer, *, is_claimed: bool
) -> None:
    mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS)
    reserved = reserve(sending, owner="gone")
    assert not is_claimed or claim_now(sending, reserved)
    recover(sending.runtime)
    run(sending)
    assert (mail_server.mailbox, shown(sending, made)["status"]) == ([], "sending")
    sending.clock.now += PATIENCE
    sending.clock.advance(seconds=1)
    run(sending)
    assert shown(sending, made)["status"] == "done"
    assert len(mail_server.mailbox) == (0 if is_claimed else 1)
    assert recipients(sending, made)[GMAIL]["outcome"] == ("unknown" if is_claimed else "sent")


def test_of_a_message_that_two_prepared_the_one_of_whoever_reserved_it_last_goes_out(
    sending: Installation,
) -> None:
    mailed(sending, "John Doe", GMAIL)
    campaign(sending, **NEWS)
    slow = reserve(sending, owner="slow")
    sending.clock.now += PATIENCE
    other = reserve(sending)
    assert slow.recipient_id == other.recipient_id
    assert [claim_now(sending, each) for each in (slow, other, other)] == [False, True, False]


def test_a_failure_that_comes_late_changes_nothing_of_what_somebody_else_sent(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS)
    late = reserve(sending, owner="slow")
    sending.clock.now += PATIENCE
    run(sending)
    with sending.runtime.database.transaction() as session:
        settle_failed(
            session,
            late,
            SendingError(Fault.BUSY, "smtp_451"),
            rules=rules_of(sending.runtime),
            now=sending.clock(),
        )
    run(sending)
    assert len(mail_server.mailbox) == 1
    assert progress(sending, made) == {"considered": 1, "to_send": 1, "sent": 1}


def test_an_answer_that_comes_after_a_message_was_given_up_counts(sending: Installation) -> None:
    mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS)
    reserved = reserve(sending, owner="slow")
    claim_now(sending, reserved)
    sending.clock.now += PATIENCE
    sending.clock.advance(seconds=1)
    run(sending)
    assert progress(sending, made)["unknown"] == 1
    with sending.runtime.database.transaction() as session:
        settle_sent(session, reserved, provider_id="<1@x.example>", now=sending.clock())
    assert progress(sending, made) == {"considered": 1, "to_send": 1, "sent": 1}
    assert recipients(sending, made)[GMAIL]["error"] is None


# ---------------------------------------------------------------- while it is prepared


def test_a_revocation_while_a_message_is_prepared_withholds_it(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john = mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS)
    send_while(sending, lambda: change(sending, john, GMAIL, can_marketing=False))
    run(sending)
    assert mail_server.mailbox == []
    row = recipients(sending, made)[GMAIL]
    assert (row["outcome"], row["reasons"]) == ("withheld", ["revoked"])


def test_a_campaign_that_is_stopped_while_a_message_is_prepared_does_not_send_it(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS)
    send_while(sending, lambda: sending.call("POST", f"/api/v1/campaigns/{made['id']}/stop"))
    assert mail_server.mailbox == []
    assert progress(sending, made) == {"considered": 1, "to_send": 1, "stopped": 1}


def test_night_that_falls_while_a_text_is_prepared_delays_it(
    sending: Installation, twilio: FakeTwilio
) -> None:
    sending.clock.now = datetime(2026, 3, 4, 4, 59, 59, tzinfo=UTC)  # 20:59 in California
    texted(sending, "John Doe", PERSONAL)
    made = campaign(sending, **OFFER)
    reserved = reserve(sending)
    sending.clock.advance(seconds=1)
    assert not claim_now(sending, reserved)
    recover(sending.runtime)
    run(sending)
    assert twilio.texts == [], "a start does not wake anybody"
    assert recipients(sending, made)[PERSONAL]["not_before"] == "2026-03-04T16:00:00+00:00"


def test_whoever_became_one_with_somebody_meanwhile_gets_one_message(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john, other = mailed(sending, "John Doe", GMAIL), mailed(sending, "John D", WORK)
    made = campaign(sending, **NEWS)
    first, second = reserve(sending), reserve(sending, owner="another process")
    merge_by_hand(sending, john, other)
    results: list[bool] = []
    rival = threading.Thread(target=lambda: results.append(claim_now(sending, second)))
    with sending.runtime.database.transaction() as session:
        assert claim(session, first, rules=rules_of(sending.runtime), now=sending.clock())
        rival.start()
        # It does not get through before this is committed.
        time.sleep(0.3)
    rival.join(timeout=20)
    assert results == [False]
    told = recipients(sending, made)[second.letter.to]
    assert (told["outcome"], told["reasons"]) == ("withheld", ["other_contact"])


# ---------------------------------------------------------------- what the provider says


@pytest.mark.parametrize("verb", ["RCPT", "."])
def test_a_no_to_one_message_does_not_make_the_next_wait(
    sending: Installation, mail_server: FakeMailServer, verb: str
) -> None:
    for number in range(2):
        mailed(sending, "John Doe", f"john{number}@x.example")
    made = campaign(sending, **NEWS)
    mail_server.replies = {verb: "550 not this one"}
    assert step(sending) != REST_SECONDS
    mail_server.replies = {}
    run(sending)
    assert len(mail_server.mailbox) == 1
    assert progress(sending, made) == {"considered": 2, "to_send": 2, "sent": 1, "failed": 1}


@pytest.mark.parametrize(
    ("replies", "drops", "others_wait"),
    [
        ({".": "451 later"}, None, False),
        ({"RCPT": "450 later"}, None, False),
        ({"DATA": "huh?"}, None, True),
        ({}, "DATA", True),
    ],
)
def test_what_the_provider_surely_did_not_take_is_tried_again(
    sending: Installation, mail_server: FakeMailServer, replies: Any, drops: Any, *, others_wait: bool
) -> None:
    mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS)
    mail_server.replies, mail_server.drops = replies, drops
    assert (step(sending) == REST_SECONDS) == others_wait
    assert (mail_server.mailbox, progress(sending, made)["pending"]) == ([], 1)
    mail_server.replies, mail_server.drops = {}, None
    sending.clock.advance(minutes=1)
    run(sending)
    assert len(mail_server.mailbox) == 1
    assert progress(sending, made) == {"considered": 1, "to_send": 1, "sent": 1}
