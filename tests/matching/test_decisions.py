from __future__ import annotations

import pytest

from matching import Costs, Explanation, Feature, Outcome, Posterior, Provenance, ScoredCandidate, decide
from matching.explanation import log2_odds
from matching.model import Field

PHONE = ("phone", "exact", "+19165551234", 17.0)
EMAIL = ("email", "exact", "john@gmail.com", 19.0)
HANDLE = ("handle", "exact", "johndoe", 20.0)
NAME = ("name", "exact", "John Doe", 14.0)
OTHER_GIVEN = ("name", "family_only", "Jane Doe", 6.0)
OTHER_PHONE = ("phone", "different", "+12125550000", -2.0)


def candidate(
    customer_id: str,
    probability: float,
    *features: tuple[str, str, str, float],
    source: Provenance = Provenance.ASSERTED,
    vetoes: tuple[str, ...] = (),
) -> ScoredCandidate:
    explained = tuple(
        Feature(
            feature=Field(field),
            level=level,
            label=f"{field} {level}",
            query_value=value,
            candidate_value=value,
            bits=bits,
            tf_bits=0.0,
            source=source,
        )
        for field, level, value, bits in features
    )
    explanation = Explanation(
        prior_bits=-10.0,
        features=explained,
        vetoes=vetoes,
        missing=(),
        total_bits=log2_odds(probability),
        competition_bits=0.0,
        probability=probability,
    )
    return ScoredCandidate(customer_id=customer_id, probability=probability, explanation=explanation)


def posterior(*candidates: ScoredCandidate, rivals: tuple[str, ...] = ()) -> Posterior:
    """`rivals` are pairs of customers, such as "ab"."""
    return Posterior(
        candidates=candidates,
        related_probability=0.0,
        new_probability=1 - sum(one.probability for one in candidates),
        namesake_probability=0.0,
        new_bits=0.0,
        relations=(),
        model_version="1",
        rivals=frozenset(frozenset(pair) for pair in rivals),
    )


def outcome(*candidates: ScoredCandidate, can_ask: bool = True, costs: Costs | None = None) -> Outcome:
    return decide(posterior(*candidates), can_ask=can_ask, costs=costs or Costs()).outcome


def test_thresholds_follow_from_the_costs() -> None:
    costs = Costs(wrong_link=100, missed_match=5, question=2)
    assert (costs.link_above, costs.ask_above) == (0.98, 0.4)
    assert decide(posterior(), can_ask=True, costs=Costs()).thresholds == {"link": 0.995, "ask": 0.25}


@pytest.mark.parametrize("question", [0, -1, 4, 500])
def test_a_question_costs_something_and_less_than_any_mistake(question: float) -> None:
    with pytest.raises(ValueError, match="question"):
        Costs(question=question)


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.9951, Outcome.LINKED),
        (0.995, Outcome.PROMPTED),
        (0.2501, Outcome.PROMPTED),
        (0.25, Outcome.CREATED),
        (0.0, Outcome.CREATED),
    ],
)
def test_the_outcome_changes_at_the_thresholds(probability: float, expected: Outcome) -> None:
    assert outcome(candidate("a", probability, PHONE, NAME)) is expected


def test_nobody_to_ask_about_is_a_new_customer() -> None:
    decision = decide(posterior(), can_ask=True, costs=Costs())
    assert (decision.outcome, decision.asked, decision.counterfactual) == (Outcome.CREATED, (), None)


def test_a_channel_that_cannot_ask_leaves_the_question_to_review() -> None:
    decision = decide(posterior(candidate("a", 0.9, NAME)), can_ask=False, costs=Costs())
    assert decision.outcome is Outcome.REVIEW
    assert [one.customer_id for one in decision.asked] == ["a"]


