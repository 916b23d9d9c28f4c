"""What the engine is for, told as stories: whom it links, whom it asks about, and whom it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from matching import Costs, Outcome, Provenance, decide, load_model
from matching.model import Field
from matching.records import LocalPhone
from tests.matching.people import Base, email, handle, name, person, phone, strangers

if TYPE_CHECKING:
    from matching import Email, Phone, Record

DAY_ONE = person(
    name("John Doe", Provenance.PLATFORM),
    phone("+19165559999", Provenance.MENTIONED),
    handle("johndoe_biz"),
)
DAY_TWO = person("John Doe", phone("+19165551234"), email("john@gmail.com"))
JOHN = person("John Doe", phone("+19165551234"), email("john@gmail.com"))
ANY_SIZE = (1, 10, 1_000, 100_000, 1_000_000, 100_000_000)


def many(count: int, full_name: str = "John Doe") -> dict[str, object]:
    return {f"j{number:04d}": person(full_name, phone(f"+1916600{number:04d}")) for number in range(count)}


def address_of(full_name: str) -> Email:
    """The customer's address, which spells the name."""
    given, family, *_ = full_name.lower().replace(",", "").split()
    return email(f"{given}.{family}@y.com")


# ---------------------------------------------------------------- names


def test_day_two_asks_john_doe_about_the_customer_of_day_one() -> None:
    decision = Base(customers={"a": DAY_ONE}).decide(DAY_TWO)
    assert decision.outcome is Outcome.PROMPTED
    assert [candidate.customer_id for candidate in decision.asked] == ["a"]
    assert decision.caps == ("names alone never link",)


@pytest.mark.parametrize("size", [10, 100, 1_000])
def test_one_john_doe_is_worth_asking_about(size: int) -> None:
    decision = Base(customers={"a": DAY_ONE, **strangers(size - 1)}).decide(DAY_TWO)
    assert (decision.outcome, [one.customer_id for one in decision.asked]) == (Outcome.PROMPTED, ["a"])


@pytest.mark.parametrize("full_name", ["James Smith", "Maria Garcia", "Nguyen Nguyen", "Xiu Qzpt"])
def test_even_a_common_name_is_asked_about_where_ten_customers_have_one_holder(full_name: str) -> None:
    base = Base(customers={"a": person(full_name, phone("+12125550000")), **strangers(9)})
    assert base.decide(person(full_name, phone("+19165551234"))).outcome is Outcome.PROMPTED


@pytest.mark.parametrize(
    ("holders", "size"),
    [(100, 100), (100, 1_000), (100, 1_000_000), (201, 201), (350, 350), (350, 5_000), (10, 1_000_000)],
)
def test_a_name_that_many_customers_share_is_not_asked_about(holders: int, size: int) -> None:
    decision = Base(customers=many(holders), size=size).decide(DAY_TWO)
    assert (decision.outcome, decision.asked) == (Outcome.CREATED, ())


@pytest.mark.parametrize("holders", [100, 350])
def test_a_hundred_namesakes_hide_the_one_without_a_phone_as_well(holders: int) -> None:
    base = Base(customers={**many(holders), "a": person(name("John Doe", Provenance.PLATFORM))})
    assert base.decide(DAY_TWO).outcome is Outcome.CREATED


@pytest.mark.parametrize("holders", [2, 3])
def test_two_or_three_namesakes_go_into_one_prompt(holders: int) -> None:
    decision = Base(customers={**many(holders), **strangers(10 - holders)}).decide(DAY_TWO)
    assert decision.outcome is Outcome.PROMPTED
    assert len(decision.asked) == holders


def test_a_common_name_is_asked_about_in_a_smaller_base_than_a_rare_one() -> None:
    def probability(full_name: str) -> float:
        base = Base(customers={"a": person(full_name)}, size=2_000)
        return base.posterior(person(full_name)).candidates[0].probability

    assert probability("James Smith") < probability("John Doe") < probability("Ottilie Featherstonehaugh")


