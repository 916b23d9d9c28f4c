"""Whoever asked to stop before it was known who they are: a merge carries it to the numbers of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.service.review_desk import create, decide, merge_by_hand, merges, proposals, undo
from tests.service.test_inbound_texts import PHONE, acts, allow, flags

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.installation import Installation

SENDER = "1254459154682919"
PLEASE_STOP, IN_DOUBT = "please stop texting me", "leave me alone"


@pytest.fixture
def john(installation: Installation) -> str:
    """A customer who may be texted and called."""
    customer_id = create(installation, "John Doe", ("phone", PHONE))
    allow(installation, customer_id, PHONE, "can_sms", "can_call")
    return customer_id


def write(installation: Installation, text: str = PLEASE_STOP) -> str:
    """Somebody of whom nothing is known but where they wrote from; who they are now."""
    customer_id: str = installation.message_resolved(SENDER, text)["customer_id"]
    installation.clock.advance(hours=1)
    return customer_id


def settle(installation: Installation, verdict: str) -> None:
    [message] = installation.get("/api/v1/messages")["items"]
    path = f"/api/v1/messages/{message['id']}/decision"
    assert installation.call("POST", path, json={"decision": verdict}).status_code == 200
    installation.clock.advance(hours=1)


@pytest.mark.parametrize("order", ["kept", "absorbed"])
def test_a_merge_carries_a_stop_to_the_numbers_of_both_sides_and_an_undo_leaves_it(
    installation: Installation, john: str, order: str
) -> None:
    stranger = write(installation)
    assert stranger != john
    assert flags(installation, john) == (True, True)
    sides = (john, stranger) if order == "kept" else (stranger, john)
    merged = merge_by_hand(installation, *sides)
    assert flags(installation, sides[0]) == (False, False)
    [event] = installation.get("/api/v1/events")["items"]
    for act in acts(installation, sides[0]):
        told = (act["source"], act["text"], act["event_id"], act["evidence"], act["purpose"])
        assert told == ("instagram", PLEASE_STOP, event["id"], {"merge_id": merged}, "marketing")
    assert len(acts(installation, sides[0])) == 2
    assert undo(installation, merged).status_code == 200
    assert flags(installation, john) == (False, False)


def by_proposal(installation: Installation, booked: Any) -> None:
    [proposal] = proposals(installation)
    assert decide(installation, proposal, "merge").status_code == 200
    assert booked["prompt"]


def by_prompt(installation: Installation, booked: Any) -> None:
    assert installation.answer(booked["prompt"], "yes").status_code == 200


@pytest.mark.parametrize("answer", [by_proposal, by_prompt])
def test_a_stop_holds_also_for_what_a_prompt_or_an_operator_finds_to_be_theirs(
    installation: Installation, answer: Callable[[Installation, Any], None]
) -> None:
    installation.instagram.profiles[SENDER] = {"username": "johndoe_biz", "name": "John Doe"}
    known = write(installation)
    booked = installation.book(name="John Doe", phone=PHONE)
    allow(installation, booked["customer_id"], PHONE, "can_sms")
    answer(installation, booked)
    assert installation.get(f"/api/v1/customers/{booked['customer_id']}")["id"] == known
    assert flags(installation, known) == (False, False)


def test_a_stop_before_a_late_profile_holds_for_whom_the_sender_turns_out_to_be(
    installation: Installation,
) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    [held] = installation.contacts(john).values()
    allow(installation, john, PHONE, "can_sms")
    installation.call(
        "POST",
        f"/api/v1/customers/{john}/contacts",
        json={"type": "social", "platform": "instagram", "value": "johndoe_biz"},
    )
    write(installation)
    assert installation.contacts(john)["phone", PHONE]["id"] == held["id"]
    installation.instagram.profiles[SENDER] = {"username": "johndoe_biz", "name": "John Doe"}
    event = installation.message_resolved(SENDER, "stop texting me!")
    assert merges(installation)
    assert installation.get(f"/api/v1/customers/{event['customer_id']}")["id"] == john
    assert flags(installation, john) == (False, False)


def test_a_start_since_then_has_lifted_it(installation: Installation, john: str) -> None:
    installation.text(PHONE, "STOP")
    installation.clock.advance(hours=1)
    stranger = write(installation)
    installation.text(PHONE, "START")
    merge_by_hand(installation, john, stranger)
    assert flags(installation, john) == (True, False)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("verdict", ["opt_out", "not_opt_out"])
def test_a_doubtful_message_is_carried_as_what_it_is(
    installation: Installation, john: str, when: str, verdict: str
) -> None:
    stranger = write(installation, IN_DOUBT)
    if when == "before":
        settle(installation, verdict)
        merge_by_hand(installation, john, stranger)
    else:
        merge_by_hand(installation, john, stranger)
        assert flags(installation, john) == (False, False)
        settle(installation, verdict)
    is_stopped = verdict == "opt_out"
    assert flags(installation, john) == (not is_stopped, not is_stopped)


def test_an_ordinary_message_carries_nothing_and_a_second_merge_nothing_twice(
    installation: Installation, john: str
) -> None:
    merge_by_hand(installation, john, write(installation, "Do you have a table on Friday?"))
    assert flags(installation, john) == (True, True)
    write(installation)
    for name in ("Jane Roe", "Mary Major"):
        merge_by_hand(installation, john, create(installation, name))
    assert len(acts(installation, john)) == 2
