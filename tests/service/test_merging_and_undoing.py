"""Laws of merging: whatever is merged and undone, in whatever order, everybody gets back what they brought."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from matching import block_keys, unpack
from service.errors import Refusal
from service.store.clusters import find_survivor, judged_apart
from service.store.contacts import identity_of, live_contacts
from service.store.tables import ContactMethod, Customer, MatchKey, MatchRecord, Merge
from service.usecases.create_customer import create_customer
from service.usecases.merge import Grounds, merge
from service.usecases.typed_contacts import TypedContact
from service.usecases.undo import undo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from service.store.session import Database

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BY_HAND = Grounds(proof="operator", actor="operator:test")
#: Few values, so that customers often share one.
POOL = [
    TypedContact(type="phone", value="+19165550100"),
    TypedContact(type="phone", value="+19165550101", label="business"),
    TypedContact(type="phone", value="+19165550102", label="assistant"),
    TypedContact(type="email", value="ana@example.com"),
    TypedContact(type="email", value="ana.lopez@gmail.com"),
    TypedContact(type="social", platform="instagram", value="ana.lopez"),
]


def create(session: Session, name: str, contacts: Sequence[TypedContact]) -> str:
    return create_customer(session, name=name, contacts=contacts, region="US", actor="tests", now=NOW).id


def held(session: Session, customer_id: str) -> dict[str, Any]:
    """Everything of a customer that must come back as it was."""
    customer = session.get_one(Customer, customer_id)
    return {
        "mirrors": (customer.phone, customer.email),
        "contacts": {
            row.id: (identity_of(row), row.label, row.is_primary)
            for row in live_contacts(session, [customer_id])
        },
    }


def assert_sound(session: Session) -> None:
    """What holds of every customer at every moment."""
    session.expire_all()
    for customer in session.scalars(select(Customer)):
        contacts = live_contacts(session, [customer.id])
        assert customer.merged_into_id is None or not contacts
        identities = [identity_of(contact) for contact in contacts]
        assert len(identities) == len(set(identities))
        primaries = {contact.type: contact.value for contact in contacts if contact.is_primary}
        assert len(primaries) == sum(contact.is_primary for contact in contacts)
        assert set(primaries) == {contact.type for contact in contacts}
        assert (customer.phone, customer.email) == (primaries.get("phone"), primaries.get("email"))
        packed = session.scalar(select(MatchRecord.packed).where(MatchRecord.customer_id == customer.id))
        keys = set(session.scalars(select(MatchKey.key).where(MatchKey.customer_id == customer.id)))
        assert (packed is None) == (customer.merged_into_id is not None)
        record = unpack(packed) if packed else None
        assert keys == ({key.hash for key in block_keys(record)} if record else set())
        told = {contact.match_value for contact in contacts if contact.label != "assistant"}
        if record:
            assert told == {each.e164 for each in record.phones} | {
                each.canonical for each in record.emails
            } | {each.value for each in record.handles}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=set(Phase) - {Phase.explain},  # explaining traces every line of every library
)
@given(data=st.data())
def test_merges_undone_in_any_order_give_everybody_back_what_they_brought(
    database: Database, data: st.DataObject
) -> None:
    with database.transaction() as session:
        brought = [data.draw(st.lists(st.sampled_from(POOL), unique=True)) for _ in range(4)]
        ids = [create(session, f"Ana {'abcd'[number]}", each) for number, each in enumerate(brought)]
        before = {customer_id: held(session, customer_id) for customer_id in ids}
        standing: list[str] = []
        for step in range(data.draw(st.integers(min_value=1, max_value=7))):
            now = NOW + timedelta(minutes=step)
            if standing and data.draw(st.booleans()):
                undo(
                    session, standing.pop(data.draw(st.integers(0, len(standing) - 1))), actor="test", now=now
                )
            else:
                one, other = data.draw(st.permutations(ids))[:2]
                try:
                    standing.append(merge(session, one, other, grounds=BY_HAND, now=now).id)
                except Refusal:
                    assert find_survivor(session, one) is find_survivor(session, other)
            assert_sound(session)
        for merge_id in data.draw(st.permutations(standing)):
            undo(session, merge_id, actor="test", now=NOW + timedelta(days=1))
            assert_sound(session)
        assert {customer_id: held(session, customer_id) for customer_id in ids} == before
        session.rollback()


def test_an_edit_travels_with_its_value_and_a_later_addition_stays(database: Database) -> None:
    with database.transaction() as session:
        ana = create(session, "Ana", POOL[:1])
        other = create(session, "Ana L", POOL[3:4])
        record = merge(session, ana, other, grounds=BY_HAND, now=NOW)
        email = next(row for row in live_contacts(session, [ana]) if row.type == "email")
        email.label = "other"
        email.can_marketing = True
        session.flush()

        undone = undo(session, record.id, actor="test", now=NOW + timedelta(hours=1))

        assert [row["value"] for row in undone.moved_back] == ["ana@example.com"]
        back = live_contacts(session, [other])
        assert [(row.value, row.label, row.can_marketing, row.is_primary) for row in back] == [
            ("ana@example.com", "other", True, True)
        ]


def test_what_was_deleted_meanwhile_stays_deleted_with_whom_it_came(database: Database) -> None:
    with database.transaction() as session:
        ana = create(session, "Ana", POOL[:1])
        other = create(session, "Ana L", POOL[3:5])
        record = merge(session, ana, other, grounds=BY_HAND, now=NOW)
        email = next(row for row in live_contacts(session, [ana]) if row.value == "ana.lopez@gmail.com")
        email.deleted_at = NOW
        session.flush()

        undo(session, record.id, actor="test", now=NOW + timedelta(hours=1))

        assert [row.value for row in live_contacts(session, [other])] == ["ana@example.com"]
        assert session.get_one(ContactMethod, email.id).customer_id == other


def test_undoing_remembers_that_they_are_two_and_all_that_this_implies(database: Database) -> None:
    with database.transaction() as session:
        ana, twin, third = (create(session, "Ana", []) for _ in range(3))
        record = merge(session, ana, twin, grounds=BY_HAND, now=NOW)
        undo(session, record.id, actor="test", now=NOW)
        assert judged_apart(session, ana, [twin, third]) == {twin}

        merge(session, third, twin, grounds=BY_HAND, now=NOW)
        assert judged_apart(session, ana, [third]) == {third}, (
            "whoever is one with the twin is not Ana either"
        )


@pytest.mark.parametrize("others", ["themselves", "their survivor"])
def test_one_customer_cannot_be_merged_with_itself(database: Database, others: str) -> None:
    with database.transaction() as session:
        ana, twin = create(session, "Ana", []), create(session, "Ana", [])
        if others == "their survivor":
            merge(session, ana, twin, grounds=BY_HAND, now=NOW)
        with pytest.raises(Refusal):
            merge(session, ana, twin if others == "their survivor" else ana, grounds=BY_HAND, now=NOW)
        assert len(session.scalars(select(Merge)).all()) == (others == "their survivor")
