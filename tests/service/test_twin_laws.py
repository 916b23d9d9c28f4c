"""Laws of twins: while rows of one value stand behind one another, what a code proved of any is true of the one that stands.

And whatever was merged and undone, in whatever order: once all is undone, everybody has what they had.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from service.store.tables import ContactMethod, Customer
from service.usecases.refresh import refresh
from tests.service.review_desk import create, merge_by_hand, merges, undo
from tests.service.test_contact_laws import assert_promises_hold, begin, merge, prefer, take_back

if TYPE_CHECKING:
    from random import Random

    from tests.service.installation import Installation
    from tests.service.test_contact_laws import Life

MAIL = ("email", "john@gmail.com")
VALUES = (MAIL, ("email", "john@work.com"), ("phone", "+19165559999"), ("phone", "+19165551234"))


def test_an_address_that_one_side_verified_is_verified_after_the_merge_and_each_has_its_own_after_the_undo(
    installation: Installation,
) -> None:
    john, proven = create(installation, "John Doe", MAIL), create(installation, "John Doe", MAIL)
    prefer_only_contact(installation, john)
    verify(installation, proven)
    before = [state(installation, each) for each in (john, proven)]

    merged = merge_by_hand(installation, john, proven)

    [standing] = installation.contacts(john).values()
    assert (standing["is_verified"], standing["is_primary"]) == (True, True)
    assert installation.get(f"/api/v1/customers/{john}")["preferred_contact_id"] == standing["id"]
    assert undo(installation, merged).status_code == 200
    assert [state(installation, each) for each in (john, proven)] == before


def test_a_preference_that_was_said_while_two_were_one_stays_with_the_value(
    installation: Installation,
) -> None:
    john, proven = create(installation, "John Doe", MAIL), create(installation, "John Doe", MAIL)
    [own] = installation.contacts(john).values()
    verify(installation, proven)
    merged = merge_by_hand(installation, john, proven)
    prefer_only_contact(installation, john)
    undo(installation, merged)
    assert installation.get(f"/api/v1/customers/{john}")["preferred_contact_id"] == own["id"]


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(random=st.randoms(use_true_random=True))
def test_merging_shows_what_anybody_proved_and_undoing_all_of_it_gives_everybody_back_theirs(
    installation: Installation, random: Random
) -> None:
    life = begin(installation, random)
    for _ in range(3):
        held = random.sample(VALUES, random.randint(1, len(VALUES)))
        life.customers.append(create(installation, "John Doe", *held))
        verify(installation, life.customers[-1], *random.sample(held, random.randint(0, len(held))))
        prefer(life)
    before = {each: state(installation, each) for each in life.customers}
    for _ in range(8):
        random.choice((merge, merge, take_back))(life)
        life.installation.clock.advance(minutes=1)
        assert_promises_hold(life)
        assert_the_standing_are_proven(life)
    standing = [each["id"] for each in merges(installation) if each["undone_at"] is None]
    random.shuffle(standing)
    for each in standing:
        assert undo(installation, each).status_code == 200
    assert {each: state(installation, each) for each in life.customers} == before


def verify(installation: Installation, customer_id: str, *values: tuple[str, str]) -> None:
    """What a code that came back sets, on some of a customer's contacts (the email where none is named)."""
    held = [value for _, value in values or (MAIL,)]
    wanted = (ContactMethod.customer_id == customer_id, ContactMethod.value.in_(held))
    with installation.runtime.database.transaction() as session:
        changed = {"is_verified": True, "verified_at": installation.clock()}
        session.execute(update(ContactMethod).where(*wanted).values(changed))
        refresh(session, session.get_one(Customer, customer_id), now=installation.clock())


def prefer_only_contact(installation: Installation, customer_id: str) -> None:
    [contact] = installation.contacts(customer_id).values()
    body = {"preferred_contact_id": contact["id"]}
    assert installation.call("PATCH", f"/api/v1/customers/{customer_id}", json=body).status_code == 200


def state(installation: Installation, customer_id: str) -> dict[str, Any]:
    """A customer with all contacts, but for what every write touches."""
    customer = installation.get(f"/api/v1/customers/{customer_id}")
    contacts = list(installation.contacts(customer_id).values())
    for each in (customer, *contacts):
        each.pop("updated_at")
    return {"customer": customer, "contacts": sorted(contacts, key=lambda each: str(each["id"]))}


def assert_the_standing_are_proven(life: Life) -> None:
    with life.installation.runtime.database.reading() as session:
        rows = session.scalars(select(ContactMethod)).all()
    proven: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        proven[row.collapsed_into_id or row.id].append(row.is_verified)
    assert all(row.is_verified == any(proven[row.id]) for row in rows if row.collapsed_into_id is None)
