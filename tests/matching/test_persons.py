"""The person behind a name: of a business, and of a part of a name that the bearer's own handle completes."""

from __future__ import annotations

import pytest

from matching import PersonName, Provenance, normalize_name
from matching.persons import person_behind
from tests.matching.people import Base, email, handle, person, phone


def behind(raw: str, *skeletons: str) -> str:
    name = normalize_name(raw, provenance=Provenance.ASSERTED)
    assert isinstance(name, PersonName)
    read = person_behind(name, skeletons)
    return f"{read.given} {read.family}".strip()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Cody's Catering", "cody"), ("Chávez Design", "chavez"), ("Jorge Chávez Design", "jorge chavez"), ("Rodel’s Boutique", "rodel"),
        ("Ana's Hair Studio", "ana"), ("Rosa's Kitchen", "rosa"), ("Eddie’s Barber Shop", "eddie"), ("Ana's", "anas"), ("Salon", "salon"), ("Ana Lopez", "ana lopez"), ("2 Salon", "salon"),
    ],
)  # fmt: skip
def test_a_business_is_compared_as_whom_it_is_named_after(raw: str, expected: str) -> None:
    assert behind(raw) == expected


@pytest.mark.parametrize(
    ("raw", "skeleton", "expected"),
    [
        ("J. Morales", "juanamorales", "juana morales"), ("J. Morales", "moralesjuana", "juana morales"), ("Jamal", "jamalsingleton", "jamal singleton"),
        ("Ana M.", "anamendez", "ana mendez"), ("Mr. Johnson", "tomjohnson", "tom johnson"),
        # What is left is no name, or another one, or too short to tell.
        ("Jamal", "jamalfitness", "jamal"), ("J. Morales", "anamorales", "j morales"), ("Ana M.", "analopez", "ana m"), ("Jamal", "jamalng", "jamal"),
        ("Jo", "jolopez", "jo"), ("J. Morales", "morales", "j morales"), ("Juana Morales", "juanalopez", "juana morales"),
    ],
)  # fmt: skip
def test_a_handle_completes_its_bearers_name(raw: str, skeleton: str, expected: str) -> None:
    assert behind(raw, skeleton) == expected


def test_an_initial_that_the_senders_handle_completes_does_not_fit_another_given_name() -> None:
    base = Base(customers={"a": person("Javier Morales", phone("+19165551234"))})
    initial = base.posterior(person("J. Morales", handle("moon", skeleton="moon")))
    completed = base.posterior(person("J. Morales", handle("juana.morales", skeleton="juanamorales")))
    assert completed.candidates[0].probability < initial.candidates[0].probability / 10
    told = [each.candidates[0].explanation.features[0].query_value for each in (initial, completed)]
    assert told == ["J. Morales", "J. Morales (Juana Morales)"]


def test_a_customers_own_address_completes_their_name() -> None:
    held = phone("+19165551234")
    base = Base(customers={"a": person("Jamal", held, email("jamal.singleton@x.org"))})
    (fitting,) = base.posterior(person("Jamal Singleton", held)).candidates
    (other,) = base.posterior(person("Jamal Rivers", held)).candidates
    assert fitting.explanation.features[0].level == "exact"
    assert other.explanation.features[0].level == "given_only"


def test_a_customer_who_has_contacts_brings_some_mostly() -> None:
    """Whether a message brings another kind of value or none at all: neither is one that we have."""
    base = Base(customers={"a": person("Orla Vexley", phone("+19165551234"))})
    without, elsewhere = (
        base.posterior(person("Orla Vexley")),
        base.posterior(person("Orla Vexley", handle("moon", skeleton="moon"))),
    )
    assert without.candidates[0].explanation.is_elsewhere
    assert elsewhere.candidates[0].explanation.is_elsewhere
