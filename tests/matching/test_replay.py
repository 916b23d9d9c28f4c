"""A decision can be computed anew from what is kept of it, and what was tampered with is found."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given

from matching import Candidate, Costs, Population, Record, decide, load_model, score
from matching.replay import replay
from tests.matching.people import Base, email, person, phone, strangers
from tests.matching.test_scoring import CANDIDATES, POPULATIONS, RECORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from matching import Decision


def kept(decision: Decision) -> dict[str, Any]:
    """A decision as the service keeps it."""
    posterior = decision.posterior
    described = {
        "decision": decision.outcome,
        "candidates": [
            {
                "customer_id": each.customer_id,
                "probability": each.probability,
                "explanation": each.explanation.to_dict(),
            }
            for each in posterior.candidates
        ],
        "relations": msgspec.to_builtins(posterior.relations),
        "related_probability": posterior.related_probability,
        "new_probability": posterior.new_probability,
        "new_bits": posterior.new_bits,
        "thresholds": dict(decision.thresholds),
        "caps": list(decision.caps),
    }
    loaded: dict[str, Any] = json.loads(json.dumps(described))
    return loaded


@given(RECORDS, CANDIDATES, POPULATIONS)
def test_whatever_the_engine_decides_agrees(
    query: Record, candidates: list[Candidate], population: Population
) -> None:
    posterior = score(query, candidates, population, load_model())
    replayed = replay(kept(decide(posterior, can_ask=True, costs=Costs())))
    assert replayed.findings == ()
    assert replayed.agrees


JOHN = person("John Doe", phone("+19165551234"), email("john@x.org"))
BASE = Base(
    customers={
        "john": JOHN,
        "jane": person("Jane Doe", phone("+19165551234")),
        "bob": person("Bob Roe", email("bob@y.org")),
        **strangers(300),
    }
)


@pytest.fixture
def asked() -> dict[str, Any]:
    """A decision with two candidates and a relation."""
    decision = kept(BASE.decide(person("J. Doe", phone("+19165551234"))))
    assert len(decision["candidates"]) == 2
    assert decision["relations"]
    return decision


@pytest.fixture
def linked() -> dict[str, Any]:
    decision = kept(BASE.decide(person("John Doe", phone("+19165551234"), email("john@x.org"))))
    assert decision["decision"] == "linked"
    return decision


def test_probabilities_are_those_that_were_stored(asked: dict[str, Any]) -> None:
    stored = {each["customer_id"]: each["probability"] for each in asked["candidates"]}
    assert replay(asked).probabilities == pytest.approx(stored)


def test_two_values_of_two_people_support_each_other() -> None:
    """A wife with her own address and her husband's phone: the relation behind one value supports the holder of the other."""
    decision = kept(BASE.decide(person("Bob Roe", phone("+19165551234"), email("bob@y.org"))))
    assert {each["customer_id"] for each in decision["candidates"]} == {"john", "jane", "bob"}
    assert len(decision["relations"]) == 2
    assert replay(decision).agrees


def test_what_retrieval_left_unread_weighs_with_someone_new() -> None:
    crowd = {f"john-{number}": person("John Doe") for number in range(300)}
    decision = kept(Base(customers={**crowd, **BASE.customers}).decide(JOHN))
    assert decision["new_probability"] > 0
    assert replay(decision).agrees


def test_a_veto_leaves_no_weight() -> None:
    base = Base(customers=BASE.customers, vetoes={"john": ("a person said so",)})
    replayed = replay(kept(base.decide(JOHN)))
    assert replayed.agrees
    assert replayed.probabilities["john"] == 0


def test_nobody_to_compare_with_agrees() -> None:
    assert replay(kept(BASE.decide(person("Zoe Unheard", phone("+12125550000"))))).agrees


def test_a_decision_of_a_version_that_kept_less_is_added_up(asked: dict[str, Any]) -> None:
    del asked["new_bits"]
    assert replay(asked).agrees
    asked["candidates"][0]["explanation"]["total_bits"] += 1
    assert not replay(asked).agrees


def bits(decision: dict[str, Any]) -> None:
    decision["candidates"][0]["explanation"]["features"][0]["bits"] += 1


def total(decision: dict[str, Any]) -> None:
    decision["candidates"][0]["explanation"]["total_bits"] += 1


def competition(decision: dict[str, Any]) -> None:
    decision["candidates"][0]["explanation"]["competition_bits"] -= 1


def explained(decision: dict[str, Any]) -> None:
    decision["candidates"][0]["explanation"]["probability"] /= 2


def second(decision: dict[str, Any]) -> None:
    decision["candidates"][1]["probability"] += 0.01


def newcomer(decision: dict[str, Any]) -> None:
    decision["new_probability"] /= 2


def relation(decision: dict[str, Any]) -> None:
    decision["relations"][0]["probability"] *= 2


TAMPERED: dict[Callable[[dict[str, Any]], None], str] = {
    bits: "the bits add up to",
    total: "the bits add up to",
    competition: "competition takes",
    explained: "two probabilities are stored",
    second: "the probability is",
    newcomer: "not to 1",
    relation: "the relations add up to",
}


@pytest.mark.parametrize("tamper", TAMPERED)
def test_what_was_tampered_with_is_told(
    asked: dict[str, Any], tamper: Callable[[dict[str, Any]], None]
) -> None:
    changed = copy.deepcopy(asked)
    tamper(changed)
    replayed = replay(changed)
    assert not replayed.agrees
    assert any(TAMPERED[tamper] in finding for finding in replayed.findings)


@pytest.mark.parametrize(
    ("outcome", "fits"), [("linked", True), ("created", False), ("prompted", True), ("review", True)]
)
def test_the_outcome_follows_from_the_thresholds(linked: dict[str, Any], outcome: str, fits: bool) -> None:  # noqa: FBT001
    assert replay({**linked, "decision": outcome}).agrees == fits


def test_a_rule_that_forbids_a_link_is_held(linked: dict[str, Any], asked: dict[str, Any]) -> None:
    assert not replay({**linked, "caps": ["names alone never link"]}).agrees
    assert not replay({**asked, "decision": "linked"}).agrees


def test_probabilities_that_do_not_add_up_are_told(asked: dict[str, Any]) -> None:
    findings = replay({**asked, "related_probability": 0.9}).findings
    assert any("not to 1" in each for each in findings)


def test_a_decision_whose_probabilities_make_no_sense_is_still_replayed(asked: dict[str, Any]) -> None:
    changed = copy.deepcopy(asked)
    for each in changed["candidates"]:
        each["probability"] = 0.0
    changed["new_probability"] = 0.0
    assert not replay(changed).agrees