def test_a_better_name_beside_the_same_phone_is_more_probable() -> None:
    best_first = ["Robert Doe", "Robbert Doe", "Bob Doe", "Robert Smith", "Roberta Doe"]
    base = Base(customers={"a": person("Robert Doe", phone("+19165551234"))}, size=1_000)
    probabilities = [
        base.posterior(person(each, phone("+19165551234"))).candidates[0].probability for each in best_first
    ]
    assert probabilities == sorted(probabilities, reverse=True)


@pytest.mark.parametrize("other", ["J. Doe", "Jane Doe", "John Smith"])
def test_among_fifty_john_does_nobody_of_another_name_is_the_likeliest_john(other: str) -> None:
    base = Base(customers={**many(50), "b": person(other, phone("+19165551234"))})
    query = person("John Doe", phone("+12125550000"))
    assert all(one.probability < 0.1 for one in base.posterior(query).candidates)


def test_a_handle_that_spells_the_name_is_asked_about_but_never_linked() -> None:
    base = Base(customers={"a": person(handle("johndoe_biz")), **strangers(99)})
    decision = base.decide(person("John Doe", phone("+19165551234")))
    assert (decision.outcome, decision.caps) == (Outcome.PROMPTED, ("names alone never link",))


# ---------------------------------------------------------------- contact values


@pytest.mark.parametrize("size", ANY_SIZE)
@pytest.mark.parametrize(
    "query",
    [
        person("John Doe", phone("+19165551234")),
        person("John Doe", email("john@gmail.com")),
        person("John Doe", email("john@gmail.com"), phone("+12125550000")),
        person("John Doe", phone("+19165551234"), email("another@example.org")),
        person("Doe John", phone("+19165551234")),
        person("John", phone("+19165551234")),
    ],
    ids=["phone", "email", "email, other phone", "phone, other email", "swapped", "given name only"],
)
def test_a_contact_value_with_a_fitting_name_links_in_a_base_of_any_size(query: object, size: int) -> None:
    decision = Base(customers={"a": JOHN}, size=size).decide(query)
    assert (decision.outcome, decision.customer_id) == (Outcome.LINKED, "a")


@pytest.mark.parametrize("size", ANY_SIZE)
@pytest.mark.parametrize("common", ["James Smith", "Maria Garcia"])
def test_a_phone_links_people_of_common_names_too(common: str, size: int) -> None:
    base = Base(customers={"a": person(common, phone("+19165551234"))}, size=size)
    assert base.decide(person(common, phone("+19165551234"))).outcome is Outcome.LINKED


@pytest.mark.parametrize("size", ANY_SIZE)
@pytest.mark.parametrize("relative", ["Jane Doe", "Joan Doe", "Johanna Doe", "Mr Doe", "Tim Doe"])
def test_a_phone_with_another_given_name_is_somebody_of_the_household(relative: str, size: int) -> None:
    decision = Base(customers={"a": JOHN}, size=size).decide(person(relative, phone("+19165551234")))
    assert decision.outcome is not Outcome.LINKED
    assert decision.posterior.related_probability > 0.5
    assert decision.posterior.relations[0].customer_ids == ("a",)


@pytest.mark.parametrize("size", ANY_SIZE)
def test_a_phone_with_a_clearly_different_name_is_not_the_same_person(size: int) -> None:
    decision = Base(customers={"a": JOHN}, size=size).decide(person("Maria Lopez", phone("+19165551234")))
    assert decision.outcome is Outcome.CREATED
    assert decision.posterior.new_probability > 0.15


def test_two_relatives_with_the_same_phone_and_email_are_never_linked_to_each_other() -> None:
    jane = person("Jane Doe", phone("+19165551234"), email("john@gmail.com"))
    decision = Base(customers={"a": JOHN}).decide(jane)
    assert decision.outcome is not Outcome.LINKED


def test_a_father_is_not_linked_to_his_son_of_the_same_name() -> None:
    base = Base(customers={"a": person("John Doe, Sr", phone("+19165551234"))})
    assert base.decide(person("John Doe, Jr", phone("+19165551234"))).outcome is Outcome.PROMPTED


