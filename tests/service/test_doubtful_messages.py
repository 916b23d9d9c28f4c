"""Messages that may be opt-outs: they stop marketing, wait in a queue, and a person decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store.tables import ConsentEvent
from service.usecases.consent import Action, ActorKind, State, state_of
from tests.service.review_desk import create, merge_by_hand
from tests.service.test_inbound_texts import EVERYTHING, PHONE, acts, allow, flags

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.service.installation import Installation


@pytest.fixture
def john(installation: Installation) -> str:
    """A customer who may be texted and called."""
    customer_id = create(installation, "John Doe", ("phone", PHONE))
    allow(installation, customer_id, PHONE, "can_sms", "can_call")
    return customer_id


def queue(installation: Installation, status: str = "needs_person") -> list[Any]:
    items: list[Any] = installation.get("/api/v1/messages", status=status)["items"]
    return items


def decide(installation: Installation, message: Any, decision: str, **more: Any) -> TestResponse:
    path = f"/api/v1/messages/{message['id']}/decision"
    return installation.call("POST", path, json={"decision": decision, **more})


def doubt(installation: Installation, text: str = "leave me alone") -> Any:
    """Send a doubtful text; what waits then."""
    installation.text(PHONE, text)
    installation.clock.advance(minutes=1)
    return queue(installation)[-1]


def test_a_doubtful_message_waits_with_who_wrote_it_and_what_it_stopped(
    installation: Installation, john: str
) -> None:
    message = doubt(installation)
    assert message["text"] == "leave me alone"
    assert (message["channel"], message["contact"], message["why"]) == ("sms", PHONE, "unclear")
    [event] = installation.get("/api/v1/events")["items"]
    assert (message["event_id"], message["customer"]["id"]) == (event["id"], event["customer_id"])
    assert {(each["channel"], each["purpose"], each["action"]) for each in message["stopped"]} == {
        ("sms", "marketing", "hold"),
        ("call", "marketing", "hold"),
    }
    assert (message["status"], message["decided_by"]) == ("needs_person", None)
    assert flags(installation, john) == (False, False)


def test_an_ordinary_message_and_a_clear_opt_out_wait_for_nobody(
    installation: Installation, john: str
) -> None:
    installation.text(PHONE, "see you at nine")
    installation.text(PHONE, "STOP")
    assert queue(installation) == []


def test_an_opt_out_revokes_all_that_a_clear_one_would(installation: Installation, john: str) -> None:
    answer = decide(installation, doubt(installation), "opt_out", note="asked him")
    assert answer.status_code == 200, answer.text
    decided = answer.get_json()
    assert (decided["status"], decided["note"]) == ("opt_out", "asked him")
    assert decided["decided_by"].startswith("key:")
    written = acts(installation, john)
    assert {(act["channel"], act["purpose"]) for act in written} == EVERYTHING
    assert {(act["actor_kind"], act["source"], act["text"]) for act in written} == {
        ("staff", "review", "leave me alone")
    }
    assert queue(installation) == []
    assert [each["id"] for each in queue(installation, "opt_out")] == [decided["id"]]


def test_what_is_no_opt_out_allows_again_what_was_allowed(installation: Installation, john: str) -> None:
    message = doubt(installation)
    assert decide(installation, message, "not_opt_out").status_code == 200
    assert flags(installation, john) == (True, True)
    assert [each["status"] for each in queue(installation, "not_opt_out")] == ["not_opt_out"]
    timeline = installation.get(f"/api/v1/customers/{message['customer']['id']}/timeline")["items"]
    kinds = [each["kind"] for each in timeline]
    assert {"message.needs_person", "message.decided", "consent.hold", "consent.release"} <= set(kinds)


def test_it_grants_nothing_that_nobody_granted(installation: Installation) -> None:
    customer = create(installation, "John Doe", ("phone", PHONE))
    assert decide(installation, doubt(installation), "not_opt_out").status_code == 200
    assert flags(installation, customer) == (False, False)
    states = installation.get(f"/api/v1/customers/{customer}/consents")["states"]
    assert {each["state"] for each in states} == {"unknown"}


@pytest.mark.parametrize("is_first", [True, False])
def test_staff_lift_no_revocation_that_stands_beside_it(
    installation: Installation, john: str, *, is_first: bool
) -> None:
    if is_first:
        installation.text(PHONE, "STOP")
    message = doubt(installation)
    if not is_first:
        installation.text(PHONE, "STOP")
    assert decide(installation, message, "not_opt_out").status_code == 200
    assert flags(installation, john) == (False, False)


def test_one_of_two_doubts_still_holds(installation: Installation, john: str) -> None:
    first, second = doubt(installation), doubt(installation, "who is this?")
    decide(installation, first, "not_opt_out")
    assert flags(installation, john) == (False, False)
    decide(installation, second, "not_opt_out")
    assert flags(installation, john) == (True, True)


def test_a_start_after_the_message_is_heard_whatever_is_decided_later(
    installation: Installation, john: str
) -> None:
    message = doubt(installation)
    installation.text(PHONE, "START")
    assert flags(installation, john) == (True, False)
    installation.clock.advance(hours=1)
    assert decide(installation, message, "opt_out").status_code == 200
    assert flags(installation, john) == (True, False)


def test_a_message_is_decided_once(installation: Installation, john: str) -> None:
    message = doubt(installation)
    assert decide(installation, message, "opt_out").status_code == 200
    again = decide(installation, message, "not_opt_out")
    assert (again.status_code, flags(installation, john)) == (409, (False, False))
    assert len(acts(installation, john)) == 4


def test_a_wrong_number_is_looked_at_and_stays_revoked(installation: Installation, john: str) -> None:
    message = doubt(installation, "wrong number")
    assert (message["why"], {each["action"] for each in message["stopped"]}) == ("wrong_number", {"revoke"})
    assert decide(installation, message, "not_opt_out").status_code == 409
    assert decide(installation, message, "opt_out").status_code == 200
    assert flags(installation, john) == (False, False)


def test_a_doubtful_direct_message_holds_and_lets_go_of_every_number(
    installation: Installation, john: str
) -> None:
    known = installation.message_resolved("900", f"Hi, John Doe here, my number is {PHONE}")["customer_id"]
    if known != john:
        merge_by_hand(installation, john, known)
    installation.message_resolved("900", "leave me alone")
    [message] = queue(installation)
    assert (message["channel"], message["customer"]["id"]) == ("instagram", john)
    assert flags(installation, john) == (False, False)
    assert decide(installation, message, "not_opt_out").status_code == 200
    assert flags(installation, john) == (True, True)


def test_the_queue_is_read_page_by_page_the_longest_waiting_first(
    installation: Installation, john: str
) -> None:
    waiting = [doubt(installation, text)["id"] for text in ("who is this?", "leave me alone", "go away")]
    first = installation.get("/api/v1/messages", limit=2)
    rest = installation.get("/api/v1/messages", limit=2, cursor=first["next"])
    assert [each["id"] for each in first["items"] + rest["items"]] == waiting
    assert rest["next"] is None


def test_what_is_wrong_with_a_decision_is_named(installation: Installation, john: str) -> None:
    message = doubt(installation)
    wrong = decide(installation, message, "maybe", note="x" * 2001)
    assert wrong.status_code == 422
    assert set(wrong.get_json()["errors"]) == {"decision", "note"}
    assert decide(installation, {"id": "00000000-0000-0000-0000-000000000000"}, "opt_out").status_code == 404


# ---------------------------------------------------------------- laws

OF_THE_PERSON = {Action.GRANT, Action.REINSTATE}
said = st.tuples(
    st.sampled_from([each for each in Action if each is not Action.RELEASE]),
    st.sampled_from(ActorKind),
    st.sampled_from("abc"),
)


def ledger(acts: list[tuple[Action, ActorKind, str]]) -> list[ConsentEvent]:
    """Acts, each an hour after the other."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    return [
        ConsentEvent(
            action=action, actor_kind=kind, event_id=event_id, occurred_at=start + timedelta(hours=number)
        )
        for number, (action, kind, event_id) in enumerate(acts)
    ]


