"""Inbound texts and messages: stopping, beginning again, asking for help, answering a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from service.usecases.check import check_next
from tests.service.installation import (
    ACCOUNT,
    ACCOUNT_SID,
    AUTH_TOKEN,
    PUBLIC_URL,
    Installation,
)
from tests.service.review_desk import create
from tests.service.signing import twilio_signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.instagram_api import FakeInstagram

PHONE, OTHER_PHONE, EMAIL = "+19165551234", "+19165559999", "john@gmail.com"
SIGNED = {"source": "paper form", "text": "Yes, text me your offers."}
#: Before every id there is.
FIRST = "00000000-0000-0000-0000-000000000000"
EVERYTHING = {(channel, purpose) for channel in ("sms", "call") for purpose in ("marketing", "transactional")}


def allow(installation: Installation, customer_id: str, value: str, *flags: str) -> None:
    [found] = [each for (_, held), each in installation.contacts(customer_id).items() if held == value]
    changed = installation.call(
        "PATCH",
        f"/api/v1/customers/{customer_id}/contacts/{found['id']}",
        json={**dict.fromkeys(flags, True), "evidence": SIGNED},
    )
    assert changed.status_code == 200, changed.text
    installation.clock.advance(hours=1)


@pytest.fixture
def john(installation: Installation) -> str:
    """A customer who may be texted and called."""
    customer_id = create(installation, "John Doe", ("phone", PHONE), ("email", EMAIL))
    allow(installation, customer_id, PHONE, "can_sms", "can_call")
    allow(installation, customer_id, EMAIL, "can_marketing")
    return customer_id


def flags(installation: Installation, customer_id: str, value: str = PHONE) -> tuple[bool, bool]:
    [found] = [each for (_, held), each in installation.contacts(customer_id).items() if held == value]
    return found["can_sms"], found["can_call"]


def acts(installation: Installation, customer_id: str, action: str = "revoke") -> list[Any]:
    items = installation.get(f"/api/v1/customers/{customer_id}/consents")["items"]
    return [each for each in items if each["action"] == action]


def needing_a_person(installation: Installation) -> list[Any]:
    """What a person has to look at, of the customers whom the last events ended in."""
    customers = {each["customer_id"] for each in installation.get("/api/v1/events")["items"]}
    timelines = [installation.get(f"/api/v1/customers/{each}/timeline")["items"] for each in customers]
    return [each for items in timelines for each in items if each["kind"] == "message.needs_person"]


# ---------------------------------------------------------------- who writes


def test_a_text_is_an_event_like_any_other(installation: Installation) -> None:
    assert installation.reply(PHONE, "Hi, my email is john@gmail.com") is None
    [event] = installation.get("/api/v1/events")["items"]
    assert (event["source"], event["account"], event["status"]) == ("twilio", ACCOUNT_SID, "resolved")
    held = installation.contacts(event["customer_id"])
    assert set(held) == {("phone", PHONE), ("email", "john@gmail.com")}
    installation.text("32665", "Your code is 1234")
    assert not installation.instagram.requests, "nobody asks Instagram who a number is"


def test_a_number_that_nobody_has_is_a_customer_by_itself_and_known_from_then_on(
    installation: Installation,
) -> None:
    installation.text(PHONE, "hello")
    installation.clock.advance(seconds=1)
    installation.text(PHONE, "me again")
    first, second = installation.get("/api/v1/events")["items"]
    assert first["customer_id"] == second["customer_id"]
    assert first["outcome"] == "linked"


@pytest.mark.parametrize("token", ["", "another token"])
def test_a_forged_delivery_is_refused_and_changes_nothing(
    installation: Installation, john: str, token: str
) -> None:
    assert installation.text(PHONE, "STOP", token=token).status_code == 401
    assert installation.text(PHONE, "STOP", AccountSid="AC9").status_code == 403
    assert flags(installation, john) == (True, True)
    assert installation.get("/api/v1/events")["items"] == []


# ---------------------------------------------------------------- stop


@pytest.mark.parametrize("text", ["STOP", "please don't text me anymore", "take me off your list 😡"])
def test_a_stop_by_text_stops_everything_to_that_number(
    installation: Installation, john: str, text: str
) -> None:
    reply = installation.reply(PHONE, text)
    assert reply is not None
    assert "no more messages" in reply
    assert flags(installation, john) == (False, False)
    written = acts(installation, john)
    assert {(act["channel"], act["purpose"]) for act in written} == EVERYTHING
    assert {(act["source"], act["actor_kind"], act["text"]) for act in written} == {("sms", "person", text)}
    assert [each for each in acts(installation, john, "grant") if each["channel"] == "email"]
    email = installation.contacts(john)["email", EMAIL]
    assert email["can_marketing"], "mail is another thing"


def test_the_ledger_says_what_it_comes_to(installation: Installation, john: str) -> None:
    installation.text(PHONE, "STOP")
    states = {
        (each["value"], each["channel"], each["purpose"]): each["state"]
        for each in installation.get(f"/api/v1/customers/{john}/consents")["states"]
    }
    assert states == {
        **{(PHONE, channel, purpose): "revoked" for channel, purpose in EVERYTHING},
        (EMAIL, "email", "marketing"): "granted",
        (EMAIL, "email", "transactional"): "unknown",
    }


def test_a_shared_number_is_stopped_for_all_who_have_it(installation: Installation, john: str) -> None:
    jane = create(installation, "Jane Roe", ("phone", PHONE))
    installation.text(PHONE, "stop")
    for customer in (john, jane):
        assert flags(installation, customer) == (False, False)


def test_what_only_looks_like_it_stops_nothing(installation: Installation, john: str) -> None:
    for text in ("what time do you stop taking bookings?", "can I cancel my booking for Friday?"):
        assert installation.reply(PHONE, text) is None
    assert flags(installation, john) == (True, True)


def test_a_stop_is_confirmed_once_and_a_redelivery_is_answered_the_same(
    installation: Installation, john: str
) -> None:
    first = installation.text(PHONE, "STOP", sid="SM1")
    again = installation.text(PHONE, "STOP", sid="SM1")
    assert first.data == again.data
    assert b"<Message>" in first.data
    assert len(acts(installation, john)) == 4
    installation.clock.advance(seconds=30)
    assert installation.reply(PHONE, "STOP!!") is None, "one confirmation, whatever follows"
    installation.clock.advance(days=1)
    assert installation.reply(PHONE, "stop") is None
    assert b"<Message>" not in installation.text(PHONE, "STOP", sid="SM1").data, "too late to confirm"


def test_where_the_platform_has_answered_nothing_is_said_twice(installation: Installation, john: str) -> None:
    assert installation.reply(PHONE, "Salir", OptOutType="STOP") is None
    assert flags(installation, john) == (False, False)
    assert installation.reply(PHONE, "ayuda", OptOutType="HELP") is None


def test_help_is_answered_also_to_who_has_stopped(installation: Installation, john: str) -> None:
    installation.text(PHONE, "STOP")
    reply = installation.reply(PHONE, "HELP")
    assert reply is not None
    assert "STOP" in reply
    assert flags(installation, john) == (False, False)


def test_an_installation_may_let_stop_mean_marketing_alone(
    database_url: str, instagram: FakeInstagram
) -> None:
    installation = Installation.start(database_url, instagram, revocation_scope="marketing")
    customer = create(installation, "John Doe", ("phone", PHONE))
    installation.text(PHONE, "STOP")
    assert {act["purpose"] for act in acts(installation, customer)} == {"marketing"}
    installation.close()


@pytest.mark.parametrize("cut", ["name and id", "id and what follows", "id in two", "into what is before"])
def test_a_message_that_was_seen_is_not_taken_again_cut_another_way(
    installation: Installation, john: str, cut: str
) -> None:
    sid = "SM" + "a1" * 16
    form = [
        ("AccountSid", ACCOUNT_SID),
        ("Body", "START"),
        ("From", PHONE),
        ("MessageSid", sid),
        ("To", "+15005550006"),
    ]
    forged = {
        "name and id": [*form[:3], (f"MessageSid{sid}", ""), form[4]],
        "id and what follows": [*form[:3], ("MessageSid", f"{sid}To+15005550006")],
        "into what is before": [*form[:2], (f"From{PHONE}MessageSid", sid), form[4]],
        "id in two": [*form[:3], ("MessageSid", "SM"), (f"{sid[2:]}To", "+15005550006")],
    }[cut]
    path = "/webhooks/twilio/sms"
    signature = {"X-Twilio-Signature": twilio_signature(f"{PUBLIC_URL}{path}", form, AUTH_TOKEN)}
    installation.text(PHONE, "STOP")
    with installation.app.test_client() as client:
        assert client.post(path, data=dict(form), headers=signature).status_code == 200
        installation.clock.advance(minutes=10)
        installation.text(PHONE, "STOP")
        installation.clock.advance(minutes=10)
        assert client.post(path, data=dict(form), headers=signature).status_code == 200
        assert client.post(path, data=dict(forged), headers=signature).status_code == 401
    assert flags(installation, john) == (False, False)


# ---------------------------------------------------------------- start


@pytest.mark.parametrize("text", ["START", "unstop", "Yes"])
def test_the_very_number_lifts_its_own_stop(installation: Installation, john: str, text: str) -> None:
    installation.text(PHONE, "STOP")
    installation.clock.advance(minutes=10)
    installation.text(OTHER_PHONE, text)
    assert flags(installation, john) == (False, False), "another number says nothing of this one"
    assert installation.reply(PHONE, text) is not None
    assert flags(installation, john) == (True, False), "texts, not calls"
    installation.clock.advance(minutes=10)
    assert installation.reply(PHONE, "STOP") is not None, "a stop that was lifted is confirmed anew"
    assert flags(installation, john) == (False, False)


def test_start_grants_nothing_where_nothing_was_stopped(installation: Installation) -> None:
    customer = create(installation, "John Doe", ("phone", PHONE))
    for text in ("START", "YES"):
        assert installation.reply(PHONE, text) is None
    assert flags(installation, customer) == (False, False)


def test_start_after_a_stop_grants_nothing_that_was_not_granted_before(installation: Installation) -> None:
    customer = create(installation, "John Doe", ("phone", PHONE))
    for text in ("STOP", "START", "stop", "Yes"):
        assert installation.reply(PHONE, text) is not None
        installation.clock.advance(minutes=10)
    assert flags(installation, customer) == (False, False)
    contact = installation.contacts(customer)["phone", PHONE]
    path = f"/api/v1/customers/{customer}/contacts/{contact['id']}"
    signed = {"can_sms": True, "evidence": {"source": "paper form", "text": "Yes, please."}}
    assert installation.call("PATCH", path, json=signed).status_code == 200, "nor is it revoked any more"
    assert flags(installation, customer) == (True, False)


def test_of_a_stop_and_a_start_at_one_moment_the_stop_wins(installation: Installation, john: str) -> None:
    installation.text(PHONE, "STOP")
    installation.text(PHONE, "START")
    assert flags(installation, john) == (False, False)


def test_a_stop_that_was_said_before_a_start_and_comes_after_it_does_not_undo_it(
    installation: Installation, john: str
) -> None:
    installation.text(PHONE, "STOP")
    sender = "1254459154682919"
    installation.clock.advance(hours=1)
    said = {"timestamp": int(installation.clock.now.timestamp() * 1000)}
    installation.clock.advance(hours=1)
    installation.text(PHONE, "START")
    installation.clock.advance(hours=1)
    known = installation.message_resolved(sender, f"call me: {PHONE}")["customer_id"]
    if known != john:
        installation.call("POST", f"/api/v1/customers/{john}/merge", json={"other_id": known})
    late = {
        "sender": {"id": sender},
        "recipient": {"id": ACCOUNT},
        **said,
        "message": {"mid": "mid-late", "text": "stop texting me"},
    }
    entry = {"id": ACCOUNT, "time": 1, "messaging": [late]}
    installation.deliver({"object": "instagram", "entry": [entry]})
    installation.drain()
    assert [act for act in acts(installation, john) if act["source"] == "instagram"], "it is written down"
    assert flags(installation, john) == (True, False)


def test_where_all_was_stopped_a_form_opens_nothing_and_flag_and_campaign_agree(
    installation: Installation, john: str
) -> None:
    installation.text(PHONE, "STOP")
    installation.clock.advance(days=1)
    booked = installation.book(name="John Doe", phone=PHONE, consents={"sms": True})
    assert booked["customer_id"] == john
    assert (flags(installation, john), verdicts(installation)) == ((False, False), {"revoked"})
    assert states(installation, john)["sms", "marketing"] == "revoked"
    installation.clock.advance(days=1)
    installation.text(PHONE, "START")
    assert flags(installation, john) == (True, False)
    assert "primary" in verdicts(installation)


def verdicts(installation: Installation) -> set[str]:
    """What a campaign by SMS says of the contacts that there are."""
    draft = {"channel": "sms", "body": "Two for one.", "dry_run": True}
    made = installation.call("POST", "/api/v1/campaigns", json=draft).get_json()
    rows = installation.get(f"/api/v1/campaigns/{made['id']}/recipients")["items"]
    return {each["reason"] for each in rows}


def states(installation: Installation, customer_id: str, value: str = PHONE) -> dict[tuple[str, str], str]:
    listed = installation.get(f"/api/v1/customers/{customer_id}/consents")["states"]
    return {(each["channel"], each["purpose"]): each["state"] for each in listed if each["value"] == value}


# ---------------------------------------------------------------- a question that is open


def ask(installation: Installation) -> tuple[str, Any]:
    """A booking whose person may be one that we know: the question is open."""
    installation.instagram.profiles["1254459154682919"] = {"username": "johndoe_biz", "name": "John Doe"}
    known = installation.message_resolved("1254459154682919", "Hi! I'd like to book")["customer_id"]
    booked = installation.book(name="John Doe", phone=PHONE)
    assert booked["prompt"] is not None, "this must be worth a question"
    return known, booked


def test_a_yes_to_an_open_question_answers_it_and_opts_nobody_in(installation: Installation) -> None:
    known, booked = ask(installation)
    installation.text(PHONE, "STOP")
    installation.clock.advance(minutes=1)
    assert installation.reply(PHONE, "Yes", OptOutType="START") is None
    assert installation.get(f"/api/v1/customers/{booked['customer_id']}")["id"] == known
    assert flags(installation, known) == (False, False)


def test_a_no_to_an_open_question_declines_it(installation: Installation) -> None:
    known, booked = ask(installation)
    installation.text(PHONE, "No")
    prompt = installation.get(f"/api/v1/prompts/{booked['prompt']['token']}")
    assert (prompt["state"], prompt["answer"]) == ("answered", "no")
    assert installation.get(f"/api/v1/customers/{booked['customer_id']}")["id"] != known


# ---------------------------------------------------------------- in doubt


@pytest.mark.parametrize("text", ["who is this?", "leave me alone"])
def test_in_doubt_marketing_stops_and_a_person_looks(
    installation: Installation, john: str, text: str
) -> None:
    assert installation.reply(PHONE, text) is None
    assert flags(installation, john) == (False, False)
    assert {act["purpose"] for act in acts(installation, john, "hold")} == {"marketing"}
    [flagged] = needing_a_person(installation)
    assert flagged["data"]["details"]["why"] == "unclear"


def test_please_cancel_is_about_the_booking_where_there_is_one(installation: Installation) -> None:
    booked = installation.book(name="John Doe", phone=PHONE, booking={"id": "b-1"})["customer_id"]
    other = create(installation, "Jane Roe", ("phone", OTHER_PHONE))
    for number in (PHONE, OTHER_PHONE):
        installation.text(number, "please cancel")
    assert {act["purpose"] for act in acts(installation, booked, "hold")} == {"marketing"}
    assert {(act["channel"], act["purpose"]) for act in acts(installation, other)} == EVERYTHING
    assert len(needing_a_person(installation)) == 1


def test_a_wrong_number_is_stopped_and_proves_nothing_any_more(installation: Installation, john: str) -> None:
    assert installation.reply(PHONE, "Wrong number") is not None
    assert flags(installation, john) == (False, False)
    assert not installation.contacts(john)["phone", PHONE]["is_valid"]
    [event] = installation.get("/api/v1/events")["items"]
    assert event["customer_id"] != john, "whoever has the number is not who we wrote to"
    assert needing_a_person(installation)
    later = installation.book(name="John Doe", phone=PHONE)
    assert later["outcome"] != "linked"


# ---------------------------------------------------------------- other channels


def test_a_direct_message_stops_texts_and_calls_to_every_number_of_its_sender(
    installation: Installation, john: str
) -> None:
    sender = "1254459154682919"
    installation.instagram.profiles[sender] = {"username": "johndoe_biz", "name": "John Doe"}
    customer = installation.message_resolved(sender, f"Hi, John Doe here, my number is {PHONE}")[
        "customer_id"
    ]
    if customer != john:
        merged = installation.call("POST", f"/api/v1/customers/{john}/merge", json={"other_id": customer})
        assert merged.status_code == 200
    installation.clock.advance(minutes=1)
    event = installation.message_resolved(sender, "please stop texting me")
    assert event["customer_id"] == john
    assert flags(installation, john) == (False, False)
    written = {(act["channel"], act["purpose"]) for act in acts(installation, john)}
    assert written == {("sms", "marketing"), ("call", "marketing"), ("dm", "marketing")}


@pytest.mark.parametrize("kind", ["whatsapp", "rcs"])
def test_a_stop_by_whatsapp_or_rcs_stops_marketing_to_the_number_and_only_a_text_lifts_it(
    installation: Installation, john: str, kind: str
) -> None:
    assert installation.reply(f"{kind}:{PHONE}", "STOP") is None
    assert flags(installation, john) == (False, False)
    written = {(act["source"], act["channel"], act["purpose"]) for act in acts(installation, john)}
    assert written == {(kind, "sms", "marketing"), (kind, "call", "marketing")}
    installation.clock.advance(hours=1)
    assert installation.reply(f"{kind}:{PHONE}", "START") is None
    assert flags(installation, john) == (False, False)
    installation.clock.advance(hours=1)
    assert installation.reply(PHONE, "START") is not None
    assert flags(installation, john) == (True, False)


def test_a_message_by_whatsapp_ends_in_a_customer_who_has_the_number(installation: Installation) -> None:
    installation.text(f"whatsapp:{PHONE}", "Hi, my email is john@gmail.com")
    installation.clock.advance(minutes=1)
    installation.text(f"whatsapp:{PHONE}", "me again")
    customers = {each["customer_id"] for each in installation.get("/api/v1/events")["items"]}
    assert len(customers) == 1
    assert set(installation.contacts(customers.pop())) == {("phone", PHONE), ("email", "john@gmail.com")}
    assert not installation.instagram.requests, "nobody asks Instagram who a number is"


def test_a_form_stops_what_is_typed_into_it(installation: Installation) -> None:
    booked = installation.book(
        name="John Doe", phone=PHONE, message="Please don't text me ever again", consents={"sms": True}
    )
    assert flags(installation, booked["customer_id"]) == (False, False)


def test_texts_of_one_number_at_our_two_numbers_are_one_persons(installation: Installation) -> None:
    installation.text(PHONE, "hello")
    installation.text(PHONE, "hello", To="+15005550007")
    assert len({each["customer_id"] for each in installation.get("/api/v1/events")["items"]}) == 1


@pytest.fixture(autouse=True)
def _nothing_is_promised_and_not_held(installation: Installation) -> Iterator[None]:
    """After every test, the flags are what the ledger says (`isthisyou check`)."""
    yield
    with installation.runtime.database.reading() as session:
        assert check_next(session, after=FIRST).findings == []