@pytest.mark.parametrize("size", ANY_SIZE)
@pytest.mark.parametrize(
    ("customer", "relative"),
    [
        ("Lucie Collins", "Lucie Collins, Jr"),
        ("Lucie Collins, Sr", "Lucie Collins"),
        ("Robert Collins", "Bob Collins, III"),
        ("Antonio Garcia", "Antonia Garcia"),
        ("Andrew Garcia", "Andrea Garcia"),
        ("Molly Garcia", "Polly Garcia"),
        ("Jenna Garcia", "Jenny Garcia"),
        ("Anna Garcia", "Hanna Garcia"),
        ("Ravi Patel", "Rani Patel"),
    ],
)
@pytest.mark.parametrize("own_email", ["zebra77@x.org", "{given}{family}@x.org"])
def test_a_phone_does_not_link_a_relative_of_nearly_the_same_name(
    customer: str, relative: str, own_email: str, size: int
) -> None:
    given, family, *_ = relative.lower().replace(".", "").replace(",", "").split()
    address = email(own_email.format(given=given, family=family))
    base = Base(customers={"a": person(customer, phone("+19165551234"), address_of(customer))}, size=size)
    for query in (person(relative, phone("+19165551234")), person(relative, phone("+19165551234"), address)):
        assert base.decide(query).outcome is not Outcome.LINKED


@pytest.mark.parametrize("size", ANY_SIZE)
@pytest.mark.parametrize(
    ("customer", "spelled"),
    [
        ("Robert Doe", "Bob Doe"),
        ("Elizabeth Doe", "Liz Doe"),
        ("Jonathan Doe", "Jon Doe"),
        ("Katherine Doe", "Kate Doe"),
        ("Sara Doe", "Sarah Doe"),
        ("John Doe", "Jon Doe"),
        ("Stephen Doe", "Steven Doe"),
        ("Mohammed Doe", "Muhammad Doe"),
        ("Xiomara Paz", "Xiomarra Paz"),
        ("John Castellanos", "John Castellanso"),
        ("Lucie Collins, Jr", "Lucie Collins, Jr"),
    ],
)
def test_a_phone_links_a_spelling_or_a_short_form_of_the_name(customer: str, spelled: str, size: int) -> None:
    base = Base(customers={"a": person(customer, phone("+19165551234"), email("zebra77@x.org"))}, size=size)
    assert base.decide(person(spelled, phone("+19165551234"))).outcome is Outcome.LINKED


@pytest.mark.parametrize("size", ANY_SIZE)
def test_an_initial_links_where_phone_and_address_agree(size: int) -> None:
    query = person("J. Doe", phone("+19165551234"), email("john@gmail.com"))
    assert Base(customers={"a": JOHN}, size=size).decide(query).outcome is Outcome.LINKED


@pytest.mark.parametrize("size", ANY_SIZE)
def test_an_initial_with_another_address_may_be_a_relatives(size: int) -> None:
    query = person("J. Doe", phone("+19165551234"), email("zebra77@x.org"))
    assert Base(customers={"a": JOHN}, size=size).decide(query).outcome is Outcome.PROMPTED


@pytest.mark.parametrize("size", [10, 10_000, 1_000_000])
@pytest.mark.parametrize(
    ("shown", "outcome"),
    [
        ("Sarah M.", Outcome.LINKED),
        ("Sarah Mor", Outcome.LINKED),
        ("S. Morris", Outcome.LINKED),
        ("Sar Morris", Outcome.LINKED),
        # Nobody can read it.
        ("Sarqaeh Mzorirs", Outcome.PROMPTED),
    ],
)
def test_a_name_cut_short_or_garbled_is_told_by_its_phone(shown: str, outcome: Outcome, size: int) -> None:
    base = Base(customers={"a": person("Sarah Morris", phone("+12125550000"))}, size=size)
    assert base.decide(person(shown, phone("+12125550000"))).outcome is outcome


def test_a_name_cut_short_is_not_asked_about_by_itself_in_a_large_base() -> None:
    base = Base(customers={"a": person("Sarah Morris", phone("+12125550000"))}, size=10_000)
    assert base.decide(person("Sarah M.", phone("+19165551234"))).outcome is Outcome.CREATED


