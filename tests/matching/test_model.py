from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from matching import Provenance, load_model
from matching.model import Field, Terms, dump_model, parse_model


@pytest.fixture
def figures() -> dict[str, Any]:
    return json.loads((files("matching") / "model_v1.json").read_bytes())


def test_the_shipped_model_is_read_once_and_names_its_version() -> None:
    assert load_model() is load_model()
    assert load_model().version == "1"


def test_a_model_that_was_in_use_is_written_as_it_was_read() -> None:
    model = load_model()
    assert model.telling_names <= model.ranks[Field.NAME].keys()
    assert parse_model(dump_model(model)) == model


def test_every_level_has_a_label_and_says_where_its_figures_come_from() -> None:
    for comparison in load_model().comparisons:
        for level in comparison.levels:
            assert level.label
            assert level.figures


def test_the_levels_of_a_comparison_are_nearly_all_that_can_happen() -> None:
    for comparison in load_model().comparisons:
        if comparison.feature is not Field.SKELETON:
            assert sum(level.m for level in comparison.levels) == pytest.approx(1, abs=0.011)


def test_a_variant_of_a_name_weighs_less_than_the_name_itself() -> None:
    names = load_model().comparisons[0].levels
    full = [level for level in names if level.terms is Terms.FULL_NAME]
    assert all(full[0].m / full[0].u > level.m / level.u for level in full[1:])


def test_a_mentioned_value_is_trusted_least() -> None:
    trust = load_model().contact_trust
    assert min(trust, key=lambda each: trust[each]) is Provenance.MENTIONED


def test_an_unknown_channel_has_a_prior_as_well() -> None:
    assert load_model().prior_of("carrier pigeon") == load_model().priors["other"]


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("comparisons", 0, "levels", 0, "m"), 0, "probabilities"),
        (("comparisons", 0, "levels", 0, "u"), 0, "probabilities"),
        (("comparisons", 0, "levels", 0, "m"), 0.9, "more than 1"),
        (("comparisons", 0, "levels", 0, "level"), "typo", "two levels"),
        (("comparisons", 0, "feature"), "phone", "order"),
        (("priors",), {}, "other"),
        (("priors", "sms", "known_share"), 1, "known_share"),
        (("priors", "sms", "kin_factors"), {"phone": 0}, "kin_factors"),
        (("sharing", "phone", "kin"), 0, "sharing"),
        (("sharing",), {}, "phone, email and handle"),
        (("names", "average"), {}, "frequency above 0"),
        (("names", "pairing"), 0.5, "pairing"),
        (("contact_trust",), {"platform": 1}, "provenance"),
        (("version",), None, "version"),
        (("recall",), "high", "recall"),
        (("recall",), 1.5, "recall"),
        (("changed_too",), 1, "changed_too"),
        (("all_new",), 0, "all_new"),
        (("priors", "sms", "elsewhere_factor"), 0, "elsewhere_factor"),
        (("priors", "sms", "elsewhere_factor"), 1.5, "elsewhere_factor"),
        (("priors", "sms", "unshown"), -0.1, "unshown"),
        (("priors", "sms", "unshown"), 1, "unshown"),
    ],
)
def test_an_impossible_figure_is_refused_with_a_reason(
    figures: dict[str, Any], path: tuple[str | int, ...], value: object, complaint: str
) -> None:
    *parents, last = path
    target: Any = figures
    for step in parents:
        target = target[step]
    target[last] = value
    with pytest.raises(msgspec.ValidationError, match=complaint):
        parse_model(json.dumps(figures).encode())
