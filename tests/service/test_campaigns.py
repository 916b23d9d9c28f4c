"""Campaigns: who is chosen and why, what is sent and when, and what happens when something breaks on the way."""

from __future__ import annotations

import csv
import io
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from service.campaigning import REST_SECONDS, Outbox, plan_some
from service.senders.console import ConsoleSender
from service.store.campaigns import chosen_values, has_reached, passed_over, served_customers
from service.store.tables import CampaignRecipient, ContactMethod, new_id
from service.usecases import plan_campaign
from service.usecases.audience import TYPES
from service.usecases.consent import Channel
from service.worker import InboxWorker
from tests.service.at_once import at_once
from tests.service.review_desk import create, merge_by_hand
from tests.service.test_inbound_email import mail, received
from tests.service.test_legacy_base import plan

if TYPE_CHECKING:
    from tests.fakes.smtp_server import FakeMailServer
    from tests.fakes.twilio_api import FakeTwilio
    from tests.service.installation import Installation

BUSINESS, PERSONAL = "+19165559999", "+19165551234"
GMAIL, WORK = "john@gmail.com", "john@work.com"
SIGNED = {"source": "paper form", "text": "Yes, please."}
NEWS = {"channel": "email", "subject": "New menu", "body": "We have dumplings."}
OFFER = {"channel": "sms", "body": "Dumplings, two for one."}


def change(installation: Installation, customer: str, value: str, **flags: Any) -> None:
    [found] = [each for (_, held), each in installation.contacts(customer).items() if held == value]
    path = f"/api/v1/customers/{found['customer_id']}/contacts/{found['id']}"
    changed = installation.call("PATCH", path, json={**flags, "evidence": SIGNED})
    assert changed.status_code == 200, changed.text


def set_columns(installation: Installation, value: str, **columns: Any) -> None:
    """What verifying and bouncing set."""
    with installation.runtime.database.transaction() as session:
        session.execute(update(ContactMethod).where(ContactMethod.value == value).values(columns))


def texted(installation: Installation, name: str, *phones: str) -> str:
    """A customer who allowed texts to each of `phones`."""
    customer = create(installation, name, *(("phone", each) for each in phones))
    for phone in phones:
        change(installation, customer, phone, can_sms=True)
    return customer


def mailed(installation: Installation, name: str, *addresses: str) -> str:
    """A customer who allowed newsletters to each of `addresses`, all verified."""
    customer = create(installation, name, *(("email", each) for each in addresses))
    for address in addresses:
        change(installation, customer, address, can_marketing=True)
        set_columns(installation, address, is_verified=True)
    return customer


def campaign(installation: Installation, **body: Any) -> Any:
    made = installation.call("POST", "/api/v1/campaigns", json=body)
    assert made.status_code == 201, made.text
    return made.get_json()


def step(installation: Installation, channel: Channel = Channel.EMAIL) -> float | None:
    """Let the worker do the next step on a channel; how long it is to wait before another."""
    return Outbox(installation.runtime, channel).advance()


def run(installation: Installation) -> None:
    """Let the worker do all that it may do now."""
    while plan_some(installation.runtime):
        pass
    for each in TYPES:
        outbox = Outbox(installation.runtime, each)
        while outbox.advance() is not None:
            pass


def shown(installation: Installation, made: Any) -> Any:
    return installation.get(f"/api/v1/campaigns/{made['id']}")


def progress(installation: Installation, made: Any) -> dict[str, int]:
    """The counts that are not 0."""
    return {name: count for name, count in shown(installation, made)["progress"].items() if count}


def recipients(installation: Installation, made: Any, **query: Any) -> dict[str, Any]:
    items = installation.get(f"/api/v1/campaigns/{made['id']}/recipients", limit=200, **query)["items"]
    return {each["value"]: each for each in items}


def reasons(installation: Installation, made: Any) -> dict[str, tuple[str, list[str]]]:
    return {
        value: (each["decision"], each["reasons"] or [each["reason"]])
        for value, each in recipients(installation, made).items()
    }


# ---------------------------------------------------------------- days 3 and 4


def test_of_johns_two_phones_the_one_that_allows_texts_is_sent_to(
    sending: Installation, twilio: FakeTwilio
) -> None:
    sending.clock.now = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
    john = create(sending, "John Doe", ("phone", BUSINESS), ("phone", PERSONAL))
    change(sending, john, BUSINESS, can_sms=True)

    made = campaign(sending, **OFFER)

    assert reasons(sending, made) == {
        BUSINESS: ("send", ["primary"]),
        PERSONAL: ("skip", ["no_consent"]),
    }
    run(sending)
    assert [(each["To"], each["Body"]) for each in twilio.texts] == [
        (BUSINESS, "Dumplings, two for one.\nReply STOP to opt out.")
    ]
    assert shown(sending, made)["status"] == "done"
    assert progress(sending, made) == {"considered": 2, "to_send": 1, "skipped": 1, "sent": 1}