def test_a_rare_given_name_says_more_than_a_common_one_whatever_stands_beside_it() -> None:
    bits = {}
    for given in ("Theo", "John"):
        base = Base(customers={"a": person(f"{given} Griffin", phone("+12125550000"))}, size=2_000)
        (candidate,) = base.decide(person(f"{given} G.", phone("+19165551234"))).posterior.candidates
        bits[given] = candidate.explanation.feature(Field.NAME).total
    assert bits["Theo"] > bits["John"] + 5


def test_another_middle_initial_is_a_namesake_whatever_the_letter() -> None:
    for letter in "FEDY":
        base = Base(customers={"a": person("John Q. Smith", phone("+19165551234"))}, size=1_000)
        decision = base.decide(person(f"John {letter}. Smith", phone("+19165551234")))
        assert decision.outcome is Outcome.PROMPTED


@pytest.mark.parametrize("size", ANY_SIZE)
@pytest.mark.parametrize("stranger", ["John Robinson", "Mary Smith"])
def test_an_address_that_spells_its_holders_name_counts_once(stranger: str, size: int) -> None:
    base = Base(customers={"a": person("John Doe", email("john.doe@gmail.com"))}, size=size)
    decision = base.decide(person(stranger, phone("+14155550999"), email("john.doe@gmail.com")))
    assert decision.outcome is not Outcome.LINKED
    assert Field.SKELETON not in {
        feature.feature for feature in decision.posterior.candidates[0].explanation.features
    }


def test_in_a_household_the_name_tells_who_wrote() -> None:
    base = Base(customers={"a": JOHN, "b": person("Jane Doe", phone("+19165551234"))}, size=1_000)
    decision = base.decide(person("Jane Doe", phone("+19165551234")))
    assert (decision.outcome, decision.customer_id) == (Outcome.LINKED, "b")


def test_a_wife_with_her_own_address_and_her_husbands_phone_is_herself() -> None:
    base = Base(
        customers={
            "a": person("John Doe", phone("+19165551234")),
            "b": person("Jane Doe", email("jane@x.org")),
        },
        size=1_000,
    )
    decision = base.decide(person("Jane Doe", phone("+19165551234"), email("jane@x.org")))
    assert (decision.outcome, decision.customer_id) == (Outcome.LINKED, "b")
    assert decision.posterior.related_probability < 1e-6


MARTA = person("Marta Lopes", phone("+19168675301"), email("marta@lopes.org"))
JUAN = person("Juan Lopes", phone("+19168675301"))


@pytest.mark.parametrize("size", ANY_SIZE)
def test_one_of_a_household_who_brings_the_address_of_another_is_linked(size: int) -> None:
    base = Base(customers={"marta": MARTA, "juan": JUAN}, size=size)
    decision = base.decide(person("Juan Lopes", phone("+19168675301"), email("marta@lopes.org")))
    assert (decision.outcome, decision.customer_id) == (Outcome.LINKED, "juan")


@pytest.mark.parametrize("size", ANY_SIZE)
def test_one_more_of_a_household_is_not_asked_about_for_what_the_others_share(size: int) -> None:
    base = Base(customers={"marta": MARTA, "juan": JUAN}, size=size)
    decision = base.decide(person("Pedro Lopes", phone("+19168675301"), email("marta@lopes.org")))
    assert decision.outcome is Outcome.CREATED
    assert decision.posterior.related_probability > 0.9


CLEMENT = person("Clement Olufsen", phone("+19168675402"), email("clement@x.org"))
COUPLE = Base(
    customers={"wife": person("Philippa Olufsen", phone("+19168675301")), "husband": CLEMENT}, size=1_000
)


@pytest.mark.parametrize(
    "lent",
    [CLEMENT.phones, CLEMENT.emails, (*CLEMENT.phones, *CLEMENT.emails)],
    ids=["phone", "email", "both"],
)
def test_a_wife_who_brings_nothing_but_her_husbands_values_is_asked(lent: tuple[Phone | Email, ...]) -> None:
    decision = COUPLE.decide(person("Philippa Olufsen", *lent))
    assert decision.outcome is Outcome.PROMPTED
    assert [one.customer_id for one in decision.asked] == ["wife"]


