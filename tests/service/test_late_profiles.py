"""A message waits a moment for its sender's profile; a late one is asked for again, and decides anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.instagram_api import BAD_TOKEN, NO_CONSENT, NO_SUCH_USER

if TYPE_CHECKING:
    from tests.service.installation import Installation

JOHN = {"name": "John Doe", "username": "johndoe_biz"}


def break_down(installation: Installation) -> None:
    installation.instagram.status, installation.instagram.body = 503, b"try later"


def repair(installation: Installation) -> None:
    installation.instagram.status = installation.instagram.body = None


def test_a_message_waits_for_a_profile_that_comes_in_a_moment(installation: Installation) -> None:
    break_down(installation)
    event_id = installation.message("77", "hello").get_json()["events"][0]
    installation.drain()
    waiting = installation.get(f"/api/v1/events/{event_id}")
    assert (waiting["status"], waiting["attempts"]) == ("received", 0)

    repair(installation)
    installation.instagram.profiles["77"] = JOHN
    installation.clock.advance(seconds=1)
    installation.drain()

    resolved = installation.get(f"/api/v1/events/{event_id}")
    assert resolved["status"] == "resolved"
    assert installation.get(f"/api/v1/customers/{resolved['customer_id']}")["name"] == "John Doe"


def test_a_message_does_not_wait_for_ever_and_a_late_profile_completes_its_customer(
    installation: Installation,
) -> None:
    break_down(installation)
    event_id = installation.message("77", "call me: 916 555 9999").get_json()["events"][0]
    installation.drain()
    installation.clock.advance(seconds=6)
    installation.drain()
    customer_id = installation.get(f"/api/v1/events/{event_id}")["customer_id"]
    assert installation.get(f"/api/v1/customers/{customer_id}")["name"] is None

    repair(installation)
    installation.instagram.profiles["77"] = JOHN
    installation.clock.advance(seconds=11)
    installation.drain()

    assert installation.get(f"/api/v1/customers/{customer_id}")["name"] == "John Doe"
    assert ("social", "johndoe_biz") in installation.contacts(customer_id)


def test_a_late_profile_that_makes_it_certain_merges_and_can_be_undone(installation: Installation) -> None:
    known = installation.book(name="John Doe", phone="(916) 555-9999", email="john@example.com")[
        "customer_id"
    ]
    break_down(installation)
    event_id = installation.message("77", "call me: 916 555 9999").get_json()["events"][0]
    installation.drain()
    installation.clock.advance(seconds=6)
    installation.drain()
    first = installation.get(f"/api/v1/events/{event_id}")
    assert first["outcome"] in {"created", "review"}, (
        "a number that somebody mentions links nobody without a name"
    )
    assert first["customer_id"] != known

    repair(installation)
    installation.instagram.profiles["77"] = JOHN
    installation.clock.advance(seconds=11)
    installation.drain()

    assert installation.get(f"/api/v1/customers/{first['customer_id']}")["id"] == known
    assert ("social", "johndoe_biz") in installation.contacts(known)
    assert installation.get("/api/v1/proposals")["items"] == []
    merge = installation.get("/api/v1/merges", kind="merge")["items"][0]
    assert (merge["proof"], merge["actor"]) == ("none", "engine")
    assert installation.call("POST", f"/api/v1/merges/{merge['id']}/undo").status_code == 200
    assert ("social", "johndoe_biz") in installation.contacts(first["customer_id"])


@pytest.mark.parametrize("listed", ["before it wrote", "while its profile was late"])
def test_our_own_handle_in_a_late_profile_is_attached_to_nobody(
    installation: Installation, listed: str
) -> None:
    def list_it() -> None:
        ours = {"type": "social", "platform": "instagram", "value": "@johndoe_biz"}
        assert installation.call("POST", "/api/v1/own-contacts", json=ours).status_code == 201

    if listed == "before it wrote":
        list_it()
    break_down(installation)
    event_id = installation.message("77", "call me: 916 555 9999").get_json()["events"][0]
    installation.drain()
    installation.clock.advance(seconds=6)
    installation.drain()
    customer_id = installation.get(f"/api/v1/events/{event_id}")["customer_id"]
    if listed != "before it wrote":
        list_it()

    repair(installation)
    installation.instagram.profiles["77"] = JOHN
    installation.clock.advance(seconds=11)
    installation.drain()

    assert installation.get(f"/api/v1/customers/{customer_id}")["name"] == "John Doe"
    assert set(installation.contacts(customer_id)) == {("phone", "+19165559999")}


@pytest.mark.parametrize("error", [NO_CONSENT, NO_SUCH_USER])
def test_who_shows_no_profile_is_not_waited_for_and_asked_again_when_they_write(
    installation: Installation, error: dict[str, object]
) -> None:
    installation.instagram.profiles["77"] = error
    resolved = installation.message_resolved("77", "hello")
    assert resolved["status"] == "resolved"
    installation.clock.advance(days=1)
    installation.drain()
    assert len(installation.instagram.requests) == 1, "nobody polls"

    installation.instagram.profiles["77"] = JOHN
    again = installation.message_resolved("77", "it is me again")
    assert again["customer_id"] == resolved["customer_id"]
    assert installation.get(f"/api/v1/customers/{resolved['customer_id']}")["name"] == "John Doe"
    assert ("social", "johndoe_biz") in installation.contacts(resolved["customer_id"])


@pytest.mark.parametrize("at_first", ["down", "no consent"])
def test_a_profile_that_comes_with_the_next_message_decides_anew_too(
    installation: Installation, at_first: str
) -> None:
    known = installation.book(name="John Doe", phone="(916) 555-9999", email="john@example.com")[
        "customer_id"
    ]
    if at_first == "down":
        break_down(installation)
    installation.instagram.profiles["77"] = NO_CONSENT
    event_id = installation.message("77", "call me: 916 555 9999").get_json()["events"][0]
    installation.drain()
    installation.clock.advance(seconds=6)
    installation.drain()
    first = installation.get(f"/api/v1/events/{event_id}")["customer_id"]
    assert first != known

    repair(installation)
    installation.instagram.profiles["77"] = JOHN
    installation.message_resolved("77", "hello?")

    assert installation.get(f"/api/v1/customers/{first}")["id"] == known
    assert installation.get("/api/v1/proposals")["items"] == []


def test_a_profile_that_never_comes_is_given_up(installation: Installation) -> None:
    installation.instagram.profiles["77"] = BAD_TOKEN
    installation.message("77", "hello")
    for _ in range(30):
        installation.drain()
        installation.clock.advance(hours=7)
    asked = len(installation.instagram.requests)
    installation.clock.advance(days=30)
    installation.drain()
    assert len(installation.instagram.requests) == asked < 20


def test_a_known_profile_is_not_asked_for_again(installation: Installation) -> None:
    installation.instagram.profiles["77"] = JOHN
    installation.message_resolved("77", "hello")
    installation.message_resolved("77", "and hello again")
    assert len(installation.instagram.requests) == 1


def test_the_same_sender_id_on_another_account_is_another_sender(installation: Installation) -> None:
    installation.instagram.profiles["77"] = {"name": None, "username": None}
    first = installation.message_resolved("77", "hello")
    item = {
        "sender": {"id": "77"},
        "recipient": {"id": "2"},
        "timestamp": 1,
        "message": {"mid": "x", "text": "hi"},
    }
    response = installation.deliver({"object": "instagram", "entry": [{"id": "2", "messaging": [item]}]})
    installation.drain()
    second = installation.get(f"/api/v1/events/{response.get_json()['events'][0]}")
    assert second["customer_id"] != first["customer_id"]
