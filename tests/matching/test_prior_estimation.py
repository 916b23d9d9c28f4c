"""How many senders are known: found out from events that nobody labelled."""

from __future__ import annotations

import random

import pytest
from people import Base, email, person, phone

from matching import load_model
from matching.prior_estimation import (
    LARGEST_SHARE,
    Sighting,
    estimate_known_share,
    sighting_of,
    with_known_shares,
)

GIVEN = ("Ana", "Bertha", "Clement", "Dorothy", "Ernest", "Felicia", "Gilbert", "Harriet", "Irving", "Joyce")
STARTS = ("Ash", "Birk", "Col", "Dun", "Elp", "Fair", "Gas", "Had", "Ing", "Jes", "Kel", "Lam", "Mar", "Nor")
ENDS = ("burn", "combe", "den", "field", "gate", "hurst", "ley", "mere", "ridge", "stead", "ton", "wick")
CUSTOMERS = 2_000
KINDS = 24


def people(rng: random.Random, area: int) -> list[tuple[str, str]]:
    """Rare names, and a phone each that nobody else has."""
    return [
        (
            f"{rng.choice(GIVEN)} {rng.choice(STARTS)}{rng.choice(ENDS)}",
            f"+1{area}{number:07d}",
        )
        for number in range(KINDS)
    ]


@pytest.fixture(scope="module")
def sightings() -> tuple[list[Sighting], list[Sighting]]:
    """What events tell: those of customers, and those of newcomers; half come by phone and name, half by phone alone."""
    rng = random.Random(11)  # noqa: S311 - made-up people
    known, new = people(rng, 212), people(rng, 415)
    customers = {f"c{place}": person(name, phone(number)) for place, (name, number) in enumerate(known)}
    base = Base(customers=customers, size=CUSTOMERS)

    def look(writers: list[tuple[str, str]]) -> list[Sighting]:
        return [
            sighting_of(base.posterior(person(*([name] if place % 2 else []), phone(number))))
            for place, (name, number) in enumerate(writers)
        ]

    return look(known), look(new)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_the_share_of_a_stream_is_recovered(
    share: float, sightings: tuple[list[Sighting], list[Sighting]]
) -> None:
    events = 1_000
    stream = [sightings[0 if place < share * events else 1][place % KINDS] for place in range(events)]
    estimated = estimate_known_share(stream, model=load_model(), channel="booking_form", customers=CUSTOMERS)
    known = estimated * CUSTOMERS / (CUSTOMERS + load_model().prior_of("booking_form").half_saturation)
    assert known == pytest.approx(share, abs=0.05)


def test_what_an_event_tells_does_not_depend_on_the_share_that_was_assumed() -> None:
    base = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))}, size=500)
    query = person("Ana Colborne", phone("+12125550199"), email("ana@colborne.example"))
    form = sighting_of(base.posterior(query, channel="booking_form"))
    message = sighting_of(base.posterior(query, channel="instagram"))
    assert form.found == pytest.approx(message.found, rel=1e-3)
    assert form.found > 1


def test_a_household_is_not_taken_for_its_customer() -> None:
    base = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))}, size=500)
    sighting = sighting_of(base.posterior(person("Ernest Colborne", phone("+12125550100"))))
    assert sighting.related > 1
    seen = [sighting] * 200
    without = [Sighting(found=sighting.found, related=0.0)] * 200
    shares = [
        estimate_known_share(each, model=load_model(), channel="sms", customers=500)
        for each in (seen, without)
    ]
    assert shares[0] < shares[1]


def test_without_events_the_share_is_the_models() -> None:
    model = load_model()
    share = estimate_known_share([], model=model, channel="sms", customers=1_000)
    assert share == pytest.approx(model.prior_of("sms").known_share, abs=1e-4)


def test_a_handful_of_events_moves_it_little() -> None:
    model = load_model()
    share = estimate_known_share(
        [Sighting(found=1e12, related=0.0)] * 3, model=model, channel="sms", customers=100_000
    )
    assert model.prior_of("sms").known_share < share < 0.55


def test_it_stays_a_probability_in_a_base_of_three() -> None:
    seen = [Sighting(found=1e12, related=0.0)] * 1_000
    share = estimate_known_share(seen, model=load_model(), channel="sms", customers=3)
    assert share == LARGEST_SHARE


def test_an_event_that_is_certain_beyond_measure_counts_as_one_known() -> None:
    base = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))})
    certain = sighting_of(base.posterior(person("Ana Colborne", phone("+12125550100"))))._replace(found=1e300)
    share = estimate_known_share([certain] * 100, model=load_model(), channel="sms", customers=1_000)
    assert 0.85 < share < 1


def test_a_model_with_estimated_shares_says_so_and_keeps_the_other_channels() -> None:
    model = load_model()
    changed = with_known_shares(model, {"instagram": 0.7})
    assert changed.prior_of("instagram").known_share == 0.7
    assert changed.prior_of("instagram").half_saturation == model.prior_of("instagram").half_saturation
    assert changed.prior_of("sms") == model.prior_of("sms")
    assert changed.version == f"{model.version}+known:instagram=0.700"
    assert with_known_shares(model, {}) is model