def test_the_newsletter_goes_to_the_verified_address(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john = create(sending, "John Doe", ("email", GMAIL), ("email", WORK))
    for address in (GMAIL, WORK):
        change(sending, john, address, can_marketing=True)
    [path] = [
        f"/api/v1/customers/{john}/contacts/{each['id']}"
        for each in sending.contacts(john).values()
        if each["value"] == GMAIL
    ]
    sending.call("POST", f"{path}/verify")
    [code] = re.findall(r"\b\d{6}\b", mail_server.mailbox.pop().body.partition("http")[0])
    assert sending.call("POST", f"{path}/verify", json={"code": code}).status_code == 200

    made = campaign(sending, **NEWS)
    run(sending)

    assert reasons(sending, made) == {GMAIL: ("send", ["primary"]), WORK: ("skip", ["not_verified"])}
    [mail] = mail_server.mailbox
    assert (mail.to, mail.message["Subject"]) == (GMAIL, "New menu")
    assert mail.body.startswith("We have dumplings.")
    assert recipients(sending, made)[GMAIL]["outcome"] == "sent"


# ---------------------------------------------------------------- who is chosen


def test_everything_that_speaks_against_a_contact_is_told(sending: Installation) -> None:
    john = create(sending, "John Doe", ("email", GMAIL), ("email", WORK))
    change(sending, john, WORK, can_marketing=True)
    change(sending, john, WORK, can_marketing=False)
    set_columns(sending, WORK, is_valid=False)
    made = campaign(sending, **NEWS, dry_run=True)
    assert reasons(sending, made) == {
        GMAIL: ("skip", ["not_verified", "no_consent"]),
        WORK: ("skip", ["invalid", "not_verified", "revoked"]),
    }


def test_one_message_a_person_by_the_primary_unless_only_another_may_be_sent_to(
    sending: Installation,
) -> None:
    mailed(sending, "John Doe", GMAIL, WORK)
    made = campaign(sending, **NEWS, dry_run=True)
    assert reasons(sending, made) == {GMAIL: ("send", ["primary"]), WORK: ("skip", ["other_contact"])}
    set_columns(sending, GMAIL, is_valid=False)
    made = campaign(sending, **NEWS, dry_run=True)
    assert reasons(sending, made) == {GMAIL: ("skip", ["invalid"]), WORK: ("send", ["allowed"])}


def test_what_one_holder_revoked_is_revoked_for_all(sending: Installation) -> None:
    john, jane = texted(sending, "John Doe", PERSONAL), texted(sending, "Jane Doe", PERSONAL)
    change(sending, jane, PERSONAL, can_sms=False)
    made = campaign(sending, **OFFER, dry_run=True)
    items = sending.get(f"/api/v1/campaigns/{made['id']}/recipients")["items"]
    assert {each["customer_id"] for each in items} == {john, jane}
    assert {tuple(each["reasons"]) for each in items} == {("revoked",)}


def test_a_number_that_two_share_gets_the_message_once(sending: Installation, twilio: FakeTwilio) -> None:
    sending.clock.now = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
    texted(sending, "John Doe", PERSONAL)
    texted(sending, "Jane Doe", PERSONAL)
    made = campaign(sending, **OFFER)
    run(sending)
    items = sending.get(f"/api/v1/campaigns/{made['id']}/recipients")["items"]
    assert sorted(each["reason"] for each in items) == ["primary", "value_taken"]
    assert len(twilio.texts) == 1


def test_nobody_gets_more_campaigns_in_a_week_than_they_may(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john = mailed(sending, "John Doe", GMAIL, WORK)
    for _ in range(3):
        campaign(sending, **NEWS)
        run(sending)
    fourth = campaign(sending, **NEWS)
    assert reasons(sending, fourth) == {GMAIL: ("skip", ["too_often"]), WORK: ("skip", ["too_often"])}
    other = mailed(sending, "Jane Doe", "jane@x.example")
    merge_by_hand(sending, other, john)
    assert reasons(sending, campaign(sending, **NEWS))[GMAIL] == ("skip", ["too_often"])
    sending.clock.advance(days=7)
    assert "send" in {decision for decision, _ in reasons(sending, campaign(sending, **NEWS)).values()}
    assert len(mail_server.mailbox) == 3


def test_who_was_merged_away_is_one_person(sending: Installation, mail_server: FakeMailServer) -> None:
    john, other = mailed(sending, "John Doe", GMAIL), mailed(sending, "John D", WORK)
    merge_by_hand(sending, john, other)
    made = campaign(sending, **NEWS)
    run(sending)
    assert reasons(sending, made) == {GMAIL: ("send", ["primary"]), WORK: ("skip", ["other_contact"])}
    assert [each.to for each in mail_server.mailbox] == [GMAIL]


def test_a_dry_run_decides_and_sends_nothing(sending: Installation, mail_server: FakeMailServer) -> None:
    mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS, dry_run=True)
    run(sending)
    assert (shown(sending, made)["status"], shown(sending, made)["dry_run"]) == ("done", True)
    assert progress(sending, made) == {"considered": 1, "to_send": 1}
    assert mail_server.mailbox == []


def test_an_audience_is_planned_in_batches_and_goes_on_where_it_was(
    sending: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_campaign, "BATCH", 2)
    for number in range(5):
        create(sending, "John Doe", ("email", f"john{number}@x.example"))
    made = campaign(sending, **NEWS, dry_run=True)
    assert (made["status"], made["progress"]["considered"]) == ("planning", 2)
    plan_some(sending.runtime)
    assert shown(sending, made)["progress"]["considered"] == 4
    run(sending)
    assert len(recipients(sending, made)) == 5
    assert shown(sending, made)["status"] == "done"


def test_whom_a_campaign_reached_is_looked_up_by_contact_and_never_in_all_of_the_campaign(
    sending: Installation,
) -> None:
    if not sending.runtime.database.is_sqlite:
        return  # PostgreSQL plans by what the tables hold, and here they hold nothing.
    contact = ContactMethod(customer_id=new_id(), match_value=GMAIL)
    row = CampaignRecipient(id=new_id(), campaign_id=new_id())
    for look in (
        lambda session: chosen_values(session, row.campaign_id, {GMAIL, WORK}),
        lambda session: has_reached(session, row, contact),
        lambda session: passed_over(session, row.campaign_id, contact, reasons=["value_taken"]),
        lambda session: served_customers(session, row.campaign_id, {contact.customer_id}),
    ):
        steps = [step for step in plan(sending, look) if "campaign_recipients" in step]
        assert steps
        assert all("(contact_id=?" in step for step in steps), steps


@pytest.mark.parametrize("first_gets_it", [True, False])
def test_who_is_merged_into_somebody_considered_before_is_not_forgotten(
    sending: Installation,
    mail_server: FakeMailServer,
    monkeypatch: pytest.MonkeyPatch,
    *,
    first_gets_it: bool,
) -> None:
    monkeypatch.setattr(plan_campaign, "BATCH", 1)
    addresses = {mailed(sending, "John Doe", each): each for each in (GMAIL, WORK)}
    first, second = sorted(addresses)
    if not first_gets_it:
        change(sending, first, addresses[first], can_marketing=False)
    made = campaign(sending, **NEWS)
    merge_by_hand(sending, first, second)

    run(sending)

    chosen = first if first_gets_it else second
    assert len(recipients(sending, made)) == 2
    assert [each.to for each in mail_server.mailbox] == [addresses[chosen]]
    assert progress(sending, made) == {"considered": 2, "to_send": 1, "skipped": 1, "sent": 1}


# ---------------------------------------------------------------- right before sending


def test_a_revocation_before_the_message_goes_out_withholds_it(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john = mailed(sending, "John Doe", GMAIL)
    mailed(sending, "Jane Doe", "jane@x.example")
    made = campaign(sending, **NEWS)
    change(sending, john, GMAIL, can_marketing=False)
    run(sending)
    assert [each.to for each in mail_server.mailbox] == ["jane@x.example"]
    row = recipients(sending, made)[GMAIL]
    assert (row["outcome"], row["reasons"]) == ("withheld", ["revoked"])
    assert progress(sending, made) == {"considered": 2, "to_send": 2, "sent": 1, "withheld": 1}


def test_a_number_that_told_the_provider_to_stop_has_revoked(
    sending: Installation, twilio: FakeTwilio
) -> None:
    john = texted(sending, "John Doe", PERSONAL)
    sending.clock.advance(hours=6)
    twilio.refusals[PERSONAL] = (400, 21610)
    made = campaign(sending, **OFFER)
    run(sending)
    row = recipients(sending, made)[PERSONAL]
    assert (row["outcome"], row["error"]) == ("failed", "twilio_21610")
    assert not sending.contacts(john)["phone", PERSONAL]["can_sms"]
    acts = sending.get(f"/api/v1/customers/{john}/consents")["items"]
    revoked = [act for act in acts if act["action"] == "revoke"]
    assert {(act["source"], act["channel"], act["purpose"]) for act in revoked} == {
        ("provider", "sms", "marketing"),
        ("provider", "sms", "transactional"),
    }
    assert revoked[0]["evidence"] == {"code": "twilio_21610", "campaign_id": made["id"]}
    assert reasons(sending, campaign(sending, **OFFER)) == {PERSONAL: ("skip", ["revoked"])}


def test_a_contact_that_was_removed_or_bounced_meanwhile_is_withheld(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john = mailed(sending, "John Doe", GMAIL)
    mailed(sending, "Jane Doe", "jane@x.example")
    made = campaign(sending, **NEWS)
    [contact] = sending.contacts(john).values()
    sending.call("DELETE", f"/api/v1/customers/{john}/contacts/{contact['id']}")
    set_columns(sending, "jane@x.example", is_valid=False)
    run(sending)
    assert mail_server.mailbox == []
    told = {value: each["reasons"] for value, each in recipients(sending, made).items()}
    assert told == {GMAIL: ["removed"], "jane@x.example": ["invalid"]}


def test_who_cannot_be_reached_where_they_were_to_be_is_reached_by_their_next_contact(
    sending: Installation, twilio: FakeTwilio
) -> None:
    sending.clock.now = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
    texted(sending, "John Doe", BUSINESS, PERSONAL)
    made = campaign(sending, **OFFER)
    twilio.refusals = {BUSINESS: (400, 21211)}
    run(sending)
    assert [each["To"] for each in twilio.texts] == [PERSONAL]
    assert reasons(sending, made) == {BUSINESS: ("send", ["primary"]), PERSONAL: ("send", ["allowed"])}
    assert progress(sending, made) == {"considered": 2, "to_send": 2, "sent": 1, "failed": 1}


def test_who_revoked_one_address_meanwhile_gets_it_at_another_that_allows_it(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john = mailed(sending, "John Doe", GMAIL, WORK, "john@x.example")
    made = campaign(sending, **NEWS)
    for address in (GMAIL, WORK):
        change(sending, john, address, can_marketing=False)
    run(sending)
    assert [each.to for each in mail_server.mailbox] == ["john@x.example"]
    assert reasons(sending, made) == {
        GMAIL: ("send", ["revoked"]),
        WORK: ("skip", ["revoked"]),
        "john@x.example": ("send", ["allowed"]),
    }
    assert progress(sending, made) == {
        "considered": 3,
        "to_send": 2,
        "skipped": 1,
        "sent": 1,
        "withheld": 1,
    }


@pytest.mark.parametrize("delivers", [True, False])
def test_a_mailbox_that_somebody_had_to_themselves_meanwhile_is_theirs_and_one_that_is_gone_nobodys(
    sending: Installation, mail_server: FakeMailServer, *, delivers: bool
) -> None:
    people = [mailed(sending, name, GMAIL) for name in ("John Doe", "Jane Doe")]
    made = campaign(sending, **NEWS)
    items = sending.get(f"/api/v1/campaigns/{made['id']}/recipients")["items"]
    [first] = [each for each in items if each["decision"] == "send"]
    if delivers:
        sending.call("DELETE", f"/api/v1/customers/{first['customer_id']}/contacts/{first['contact_id']}")
    else:
        mail_server.replies = {"RCPT": "550 no such user"}
    run(sending)
    told = {
        each["customer_id"]: (each["decision"], each["outcome"])
        for each in sending.get(f"/api/v1/campaigns/{made['id']}/recipients")["items"]
    }
    [second] = set(people) - {first["customer_id"]}
    assert told == {
        first["customer_id"]: ("send", "withheld" if delivers else "failed"),
        second: ("send", "sent") if delivers else ("skip", None),
    }
    assert len(mail_server.mailbox) == delivers


def test_two_who_became_one_meanwhile_get_one_message(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john, other = mailed(sending, "John Doe", GMAIL), mailed(sending, "John D", WORK)
    made = campaign(sending, **NEWS)
    step(sending)
    merge_by_hand(sending, john, other)
    run(sending)
    assert len(mail_server.mailbox) == 1
    assert progress(sending, made) == {"considered": 2, "to_send": 2, "sent": 1, "withheld": 1}


# ---------------------------------------------------------------- night


def test_at_night_a_text_waits_for_the_morning_and_is_not_skipped(
    sending: Installation, twilio: FakeTwilio
) -> None:
    sending.clock.now = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)  # 23:00 in California
    texted(sending, "John Doe", PERSONAL)
    made = campaign(sending, **OFFER)
    row = recipients(sending, made)[PERSONAL]
    assert (row["decision"], row["not_before"]) == ("send", "2026-03-03T16:00:00+00:00")
    run(sending)
    assert (twilio.texts, shown(sending, made)["status"]) == ([], "sending")
    sending.clock.now = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
    run(sending)
    assert len(twilio.texts) == 1
    assert shown(sending, made)["status"] == "done"


def test_whoever_is_not_reached_before_night_falls_waits_as_well(
    sending: Installation, twilio: FakeTwilio
) -> None:
    sending.clock.now = datetime(2026, 3, 4, 4, 59, tzinfo=UTC)  # 20:59 in California
    texted(sending, "John Doe", PERSONAL)
    made = campaign(sending, **OFFER)
    sending.clock.advance(minutes=1)
    run(sending)
    assert twilio.texts == []
    assert recipients(sending, made)[PERSONAL]["not_before"] == "2026-03-04T16:00:00+00:00"


# ---------------------------------------------------------------- what breaks on the way


@pytest.mark.parametrize(
    ("replies", "drops", "outcome", "error"),
    [
        ({"RCPT": "550 no such user"}, None, "failed", "rcpt_550"),
        ({".": "554 not from you"}, None, "failed", "data_554"),
        ({".": "whatever"}, None, "unknown", "data_-1"),
        ({}, ".", "unknown", "connection_lost"),
    ],
)
def test_a_message_that_was_refused_or_cut_off_is_not_tried_again(
    sending: Installation, mail_server: FakeMailServer, replies: Any, drops: Any, outcome: str, error: str
) -> None:
    mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS)
    mail_server.replies, mail_server.drops = replies, drops
    run(sending)
    row = recipients(sending, made)[GMAIL]
    assert (row["outcome"], row["error"]) == (outcome, error)
    mail_server.replies, mail_server.drops, before = {}, None, len(mail_server.mailbox)
    sending.clock.advance(days=1)
    run(sending)
    assert len(mail_server.mailbox) == before


def test_a_provider_that_is_away_is_waited_for(sending: Installation, mail_server: FakeMailServer) -> None:
    mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS)
    mail_server.replies = {"MAIL": "451 later"}
    assert step(sending) == REST_SECONDS
    assert progress(sending, made)["pending"] == 1
    mail_server.replies = {}
    sending.clock.advance(minutes=1)
    run(sending)
    assert len(mail_server.mailbox) == 1
    assert shown(sending, made)["status"] == "done"


def test_campaigns_of_a_channel_take_turns(sending: Installation, mail_server: FakeMailServer) -> None:
    for number in range(3):
        mailed(sending, "John Doe", f"john{number}@x.example")
    for subject in ("Large", "Small", "Late"):
        campaign(sending, channel="email", subject=subject, body="We have dumplings.")
    outbox = Outbox(sending.runtime, Channel.EMAIL)
    for _ in range(6):
        outbox.advance()
    told = [each.message["Subject"] for each in mail_server.mailbox]
    assert sorted(told[:3]) == sorted(told[3:]) == ["Large", "Late", "Small"]


def test_a_small_campaign_is_over_before_a_large_one_is(sending: Installation) -> None:
    mailed(sending, "John Doe", GMAIL)
    small = campaign(sending, **NEWS)
    for number in range(2):
        mailed(sending, "John Doe", f"john{number}@x.example")
    large = campaign(sending, **NEWS)
    outbox = Outbox(sending.runtime, Channel.EMAIL)
    for _ in range(4):
        outbox.advance()
    assert [shown(sending, each)["status"] for each in (small, large)] == ["done", "sending"]


def test_the_time_that_a_message_takes_is_part_of_its_pace(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    mailed(sending, "John Doe", GMAIL)
    campaign(sending, **NEWS)
    mail_server.before = {".": partial(time.sleep, 0.06)}
    at_rate = replace(sending.runtime, settings=replace(sending.runtime.settings, mails_per_second=5.0))
    assert 0 <= (Outbox(at_rate, Channel.EMAIL).advance() or 0) <= 0.14


def test_texts_go_out_while_the_mail_server_is_away(
    sending: Installation, mail_server: FakeMailServer, twilio: FakeTwilio
) -> None:
    sending.clock.now = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
    mail_server.replies = {"MAIL": "451 later"}
    for number in range(2):
        mailed(sending, "John Doe", f"john{number}@x.example")
    texted(sending, "Jane Doe", PERSONAL)
    worker = InboxWorker(sending.runtime)
    worker.start()
    try:
        campaign(sending, **NEWS)
        texts = campaign(sending, **OFFER)
        deadline = time.monotonic() + 20
        while shown(sending, texts)["status"] != "done" and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        worker.stop()
    assert (len(twilio.texts), mail_server.mailbox) == (1, [])


def test_what_is_pending_waits_for_an_address_of_ours(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    mailed(sending, "John Doe", GMAIL)
    campaign(sending, **NEWS)
    nameless = replace(sending.runtime, settings=replace(sending.runtime.settings, public_url=None))
    assert Outbox(nameless, Channel.EMAIL).advance() is None
    assert mail_server.mailbox == []
    run(sending)
    assert len(mail_server.mailbox) == 1


def test_a_number_that_gets_no_texts_makes_no_other_wait(sending: Installation, twilio: FakeTwilio) -> None:
    sending.clock.now = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
    for phone in (BUSINESS, PERSONAL):
        texted(sending, "John Doe", phone)
    twilio.refusals = {BUSINESS: (400, 21608)}
    made = campaign(sending, **OFFER)
    outbox = Outbox(sending.runtime, Channel.SMS)
    assert all((outbox.advance() or 0) <= 1 for _ in range(2))
    assert [each["To"] for each in twilio.texts] == [PERSONAL]
    row = recipients(sending, made)[BUSINESS]
    assert (row["outcome"], row["error"]) == ("failed", "twilio_21608")


def test_many_workers_send_to_everybody_once(sending: Installation, mail_server: FakeMailServer) -> None:
    for number in range(12):
        mailed(sending, "John Doe", f"john{number}@x.example")
    made = campaign(sending, **NEWS)
    at_once([partial(run, sending)] * 4)
    run(sending)
    assert sorted(each.to for each in mail_server.mailbox) == sorted(
        f"john{number}@x.example" for number in range(12)
    )
    assert progress(sending, made) == {"considered": 12, "to_send": 12, "sent": 12}


def test_the_server_sends_campaigns_by_itself(sending: Installation, mail_server: FakeMailServer) -> None:
    mailed(sending, "John Doe", GMAIL)
    worker = InboxWorker(sending.runtime)
    worker.start()
    try:
        made = campaign(sending, **NEWS)
        deadline = time.monotonic() + 30
        while shown(sending, made)["status"] != "done" and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        worker.stop()
    assert [each.to for each in mail_server.mailbox] == [GMAIL]


# ---------------------------------------------------------------- asked twice, stopped


def test_a_request_that_is_made_again_is_one_campaign(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    mailed(sending, "John Doe", GMAIL)
    key = {"headers": {"Idempotency-Key": "march"}}
    made = at_once([lambda: sending.call("POST", "/api/v1/campaigns", json=NEWS, **key)] * 3)
    assert {each.status_code for each in made} == {201}
    assert len({each.get_json()["id"] for each in made}) == 1
    run(sending)
    assert len(mail_server.mailbox) == 1
    other = sending.call("POST", "/api/v1/campaigns", json={**NEWS, "body": "No dumplings."}, **key)
    assert other.status_code == 409
    assert len(sending.get("/api/v1/campaigns")["items"]) == 1


def test_a_campaign_that_is_stopped_reaches_nobody_more(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    for number in range(3):
        mailed(sending, "John Doe", f"john{number}@x.example")
    made = campaign(sending, **NEWS)
    step(sending)
    for _ in range(2):
        stopped = sending.call("POST", f"/api/v1/campaigns/{made['id']}/stop")
        assert (stopped.status_code, stopped.get_json()["status"]) == (200, "stopped")
    run(sending)
    assert len(mail_server.mailbox) == 1
    assert progress(sending, made) == {"considered": 3, "to_send": 3, "sent": 1, "stopped": 2}
    assert len(recipients(sending, made, outcome="stopped")) == 2
    assert recipients(sending, made, outcome="pending") == {}


# ---------------------------------------------------------------- no more of these


def unsubscribe_path(mail: Any) -> str:
    found = re.fullmatch(r"<https://contacts\.example(/u/\S+)>", mail.message["List-Unsubscribe"])
    assert found
    return found[1]


def newsletter_to_john(sending: Installation, mail_server: FakeMailServer) -> tuple[str, Any]:
    """A customer, and the newsletter that they got."""
    john = mailed(sending, "John Doe", GMAIL)
    campaign(sending, **NEWS)
    run(sending)
    [sent] = mail_server.mailbox
    return john, sent


def test_a_newsletter_can_be_ended_by_one_click_and_by_no_scanner(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john, sent = newsletter_to_john(sending, mail_server)
    path = unsubscribe_path(sent)
    assert sent.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert path in sent.body
    client = sending.app.test_client()
    assert client.get(path).status_code == client.head(path).status_code == 200
    assert sending.contacts(john)["email", GMAIL]["can_marketing"] is True

    for data in ({"List-Unsubscribe": "One-Click"}, {}):
        pressed = client.post(path, data=data, environ_base={"REMOTE_ADDR": "198.51.100.7"})
        assert pressed.status_code == 200, "no redirect: a mail program follows none"

    assert sending.contacts(john)["email", GMAIL]["can_marketing"] is False
    acts = sending.get(f"/api/v1/customers/{john}/consents")["items"]
    [revoked] = [each for each in acts if each["action"] == "revoke"]
    assert (revoked["actor_kind"], revoked["source"]) == ("person", "unsubscribe_link")
    assert (revoked["ip"], revoked["user_agent"][:8]) == ("198.51.100.7", "Werkzeug")
    assert GMAIL not in client.get(path).text
    assert client.post(f"{path}x").status_code == client.get("/u/x").status_code == 404
    assert reasons(sending, campaign(sending, **NEWS)) == {GMAIL: ("skip", ["revoked"])}


def test_a_click_while_a_message_is_in_doubt_stays_when_that_was_no_opt_out(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john, sent = newsletter_to_john(sending, mail_server)
    received(sending, mail(sending, "who is this?"))
    [doubtful] = sending.get("/api/v1/messages", status="needs_person")["items"]
    client = sending.app.test_client()
    assert client.post(unsubscribe_path(sent), data={"List-Unsubscribe": "One-Click"}).status_code == 200
    decided = sending.call(
        "POST", f"/api/v1/messages/{doubtful['id']}/decision", json={"decision": "not_opt_out"}
    )
    assert decided.status_code == 200
    assert sending.contacts(john)["email", GMAIL]["can_marketing"] is False


def test_unsubscribing_still_works_when_the_contact_was_removed_and_comes_back(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john = mailed(sending, "John Doe", GMAIL)
    campaign(sending, **NEWS)
    run(sending)
    [contact] = sending.contacts(john).values()
    sending.call("DELETE", f"/api/v1/customers/{john}/contacts/{contact['id']}")
    sending.app.test_client().post(unsubscribe_path(mail_server.mailbox[0]))
    sending.call("POST", f"/api/v1/customers/{john}/contacts", json={"type": "email", "value": GMAIL})
    assert sending.contacts(john)["email", GMAIL]["can_marketing"] is False


# ---------------------------------------------------------------- trials, tables, faults


def test_a_campaign_can_be_tried_on_oneself(
    sending: Installation, mail_server: FakeMailServer, twilio: FakeTwilio
) -> None:
    made = campaign(sending, **NEWS, dry_run=True)
    tried = sending.call("POST", f"/api/v1/campaigns/{made['id']}/test", json={"to": "Me@Kitchen.example"})
    assert (tried.status_code, tried.get_json()["sender"]) == (200, "smtp")
    [mail] = mail_server.mailbox
    assert mail.message["Subject"] == "New menu"
    path = unsubscribe_path(mail)
    for answer in (sending.app.test_client().get(path), sending.app.test_client().post(path)):
        assert answer.status_code == 200
        assert "trial" in answer.text
    text = campaign(sending, **OFFER, dry_run=True)
    path = f"/api/v1/campaigns/{text['id']}/test"
    assert sending.call("POST", path, json={"to": "me@kitchen.example"}).status_code == 422
    assert sending.call("POST", path, json={"to": "(916) 555-0000"}).status_code == 200
    assert len(twilio.texts) == 1


def test_the_link_of_a_trial_changes_nothing(sending: Installation, mail_server: FakeMailServer) -> None:
    john = mailed(sending, "John Doe", GMAIL)
    made = campaign(sending, **NEWS, dry_run=True)
    for _ in range(2):
        sending.call("POST", f"/api/v1/campaigns/{made['id']}/test", json={"to": GMAIL})
    first, second = mail_server.mailbox
    assert first.message["Message-ID"] != second.message["Message-ID"], "a mailbox shows both"
    sending.app.test_client().post(unsubscribe_path(first))
    assert sending.contacts(john)["email", GMAIL]["can_marketing"] is True


def test_a_trial_reaches_nobody_who_revoked_and_tells_what_failed(
    sending: Installation, mail_server: FakeMailServer
) -> None:
    john = mailed(sending, "John Doe", GMAIL)
    change(sending, john, GMAIL, can_marketing=False)
    made = campaign(sending, **NEWS, dry_run=True)
    path = f"/api/v1/campaigns/{made['id']}/test"
    assert sending.call("POST", path, json={"to": "j.o.h.n@gmail.com"}).status_code == 422
    mail_server.replies = {"MAIL": "530 authenticate"}
    assert sending.call("POST", path, json={"to": "me@x.example"}).status_code == 502
    mail_server.replies = {"MAIL": "421 busy"}
    assert sending.call("POST", path, json={"to": "me@x.example"}).status_code == 503


def test_without_an_address_of_ours_no_newsletter_leaves_and_the_console_shows_it(
    sending: Installation, mail_server: FakeMailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    mailed(sending, "John Doe", GMAIL)
    nameless = replace(sending.runtime, settings=replace(sending.runtime.settings, public_url=None))
    sending.app.extensions["isthisyou"] = nameless
    refused = sending.call("POST", "/api/v1/campaigns", json=NEWS)
    assert (refused.status_code, "ISTHISYOU_PUBLIC_URL" in refused.get_json()["detail"]) == (409, True)
    made = campaign(sending, **NEWS, dry_run=True)
    trial = f"/api/v1/campaigns/{made['id']}/test"
    assert sending.call("POST", trial, json={"to": "me@x.example"}).status_code == 409
    assert campaign(sending, **OFFER)["status"] == "done"
    assert mail_server.mailbox == []

    unconfigured = replace(nameless.settings, smtp_url=None, mail_from=None)
    sending.app.extensions["isthisyou"] = replace(nameless, settings=unconfigured, mail=ConsoleSender())
    assert sending.call("POST", trial, json={"to": "me@x.example"}).status_code == 200
    assert "List-Unsubscribe: <http://127.0.0.1:8000/u/" in capsys.readouterr().out


def test_decisions_come_as_a_table_too(sending: Installation) -> None:
    mailed(sending, "John Doe", GMAIL, WORK)
    mailed(sending, "Jane Doe", "=cmd@x.example")
    made = campaign(sending, **NEWS, dry_run=True)
    path = f"/api/v1/campaigns/{made['id']}/recipients"
    downloaded = sending.call("GET", f"{path}.csv")
    assert downloaded.mimetype == "text/csv"
    rows = {each["value"]: each for each in csv.DictReader(io.StringIO(downloaded.text))}
    assert set(rows) == {GMAIL, WORK, "'=cmd@x.example"}
    assert (rows[WORK]["decision"], rows[WORK]["reasons"]) == ("skip", "other_contact")
    assert sending.call("GET", path, headers={"Accept": "text/csv"}).text == downloaded.text
    only = sending.call("GET", f"{path}.csv", query_string={"decision": "send"})
    assert len(only.text.splitlines()) == 3
    assert sending.call("GET", f"{path.replace(made['id'], john_of(made))}.csv").status_code == 404


def john_of(made: Any) -> str:
    """An id that is no campaign's."""
    return str(made["id"])[:-4] + ("0000" if not made["id"].endswith("0000") else "1111")


def test_recipients_are_listed_in_pages(sending: Installation) -> None:
    for number in range(5):
        mailed(sending, "John Doe", f"john{number}@x.example")
    made = campaign(sending, **NEWS, dry_run=True)
    path, seen, query = f"/api/v1/campaigns/{made['id']}/recipients", [], {"limit": 2}
    while True:
        page = sending.get(path, **query)
        seen += [each["value"] for each in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert sorted(seen) == [f"john{number}@x.example" for number in range(5)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"channel": "email", "body": "x"}, "subject"),
        ({"channel": "sms", "subject": "x", "body": "x"}, "subject"),
        ({"channel": "fax", "body": "x"}, "channel"),
        ({"channel": "sms", "body": " "}, "body"),
        ({"channel": "sms", "body": "x" * 1_600}, "body"),
        ({"channel": "email", "subject": "x\nBcc: all@x.example", "body": "x"}, "subject"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_field(sending: Installation, body: Any, field: str) -> None:
    refused = sending.call("POST", "/api/v1/campaigns", json=body)
    assert refused.status_code == 422
    assert list(refused.get_json()["errors"]) == [field]
    with sending.runtime.database.reading() as session:
        assert session.scalars(select(CampaignRecipient)).all() == []
