"""The story that the product starts from: a direct message and a booking become one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.service.installation import Installation

DM = "Hi! I want to book 10 chefs for corporate event. \n Call me at (916) 555-9999"
FORM = {"name": "John Doe", "phone": "(916) 555-1234", "email": "john@gmail.com"}
PHONE_OF_DAY_1 = ("phone", "+19165559999")
PHONE_OF_DAY_2 = ("phone", "+19165551234")
HANDLE = ("social", "johndoe_biz")
EMAIL = ("email", "john@gmail.com")


@pytest.fixture
def day_one(installation: Installation) -> str:
    """The customer that the direct message made."""
    installation.instagram.profiles["555001"] = {"name": "John Doe", "username": "johndoe_biz"}
    event = installation.message_resolved("555001", DM)
    assert event["outcome"] == "created"
    return str(event["customer_id"])


def test_a_message_makes_a_customer_with_a_labelled_phone_and_handle(
    installation: Installation, day_one: str
) -> None:
    customer = installation.get(f"/api/v1/customers/{day_one}")
    contacts = installation.contacts(day_one)

    assert customer["name"] == "John Doe"
    assert customer["phone"] == "+19165559999"
    assert set(contacts) == {PHONE_OF_DAY_1, HANDLE}
    assert contacts[PHONE_OF_DAY_1]["label"] == "business"
    assert contacts[PHONE_OF_DAY_1]["is_primary"] is True
    assert contacts[HANDLE]["label"] == "business"
    assert contacts[HANDLE]["platform"] == "instagram"
    assert contacts[HANDLE]["label_reason"]


def test_the_form_is_answered_with_a_prompt_of_masked_hints(installation: Installation, day_one: str) -> None:
    answer = installation.book(**FORM)

    assert answer["outcome"] == "prompted"
    assert answer["customer_id"] != day_one
    prompt = answer["prompt"]
    assert prompt["url"] == f"https://contacts.example/p/{prompt['token']}"
    assert prompt["proof"] == "claim"
    assert prompt["answers"] == ["yes", "no", "on_behalf"]
    assert prompt["candidates"] == [
        {
            "key": "1",
            "hints": [
                {"type": "name", "value": "John D."},
                {"type": "instagram", "value": "@jo•••••_biz"},
                {"type": "phone", "value": "(•••) •••-••99"},
            ],
        }
    ]


def test_yes_leaves_one_customer_with_four_contact_methods(installation: Installation, day_one: str) -> None:
    booked = installation.book(
        **FORM, booking={"id": "b-1", "starts_at": "2026-06-01T18:00:00-07:00", "chefs": 10}
    )
    answered = installation.answer(booked["prompt"], "yes")

    assert answered.status_code == 200
    assert answered.get_json() == {"outcome": "merged", "customer_id": day_one}
    contacts = installation.contacts(day_one)
    primary = {value: contact["is_primary"] for value, contact in contacts.items()}
    assert primary == {PHONE_OF_DAY_1: True, HANDLE: True, PHONE_OF_DAY_2: False, EMAIL: True}
    assert contacts[PHONE_OF_DAY_2]["label"] == contacts[EMAIL]["label"] == "personal"
    assert not any(contact["is_verified"] for contact in contacts.values())
    customer = installation.get(f"/api/v1/customers/{day_one}")
    assert (customer["phone"], customer["email"]) == ("+19165559999", "john@gmail.com")
    assert customer["merged_ids"] == [booked["customer_id"]]
    bookings = installation.get(f"/api/v1/customers/{day_one}/bookings")["items"]
    assert [(each["external_id"], each["details"]["chefs"]) for each in bookings] == [("b-1", 10)]


@pytest.mark.parametrize("route", ["", "/contacts", "/bookings"])
def test_the_id_that_the_booking_site_got_leads_to_the_survivor(
    installation: Installation, day_one: str, route: str
) -> None:
    booked = installation.book(**FORM)
    installation.answer(booked["prompt"], "yes")

    response = installation.call("GET", f"/api/v1/customers/{booked['customer_id']}{route}")

    assert response.status_code == 307
    assert response.headers["Location"].endswith(f"/api/v1/customers/{day_one}{route}")


def test_no_leaves_two_customers_who_are_never_asked_about_again(
    installation: Installation, day_one: str
) -> None:
    booked = installation.book(**FORM)
    answered = installation.answer(booked["prompt"], "no")
    again = installation.book(**FORM)

    assert answered.get_json() == {"outcome": "declined", "customer_id": booked["customer_id"]}
    assert again["outcome"] == "linked"
    assert again["customer_id"] == booked["customer_id"]
    assert again["prompt"] is None
    assert set(installation.contacts(day_one)) == {PHONE_OF_DAY_1, HANDLE}
    assert set(installation.contacts(booked["customer_id"])) == {PHONE_OF_DAY_2, EMAIL}
    assert installation.get("/api/v1/proposals")["items"] == []
    assert len(installation.get("/api/v1/proposals", status="not_same")["items"]) == 1


def test_who_books_for_another_becomes_their_assistant_and_nothing_more(
    installation: Installation, day_one: str
) -> None:
    booked = installation.book(**FORM)
    answered = installation.answer(booked["prompt"], "on_behalf")

    assert answered.get_json() == {"outcome": "on_behalf", "customer_id": booked["customer_id"]}
    contacts = installation.contacts(day_one)
    assert {contacts[PHONE_OF_DAY_2]["label"], contacts[EMAIL]["label"]} == {"assistant"}
    assert not contacts[EMAIL]["is_primary"]
    assert installation.get(f"/api/v1/customers/{day_one}")["email"] is None
    # An assistant's contact never proves who a person is: the next booking is the assistant's own.
    assert installation.book(**FORM)["customer_id"] == booked["customer_id"]


def test_undoing_the_merge_gives_everybody_back_exactly_what_they_brought(
    installation: Installation, day_one: str
) -> None:
    before = _state(installation, day_one)
    booked = installation.book(**FORM, booking={"id": "b-1"})
    theirs = _state(installation, booked["customer_id"])
    installation.answer(booked["prompt"], "yes")
    merge = installation.get("/api/v1/merges", kind="merge")["items"][0]

    undone = installation.call("POST", f"/api/v1/merges/{merge['id']}/undo")

    assert undone.status_code == 200
    assert undone.get_json()["customer_id"] == booked["customer_id"]
    assert _state(installation, day_one) == before
    assert _state(installation, booked["customer_id"]) == theirs
    assert installation.call("POST", f"/api/v1/merges/{merge['id']}/undo").status_code == 409
    assert installation.book(**FORM)["customer_id"] == booked["customer_id"]


def test_what_came_after_a_merge_goes_with_the_one_it_was_proven_with(
    installation: Installation, day_one: str
) -> None:
    booked = installation.book(**FORM)
    installation.answer(booked["prompt"], "yes")
    installation.clock.advance(minutes=5)
    later = installation.book(**FORM, instagram="@john.cooks", booking={"id": "b-2"})
    message = installation.message_resolved("555001", "my other number is 916 555 7777")
    assert later["customer_id"] == message["customer_id"] == day_one
    merge = installation.get("/api/v1/merges", kind="merge")["items"][0]

    undone = installation.call("POST", f"/api/v1/merges/{merge['id']}/undo").get_json()

    assert undone["needs_person"]
    assert set(installation.contacts(day_one)) == {PHONE_OF_DAY_1, HANDLE, ("phone", "+19165557777")}
    theirs = installation.contacts(booked["customer_id"])
    assert set(theirs) == {PHONE_OF_DAY_2, EMAIL, ("social", "john.cooks")}
    assert len(installation.get(f"/api/v1/customers/{booked['customer_id']}/bookings")["items"]) == 1


def test_every_value_that_a_merge_touched_is_in_its_journal(installation: Installation, day_one: str) -> None:
    booked = installation.book(**FORM, booking={"id": "b-1"})
    installation.answer(booked["prompt"], "yes")

    merge = installation.get("/api/v1/merges")["items"][0]

    assert (merge["kind"], merge["proof"], merge["survivor_id"]) == ("merge", "claim", day_one)
    moved = sorted(entry["entity"] for entry in merge["entries"] if entry["action"] == "moved")
    assert moved == ["booking", "contact_method", "contact_method"]


def test_an_unanswered_prompt_breeds_no_third_customer(installation: Installation, day_one: str) -> None:
    booked = installation.book(**FORM)
    again = installation.book(**FORM)

    assert again["customer_id"] == booked["customer_id"]
    assert again["outcome"] == "linked"


def test_an_expired_prompt_waits_in_the_review_queue(installation: Installation, day_one: str) -> None:
    booked = installation.book(**FORM)
    token = booked["prompt"]["token"]
    assert installation.get("/api/v1/proposals")["items"][0]["prompt"]["state"] == "open"

    installation.clock.advance(days=2)

    assert installation.answer(booked["prompt"], "yes").status_code == 410
    shown = installation.get(f"/api/v1/prompts/{token}")
    assert (shown["state"], shown["candidates"]) == ("expired", [])
    proposal = installation.get("/api/v1/proposals")["items"][0]
    assert proposal["prompt"]["state"] == "expired"
    assert {proposal["customer_id"], proposal["candidate_id"]} == {booked["customer_id"], day_one}
    decided = installation.call(
        "POST", f"/api/v1/proposals/{proposal['id']}/decision", json={"decision": "merge"}
    )
    assert decided.get_json()["status"] == "merged"
    assert len(installation.contacts(day_one)) == 4
    again = installation.call(
        "POST", f"/api/v1/proposals/{proposal['id']}/decision", json={"decision": "not_same"}
    )
    assert again.status_code == 409


def test_the_same_answer_again_changes_nothing_and_another_is_refused(
    installation: Installation, day_one: str
) -> None:
    booked = installation.book(**FORM)
    first = installation.answer(booked["prompt"], "yes")

    assert installation.answer(booked["prompt"], "yes").get_json() == first.get_json()
    assert installation.answer(booked["prompt"], "no").status_code == 409
    assert len(installation.get("/api/v1/merges", kind="merge")["items"]) == 1


def test_a_yes_that_was_undone_is_not_said_to_hold(installation: Installation, day_one: str) -> None:
    booked = installation.book(**FORM)
    assert installation.answer(booked["prompt"], "yes", code=None).status_code == 200
    merge = installation.get("/api/v1/merges", kind="merge")["items"][0]
    installation.call("POST", f"/api/v1/merges/{merge['id']}/undo")
    assert installation.answer(booked["prompt"], "yes").status_code == 410


def test_times_are_written_as_rfc_3339_says_wherever_they_stand(
    installation: Installation, day_one: str
) -> None:
    booked = installation.book(**FORM, booking={"id": "b-1", "starts_at": "2026-06-01T18:00:00-07:00"})
    told = [
        installation.call("GET", path).text
        for path in (
            f"/api/v1/customers/{booked['customer_id']}/bookings",
            f"/api/v1/events/{booked['event_id']}",
            "/api/v1/proposals",
            "/api/v1/merges",
        )
    ]
    assert not [text for text in told if "GMT" in text]


def test_the_same_sender_is_recognised_without_scoring(installation: Installation, day_one: str) -> None:
    event = installation.message_resolved("555001", "Also, my email is john@work.com")

    assert (event["outcome"], event["customer_id"]) == ("linked", day_one)
    assert ("email", "john@work.com") in installation.contacts(day_one)
    assert event["decision"]["rule"] == "sender"


def _state(installation: Installation, customer_id: str) -> dict[str, Any]:
    """All that a customer has, but for what every write touches."""
    contacts = installation.get(f"/api/v1/customers/{customer_id}/contacts")["contacts"]
    for contact in (each for kind in contacts.values() for each in kind):
        contact.pop("updated_at")
    customer = installation.get(f"/api/v1/customers/{customer_id}")
    customer.pop("updated_at")
    bookings = installation.get(f"/api/v1/customers/{customer_id}/bookings")["items"]
    return {"customer": customer, "contacts": contacts, "bookings": bookings}
