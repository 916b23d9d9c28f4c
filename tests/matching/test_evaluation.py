"""Decisions held against the truth, on cases that can be counted by hand."""

from __future__ import annotations

import json
import math
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Outcome
from matching.evaluation import BINS, MOST_POINTS, LabelledDecision, evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence


def decided(
    outcome: Outcome,
    *candidates: tuple[str, float],
    sender: str | None = None,
    linked: str | None = None,
    kind: str = "any",
) -> LabelledDecision:
    return LabelledDecision(
        kind=kind, sender_id=sender, outcome=outcome, linked_id=linked, candidates=candidates
    )


ANNE = ("anne", 0.9)
RIGHT = decided(Outcome.LINKED, ANNE, sender="anne", linked="anne")
WRONG = decided(Outcome.LINKED, ANNE, sender="bea", linked="anne")
STRANGER_LINKED = decided(Outcome.LINKED, ANNE, linked="anne")
ASKED = decided(Outcome.PROMPTED, ANNE, sender="anne")
ASKED_ABOUT_ANOTHER = decided(Outcome.PROMPTED, ANNE, ("bea", 0.05), sender="bea")
REVIEWED = decided(Outcome.REVIEW, ANNE, sender="anne")
FOUND_AND_NOT_ASKED = decided(Outcome.CREATED, ("anne", 0.1), sender="anne")
STRANGER = decided(Outcome.CREATED)
STRANGER_ASKED = decided(Outcome.PROMPTED, ANNE)
STRANGER_REVIEWED = decided(Outcome.REVIEW, ANNE)


def test_a_link_is_right_only_where_the_very_sender_is_linked() -> None:
    scores = evaluate([RIGHT, WRONG, STRANGER_LINKED, ASKED, STRANGER]).overall
    assert (scores.links, scores.right_links) == (3, 1)
    assert scores.link_precision == pytest.approx(1 / 3)
    assert scores.link_share == pytest.approx(1 / 3)


def test_recall_asks_who_comes_first_and_reach_whether_anything_came_of_it() -> None:
    scores = evaluate([RIGHT, WRONG, ASKED, ASKED_ABOUT_ANOTHER, REVIEWED, FOUND_AND_NOT_ASKED, STRANGER])
    assert (scores.overall.known, scores.overall.newcomers) == (6, 1)
    assert scores.overall.recall == pytest.approx(4 / 6)
    assert scores.overall.reach == pytest.approx(3 / 6)


def test_a_link_to_the_sender_counts_even_where_another_is_told_first() -> None:
    scores = evaluate([decided(Outcome.LINKED, ANNE, sender="bea", linked="bea")]).overall
    assert scores.recall == scores.reach == scores.link_precision == 1


def test_newcomers_asked_are_those_prompted_or_put_to_review() -> None:
    scores = evaluate([STRANGER, STRANGER, STRANGER_ASKED, STRANGER_REVIEWED, ASKED]).overall
    assert scores.newcomers_asked_share == pytest.approx(2 / 4)
    assert scores.prompts_per_1000 == pytest.approx(2 / 5 * 1_000)
    assert scores.asked == 3


def test_every_kind_has_its_own_scores_and_they_add_up() -> None:
    report = evaluate(
        [
            decided(Outcome.LINKED, ANNE, sender="anne", linked="anne", kind="b"),
            decided(Outcome.PROMPTED, ("anne", 0.5), kind="a"),
            decided(Outcome.CREATED, kind="a"),
        ]
    )
    assert list(report.kinds) == ["a", "b"]
    assert [each.events for each in report.kinds.values()] == [2, 1]
    assert [each.calibration.count for each in report.kinds.values()] == [1, 1]
    assert (report.overall.events, report.overall.known, report.overall.prompts) == (3, 1, 1)
    assert report.overall.calibration.count == 2


def test_nothing_to_divide_by_is_no_figure() -> None:
    empty = evaluate([])
    figures = empty.overall
    assert figures.link_precision is figures.recall is figures.reach is figures.link_share is None
    assert figures.newcomers_asked_share is figures.prompts_per_1000 is None
    assert figures.calibration.error is figures.calibration.error_by_mass is None
    assert figures.calibration.brier is figures.calibration.log_loss is None
    assert (empty.kinds, empty.curve, figures.calibration.bins) == ({}, (), ())


def top(*seen: tuple[float, bool]) -> Sequence[LabelledDecision]:
    """Decisions by their top probability, and whether the best candidate sent it."""
    return [
        decided(Outcome.PROMPTED, ("anne", probability), sender="anne" if is_right else "bea")
        for probability, is_right in seen
    ]