def test_at_most_three_are_asked_about() -> None:
    likely = [candidate(str(number), 0.2, NAME) for number in range(4)]
    costs = Costs(missed_match=10)
    decision = decide(posterior(*likely), can_ask=True, costs=costs)
    assert [one.customer_id for one in decision.asked] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("features", "source", "rule"),
    [
        ([NAME], Provenance.ASSERTED, "names alone"),
        (
            [("name", "exact", "John Doe", 30.0), ("phone", "similar", "+1", 12.0)],
            Provenance.VERIFIED,
            "names alone",
        ),
        ([PHONE], Provenance.MENTIONED, "only mentioned"),
        ([PHONE, OTHER_GIVEN], Provenance.MENTIONED, "only mentioned"),
        ([PHONE, OTHER_GIVEN], Provenance.VERIFIED, "another given name"),
        ([PHONE, ("name", "namesake", "John Doe", 5.0)], Provenance.ASSERTED, "another given name"),
        ([HANDLE], Provenance.ASSERTED, "a handle is public"),
        *(
            ([PHONE, ("name", level, "John Doe", 14.0)], Provenance.VERIFIED, "a relative may bear")
            for level in (
                "suffix_on_one_side",
                "suffix_beside_word",
                "alike_given",
                "garbled",
                "word_differs",
            )
        ),
        *(
            ([EMAIL, ("name", level, "Ivana Doe", 14.0)], Provenance.VERIFIED, "a relative may bear")
            for level in ("alike_given", "garbled", "word_differs")
        ),
    ],
)
def test_rules_that_no_number_of_bits_lifts(features: list, source: Provenance, rule: str) -> None:
    decision = decide(
        posterior(candidate("a", 0.99999, *features, source=source)), can_ask=True, costs=Costs()
    )
    assert decision.outcome is Outcome.PROMPTED
    assert any(rule in cap for cap in decision.caps)
    assert decision.counterfactual is not None
    assert decision.counterfactual.startswith("would link if ")


@pytest.mark.parametrize(
    ("features", "source"),
    [
        ([PHONE, NAME], Provenance.MENTIONED),
        ([EMAIL], Provenance.ASSERTED),
        ([HANDLE], Provenance.PLATFORM),
        ([HANDLE, NAME], Provenance.ASSERTED),
        ([HANDLE, PHONE], Provenance.ASSERTED),
        ([PHONE, ("name", "typo", "Jon Doe", 9.0)], Provenance.ASSERTED),
        ([PHONE, ("name", "initial_of_family", "John D.", 9.0)], Provenance.ASSERTED),
        ([PHONE, EMAIL, ("name", "initial", "J. Doe", 9.0)], Provenance.ASSERTED),
        ([EMAIL, ("name", "initial", "J. Doe", 9.0)], Provenance.ASSERTED),
        ([PHONE, EMAIL, ("name", "alike_given", "Ivana Doe", 9.0)], Provenance.ASSERTED),
        ([PHONE, EMAIL, ("name", "word_differs", "Moonbeam", -0.4)], Provenance.ASSERTED),
        ([HANDLE, ("name", "word_differs", "Moonbeam", -0.4)], Provenance.PLATFORM),
        ([HANDLE, ("name", "family_word", "Doe's Catering", 9.0)], Provenance.PLATFORM),
    ],
)
def test_what_the_rules_leave_alone_links(features: list, source: Provenance) -> None:
    decision = decide(posterior(candidate("a", 0.999, *features, source=source)), can_ask=True, costs=Costs())
    assert (decision.outcome, decision.customer_id, decision.caps) == (Outcome.LINKED, "a", ())


def test_two_above_the_bar_do_not_link_even_where_the_bar_is_low() -> None:
    low = Costs(wrong_link=1.5, missed_match=4)
    decision = decide(
        posterior(candidate("a", 0.5, PHONE, NAME), candidate("b", 0.4, NAME)), can_ask=True, costs=low
    )
    assert decision.outcome is Outcome.PROMPTED
    assert decision.caps == ("two customers above the bar do not link",)


def test_rivals_on_contact_values_go_to_review_although_the_channel_can_ask() -> None:
    decision = decide(
        posterior(candidate("a", 0.7, PHONE, NAME), candidate("b", 0.29, EMAIL, NAME)),
        can_ask=True,
        costs=Costs(),
    )
    assert decision.outcome is Outcome.REVIEW
    assert decision.rivals == ("a", "b")
    assert decision.counterfactual == "would need 6.5 more bits to link"


