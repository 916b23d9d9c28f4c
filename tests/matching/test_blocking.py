from __future__ import annotations

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Block, PersonName, Record, block_keys, search_keys, select_candidates
from matching.blocking import KEY_CAP, MAX_BY_PART, MAX_CANDIDATES, MAX_KEYS, PART_CAP, KeyKind, block_key
from tests.matching.people import email, handle, name, person, phone

DOUBLE = Record(
    names=(
        PersonName(
            display="Sofia Huerta Villanueva",
            given="sofia",
            middle=("huerta",),
            family="villanueva",
            tokens=("sofia", "huerta", "villanueva"),
        ),
    )
)


def kinds(record: Record) -> list[KeyKind]:
    return [key.kind for key in block_keys(record)]


def shared(one: Record, other: Record) -> set[KeyKind]:
    hashes = {key.hash for key in block_keys(other)}
    return {key.kind for key in search_keys(one) if key.hash in hashes}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (person(phone("+19165551234")), person("Ana", phone("+19165551234")), KeyKind.PHONE),
        (person(email("ana@x.org")), person("Ana", email("ana@x.org")), KeyKind.EMAIL),
        (person(handle("ana.l")), person(handle("ana.l")), KeyKind.HANDLE),
        (person("John Doe"), person(handle("johndoe_biz")), KeyKind.NAME_SKELETON),
        (person("John Doe"), person(email("john.doe@x.org")), KeyKind.NAME_SKELETON),
        (person(handle("johndoe_biz")), person(email("john.doe77@x.org")), KeyKind.NAME_SKELETON),
        (person("John Doe"), person("Doe John"), KeyKind.NAME_SKELETON),
        (person("Bob Doe"), person("Robert Doe"), KeyKind.PHONETIC_NAME),
        (person("Sara Smyth"), person("Sarah Smith"), KeyKind.PHONETIC_NAME),
        (person("J. Doe"), person("John Doe"), KeyKind.PHONETIC_NAME),
        (person("Smyth Jon"), person("John Smith"), KeyKind.PHONETIC_NAME),
        (person("John Smiht"), person("Jon Smith"), KeyKind.GIVEN_NAME),
        (person("Madonna"), person("Madonna"), KeyKind.NAME_SKELETON),
        (person("Sofia Huerta"), DOUBLE, KeyKind.GIVEN_NAME),
        (DOUBLE, person("Sofia Huerta"), KeyKind.PHONETIC_NAME),
    ],
)
def test_records_that_belong_together_share_a_key(one: Record, other: Record, kind: KeyKind) -> None:
    assert kind in shared(one, other)
    assert kind in shared(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("John Doe"), person("Jane Roe")),
        (person(handle("ana")), person(handle("ana", platform="facebook"))),
        (person(email("john@x.org")), person("John")),
        (person(email("info@x.org")), person(email("info@y.org"))),
        (Record(), Record()),
    ],
)
def test_records_that_do_not_belong_together_share_none(one: Record, other: Record) -> None:
    assert shared(one, other) == set()


def test_the_most_selective_kinds_come_first() -> None:
    record = person("John Doe", handle("johndoe_biz"), email("j.d@x.org"), phone("+19165551234"))
    assert list(dict.fromkeys(kinds(record))) == list(KeyKind)


def test_a_missing_value_gives_no_key_and_one_word_gives_a_skeleton_only() -> None:
    assert kinds(Record()) == []
    assert kinds(person("Madonna")) == [KeyKind.NAME_SKELETON]


def test_a_customer_is_kept_under_one_spelling_and_looked_for_under_all() -> None:
    robert = person("Robert Doe")
    assert len(block_keys(robert)) == 4  # robertdoe, doerobert, and two halves of a name
    assert {key.hash for key in block_keys(robert)} < {key.hash for key in search_keys(robert)}


def test_a_key_is_the_same_in_every_process() -> None:
    script = "from matching.blocking import *; print(block_key(KeyKind.PHONE, '+19165551234').hash)"
    elsewhere = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603 - our own
    here = block_key(KeyKind.PHONE, "+19165551234").hash
    assert here == int(elsewhere.stdout)
    assert -(2**63) <= here < 2**63


