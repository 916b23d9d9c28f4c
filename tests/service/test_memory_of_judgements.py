"""A person's word is remembered: nobody is asked twice about the same two, by whichever id, and nothing merges them."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    from tests.service.installation import Installation

NOBODY_KNOWS = {"name": None, "username": None}
JOHN = {"name": "John Doe", "username": "johndoe_biz"}


def unknown_sender_mentions_a_number_of_john(installation: Installation) -> tuple[str, str]:
    """John, who has two numbers, and the customer of a nameless sender who then mentions the first of them."""
    john = create(installation, "John Doe", ("phone", "+1 916 555 0100"), ("phone", "+1 916 555 0101"))
    installation.instagram.profiles["77"] = NOBODY_KNOWS
    sender = installation.message_resolved("77", "hello!")["customer_id"]
    assert pairs(installation) == []
    assert installation.message_resolved("77", "my number is 916 555 0100")["customer_id"] == sender
    return john, sender


def john_whose_profile_comes_late(installation: Installation) -> tuple[str, str]:
    """John, and the customer of a sender who mentioned his number while the platform did not answer."""
    john = create(installation, "John Doe", ("phone", "+1 916 555 9999"), ("email", "john@example.com"))
    installation.instagram.status, installation.instagram.body = 503, b"try later"
    event_id = installation.message("77", "call me: 916 555 9999").get_json()["events"][0]
    installation.drain()
    installation.clock.advance(seconds=6)
    installation.drain()
    return john, installation.get(f"/api/v1/events/{event_id}")["customer_id"]


def let_the_profile_come(installation: Installation) -> None:
    installation.instagram.status = installation.instagram.body = None
    installation.instagram.profiles["77"] = JOHN
    installation.clock.advance(seconds=11)
    installation.drain()


def test_a_known_sender_who_mentions_the_number_of_another_is_proposed(installation: Installation) -> None:
    john, sender = unknown_sender_mentions_a_number_of_john(installation)
    assert pairs(installation) == [{john, sender}]


def test_after_not_the_same_another_number_of_the_same_customer_proposes_nothing(
    installation: Installation,
) -> None:
    john, sender = unknown_sender_mentions_a_number_of_john(installation)
    decide(installation, proposals(installation)[0], "not_same")

    assert installation.message_resolved("77", "or: 916 555 0101")["customer_id"] == sender

    assert pairs(installation) == []
    assert pairs(installation, "not_same") == [{john, sender}]


def test_after_not_the_same_a_late_profile_does_not_merge_nor_propose(installation: Installation) -> None:
    john, sender = john_whose_profile_comes_late(installation)
    assert pairs(installation) == [{john, sender}]
    decide(installation, proposals(installation)[0], "not_same")

    let_the_profile_come(installation)

    assert installation.get(f"/api/v1/customers/{sender}")["name"] == "John Doe", "the profile came"
    assert (survivor(installation, john), survivor(installation, sender)) == (john, sender)
    assert (pairs(installation), merges(installation)) == ([], [])


def test_a_number_of_the_proposed_customer_asks_no_second_time_after_they_were_merged_into_another(
    installation: Installation,
) -> None:
    john, _ = unknown_sender_mentions_a_number_of_john(installation)
    twin = create(installation, "J. Doe", ("email", "jd@example.com"))
    merge_by_hand(installation, twin, john)

    installation.message_resolved("77", "or: 916 555 0101")

    assert len(pairs(installation)) == 1


def test_an_unanswered_prompt_breeds_no_third_customer_after_its_candidate_was_merged_into_another(
    installation: Installation,
) -> None:
    john = create(installation, "John Doe", ("email", "john@example.com"))
    booked = installation.book(name="John Doe", phone="+1 916 555 1234")
    assert booked["outcome"] == "prompted"
    twin = create(installation, "J. Doe", ("phone", "+1 415 555 0001"))
    merge_by_hand(installation, twin, john)

    again = installation.book(name="John Doe", phone="+1 916 555 1234", email="john@example.com")

    assert (again["outcome"], again["prompt"]) == ("linked", None)
    assert again["customer_id"] in {booked["customer_id"], twin}
    assert len(pairs(installation)) == 1


def test_a_merge_closes_the_prompt_that_asks_about_the_two(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", "+1 415 555 0001"))
    booked = installation.book(name="John Doe", phone="+1 916 555 1234")
    merge_by_hand(installation, john, booked["customer_id"])

    shown = installation.get(f"/api/v1/prompts/{booked['prompt']['token']}")

    assert (shown["state"], shown["answers"], shown["candidates"]) == ("closed", [], [])
    assert installation.answer(booked["prompt"], "yes").status_code == 410
    assert pairs(installation) == []


def test_a_merge_leaves_a_prompt_open_that_asks_about_somebody_else_too(installation: Installation) -> None:
    johns = [create(installation, "John Doe", ("phone", f"+1 415 555 000{number}")) for number in range(2)]
    prompt = installation.book(name="John Doe", phone="+1 916 555 1234")["prompt"]
    assert len(prompt["candidates"]) == 2
    asker = proposals(installation)[0]["customer_id"]
    merge_by_hand(installation, johns[0], asker)

    shown = installation.get(f"/api/v1/prompts/{prompt['token']}")

    assert (shown["state"], len(shown["candidates"])) == ("open", 1)
    assert installation.answer(prompt, "yes").status_code == 200
    assert survivor(installation, johns[0]) == survivor(installation, johns[1])


def test_an_undone_yes_leaves_a_proposal_that_says_not_the_same(installation: Installation) -> None:
    create(installation, "John Doe", ("phone", "+1 415 555 0001"))
    booked = installation.book(name="John Doe", phone="+1 916 555 1234")
    installation.answer(booked["prompt"], "yes")
    asked = pairs(installation, "merged")
    assert len(asked) == 1

    assert undo(installation, merges(installation)[0]["id"]).status_code == 200

    assert (pairs(installation, "merged"), pairs(installation, "not_same")) == ([], asked)
    assert installation.answer(booked["prompt"], "yes").status_code == 410, "what it did is undone"


def test_an_undone_merge_of_a_late_profile_leaves_a_proposal_that_says_not_the_same(
    installation: Installation,
) -> None:
    john, sender = john_whose_profile_comes_late(installation)
    let_the_profile_come(installation)
    assert pairs(installation, "merged") == [{john, sender}]

    assert undo(installation, merges(installation)[0]["id"]).status_code == 200

    assert (pairs(installation, "merged"), pairs(installation, "not_same")) == ([], [{john, sender}])


def test_a_known_sender_who_is_almost_certainly_another_is_proposed_too(installation: Installation) -> None:
    installation.instagram.profiles["77"] = {"name": "Ana Lopez", "username": "sunny.days"}
    sender = installation.message_resolved("77", "hello!")["customer_id"]
    ana = create(installation, "Ana Lopez", ("phone", "+1 916 555 0100"))

    installation.message_resolved("77", "my number is 916 555 0100")

    assert pairs(installation) == [{ana, sender}]