def test_a_value_that_a_relative_lent_is_not_taken_for_a_new_one() -> None:
    hardly_ever = replace(load_model(), all_new=load_model().all_new / 10)
    lent, new = (person("Philippa Olufsen", each) for each in (*CLEMENT.phones, phone("+12125550100")))
    (usual, seldom), (usual_new, seldom_new) = (
        [
            COUPLE.posterior(query, model=model).candidates[0].probability
            for model in (load_model(), hardly_ever)
        ]
        for query in (lent, new)
    )
    assert seldom == pytest.approx(usual, abs=0.02)
    assert seldom_new < usual_new / 4


def test_a_name_that_is_borne_by_the_holder_of_a_value_borrows_it_from_nobody() -> None:
    customers = {
        "a": person("Ana Olufsen", phone("+19168675301")),
        "b": person("Ana Olufsen", CLEMENT.phones[0]),
    }
    decision = Base(customers=customers, size=1_000).decide(person("Ana Olufsen", CLEMENT.phones[0]))
    assert (decision.outcome, decision.customer_id) == (Outcome.LINKED, "b")


def test_however_many_newcomers_are_relatives_a_customer_of_the_very_name_is_linked() -> None:
    base = Base(customers={"a": JOHN}, size=1_000)
    crowded = replace(
        load_model(),
        priors={
            "booking_form": replace(load_model().prior_of("booking_form"), kin_factors={Field.PHONE: 20.0}),
            "other": load_model().prior_of("other"),
        },
    )
    query = person("John Doe", phone("+19165551234"), email("another@example.org"))
    posterior = base.posterior(query, model=crowded)
    assert decide(posterior, can_ask=True, costs=Costs()).outcome is Outcome.LINKED
    relative = person("Jane Doe", phone("+19165551234"))
    usual, many = (base.posterior(relative, model=model) for model in (load_model(), crowded))
    assert many.candidates[0].probability < usual.candidates[0].probability / 10


# ---------------------------------------------------------------- a form that is sent again


PHONE, ADDRESS = phone("+19165551234"), email("q@kolwitz.org")


@pytest.mark.parametrize("size", ANY_SIZE)
@pytest.mark.parametrize("before", ["J Kolwitz", "Kolwitz", "Jan Kolwitz, jr", "Johannes Kolwitz"])
@pytest.mark.parametrize("values", [(PHONE,), (PHONE, ADDRESS)], ids=["phone", "phone, email"])
def test_it_goes_to_the_customer_it_made_before_who_has_the_values_of_their_twin(
    before: str, values: tuple[Phone | Email, ...], size: int
) -> None:
    """The first time it was asked about, and nobody answered."""
    customers = {"a": person(before, PHONE, ADDRESS), "b": person("Jan Kolwitz", PHONE)}
    decision = Base(customers=customers, size=size).decide(
        person("Jan Kolwitz", *values), joined=[{"a", "b"}]
    )
    assert (decision.outcome, decision.customer_id) == (Outcome.LINKED, "b")
    assert decision.posterior.candidates[0].stands_for == ("a",)


def test_a_family_that_sends_all_its_forms_again_makes_no_more_customers() -> None:
    family = ["Ada Zarnow", "Bram Zarnow", "Cleo Zarnow", "Dirk Zarnow"]
    old = {f"old-{each}": person(each, phone("+19168675301")) for each in family}
    new = {f"new-{each}": person(each, PHONE) for each in family}
    joined = [{f"old-{each}", f"new-{each}"} for each in family]
    base = Base(customers={**old, **new}, size=300)
    for each in family:
        decision = base.decide(person(each, PHONE), joined=joined)
        assert (decision.outcome, decision.customer_id) == (Outcome.LINKED, f"new-{each}")