def test_a_record_has_a_bounded_number_of_keys() -> None:
    monster = person(*(phone(f"+1916{number:07d}") for number in range(500)))
    assert len(block_keys(monster)) == MAX_KEYS


@given(
    st.permutations([name("Ana Lopez"), name("Ann Lopes"), phone("+1"), phone("+2"), email("a.lopez@x.org")])
)
def test_the_order_of_values_does_not_change_the_keys(values: list[object]) -> None:
    assert block_keys(person(*values)) == block_keys(
        person("Ana Lopez", "Ann Lopes", phone("+1"), phone("+2"), email("a.lopez@x.org"))
    )


# ---------------------------------------------------------------- choosing candidates

PHONE = block_key(KeyKind.PHONE, "+1")
SKELETON = block_key(KeyKind.NAME_SKELETON, "johndoe")
PHONETIC = block_key(KeyKind.PHONETIC_NAME, "j doe")


def block(key: object, count: int, prefix: str = "c") -> Block:
    return Block(key=key, customer_ids=tuple(f"{prefix}{number:04d}" for number in range(count)))


def test_nothing_found_is_an_empty_retrieval() -> None:
    assert select_candidates([]).customer_ids == ()
    assert select_candidates([Block(key=PHONE, customer_ids=())]).holders == {PHONE.hash: 0}


def test_half_a_name_leads_to_fewer_customers_than_a_whole_one() -> None:
    assert len(select_candidates([block(PHONETIC, PART_CAP)]).customer_ids) == MAX_BY_PART
    assert select_candidates([block(PHONETIC, PART_CAP + 1)]).customer_ids == ()
    both = [block(PHONETIC, PART_CAP), block(block_key(KeyKind.GIVEN_NAME, "JN d"), PART_CAP)]
    assert len(select_candidates(both).customer_ids) == PART_CAP


def test_those_who_share_the_rarest_keys_come_first() -> None:
    found = select_candidates([block(SKELETON, 50), Block(key=PHONE, customer_ids=("z", "c0007"))])
    assert found.customer_ids[:2] == ("c0007", "z")


def test_a_rare_name_is_not_crowded_out_by_a_phone_that_everybody_shares() -> None:
    found = select_candidates([block(PHONE, 150), Block(key=SKELETON, customer_ids=("z",))])
    assert found.customer_ids[0] == "z"


def test_a_key_over_its_cap_reaches_nobody_by_itself() -> None:
    found = select_candidates([block(SKELETON, KEY_CAP + 1)])
    assert found.customer_ids == ()
    assert found.holders == {SKELETON.hash: KEY_CAP + 1}
    assert found.missed == {SKELETON.hash: KEY_CAP + 1}


def test_a_key_over_its_cap_ranks_those_whom_another_key_reached() -> None:
    reached = Block(key=PHONETIC, customer_ids=("a", "c0199"))
    assert select_candidates([block(SKELETON, KEY_CAP + 1), reached]).customer_ids == ("c0199", "a")


def test_no_more_are_chosen_than_can_be_scored_and_the_rest_is_counted() -> None:
    found = select_candidates([block(SKELETON, 100)])
    assert len(found.customer_ids) == MAX_CANDIDATES
    assert found.missed == {SKELETON.hash: 100 - MAX_CANDIDATES}


def test_a_customer_who_was_not_read_is_counted_once_behind_the_rarest_key_of_a_kind() -> None:
    other = block_key(KeyKind.NAME_SKELETON, "doejohn")
    found = select_candidates([block(SKELETON, 90), block(other, 80)], limit=70)
    assert found.missed == {other.hash: 10, SKELETON.hash: 10}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_does_not_change_the_choice(seed: int) -> None:
    order = Random(seed)  # noqa: S311 - a shuffle, not a secret
    blocks = [block(SKELETON, 120), block(PHONETIC, 201), block(PHONE, 3, "d")]
    shuffled = [
        Block(key=each.key, customer_ids=tuple(order.sample(each.customer_ids, len(each.customer_ids))))
        for each in order.sample(blocks, len(blocks))
    ]
    assert select_candidates(shuffled) == select_candidates(blocks)