def test_what_staff_switch_off_while_a_message_is_in_doubt_stays_off_when_it_was_no_opt_out(
    installation: Installation, john: str
) -> None:
    message = doubt(installation)
    contact = installation.contacts(john)["phone", PHONE]
    off = installation.call(
        "PATCH", f"/api/v1/customers/{john}/contacts/{contact['id']}", json={"can_sms": False}
    )
    assert off.status_code == 200
    assert decide(installation, message, "not_opt_out").status_code == 200
    assert flags(installation, john) == (False, True)


@given(acts=st.lists(said, max_size=8), released=st.sets(st.sampled_from("abc")))
def test_a_released_hold_is_as_if_it_had_never_been(
    acts: list[tuple[Action, ActorKind, str]], released: set[str]
) -> None:
    releases = [(Action.RELEASE, ActorKind.STAFF, event_id) for event_id in sorted(released)]
    without = [each for each in acts if each[0] is not Action.HOLD or each[2] not in released]
    assert state_of(ledger([*acts, *releases])) is state_of(ledger(without))


@given(
    before=st.lists(said, max_size=4),
    after=st.lists(said, max_size=4),
    released=st.sets(st.sampled_from("abc")),
)
def test_nothing_that_staff_do_ends_a_revocation(
    before: list[tuple[Action, ActorKind, str]],
    after: list[tuple[Action, ActorKind, str]],
    released: set[str],
) -> None:
    later = [each for each in after if each[0] not in OF_THE_PERSON or each[1] is not ActorKind.PERSON]
    releases = [(Action.RELEASE, ActorKind.STAFF, event_id) for event_id in sorted(released)]
    revoked = (Action.REVOKE, ActorKind.PERSON, "a")
    assert state_of(ledger([*before, revoked, *later, *releases])) is State.REVOKED