def test_twins_are_one_holder_of_what_they_share() -> None:
    customers = {each: person("Jan Kolwitz", PHONE) for each in "abc"}
    one = Base(customers={"a": customers["a"]}, size=300).posterior(customers["a"])
    three = Base(customers=customers, size=300).posterior(customers["a"], joined=[{"a", "b"}, {"b", "c"}])
    assert three.candidates[0].explanation.total_bits == one.candidates[0].explanation.total_bits
    assert three.candidates[0].probability > one.candidates[0].probability


def test_a_twin_whom_a_person_ruled_out_lends_nothing() -> None:
    customers = {"a": person("Jan Kolwitz", ADDRESS), "b": person("Jan Kolwitz", PHONE)}
    query = person("Jan Kolwitz", PHONE, ADDRESS)
    for vetoes, compared in (
        ({}, {"name", "phone", "email"}),
        ({"a": ("a person said no",)}, {"name", "phone"}),
    ):
        posterior = Base(customers=customers, vetoes=vetoes).posterior(query, joined=[{"a", "b"}])
        features = posterior.candidates[0].explanation.features
        assert {each.feature.value for each in features} == compared


# ---------------------------------------------------------------- offices


def test_a_phone_that_thirty_customers_hold_proves_little() -> None:
    office = {f"o{number}": person(each) for number, each in enumerate(strangers(30))}
    shared = {key: person(*record.names, phone("+19165551234")) for key, record in strangers(30).items()}
    alone = Base(customers={"a": JOHN, **office}, size=1_000)
    among = Base(customers={"a": JOHN, **shared}, size=1_000)
    nameless = person(phone("+19165551234"))
    assert alone.posterior(nameless).candidates[0].probability > 0.9
    assert among.posterior(nameless).candidates[0].probability < 0.05
    assert among.decide(nameless).outcome is Outcome.CREATED
    assert among.decide(person("John Doe", phone("+19165551234"))).outcome is not Outcome.LINKED


# ---------------------------------------------------------------- how a value reached us


@pytest.mark.parametrize("size", [1_000, 100_000])
def test_a_mentioned_phone_links_where_the_senders_handle_spells_the_name(size: int) -> None:
    randy = {"a": person("Randy Colborne", phone("+19165551234"))}
    message = person(phone("+19165551234", Provenance.MENTIONED), handle("randy_colborne"))
    decision = Base(customers=randy, size=size).decide(message, channel="instagram")
    assert (decision.outcome, decision.customer_id) == (Outcome.LINKED, "a")


@pytest.mark.parametrize("size", ANY_SIZE)
def test_a_mentioned_phone_without_a_name_never_links(size: int) -> None:
    message = person(phone("+19165551234", Provenance.MENTIONED), handle("somebody.else"))
    decision = Base(customers={"a": JOHN}, size=size).decide(message, channel="instagram")
    assert decision.outcome is Outcome.REVIEW
    assert decision.caps == ("a value that was only mentioned does not link without a fitting name",)


@pytest.mark.parametrize(
    ("full_name", "digits", "outcome"),
    [
        ("Tom Ashworth", "07911223344", Outcome.LINKED),
        ("Tommy Ashworth", "07911223344", Outcome.LINKED),
        ("Jane Ashworth", "07911223344", Outcome.CREATED),
        ("T. Ashworth", "07911223344", Outcome.LINKED),
        ("Tom Ashworth", "223344", Outcome.PROMPTED),
    ],
)
def test_a_number_as_its_own_country_dials_it_links_whoever_bears_the_name(
    full_name: str, digits: str, outcome: Outcome
) -> None:
    tom = person("Tom Ashworth", phone("+447911223344"))
    query = structs.replace(person(full_name), local_phones=(LocalPhone(digits=digits),))
    assert Base(customers={"a": tom}, size=3_000).decide(query).outcome is outcome


SENT_FROM = phone("+19165551234", Provenance.PLATFORM)


@pytest.mark.parametrize("size", [100, 10_000, 1_000_000])
def test_a_text_that_says_no_name_is_of_whoever_holds_the_number(size: int) -> None:
    decision = Base(customers={"a": JOHN}, size=size).decide(person(SENT_FROM), channel="sms")
    assert decision.outcome is Outcome.LINKED


