"""A model learns from decisions that were kept, and from what people answered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given

from matching import Candidate, Explanation, Population, Provenance, Record, load_model, score
from matching.model import Field, dump_model, parse_model
from matching.prior_estimation import sighting_of, usual_trust
from matching.training import (
    LEAST_EVENTS,
    LEAST_PAIRS,
    PSEUDO_PAIRS,
    Tally,
    Trained,
    posterior_of,
    sighting_in_base,
    train,
)
from tests.matching.people import Base, email, handle, person, phone
from tests.matching.test_scoring import CANDIDATES, POPULATIONS, RECORDS

if TYPE_CHECKING:
    from matching import Model, Posterior
    from matching.model import Level

MODEL = load_model()
ANA = person("Ana Colborne", phone("+12125550100"), email("ana@colborne.example"))
BASE = Base(customers={"ana": ANA}, size=2_000)
REGULAR = BASE.posterior(ANA)
MOVED = BASE.posterior(person("Ana Colborne", phone("+12125550199"), email("ana@colborne.example")))
BY_NAME = BASE.posterior(person("Ana Colborne", phone("+12125550199")))
HUSBAND = BASE.posterior(person("Ernest Colborne", phone("+12125550100")))


def kept(posterior: Posterior) -> dict[str, Any]:
    """A posterior as the service keeps it."""
    described = {
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
        "namesake_probability": posterior.namesake_probability,
        "unshown_probability": posterior.unshown_probability,
        "new_bits": posterior.new_bits,
        "model_version": posterior.model_version,
    }
    loaded: dict[str, Any] = json.loads(json.dumps(described))
    return loaded


def level(model: Model, feature: Field, name: str) -> Level:
    levels = next(each.levels for each in model.comparisons if each.feature is feature)
    return next(each for each in levels if each.level == name)


def trained(tally: Tally, **sightings: Any) -> Trained:
    return train(MODEL, sightings, tally, customers=2_000, version="2")


def taught(posterior: Posterior, times: int, **answers: bool) -> Model:
    tally = Tally()
    for _ in range(times):
        tally.add(posterior, answers)
    return trained(tally).model


# ---------------------------------------------------------------- decisions as they were kept


@given(RECORDS, CANDIDATES, POPULATIONS)
def test_a_posterior_comes_back_as_it_was_kept(
    query: Record, candidates: list[Candidate], population: Population
) -> None:
    posterior = score(query, candidates, population, MODEL)
    back = posterior_of(kept(posterior))
    assert back == replace(posterior, rivals=frozenset())


def test_a_decision_of_a_version_that_kept_less_is_read_too() -> None:
    stored = kept(REGULAR)
    del stored["namesake_probability"], stored["candidates"][0]["explanation"]["set_aside"]
    assert posterior_of(stored).candidates == REGULAR.candidates


def test_a_relation_whose_only_member_an_earlier_version_left_out_teaches_nothing() -> None:
    stored = kept(HUSBAND)
    for relation in stored["relations"]:
        relation["customer_ids"] = ["a twin that was left out"]
    assert HUSBAND.relations
    tally, without = Tally(), Tally()
    tally.add(posterior_of(stored), {})
    without.add(posterior_of({**stored, "relations": []}), {})
    assert tally == without


@pytest.mark.parametrize("posterior", [REGULAR, BY_NAME, HUSBAND])
def test_what_a_kept_decision_tells_is_what_it_told_then(posterior: Posterior) -> None:
    then = sighting_of(posterior, MODEL, channel="booking_form", customers=2_000)
    now = sighting_in_base(posterior_of(kept(posterior)), MODEL, channel="booking_form", customers=2_000)
    assert now.found == pytest.approx(then.found, rel=1e-3)
    assert now.namesakes == pytest.approx(then.namesakes, rel=1e-3)
    assert now.related == then.related


def test_a_base_that_has_grown_spreads_the_same_prior_over_more_customers() -> None:
    small, large = (
        sighting_in_base(BY_NAME, MODEL, channel="booking_form", customers=customers)
        for customers in (2_000, 20_000)
    )
    half = MODEL.prior_of("booking_form").half_saturation
    growth = (20_000 + half) / (2_000 + half)
    assert sum(large.found.values()) == pytest.approx(growth * sum(small.found.values()))
    assert large.namesakes == pytest.approx(small.namesakes * 7, rel=1e-3)


def test_an_event_that_resembles_nobody_tells_of_nobody() -> None:
    posterior = Base(customers={}, size=10).posterior(ANA)
    assert sighting_in_base(posterior, MODEL, channel="sms", customers=10).found == {}


# ---------------------------------------------------------------- counting


def test_a_candidate_counts_as_probable_as_it_is() -> None:
    tally = Tally()
    tally.add(BY_NAME, {})
    assert tally.matches[Field.NAME, "exact"] == pytest.approx(BY_NAME.candidates[0].probability)
    assert tally.matches[Field.PHONE, "different"] == pytest.approx(BY_NAME.candidates[0].probability)


def test_a_yes_counts_whole_and_the_others_not() -> None:
    two = Base(customers={"one": ANA, "two": ANA}, size=2_000).posterior(person("Ana Colborne"))
    tally = Tally()
    tally.add(two, {"one": True})
    assert tally.matches[Field.NAME, "exact"] == 1


def test_a_no_counts_for_nobody_and_leaves_its_share_to_the_others() -> None:
    two = Base(customers={"one": ANA, "two": ANA}, size=2_000).posterior(person("Ana Colborne"))
    tally = Tally()
    tally.add(two, {"one": False})
    refused, other = two.candidates
    assert tally.matches[Field.NAME, "exact"] == pytest.approx(other.probability / (1 - refused.probability))


def test_a_no_to_all_there_is_counts_for_nobody() -> None:
    tally = Tally()
    tally.add(REGULAR, {"ana": False})
    assert tally.matches[Field.PHONE, "exact"] == 0


def test_whoever_shares_a_phone_and_said_no_is_of_the_household() -> None:
    tally = Tally()
    unasked, asked = Tally(), tally
    unasked.add(HUSBAND, {})
    asked.add(HUSBAND, {"ana": False})
    assert asked.kin[Field.NAME, "family_only"] > unasked.kin[Field.NAME, "family_only"] > 0.5
    assert (Field.PHONE, "exact") not in asked.kin, "what brought them together is no evidence"


def test_two_customers_who_were_found_to_be_one_count_as_a_pair() -> None:
    tally = Tally()
    tally.add_match(BY_NAME.candidates[0].explanation)
    assert tally.matches[Field.PHONE, "different"] == 1


def test_the_name_of_a_household_is_counted_with_the_member_who_bears_it_most() -> None:
    """One holds the address as well, and the other bears the given name."""
    base = Base(
        customers={
            "bea": person("Bea Colborne", phone("+12125550100"), email("bea@colborne.example")),
            "ana": person("Ann Colborne", phone("+12125550100")),
        },
        size=2_000,
    )
    posterior = base.posterior(person("Ana Colborne", phone("+12125550100"), email("bea@colborne.example")))
    assert posterior.candidates[0].customer_id == "bea"
    tally = Tally()
    tally.add(posterior, {})
    assert tally.kin[Field.NAME, "alike_given"] == pytest.approx(tally.kin[Field.EMAIL, "exact"])
    assert tally.kin[Field.NAME, "alike_given"] > 0


def test_what_was_only_mentioned_and_what_spells_a_name_is_not_counted() -> None:
    query = person(phone("+12125550100", Provenance.MENTIONED), email("anacolborne@other.example"))
    posterior = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))}).posterior(query)
    explanation = posterior.candidates[0].explanation
    assert {each.feature for each in explanation.features} == {Field.PHONE, Field.SKELETON}
    tally = Tally()
    tally.add_match(explanation)
    assert not tally.matches


# ---------------------------------------------------------------- the model with it


def test_m_of_a_level_is_its_pseudo_counts_and_what_was_seen() -> None:
    model = taught(BY_NAME, 40, ana=True)
    before = level(MODEL, Field.NAME, "exact").m
    assert level(model, Field.NAME, "exact").m == pytest.approx(
        (PSEUDO_PAIRS * before + 40) / (PSEUDO_PAIRS + 40)
    )
    assert level(model, Field.NAME, "nickname").m == pytest.approx(
        level(MODEL, Field.NAME, "nickname").m * PSEUDO_PAIRS / (PSEUDO_PAIRS + 40)
    )


def test_those_who_changed_their_phone_make_another_phone_less_telling() -> None:
    moved, regular = taught(MOVED, 500, ana=True), taught(REGULAR, 500)
    before = level(MODEL, Field.PHONE, "different").m
    assert level(moved, Field.PHONE, "different").m > before > level(regular, Field.PHONE, "different").m
    assert level(moved, Field.PHONE, "exact").m < level(MODEL, Field.PHONE, "exact").m
    assert level(regular, Field.PHONE, "exact").m > level(MODEL, Field.PHONE, "exact").m


def test_values_that_are_not_their_bearers_own_are_taken_out_of_what_was_seen() -> None:
    """Of those who have not changed it, a few bring another phone all the same: the model expects as much."""
    tally, expected = Tally(), 10_000
    trust, phones = usual_trust(MODEL), next(e for e in MODEL.comparisons if e.feature is Field.PHONE)
    for each in phones.levels:
        tally.matches[Field.PHONE, each.level] = expected * (trust * each.m + (1 - trust) * each.u)
    for one in phones.levels:
        assert level(trained(tally).model, Field.PHONE, one.level).m == pytest.approx(one.m, rel=0.02)


def test_an_address_that_changed_with_the_phone_does_not_tell_how_many_addresses_change() -> None:
    known = person("Ana Colborne", handle("colbyana"), phone("+12125550100"), email("ana@old.example"))
    query = person("Ana Colborne", handle("colbyana"), phone("+12125550199"), email("colborne@new.example"))
    tally = Tally()
    tally.add(Base(customers={"ana": known}).posterior(query), {"ana": True})
    changed = {field for field, level in tally.matches if level == "different"}
    assert len(changed) == 1


def test_another_name_is_no_contact_that_a_phone_changed_with() -> None:
    known = person("Ana Colborne", handle("colbyana"), phone("+12125550100"))
    query = person("Zoltan Gruber", handle("colbyana"), phone("+12125550199"))
    tally = Tally()
    tally.add(Base(customers={"ana": known}).posterior(query), {"ana": True})
    assert tally.matches[Field.PHONE, "different"] == 1


def test_kin_learns_from_households() -> None:
    model = taught(HUSBAND, 300, ana=False)
    assert level(model, Field.NAME, "family_only").kin > level(MODEL, Field.NAME, "family_only").kin
    assert level(model, Field.NAME, "different").kin < level(MODEL, Field.NAME, "different").kin


def test_u_skeletons_sharing_and_trust_stay_as_they_are() -> None:
    model = taught(REGULAR, 500)
    for old, new in zip(MODEL.comparisons, model.comparisons, strict=True):
        assert [each.u for each in old.levels] == [each.u for each in new.levels]
    assert model.comparisons[1] == MODEL.comparisons[1]
    assert (model.sharing, model.names, model.recall) == (MODEL.sharing, MODEL.names, MODEL.recall)
    assert (model.name_trust, model.contact_trust) == (MODEL.name_trust, MODEL.contact_trust)


@pytest.mark.parametrize("times", [1, 300, 1_000_000])
@pytest.mark.parametrize("posterior", [REGULAR, MOVED, HUSBAND])
def test_however_one_sided_the_pairs_are_the_model_can_be_written_and_read(
    posterior: Posterior, times: int
) -> None:
    one, many = Tally(), Tally()
    one.add(posterior, {})
    for counts, more in ((one.matches, many.matches), (one.kin, many.kin)):
        more.update({key: count * times for key, count in counts.items()})
    model = trained(many).model
    assert parse_model(dump_model(model)) == model


def test_a_level_says_where_its_figures_come_from_once_however_often_it_is_trained() -> None:
    tally = Tally()
    tally.add(REGULAR, {"ana": True})
    once = trained(tally).model
    twice = train(once, {}, tally, customers=2_000, version="3").model
    figures = level(twice, Field.PHONE, "exact").figures
    assert figures.startswith(level(MODEL, Field.PHONE, "exact").figures)
    assert figures.count("; trained: m from 1.0 pairs") == 1


def test_shares_learn_from_events_and_the_version_is_the_one_that_was_asked_for() -> None:
    seen = [sighting_in_base(REGULAR, MODEL, channel="booking_form", customers=2_000)] * 500
    result = trained(Tally(), booking_form=seen)
    assert result.model.version == "2"
    assert result.model.prior_of("booking_form").known_share > MODEL.prior_of("booking_form").known_share
    assert result.model.prior_of("sms") == MODEL.prior_of("sms")
    share = next(each for each in result.changes if each.figure == "known_share")
    assert (share.of, share.compared, share.seen) == ("booking_form", 500, None)
    assert share.after == result.model.prior_of("booking_form").known_share
    assert not any(note.startswith("booking_form") for note in result.thin)


def test_what_changed_is_told_with_how_many_it_is_from() -> None:
    tally = Tally()
    for _ in range(int(LEAST_PAIRS)):
        tally.add_match(BY_NAME.candidates[0].explanation)
    result = trained(tally)
    exact = next(each for each in result.changes if each.of == "name: exact")
    assert (exact.figure, exact.before) == ("m", level(MODEL, Field.NAME, "exact").m)
    assert exact.after == level(result.model, Field.NAME, "exact").m
    assert (exact.seen, exact.compared) == (LEAST_PAIRS, LEAST_PAIRS)
    assert {each.figure for each in result.changes} == {"m"}, "of households nothing was seen"


def test_too_little_data_is_told() -> None:
    few = sighting_in_base(REGULAR, MODEL, channel="sms", customers=2_000)
    tally = Tally()
    tally.add_match(BY_NAME.candidates[0].explanation)
    thin = trained(tally, sms=[few] * (LEAST_EVENTS - 1)).thin
    assert thin[0].startswith("sms: 99 events are few")
    assert any(note.startswith("m of name: 1.0 pairs are few") for note in thin)
    assert any(note.startswith("kin of handle: 0.0 pairs are few") for note in thin)


def test_without_anything_seen_nothing_changes() -> None:
    assert trained(Tally()).model == replace(MODEL, version="2")
    assert trained(Tally()).changes == ()


def test_an_explanation_comes_back_as_it_was_kept() -> None:
    explanation = BY_NAME.candidates[0].explanation
    assert Explanation.from_dict(json.loads(json.dumps(explanation.to_dict()))) == explanation
