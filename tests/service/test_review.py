"""What a person has to decide: rivals, mentions, and what a judgement does."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from service.usecases.merge import Grounds, merge
from service.worker import InboxWorker

if TYPE_CHECKING:
    from tests.service.installation import Installation


def create(installation: Installation, name: str, **contacts: str) -> str:
    listed = [{"type": kind, "value": value} for kind, value in contacts.items()]
    response = installation.call("POST", "/api/v1/customers", json={"name": name, "contacts": listed})
    assert response.status_code == 201, response.text
    return str(response.get_json()["id"])


def pending(installation: Installation) -> list[Any]:
    items: list[Any] = installation.get("/api/v1/proposals")["items"]
    return items


def decide(installation: Installation, proposal: Any, decision: str) -> Any:
    return installation.call(
        "POST", f"/api/v1/proposals/{proposal['id']}/decision", json={"decision": decision}
    )


def test_two_who_compete_on_contact_values_go_to_review_and_are_proposed_to_each_other(
    installation: Installation,
) -> None:
    by_phone = create(installation, "Ana Lopez", phone="+1 916 555 0100")
    by_email = create(installation, "Ana Lopez", email="ana.lopez@example.com")

    answer = installation.book(name="Ana Lopez", phone="+1 916 555 0100", email="ana.lopez@example.com")

    assert (answer["outcome"], answer["prompt"]) == ("review", None)
    assert answer["customer_id"] not in {by_phone, by_email}
    pairs = {frozenset({each["customer_id"], each["candidate_id"]}) for each in pending(installation)}
    assert pairs == {
        frozenset({answer["customer_id"], by_phone}),
        frozenset({answer["customer_id"], by_email}),
        frozenset({by_phone, by_email}),
    }
    probabilities = [each["probability"] for each in pending(installation)]
    assert probabilities == sorted(probabilities, reverse=True)


def test_one_merge_may_answer_several_proposals(installation: Installation) -> None:
    by_phone = create(installation, "Ana Lopez", phone="+1 916 555 0100")
    by_email = create(installation, "Ana Lopez", email="ana.lopez@example.com")
    installation.book(name="Ana Lopez", phone="+1 916 555 0100", email="ana.lopez@example.com")

    while pending(installation):
        assert decide(installation, pending(installation)[0], "merge").status_code == 200

    survivors = {installation.get(f"/api/v1/customers/{each}")["id"] for each in (by_phone, by_email)}
    assert len(survivors) == 1
    assert len(installation.get("/api/v1/merges", kind="merge")["items"]) == 2
    assert len(installation.contacts(survivors.pop())) == 2


def test_a_mentioned_number_of_somebody_known_waits_for_review(installation: Installation) -> None:
    known = create(installation, "Ana Lopez", phone="+1 916 555 0100")
    installation.instagram.profiles["77"] = {"name": None, "username": "k1tt3n"}

    event = installation.message_resolved("77", "hi! please call 916 555 0100")

    assert event["outcome"] in {"review", "created"}
    assert event["customer_id"] != known


def test_a_known_sender_who_mentions_anothers_number_is_proposed_and_keeps_what_they_said(
    installation: Installation,
) -> None:
    known = create(installation, "Ana Lopez", phone="+1 916 555 0100")
    installation.instagram.profiles["77"] = {"name": "Ana Lopez", "username": "analopez"}
    first = installation.message_resolved("77", "hello!")
    assert first["customer_id"] != known

    second = installation.message_resolved("77", "my number is 916 555 0100")

    assert (second["outcome"], second["customer_id"]) == ("linked", first["customer_id"]), "Rule 0"
    pairs = {frozenset({each["customer_id"], each["candidate_id"]}) for each in pending(installation)}
    assert frozenset({first["customer_id"], known}) in pairs
    assert ("phone", "+19165550100") in installation.contacts(first["customer_id"])


@pytest.mark.parametrize("decision", ["not_same", "unsure"])
def test_a_judgement_closes_the_prompt_that_asks_the_same(installation: Installation, decision: str) -> None:
    create(installation, "John Doe", phone="+1 415 555 0001")
    booked = installation.book(name="John Doe", phone="+1 916 555 1234")
    proposal = pending(installation)[0]

    decided = decide(installation, proposal, decision)

    assert decided.get_json()["status"] == decision
    assert decided.get_json()["prompt"]["state"] == "closed"
    assert pending(installation) == []
    assert installation.answer(booked["prompt"], "yes").status_code == 410
    shown = installation.get(f"/api/v1/prompts/{booked['prompt']['token']}")
    assert (shown["state"], shown["answers"], shown["candidates"]) == ("closed", [], [])


def test_an_unsure_proposal_can_be_decided_later_and_a_decided_one_not(installation: Installation) -> None:
    known = create(installation, "John Doe", phone="+1 415 555 0001")
    booked = installation.book(name="John Doe", phone="+1 916 555 1234")
    proposal = pending(installation)[0]
    decide(installation, proposal, "unsure")

    assert decide(installation, proposal, "merge").status_code == 200
    assert decide(installation, proposal, "not_same").status_code == 409
    assert installation.get(f"/api/v1/customers/{booked['customer_id']}")["id"] == known
    assert decide(installation, {"id": booked["customer_id"]}, "merge").status_code == 404
    assert decide(installation, proposal, "perhaps").status_code == 422


def test_an_undone_merge_is_not_proposed_again(installation: Installation) -> None:
    create(installation, "John Doe", phone="+1 415 555 0001")
    installation.instagram.profiles["77"] = {"name": "John Doe", "username": "johndoe"}
    message = installation.message_resolved("77", "hello")
    assert message["outcome"] == "review"
    decide(installation, pending(installation)[0], "merge")
    merge = installation.get("/api/v1/merges", kind="merge")["items"][0]
    installation.call("POST", f"/api/v1/merges/{merge['id']}/undo")

    installation.message_resolved("77", "call me at 415 555 0001")

    assert pending(installation) == []
    assert len(installation.get("/api/v1/proposals", status="not_same")["items"]) == 1


def test_operators_who_decide_on_one_candidate_at_once_do_not_block_each_other(
    installation: Installation,
) -> None:
    create(installation, "John Doe", phone="+1 415 555 0001")
    prompts = [
        installation.book(name="John Doe", phone=f"+1 916 555 {number:04}")["prompt"] for number in range(5)
    ]
    statuses = []
    start = threading.Barrier(10)

    def judge(proposal: Any) -> None:
        start.wait()
        statuses.append(decide(installation, proposal, "merge").status_code)

    def say_yes(prompt: Any) -> None:
        start.wait()
        statuses.append(installation.answer(prompt, "yes", candidate="1").status_code)

    proposals = [each for each in pending(installation) if each["prompt"]]
    threads = [threading.Thread(target=judge, args=(each,)) for each in proposals[:5]]
    threads += [threading.Thread(target=say_yes, args=(each or prompts[0],)) for each in prompts]
    start = threading.Barrier(len(threads))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(statuses) == len(threads)
    assert set(statuses) <= {200, 409, 410}


def test_a_no_answers_every_question_that_it_implies(installation: Installation) -> None:
    known = create(installation, "John Doe", phone="+1 415 555 0001")
    forms = [{"name": "John Doe", "phone": f"+1 916 555 123{number}"} for number in range(2)]
    first, second = (installation.book(**form) for form in forms)
    assert [each["outcome"] for each in (first, second)] == ["prompted", "prompted"]
    twins = create(installation, "J Doe", email="jd@example.com")
    with installation.runtime.database.transaction() as session:
        for booked in (first, second):
            grounds = Grounds(proof="operator", actor="operator:test")
            merge(session, twins, booked["customer_id"], grounds=grounds, now=installation.clock())

    assert installation.answer(first["prompt"], "no", candidate="1").status_code == 200

    assert not [
        each for each in pending(installation) if known in {each["candidate_id"], each["customer_id"]}
    ]
    assert installation.answer(second["prompt"], "yes", candidate="1").status_code == 410
    assert installation.get(f"/api/v1/customers/{known}")["merged_ids"] == []


def test_a_proposal_shows_both_sides_with_all_that_they_have_now(installation: Installation) -> None:
    known = create(installation, "John Doe", phone="+1 415 555 0001")
    other = create(installation, "Johnny Doe", email="johnny@example.com")
    with installation.runtime.database.transaction() as session:
        grounds = Grounds(proof="operator", actor="operator:test")
        merge(session, known, other, grounds=grounds, now=installation.clock())
    installation.book(name="John Doe", phone="+1 916 555 1234")
    side = pending(installation)[0]["candidate"]
    assert {contact["value"] for contact in side["contacts"]} == {"+14155550001", "johnny@example.com"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_links_of_one_sender_undone_in_any_order_leave_nothing_behind(
    installation: Installation, order: tuple[int, int]
) -> None:
    known = create(installation, "John Doe", phone="+1 415 555 0001")
    before = installation.contacts(known)
    installation.instagram.profiles["77"] = {"name": "John Doe", "username": "john.doe"}
    for text in ("my cell is 415 555 0001", "or 212 555 0123"):
        installation.clock.advance(minutes=1)
        assert installation.message_resolved("77", text)["customer_id"] == known
    links = installation.get("/api/v1/merges", kind="link")["items"][::-1]

    undone = [
        installation.call("POST", f"/api/v1/merges/{links[place]['id']}/undo").get_json() for place in order
    ]

    restored = {each["customer_id"] for each in undone}
    assert set(installation.contacts(known)) == set(before)
    assert ("phone", "+12125550123") in [value for each in restored for value in installation.contacts(each)]
    if order == (0, 1):
        assert len(restored) == 1, "the sender has a customer by then"


def test_two_operators_who_undo_one_merge_upon_the_other_both_give_back(installation: Installation) -> None:
    ids = [create(installation, "John Doe", phone=f"+1 415 555 000{number}") for number in range(3)]
    with installation.runtime.database.transaction() as session:
        grounds = Grounds(proof="operator", actor="operator:test")
        merges = [
            merge(session, ids[1], ids[0], grounds=grounds, now=installation.clock()).id,
            merge(session, ids[2], ids[1], grounds=grounds, now=installation.clock()).id,
        ]
    start = threading.Barrier(2)
    statuses = []

    def undo(merge_id: str) -> None:
        start.wait()
        statuses.append(installation.call("POST", f"/api/v1/merges/{merge_id}/undo").status_code)

    threads = [threading.Thread(target=undo, args=(each,)) for each in merges]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200, 200]
    assert [list(installation.contacts(each)) for each in ids] == [
        [("phone", f"+1415555000{number}")] for number in range(3)
    ]


def test_the_worker_resolves_what_comes_in_and_ends_when_told(installation: Installation) -> None:
    worker = InboxWorker(installation.runtime)
    worker.start()
    try:
        event_id = installation.message("77", "hello").get_json()["events"][0]
        deadline = time.monotonic() + 20
        while installation.get(f"/api/v1/events/{event_id}")["status"] != "resolved":
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        worker.stop()