def test_a_text_from_the_phone_of_a_household_is_anybodys_of_it() -> None:
    base = Base(customers={"a": JOHN, "b": person("Jane Doe", phone("+19165551234"))}, size=1_000)
    assert base.decide(person(SENT_FROM), channel="sms").outcome is Outcome.REVIEW


@pytest.mark.parametrize("introduced", ["Jane Doe", "Maria Lopez", "Maria"])
def test_a_text_from_a_customers_number_in_another_name_is_not_linked(introduced: str) -> None:
    query = person(name(introduced, Provenance.MENTIONED), SENT_FROM)
    for size in ANY_SIZE:
        decision = Base(customers={"a": JOHN}, size=size).decide(query, channel="sms")
        assert decision.outcome is not Outcome.LINKED


@pytest.mark.parametrize("size", ANY_SIZE)
def test_a_mentioned_phone_with_a_fitting_name_links(size: int) -> None:
    message = person(
        name("John Doe", Provenance.PLATFORM),
        phone("+19165551234", Provenance.MENTIONED),
        handle("somebody.else"),
    )
    assert (
        Base(customers={"a": JOHN}, size=size).decide(message, channel="instagram").outcome is Outcome.LINKED
    )


def test_a_handle_that_the_platform_vouches_for_is_strong_and_a_lookalike_is_weak() -> None:
    base = Base(customers={"a": person(handle("chef.ana.77", skeleton="chefana"))}, size=1_000)
    exact = base.decide(person(handle("chef.ana.77", skeleton="chefana")), channel="instagram")
    lookalike = base.decide(person(handle("_chefana_", skeleton="chefana")), channel="instagram")
    assert exact.outcome is Outcome.LINKED
    assert lookalike.posterior.candidates[0].probability < 0.3


def test_a_handle_typed_by_somebody_of_another_name_does_not_link() -> None:
    decision = Base(customers={"a": DAY_ONE}).decide(
        person("Eve Mallory", handle("johndoe_biz", Provenance.ASSERTED))
    )
    assert decision.outcome is not Outcome.LINKED


# ---------------------------------------------------------------- several customers


def test_two_customers_who_compete_on_contact_values_go_to_review_and_are_proposed_to_each_other() -> None:
    base = Base(
        customers={
            "a": person("John Doe", phone("+19165551234")),
            "b": person("John Doe", email("john@gmail.com")),
        },
        size=1_000,
    )
    decision = base.decide(DAY_TWO)
    assert decision.outcome is Outcome.REVIEW
    assert decision.rivals == ("a", "b")
    assert {candidate.customer_id for candidate in decision.asked} == {"a", "b"}


MARK = person("Mark Rivers", email("mark@rivers.com"))


@pytest.mark.parametrize("size", ANY_SIZE)
@pytest.mark.parametrize("writer", ["John Doe", "Mark Rivers", "Ana Lopez"])
def test_the_phone_of_one_and_the_address_of_another_go_to_review_whoever_writes(
    writer: str, size: int
) -> None:
    base = Base(customers={"a": person("John Doe", phone("+19165551234")), "b": MARK}, size=size)
    decision = base.decide(person(writer, phone("+19165551234"), email("mark@rivers.com")))
    assert (decision.outcome, decision.rivals) == (Outcome.REVIEW, ("a", "b"))
    assert {candidate.customer_id for candidate in decision.asked} == {"a", "b"}


def test_a_handle_on_file_by_import_that_the_platform_vouches_for_links_without_a_name() -> None:
    filed = person("John Doe", handle("moonchild", Provenance.IMPORTED))
    base = Base(customers={"a": filed}, size=10_000)
    assert base.decide(person(handle("moonchild")), channel="instagram").outcome is Outcome.LINKED
    typed = person(handle("moonchild", Provenance.ASSERTED))
    assert base.decide(typed).caps == ("a handle is public: typed without a fitting name, it does not link",)
    claimed = Base(customers={"a": person("John Doe", handle("moonchild", Provenance.ASSERTED))}, size=10_000)
    assert claimed.decide(person(handle("moonchild")), channel="instagram").outcome is Outcome.REVIEW