def test_a_rival_without_a_chance_is_no_rival() -> None:
    assert outcome(candidate("a", 0.97, PHONE, NAME), candidate("b", 0.02, EMAIL, NAME)) is Outcome.PROMPTED


def test_a_rival_on_contact_values_is_reviewed_however_improbable() -> None:
    stranger = ("name", "different", "Mark Rivers", -8.0)
    decision = decide(
        posterior(candidate("a", 0.9999, PHONE, NAME), candidate("b", 1e-6, EMAIL, stranger), rivals=("ab",)),
        can_ask=True,
        costs=Costs(),
    )
    assert (decision.outcome, decision.rivals) == (Outcome.REVIEW, ("a", "b"))
    assert [one.customer_id for one in decision.asked] == ["a", "b"]
    assert decision.counterfactual == "would link if no other customer held a contact value"


def test_rivals_who_are_both_unlikely_are_left_alone() -> None:
    likely = [candidate("a", 0.1, PHONE), candidate("b", 0.1, EMAIL)]
    decision = decide(posterior(*likely, rivals=("ab",)), can_ask=True, costs=Costs())
    assert (decision.outcome, decision.rivals) == (Outcome.CREATED, ())


def test_two_of_a_household_who_have_one_rival_are_not_proposed_to_each_other() -> None:
    competing = [candidate("a", 0.8, EMAIL, NAME), candidate("b", 0.1, PHONE), candidate("c", 0.1, PHONE)]
    decision = decide(posterior(*competing, rivals=("ab", "ac")), can_ask=True, costs=Costs())
    assert (decision.outcome, decision.rivals) == (Outcome.REVIEW, ("a", "b"))


def test_a_household_competes_but_is_not_one_person() -> None:
    decision = decide(
        posterior(candidate("a", 0.5, PHONE), candidate("b", 0.4, PHONE)), can_ask=True, costs=Costs()
    )
    assert (decision.outcome, decision.rivals) == (Outcome.REVIEW, ())


def test_a_large_household_in_which_nobody_is_likely_is_left_alone() -> None:
    assert outcome(*(candidate(str(number), 0.1, PHONE) for number in range(6))) is Outcome.CREATED


def test_rivals_that_nobody_would_ask_about_one_by_one_are_reviewed_together() -> None:
    assert outcome(*(candidate(str(number), 0.1, PHONE, NAME) for number in range(6))) is Outcome.REVIEW


@pytest.mark.parametrize(
    ("probability", "features", "source", "sentence"),
    [
        (0.9999, [PHONE, NAME], "asserted", "would not link without the phone (phone exact)"),
        (0.999999999, [("phone", "exact", "+1", 2.0)], "asserted", None),
        (
            0.99,
            [PHONE, NAME, OTHER_PHONE],
            "asserted",
            "would link if the phone were not compared (phone different)",
        ),
        (0.9, [PHONE, NAME], "asserted", "would need 4.5 more bits to link"),
        (0.9, [PHONE, NAME], "mentioned", "would need 4.5 more bits to link, such as from a verified value"),
        (0.2, [NAME, OTHER_PHONE], "asserted", "would ask if the phone were not compared (phone different)"),
        (0.1, [NAME], "asserted", "would need 1.6 more bits to ask"),
    ],
)
def test_a_decision_says_what_would_have_changed_it(
    probability: float, features: list, source: str, sentence: str | None
) -> None:
    best = candidate("a", probability, *features, source=Provenance(source))
    assert decide(posterior(best), can_ask=True, costs=Costs()).counterfactual == sentence


def test_a_veto_is_explained_without_a_counterfactual() -> None:
    vetoed = candidate("a", 0.0, PHONE, NAME, vetoes=("a person said that these are two people",))
    decision = decide(posterior(vetoed), can_ask=True, costs=Costs())
    assert (decision.outcome, decision.counterfactual) == (Outcome.CREATED, None)
