"""Whom half a name led to is scored where the whole name fits; whom more led to, always."""

from __future__ import annotations

from matching import Block, Record, block_keys, load_model, search_keys, select_candidates, worth_scoring
from tests.matching.people import person, phone

JOHN = person("John Smith", phone("+19165551234"))


def scored(query: Record, *customers: Record) -> list[Record]:
    """Whom of the customers, each of whom a key leads to, is scored for the query."""
    ids = {str(place): customer for place, customer in enumerate(customers)}
    blocks = [
        Block(
            key=key,
            customer_ids=tuple(
                each for each, customer in ids.items() if key.hash in {k.hash for k in block_keys(customer)}
            ),
        )
        for key in search_keys(query)
    ]
    retrieval = select_candidates(blocks)
    assert set(retrieval.customer_ids) == set(ids)
    ordered = {each: ids[each] for each in retrieval.customer_ids}
    return list(worth_scoring(query, retrieval, ordered, load_model()).values())


def test_a_name_that_fits_is_scored_and_one_that_shares_a_half_is_not() -> None:
    misspelt, another = person("Jhon Smith"), person("Jill Smith")
    assert scored(JOHN, misspelt, another) == [misspelt]


def test_who_holds_the_number_is_scored_whatever_the_name() -> None:
    wife, misspelt = person("Ana Lopez", phone("+19165551234")), person("John Smiht")
    assert scored(JOHN, wife, misspelt) == [wife, misspelt]


def test_where_no_name_fits_the_first_is_scored() -> None:
    assert scored(JOHN, person("Jill Smith"), person("Judy Smith"), person("Jane Smith")) in [
        [person("Jill Smith")],
        [person("Judy Smith")],
        [person("Jane Smith")],
    ]


def test_where_nobody_was_found_nobody_is_scored() -> None:
    assert scored(JOHN) == []
