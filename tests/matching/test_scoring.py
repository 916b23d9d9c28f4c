"""Laws of the posterior, whatever the records."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from matching import Candidate, Email, LocalPhone, Phone, Population, Provenance, Record, load_model, score
from matching.blocking import KeyKind, block_key, block_keys
from matching.model import Field
from tests.matching.people import Base, email, handle, name, person, phone

PROVENANCE = st.sampled_from(list(Provenance))
NAMES = st.builds(
    name,
    st.sampled_from(
        ["John Doe", "Jane Doe", "Bob Doe", "Robert Doe", "Doe John", "J. Doe", "John", "Ana Q Lopez"]
    ),
    PROVENANCE,
)
PHONES = st.builds(phone, st.sampled_from(["+19165551234", "+19165551235", "+19165559999"]), PROVENANCE)
EMAILS = st.builds(
    email, st.sampled_from(["johndoe@x.org", "johndoe@x.or", "johndoe@y.com", "jane@x.org"]), PROVENANCE
)
HANDLES = st.builds(handle, st.sampled_from(["johndoe", "johndoe_biz", "ana.l"]), PROVENANCE)


def lists_of(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(values, max_size=3).map(tuple)


RECORDS = st.builds(
    Record, names=lists_of(NAMES), phones=lists_of(PHONES), emails=lists_of(EMAILS), handles=lists_of(HANDLES)
)
CANDIDATES = st.lists(RECORDS, max_size=5).map(
    lambda records: [
        Candidate(customer_id=f"c{number}", record=record) for number, record in enumerate(records)
    ]
)
HOLDERS = st.fixed_dictionaries(
    {
        block_key(KeyKind.PHONE, "+19165551234").hash: st.integers(0, 201),
        block_key(KeyKind.NAME_SKELETON, "johndoe").hash: st.integers(0, 201),
    }
)
POPULATIONS = st.builds(
    Population,
    customers=st.integers(0, 10**9),
    channel=st.sampled_from(["instagram", "facebook", "sms", "booking_form", "new"]),
    holders=HOLDERS,
    missed=HOLDERS,
)
JOHN_DOE = block_key(KeyKind.NAME_SKELETON, "johndoe").hash
SMALL = Population(customers=100, channel="booking_form")


@given(RECORDS, CANDIDATES, POPULATIONS)
def test_all_hypotheses_add_up_to_one(
    query: Record, candidates: list[Candidate], population: Population
) -> None:
    posterior = score(query, candidates, population, load_model())
    probabilities = [one.probability for one in posterior.candidates]
    whole = math.fsum([*probabilities, posterior.related_probability, posterior.new_probability])
    assert whole == pytest.approx(1, abs=1e-9)
    assert all(0 <= probability <= 1 for probability in probabilities)
    assert posterior.related_probability == pytest.approx(
        math.fsum(relation.probability for relation in posterior.relations), abs=1e-12
    )


@given(RECORDS, CANDIDATES, POPULATIONS)
def test_what_is_displayed_adds_up(
    query: Record, candidates: list[Candidate], population: Population
) -> None:
    for one in score(query, candidates, population, load_model()).candidates:
        shown = json.loads(json.dumps(one.explanation.to_dict()))
        bits = [shown["prior_bits"], *(each["bits"] + each["tf_bits"] for each in shown["features"])]
        assert round(math.fsum(bits), 4) == shown["total_bits"]
        odds = math.exp2(shown["total_bits"] + shown["competition_bits"])
        assert odds / (1 + odds) == pytest.approx(shown["probability"], abs=1e-4)
        assert {each["feature"] for each in shown["features"]}.isdisjoint(shown["missing"])


@given(RECORDS, CANDIDATES, POPULATIONS, st.randoms(use_true_random=False))
def test_no_order_of_candidates_or_values_changes_anything(
    query: Record, candidates: list[Candidate], population: Population, order: object
) -> None:
    def shuffled(record: Record) -> Record:
        return Record(
            names=tuple(order.sample(record.names, len(record.names))),
            phones=tuple(order.sample(record.phones, len(record.phones))),
            emails=tuple(order.sample(record.emails, len(record.emails))),
            handles=tuple(order.sample(record.handles, len(record.handles))),
        )

    again = [
        structs.replace(each, record=shuffled(each.record))
        for each in order.sample(candidates, len(candidates))
    ]
    assert score(shuffled(query), again, population, load_model()) == score(
        query, candidates, population, load_model()
    )


@example(
    Record(handles=(handle("johndoe"),)),
    Record(names=(name("John Doe"),)),
    Population(customers=0, channel="instagram"),
    "handles",
)
@example(
    Record(emails=(email("johndoe@x.org"),)),
    Record(names=(name("John Doe"),)),
    Population(customers=0, channel="instagram"),
    "emails",
)
@given(RECORDS, RECORDS, POPULATIONS, st.sampled_from(["names", "phones", "emails", "handles"]))
def test_an_agreeing_value_of_a_kind_that_was_missing_never_lowers_the_bits(
    query: Record, held: Record, population: Population, kind: str
) -> None:
    values = getattr(query, kind)[:1]
    lacking = structs.replace(held, **{kind: ()})
    agreeing = structs.replace(held, **{kind: values})
    before, after = (
        score(
            structs.replace(query, **{kind: values}),
            [Candidate(customer_id="c", record=each)],
            population,
            load_model(),
        )
        for each in (lacking, agreeing)
    )
    assert after.candidates[0].explanation.total_bits >= before.candidates[0].explanation.total_bits - 1e-3


@given(RECORDS, RECORDS, POPULATIONS)
def test_bits_do_not_depend_on_who_asks_about_whom(
    one: Record, other: Record, population: Population
) -> None:
    def bits(query: Record, held: Record) -> float:
        candidate = Candidate(customer_id="c", record=held)
        return (
            score(query, [candidate], replace(population, holders={}), load_model())
            .candidates[0]
            .explanation.total_bits
        )

    assert bits(one, other) == pytest.approx(bits(other, one), abs=1e-3)


def test_nothing_to_compare_leaves_the_prior() -> None:
    posterior = score(Record(), [Candidate(customer_id="c", record=person("John Doe"))], SMALL, load_model())
    explanation = posterior.candidates[0].explanation
    assert explanation.features == ()
    assert explanation.total_bits == explanation.prior_bits
    assert explanation.missing == ("name", "phone", "email", "handle")


def test_a_stranger_may_be_a_customer_who_shows_nothing() -> None:
    """Where people write under any word: less under a whole name, and not in a form."""
    base = Base(customers={"a": person("Orla Vexley")}, size=5_000)
    word, whole = (
        person(handle("moon", skeleton="moon")),
        person("Nell Tarrow", handle("moon", skeleton="moon")),
    )
    under_word, under_name = (
        base.posterior(each, channel="instagram").unshown_probability for each in (word, whole)
    )
    known = load_model().prior_of("instagram")
    chance = known.known_share * 5_000 / (5_000 + known.half_saturation)
    assert under_word == pytest.approx(chance * known.unshown / (1 - chance + chance * known.unshown))
    assert 0 < under_name < under_word / 3
    assert base.posterior(word, channel="booking_form").unshown_probability == 0


def test_without_candidates_the_sender_is_new() -> None:
    posterior = score(person("John Doe"), [], SMALL, load_model())
    assert (posterior.new_probability, posterior.related_probability) == (1, 0)
    assert posterior.model_version == "1"


@pytest.mark.parametrize(
    ("field", "asked", "held"),
    [
        (Field.PHONE, phone("+19165551234"), phone("+12125550000")),
        (Field.EMAIL, email("john@x.org"), email("doe@y.com")),
    ],
    ids=["phone", "email"],
)
def test_another_phone_or_email_speaks_against(
    field: Field, asked: Phone | Email, held: Phone | Email
) -> None:
    base = Base(customers={"a": person("John Doe", held)})
    feature = base.posterior(person("John Doe", asked)).candidates[0].explanation.feature(field)
    assert feature is not None
    assert -6.5 < feature.total < -5.5


def test_contacts_that_are_all_others_speak_against_hardly_more_than_one() -> None:
    query = person("John Doe", phone("+19165551234"), email("john@x.org"), handle("jd"))
    held = person("John Doe", phone("+12125550000"), email("doe@y.com"), handle("runner"))
    features = Base(customers={"a": held}).posterior(query).candidates[0].explanation.features[1:]
    assert [each.level for each in features] == ["different"] * 3
    first, *others = sorted(each.total for each in features)
    assert -6.5 < first < -5.5
    assert all(-0.6 < each < 0 for each in others)


def test_another_number_that_was_merely_mentioned_speaks_against_no_more_than_ones_own() -> None:
    base = Base(customers={"a": person("John Doe", phone("+12125550000"), email("doe@y.com"))})
    own, mentioned = (
        base.posterior(person("John Doe", email("john@x.org"), phone("+19165551234", provenance)))
        for provenance in (Provenance.ASSERTED, Provenance.MENTIONED)
    )
    assert mentioned.candidates[0].probability >= own.candidates[0].probability


def test_however_often_values_change_together_they_never_speak_for_anybody() -> None:
    model = replace(load_model(), changed_too=0.999)
    assert all(each.m <= each.u for each in model.different_too.values())


def test_another_number_that_was_merely_mentioned_does_not_excuse_another_address() -> None:
    held = person("John Doe", phone("+12125550000"), email("doe@y.com"))
    totals = [
        Base(customers={"a": held}).posterior(query).candidates[0].explanation.feature(Field.EMAIL)
        for query in (
            person("John Doe", email("john@x.org")),
            person("John Doe", email("john@x.org"), phone("+19165551234", Provenance.MENTIONED)),
        )
    ]
    assert totals[0] == totals[1]


def test_a_phone_without_its_area_speaks_for_who_has_it_and_says_nothing_of_others() -> None:
    asked = structs.replace(person("Jane Doe"), local_phones=(LocalPhone(digits="8675309"),))
    base = {
        "fits": person("Jane Doe", phone("+19168675309")),
        "other": person("Jane Doe", phone("+19168675308")),
    }
    first, second = Base(customers=base).posterior(asked).candidates
    assert (first.customer_id, second.customer_id) == ("fits", "other")
    feature = first.explanation.feature(Field.PHONE)
    assert feature is not None
    assert (feature.level, feature.total > 15) == ("dialled", True)
    assert second.explanation.feature(Field.PHONE) is None


def test_a_clearly_different_name_speaks_strongly_against() -> None:
    query, held = person("Maria Lopez", phone("+1916")), person("John Doe", phone("+1916"))
    feature = Base(customers={"a": held}).posterior(query).candidates[0].explanation.feature(Field.NAME)
    assert feature is not None
    assert feature.total < -6


@pytest.mark.parametrize("told", ["Aaron", "Aaron Reyes"])
def test_whoever_tells_another_name_from_a_customers_number_is_hardly_that_customer(told: str) -> None:
    """By text message most are known: a number on file alone is nearly certain, and another given name takes most of that."""
    number = phone("+19165551234", Provenance.PLATFORM)
    held = person("Kathy Gould", phone("+19165551234", Provenance.IMPORTED))
    base = Base(customers={"kathy": held}, size=5_000)
    queries = person(number), person(name(told, Provenance.MENTIONED), number)
    alone, other = (base.posterior(each, channel="sms").candidates[0].probability for each in queries)
    assert alone > 0.997
    assert other / (1 - other) < alone / (1 - alone) / 20


def test_the_source_of_a_feature_is_the_less_trusted_of_the_two() -> None:
    query = person(phone("+1916", Provenance.VERIFIED))
    held = person(phone("+1916", Provenance.MENTIONED))
    feature = Base(customers={"a": held}).posterior(query).candidates[0].explanation.features[0]
    assert feature.source is Provenance.MENTIONED


def test_a_name_and_the_handle_that_spells_it_are_one_piece_of_evidence() -> None:
    query = person("John Doe", email("johndoe@x.org"))
    held = person("John Doe", handle("johndoe_biz"))
    features = Base(customers={"a": held}).posterior(query).candidates[0].explanation.features
    assert [feature.feature for feature in features] == [Field.NAME]


def test_addresses_that_only_repeat_the_name_add_little_to_it_and_another_account_takes_a_little() -> None:
    query = person("John Doe", email("johndoe@x.org"), handle("johndoe"))
    held = person("John Doe", email("johndoe@y.com"), handle("johndoe_biz"))
    features = Base(customers={"a": held}).posterior(query).candidates[0].explanation.features
    assert [each.level for each in features[1:]] == ["same_local_from_name", "lookalike_from_name"]
    assert 0 < features[1].total < 0.6
    assert -6 < features[2].total < 0


def test_the_same_unusual_local_part_is_evidence_of_its_own() -> None:
    query, held = person(email("qwxblorp@x.org")), person(email("qwxblorp@y.com"), phone("+1"))
    features = score(query, [Candidate(customer_id="c", record=held)], SMALL, load_model()).candidates
    assert features[0].explanation.features[0].level == "same_local"


def test_the_best_of_many_names_is_paid_for() -> None:
    one = Base(customers={"a": person("John Doe")}, size=1_000)
    many = Base(customers={"a": person("John Doe", "Jack Roe", "Jim Poe", "Joe Coe")}, size=1_000)
    query = person("John Doe")
    first, second = (base.posterior(query).candidates[0].explanation.total_bits for base in (one, many))
    assert first - second == pytest.approx(2, abs=0.01)


def test_a_repeated_value_counts_once_at_its_best() -> None:
    twice = person(phone("+1916", Provenance.MENTIONED), phone("+1916", Provenance.VERIFIED))
    once = person(phone("+1916", Provenance.VERIFIED))
    query = person(phone("+1916", Provenance.VERIFIED))
    bits = [
        score(query, [Candidate(customer_id="c", record=held)], SMALL, load_model()).candidates[0].explanation
        for held in (twice, once)
    ]
    assert bits[0] == bits[1]


def test_of_two_claims_equally_trusted_the_order_does_not_decide() -> None:
    claims = [phone("+1916", Provenance.PLATFORM), phone("+1916", Provenance.VERIFIED)]
    held = Base(customers={"a": person(phone("+1916", Provenance.PLATFORM))})
    features = {
        held.posterior(person(*order)).candidates[0].explanation.features for order in (claims, claims[::-1])
    }
    assert len(features) == 1


@pytest.mark.parametrize("customers", [100, 1_000, 100_000, 10_000_000])
@pytest.mark.parametrize("family", ["Kolbitz", "Featherstonehaugh", "Smith", "Okonjo"])
def test_a_part_of_a_name_or_an_initial_tells_no_more_than_all_of_it(family: str, customers: int) -> None:
    def bits(told: str) -> float:
        holders = {key.hash: 1 for key in block_keys(person(told))}
        population = Population(customers=customers, channel="sms", holders=holders)
        candidates = [Candidate(customer_id="c", record=person(told))]
        posterior = score(person(f"Robert {family}"), candidates, population, load_model())
        return posterior.candidates[0].explanation.name_bits

    whole = bits(f"Robert {family}")
    for less in (f"R {family}", f"Mr {family}", family, "Robert", f"Robert {family[0]}", f"Mary {family}"):
        assert bits(less) <= whole + 0.001


def test_one_relation_stands_for_all_who_share_a_value() -> None:
    base = Base(
        customers={
            "a": person("John Doe", phone("+1916"), email("does@x.org")),
            "b": person("Jane Doe", phone("+1916"), email("does@x.org")),
        }
    )
    posterior = base.posterior(person("Tim Doe", phone("+1916"), email("does@x.org")))
    assert [relation.customer_ids for relation in posterior.relations] == [("a", "b")]
    assert posterior.related_probability > 0.5


def test_a_relative_may_mistype_the_shared_address_as_well() -> None:
    base = Base(customers={"jorge": person("Jorge Quintanilla", email("quintanillas@gmail.com"))}, size=5_000)
    exact, misspelt = (
        base.posterior(person("Julia Quintanilla", email(address)))
        for address in ("quintanillas@gmail.com", "quintanillas@gmial.com")
    )
    assert exact.candidates[0].probability < 0.25
    assert misspelt.candidates[0].probability < 0.5
    assert misspelt.related_probability > misspelt.candidates[0].probability


def test_a_family_name_alone_is_no_relation() -> None:
    posterior = Base(customers={"a": person("John Doe")}).posterior(person("Jane Doe"))
    assert posterior.relations == ()


def test_customers_that_were_not_read_belong_to_someone_new() -> None:
    candidates = [Candidate(customer_id="c", record=person("John Doe"))]
    whole = score(person("John Doe"), candidates, SMALL, load_model())
    part = score(person("John Doe"), candidates, replace(SMALL, missed={JOHN_DOE: 9}), load_model())
    assert part.candidates[0].probability == pytest.approx(0.1, abs=0.01)
    assert part.candidates[0].probability < whole.candidates[0].probability


def test_a_handle_that_many_share_hides_nobody_whose_name_was_told() -> None:
    """Those behind it who bear the name were read: it leads to them by itself."""
    johndoe, moonchild = handle("johndoe"), handle("moonchild")
    unread = {block_key(KeyKind.NAME_SKELETON, "moonchild").hash: 100}
    candidates = [Candidate(customer_id="c", record=person("John Doe"))]
    told = person("John Doe", moonchild)
    whole, part = (
        score(told, candidates, replace(SMALL, missed=missed), load_model()) for missed in ({}, unread)
    )
    assert part.candidates[0].probability == whole.candidates[0].probability
    candidates = [Candidate(customer_id="c", record=person("John Doe", johndoe))]
    whole, part = (
        score(person(moonchild, johndoe), candidates, replace(SMALL, missed=missed), load_model())
        for missed in ({}, unread)
    )
    assert part.candidates[0].probability < whole.candidates[0].probability


def test_joined_sets_that_overlap_are_one() -> None:
    base = Base(customers={each: person("John Doe") for each in "abcd"})
    posterior = base.posterior(person("John Doe"), joined=[{"a", "b"}, {"b", "c"}, {"x"}])
    assert [(one.customer_id, one.stands_for) for one in posterior.candidates] == [
        ("a", ("b", "c")),
        ("d", ()),
    ]


def test_a_vetoed_twin_does_not_stand_for_the_other() -> None:
    base = Base(
        customers={"a": person("John Doe"), "b": person("John Doe")}, vetoes={"a": ("a person said no",)}
    )
    posterior = base.posterior(person("John Doe"), joined=[{"a", "b"}])
    assert [(one.customer_id, one.stands_for) for one in posterior.candidates] == [("b", ("a",))]


@pytest.mark.parametrize(
    ("query", "held", "field", "level"),
    [
        (person("Kristina Horvath", handle("kristina")), person("Kristina Allenby", email("kristina93@y.com")), Field.SKELETON, None),
        (person("Ruth Boydston", handle("rboydston")), person("Raymond Boydston", email("rboydston@y.com")), Field.SKELETON, None),
        (person("Ana Ruiz", handle("tastybites")), person("Leo Brandt", email("tastybites@y.com")), Field.SKELETON, "same"),
        (person("Radhika Shah", handle("viberadhika")), person("Radhika Shah", email("viberadhika@y.com")), Field.SKELETON, "same_user_name"),
        (person("Scott London", handle("scott.london83", skeleton="scottlondon")), person("Scott London", email("scottlondon83@y.com")), Field.SKELETON, "same_user_name"),
        (person("Scott London", handle("scott.london", skeleton="scottlondon")), person("Scott London", email("scottlondon@y.com")), Field.SKELETON, None),
        (person("Scott London", handle("scott_london", skeleton="scottlondon")), person("Scott London", email("scottlondon83@y.com")), Field.SKELETON, None),
        (person("Scott London", email("scott83@x.org")), person("Scott London", email("scott83@y.com")), Field.EMAIL, "same_local"),
        (person("Scott London", handle("scottlondon83_", skeleton="scottlondon")), person("Scott London", handle("scottlondon83", skeleton="scottlondon")), Field.HANDLE, "lookalike_from_name"),
        (person("Jane Brownlow", email("janebrownlow@y.com")), person("Janet Brownlow", email("janetbrownlow@y.com")), Field.EMAIL, "different"),
        (person("Jonah Birkett", email("jonahbirkett82@y.com")), person("Jonah Birkett", email("jonahbirkett81@y.com")), Field.EMAIL, "same_local_from_name"),
        (person("Zachary Cole", email("zachary98@y.com")), person("Zachary Thompson", email("zachary92@y.com")), Field.EMAIL, "same_local_from_name"),
        (person("John Doe", email("jonhdoe@y.com")), person("John Doe", email("johndoe@y.com")), Field.EMAIL, "typo"),
        (person("Tom Ashworth", email("tom.ashworth+dinner@y.com")), person("Tom Ashworth", email("tom.ashworth@y.com")), Field.EMAIL, "typo"),
        (person("O. Dashwood", "Oscar Dashwood"), person("Olivia Dashwood"), Field.NAME, "family_only"),
        (person("Yan M.", "Yan Machado"), person("Yan Makarov"), Field.NAME, "given_only"),
    ],
)  # fmt: skip
def test_what_a_name_has_said_is_not_said_again(
    query: Record, held: Record, field: Field, level: str | None
) -> None:
    feature = Base(customers={"a": held}).posterior(query).candidates[0].explanation.feature(field)
    assert (feature and feature.level) == level


def test_an_address_that_spells_a_fathers_name_does_not_tell_him_from_his_son() -> None:
    base = Base(customers={"john": person("John Thompson", phone("+12125550100"))}, size=5_000)
    son = person("John Thompson, jr", phone("+12125550100"))
    written = person("John Thompson, jr", phone("+12125550100"), email("john.thompson@x.example"))
    alone, spelled = (base.posterior(each).candidates[0] for each in (son, written))
    assert spelled.probability == alone.probability


def test_a_part_of_a_name_beside_the_whole_says_nothing_of_its_own() -> None:
    base = Base(customers={"shah": person("Sunita Shah", phone("+12125550100"))}, size=5_000)
    whole = person("Sunita Subramanian", name("Sunita", Provenance.MENTIONED), phone("+12125550101"))
    (candidate,) = base.posterior(whole).candidates
    level = candidate.explanation.feature(Field.NAME)
    assert level is not None
    assert level.level == "given_only"


@pytest.mark.parametrize("local", ["kjohnson", "kimberlyj", "johnsonk"])
def test_what_addresses_make_of_a_name_is_no_evidence_beside_it(local: str) -> None:
    base = Base(
        customers={"kim": person("Kimberly Johnson", email(f"{local}@westfield.example"))}, size=5_000
    )
    (candidate,) = base.posterior(person("Kimberly Johnson", email(f"{local}@acme.example"))).candidates
    feature = candidate.explanation.feature(Field.EMAIL)
    assert feature is not None
    assert feature.level == "same_local_from_name"
