"""How many senders are known, and how many namesakes: found out from events that nobody labelled."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from people import Base, email, handle, person, phone

from matching import Provenance, load_model
from matching.model import Field
from matching.prior_estimation import (
    LARGEST_SHARE,
    Compared,
    Estimate,
    Shares,
    Sighting,
    changed_shares,
    estimate,
    sighting_of,
    with_estimate,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matching import Record

GIVEN = ("Ana", "Bertha", "Clement", "Dorothy", "Ernest", "Felicia", "Gilbert", "Harriet", "Irving", "Joyce")
STARTS = ("Ash", "Birk", "Col", "Dun", "Elp", "Fair", "Gas", "Had", "Ing", "Jes", "Kel", "Lam", "Mar", "Nor")
ENDS = ("burn", "combe", "den", "field", "gate", "hurst", "ley", "mere", "ridge", "stead", "ton", "wick")
CUSTOMERS = 2_000
KINDS = 24
MODEL = load_model()


def look(base: Base, query: Record, channel: str = "booking_form") -> Sighting:
    posterior = base.posterior(query, channel=channel)
    return sighting_of(posterior, MODEL, channel=channel, customers=base.size or len(base.customers))


def estimated(
    seen: Sequence[Sighting], *, channel: str = "booking_form", customers: int = CUSTOMERS
) -> Shares:
    return estimate({channel: seen}, MODEL, customers=customers).shares[channel]


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

    def sightings_of(writers: list[tuple[str, str]]) -> list[Sighting]:
        return [
            look(base, person(*([name] if place % 2 else []), phone(number)))
            for place, (name, number) in enumerate(writers)
        ]

    return sightings_of(known), sightings_of(new)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_the_share_of_a_stream_is_recovered(
    share: float, sightings: tuple[list[Sighting], list[Sighting]]
) -> None:
    events = 1_000
    stream = [sightings[0 if place < share * events else 1][place % KINDS] for place in range(events)]
    half_saturation = MODEL.prior_of("booking_form").half_saturation
    known = estimated(stream).known * CUSTOMERS / (CUSTOMERS + half_saturation)
    assert known == pytest.approx(share, abs=0.05)


def test_namesakes_are_told_from_customers_where_customers_bring_what_is_on_file() -> None:
    base = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))}, size=CUSTOMERS)
    regular = look(base, person("Ana Colborne", phone("+12125550100")))
    by_name = look(base, person("Ana Colborne", phone("+12125550199")))
    stranger = look(base, person("Ernest Gasmere", phone("+12125550177")))
    few = estimated([regular] * 500 + [stranger] * 490 + [by_name] * 10)
    many = estimated([regular] * 500 + [stranger] * 100 + [by_name] * 400)
    assert by_name.namesakes > 1_000 > stranger.namesakes
    assert few.namesakes < 0.02 < many.namesakes / 10


def test_what_an_event_tells_does_not_depend_on_the_shares_that_were_assumed() -> None:
    base = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))}, size=500)
    query = person("Ana Colborne", phone("+12125550199"), email("ana@colborne.example"))
    form, message = look(base, query), look(base, query, channel="instagram")
    assert form.found == pytest.approx(message.found, rel=1e-3)
    assert sum(form.found.values()) > 1


def test_a_household_is_not_taken_for_its_customer() -> None:
    base = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))}, size=500)
    sighting = look(base, person("Ernest Colborne", phone("+12125550100")))
    assert sighting.related[Field.PHONE] > 1
    with_kin, without = (
        estimated([each] * 200, channel="sms", customers=500)
        for each in (sighting, sighting._replace(related={}))
    )
    assert with_kin.known < without.known


def test_where_many_newcomers_share_a_customers_phone_each_is_a_relative_sooner() -> None:
    base = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))}, size=500)
    relative = look(base, person("Ernest Colborne", phone("+12125550100")))
    stranger = look(base, person("Felicia Gasmere", phone("+12125550177")))
    few, many = (estimated([relative] * seen + [stranger] * (500 - seen), customers=500) for seen in (1, 50))
    assert few.kin_factors[Field.PHONE] < 1 < many.kin_factors[Field.PHONE]
    assert many.kin_factors[Field.EMAIL] < 1

    sooner = with_estimate(MODEL, Estimate({"booking_form": many}, {}))
    query = person("E. Colborne", phone("+12125550100"))
    then, now = (base.posterior(query, channel="booking_form", model=model) for model in (MODEL, sooner))
    assert now.related_probability > then.related_probability
    again = sighting_of(now, sooner, channel="booking_form", customers=500)
    assert again.related == pytest.approx(look(base, query).related, rel=1e-3)


def test_where_customers_write_by_what_is_on_file_whoever_comes_by_something_else_is_a_namesake_sooner() -> (
    None
):
    base = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))}, size=500)
    by_phone = look(base, person("Ana Colborne", phone("+12125550100")))
    by_email = look(base, person("Ana Colborne", email("ana@colborne.example")))
    stranger = look(base, person("Ernest Colborne", email("ernest@else.example")))
    other_phone = look(base, person("Ernest Colborne", phone("+12125550177")))

    def of_stream(seen: int, channel: str) -> Shares:
        sightings = [by_phone] * (300 - seen) + [by_email] * seen + [stranger, other_phone] * 100
        return estimated(sightings, channel=channel, customers=500)

    few, many = (of_stream(seen, "booking_form") for seen in (2, 150))
    assert 2 * few.elsewhere_factor < many.elsewhere_factor <= 1
    # A form asks for what we have; in a direct message nobody is asked.
    assert many.elsewhere_factor < of_stream(150, "instagram").elsewhere_factor
    assert estimated([], customers=500).elsewhere_factor == 1

    model = with_estimate(MODEL, Estimate({"booking_form": few}, {}))
    query = person("Ana Colborne", email("ana@colborne.example"))
    then, now = (base.posterior(query, model=each) for each in (MODEL, model))
    assert now.candidates[0].probability < then.candidates[0].probability
    assert sighting_of(now, model, channel="booking_form", customers=500).found == pytest.approx(
        look(base, query).found, rel=1e-3
    )


def test_whoever_bears_the_name_of_the_customer_is_counted_as_no_relative() -> None:
    base = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))}, size=500)
    sighting = look(base, person("Ana Colborne", phone("+12125550100"), email("ana@else.example")))
    assert sighting.related == {}


def test_the_order_of_events_and_of_candidates_changes_nothing() -> None:
    rng = random.Random(5)  # noqa: S311 - made-up people
    namesakes = {f"ana{each}": person("Ana Colborne", phone(f"+121255501{each:02}")) for each in range(40)}
    queries = [person("Ana Colborne", phone(f"+121255501{each:02}")) for each in range(0, 80, 2)]

    def look_at_all() -> list[Sighting]:
        shuffled = rng.sample(sorted(namesakes), len(namesakes))
        base = Base(customers={each: namesakes[each] for each in shuffled}, size=500)
        return [look(base, query) for query in rng.sample(queries, len(queries))]

    results = {str(estimate({"sms": look_at_all()}, MODEL, customers=500)) for _ in range(5)}
    assert len(results) == 1


def test_without_events_the_shares_are_the_models() -> None:
    assert estimated([], channel="sms").known == pytest.approx(MODEL.prior_of("sms").known_share, abs=1e-4)
    assert estimated([], channel="sms").namesakes == pytest.approx(MODEL.prior_of("sms").namesake_share)


KEPT = Compared(kept=frozenset({Field.PHONE}), changed=frozenset())
CERTAIN = Sighting(found={KEPT: 1e12}, namesakes=0.0, related={})


def test_a_handful_of_events_moves_it_little() -> None:
    shares = estimated([CERTAIN] * 3, channel="booking_form", customers=100_000)
    assert MODEL.prior_of("booking_form").known_share < shares.known < 0.55


def test_it_stays_a_probability_in_a_base_of_three() -> None:
    assert estimated([CERTAIN] * 1_000, channel="sms", customers=3).known == LARGEST_SHARE


def test_an_event_that_is_certain_beyond_measure_counts_as_one_known() -> None:
    shares = estimated([CERTAIN._replace(found={KEPT: 1e300})] * 100, channel="sms", customers=1_000)
    assert 0.85 < shares.known < 1


def test_how_many_values_changed_is_seen_where_another_one_proves_the_customer() -> None:
    """Two in five of those whom their phone proves bring another address than is on file."""
    ana = person("Ana Colborne", phone("+12125550100"), email("ana@colborne.example"))
    base = Base(customers={"ana": ana}, size=CUSTOMERS)
    kept = look(base, ana)
    moved = look(base, person("Ana Colborne", phone("+12125550100"), email("other@gasmere.example")))
    few = estimate({"sms": [kept] * 2_000}, MODEL, customers=CUSTOMERS).changed
    many = estimate({"sms": [kept] * 1_200 + [moved] * 800}, MODEL, customers=CUSTOMERS).changed
    assert few[Field.EMAIL] < 0.1
    assert many[Field.EMAIL] > 0.25
    assert few[Field.PHONE] == pytest.approx(many[Field.PHONE], abs=0.01)


def test_what_was_only_mentioned_does_not_tell_how_many_changed() -> None:
    base = Base(customers={"ana": person("Ana Colborne", phone("+12125550100"))}, size=CUSTOMERS)
    query = person("Ana Colborne", phone("+12125550199", Provenance.MENTIONED))
    assert list(look(base, query).found) == [Compared(frozenset(), frozenset())]


def test_of_values_that_changed_together_one_tells_how_many_change() -> None:
    ana = person("Ana Colborne", phone("+12125550100"), email("ana@old.example"))
    query = person("Ana Colborne", phone("+12125550199"), email("colborne@new.example"))
    (compared,) = look(Base(customers={"ana": ana}, size=CUSTOMERS), query).found
    assert (compared.kept, compared.changed) == (frozenset(), frozenset())
    handled = person("Ana Colborne", phone("+12125550100"), email("ana@old.example"), handle("ana.colb"))
    moved = person("Ana Colborne", phone("+12125550199"), email("c@new.example"), handle("ana.colb"))
    (compared,) = look(Base(customers={"ana": handled}, size=CUSTOMERS), moved).found
    assert (compared.kept, len(compared.changed)) == ({Field.HANDLE}, 1)


def test_whom_a_person_ruled_out_is_not_counted() -> None:
    ana = person("Ana Colborne", phone("+12125550100"))
    base = Base(customers={"ana": ana}, size=CUSTOMERS, vetoes={"ana": ("two people",)})
    assert look(base, ana).found == {}


def test_rounds_that_do_not_settle_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.prior_estimation._MOST_ROUNDS", 2)
    one, two = estimated([CERTAIN] * 500), estimated([CERTAIN] * 500)
    assert one == two
    assert 0.5 < one.known < LARGEST_SHARE


def test_a_model_by_an_estimate_says_so_and_keeps_the_other_channels() -> None:
    shares = Shares(known=0.7, namesakes=0.01, kin_factors={Field.PHONE: 3.0}, elsewhere_factor=0.2)
    estimated = Estimate({"instagram": shares}, {Field.PHONE: 0.3})
    changed = with_estimate(MODEL, estimated)
    prior = changed.prior_of("instagram")
    assert (prior.known_share, prior.namesake_share, prior.kin_factors, prior.elsewhere_factor) == shares
    assert prior.half_saturation == MODEL.prior_of("instagram").half_saturation
    assert changed.prior_of("sms") == MODEL.prior_of("sms")
    assert changed.version == f"{MODEL.version}+known:instagram=0.700/0.010"
    assert changed_shares(changed)[Field.PHONE] == pytest.approx(0.286, abs=0.001)
    assert changed_shares(changed)[Field.EMAIL] == changed_shares(MODEL)[Field.EMAIL]
    assert with_estimate(MODEL, Estimate({}, {})) is MODEL