def test_somebody_whose_second_value_is_new_or_only_mentioned_has_no_rival() -> None:
    base = Base(customers={"a": person("John Doe", phone("+19165551234")), "b": MARK}, size=1_000)
    for address in (email("new@x.org"), email("mark@rivers.com", Provenance.MENTIONED)):
        assert base.decide(person("John Doe", phone("+19165551234"), address)).outcome is Outcome.LINKED


@pytest.mark.parametrize(
    "husband",
    [
        person("John Roe", phone("+19165551234")),
        person("Mark Rivers", phone("+19165551234"), handle("therivers")),
    ],
    ids=["same family name", "a handle that both hold"],
)
def test_in_a_household_the_value_of_another_makes_no_rival(husband: Record) -> None:
    wife = person("Jane Roe", email("jane@x.org"), handle("therivers"))
    base = Base(customers={"a": husband, "b": wife}, size=1_000)
    decision = base.decide(person("Jane Roe", phone("+19165551234"), email("jane@x.org")))
    assert (decision.outcome, decision.customer_id, decision.rivals) == (Outcome.LINKED, "b", ())


def test_an_office_phone_makes_nobody_a_rival() -> None:
    office = {key: person(*record.names, phone("+19165551234")) for key, record in strangers(4).items()}
    base = Base(customers={"a": MARK, **office}, size=1_000)
    decision = base.decide(person("Mark Rivers", phone("+19165551234"), email("mark@rivers.com")))
    assert (decision.customer_id, decision.rivals) == ("a", ())


def test_somebody_whom_a_person_ruled_out_is_no_rival() -> None:
    base = Base(
        customers={"a": person("John Doe", phone("+19165551234")), "b": MARK},
        vetoes={"b": ("a person said that these are two people",)},
        size=1_000,
    )
    query = person("John Doe", phone("+19165551234"), email("mark@rivers.com"))
    assert base.decide(query).customer_id == "a"


def test_a_customer_kept_six_times_goes_to_review_rather_than_being_kept_a_seventh_time() -> None:
    decision = Base(customers={f"c{number}": JOHN for number in range(6)}, size=1_000).decide(JOHN)
    assert decision.outcome is Outcome.REVIEW
    assert len(decision.rivals) == 6
    assert len(decision.asked) == 3


def test_a_couple_that_shares_a_phone_is_not_proposed_to_each_other() -> None:
    base = Base(
        customers={"a": JOHN, "b": person("Jane Roe", phone("+19165551234"))},
        size=1_000,
    )
    decision = base.decide(person(phone("+19165551234")))
    assert (decision.outcome, decision.rivals) == (Outcome.REVIEW, ())


def test_two_customers_whom_an_open_proposal_joins_count_as_one() -> None:
    twins = {"a": person("John Doe", phone("+19165551234")), "b": person("John Doe", phone("+13035557788"))}
    base = Base(customers={**twins, **strangers(8)})
    query = person("John Doe", phone("+12125550000"))
    apart = base.posterior(query).candidates[0].probability
    together = base.posterior(query, joined=[{"a", "b"}])
    assert together.candidates[0].probability > 0.9 > 1.8 * apart
    assert [(one.customer_id, one.stands_for) for one in together.candidates] == [("a", ("b",))]


def test_of_joined_customers_the_one_that_holds_the_value_gets_the_event() -> None:
    base = Base(customers={"a": DAY_ONE, "b": DAY_TWO})
    decision = base.decide(DAY_TWO, joined=[{"a", "b"}])
    assert (decision.outcome, decision.customer_id) == (Outcome.LINKED, "b")


def test_a_remembered_no_rules_a_candidate_out_and_keeps_it_explained() -> None:
    base = Base(customers={"a": JOHN}, vetoes={"a": ("a person said that these are two people",)})
    decision = base.decide(JOHN)
    assert decision.outcome is Outcome.CREATED
    assert decision.posterior.candidates[0].probability == 0
    assert decision.posterior.candidates[0].explanation.vetoes == ("a person said that these are two people",)