def test_the_expected_calibration_error_weighs_bins_by_their_events() -> None:
    # Three at 0.7, of which two are right; one at 0.1, which is right.
    calibration = evaluate(top((0.7, True), (0.7, True), (0.7, False), (0.1, True))).overall.calibration
    assert calibration.error == pytest.approx(3 / 4 * abs(0.7 - 2 / 3) + 1 / 4 * abs(0.1 - 1))
    assert [(each.events, each.share_right) for each in calibration.bins] == [
        (1, 1),
        (3, pytest.approx(2 / 3)),
    ]
    assert calibration.bins[1].lower <= 0.7 < calibration.bins[1].upper


def test_bins_of_equal_mass_show_what_one_crowded_bin_hides() -> None:
    # Half at 0.995 that are right, half at 0.945 that never are, in one bin of equal width.
    seen = [(0.995, True)] * 30 + [(0.945, False)] * 30
    calibration = evaluate(top(*seen)).overall.calibration
    assert len(calibration.bins) == 1
    assert calibration.error == pytest.approx(0.97 - 0.5)
    assert len(calibration.bins_by_mass) == BINS
    assert {each.events for each in calibration.bins_by_mass} == {4}
    assert calibration.error_by_mass == pytest.approx((0.005 + 0.945 + 14 * 0) / 2, abs=0.02)
    assert calibration.error_by_mass > calibration.error - 0.01


def test_brier_and_log_loss_are_of_the_best_candidate() -> None:
    calibration = evaluate(top((0.8, True), (0.3, False))).overall.calibration
    assert calibration.brier == pytest.approx((0.2**2 + 0.3**2) / 2)
    assert calibration.log_loss == pytest.approx(-(math.log(0.8) + math.log(0.7)) / 2)


def test_certainty_that_is_wrong_costs_much_and_not_infinity() -> None:
    calibration = evaluate(top((1.0, False), (0.0, True))).overall.calibration
    assert calibration.log_loss == pytest.approx(-math.log(1e-15))
    assert [each.upper for each in calibration.bins] == [pytest.approx(1 / BINS), 1]


def test_an_event_without_a_candidate_says_nothing_of_probabilities() -> None:
    assert evaluate([STRANGER]).overall.calibration.count == 0


def test_probabilities_that_are_true_are_well_calibrated() -> None:
    chance = random.Random(3)  # noqa: S311 - not for secrets
    seen = [
        (probability, chance.random() < probability)
        for probability in (chance.random() for _ in range(20_000))
    ]
    calibration = evaluate(top(*seen)).overall.calibration
    assert calibration.error < 0.015
    assert calibration.error_by_mass < 0.015


def test_the_curve_counts_equal_probabilities_together() -> None:
    seen = top((0.9, True), (0.5, True), (0.5, False), (0.2, False))
    missed = decided(Outcome.CREATED, sender="carla")
    points = evaluate([*seen, missed]).curve
    assert [each.probability for each in points] == [0.9, 0.5, 0.2]
    assert [each.precision for each in points] == pytest.approx([1, 2 / 3, 1 / 2])
    assert [each.recall for each in points] == pytest.approx([1 / 5, 2 / 5, 2 / 5])


def test_the_curve_of_newcomers_alone_is_none() -> None:
    assert evaluate([STRANGER_ASKED]).curve == ()


def test_a_long_curve_is_thinned_out_and_keeps_its_end() -> None:
    points = evaluate(top(*((place / 10_000, True) for place in range(1, 5_000)))).curve
    assert MOST_POINTS / 2 < len(points) <= MOST_POINTS
    assert points[-1].recall == 1
    assert [each.recall for each in points] == sorted(each.recall for each in points)


def test_a_report_is_ready_for_json() -> None:
    told = json.loads(json.dumps(evaluate([RIGHT, STRANGER_ASKED]).to_dict()))
    assert told["link_precision"] == 1
    assert told["kinds"]["any"]["calibration"]["bins"][0]["events"] == 2
    assert told["curve"] == [{"probability": 0.9, "precision": 0.5, "recall": 1.0}]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_bins_hold_every_event_once_and_errors_stay_within_bounds(seen: list[tuple[float, bool]]) -> None:
    calibration = evaluate(top(*seen)).overall.calibration
    for bins, error in (
        (calibration.bins, calibration.error),
        (calibration.bins_by_mass, calibration.error_by_mass),
    ):
        assert sum(each.events for each in bins) == len(seen)
        assert all(each.lower <= each.mean_probability <= each.upper + 1e-12 for each in bins)
        assert error is not None
        assert 0 <= error <= 1
