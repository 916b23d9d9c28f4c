"""Which customers are one person now: the forest of standing merges, walked up and down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from service.errors import ErrorCode, Refusal
from service.store.contacts import values_of
from service.store.locks import lock_customers, lock_values
from service.store.statements import marks, read_rows
from service.store.tables import Customer, Judgement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session


def find_survivor(session: Session, customer_id: str) -> Customer | None:
    """The customer that `customer_id` leads to, through any chain of merges; None for an unknown id."""
    survivor_id = survivors_of(session, [customer_id]).get(customer_id)
    return session.get(Customer, survivor_id, populate_existing=True) if survivor_id else None


def survivors_of(session: Session, customer_ids: Collection[str]) -> dict[str, str]:
    """The ids that these lead to, through any chain of merges, in one query; an unknown id is left out."""
    chain = (
        select(
            Customer.id.label("start"), Customer.id.label("reached"), Customer.merged_into_id.label("into")
        )
        .where(Customer.id.in_(customer_ids))
        .cte("chain", recursive=True)
    )
    parent = aliased(Customer)
    chain = chain.union(
        select(chain.c.start, parent.id, parent.merged_into_id).join(chain, parent.id == chain.c.into)
    )
    return dict(session.execute(select(chain.c.start, chain.c.reached).where(chain.c.into.is_(None))).all())


def lock_survivor(session: Session, customer_id: str) -> Customer:
    """Lock the customer that `customer_id` leads to, even while another transaction merges it away.

    Raises:
        Refusal: nobody has this id.
    """
    return lock_survivors(session, [customer_id])[customer_id]


def lock_survivors(
    session: Session, customer_ids: Sequence[str], *, beside: Collection[str] = (), with_values: bool = False
) -> dict[str, Customer]:
    """Lock the customers that these ids lead to, in id order, before anything that hangs on them: id -> survivor.

    `beside` are ids to be locked with them as they are, tombstones or not. `with_values` holds every contact value of
    theirs first: what these allow does not change meanwhile, and nobody gets another. Who holds all of it already waits
    for nothing.

    Raises:
        Refusal: nobody has one of these ids.
    """
    survivors = survivors_of(session, customer_ids)
    while True:
        if not survivors.keys() >= set(customer_ids):
            raise Refusal(ErrorCode.NOT_FOUND, "There is no customer with this id.")
        # One savepoint alone: of one that is released within another, PostgreSQL wakes nobody before the transaction ends.
        attempt = session.begin_nested()
        held = values_of(session, survivors.values()) if with_values else set()
        if with_values:
            lock_values(session, held)
        locked = lock_customers(session, {*survivors.values(), *beside})
        # While we waited, one may have been merged away, given back by an undo, or given another value.
        survivors, waited_for = survivors_of(session, customer_ids), survivors
        has_more = with_values and not values_of(session, survivors.values()) <= held
        if survivors == waited_for and not has_more:
            attempt.commit()
            return {customer_id: locked[survivor_id] for customer_id, survivor_id in survivors.items()}
        # Lets these locks go: to wait for others while holding them would be out of order.
        attempt.rollback()


def members_of(session: Session, survivor_ids: Collection[str]) -> dict[str, str]:
    """Every original customer in the clusters of `survivor_ids`: member id -> survivor id (each its own member)."""
    if not survivor_ids:
        return {}
    statement = f"WITH RECURSIVE {clusters(len(survivor_ids))} SELECT CAST(member AS text), CAST(survivor AS text) FROM tree"  # noqa: S608 - no value of anybody's is in it
    return dict(read_rows(session, statement, survivor_ids))


def clusters(survivors: int) -> str:
    """The common table expression `tree`: every member of the clusters of so many survivors, whose ids are its values."""
    return f"""tree (member, survivor) AS (
        SELECT id, id FROM customers WHERE id IN ({marks(survivors)})
        UNION SELECT child.id, tree.survivor FROM customers AS child JOIN tree ON child.merged_into_id = tree.member
    )"""  # noqa: S608 - no value of anybody's is in it


def judged_apart(session: Session, customer_id: str, others: Iterable[str]) -> set[str]:
    """Those of `others` who are not `customer_id`, by a person's word on any two of their original ids."""
    clusters = members_of(session, {customer_id, *others})
    own = {member for member, survivor in clusters.items() if survivor == customer_id}
    theirs = {member: survivor for member, survivor in clusters.items() if survivor != customer_id}
    if not own or not theirs:
        return set()
    pairs = session.execute(
        select(Judgement.low_id, Judgement.high_id).where(
            (Judgement.low_id.in_(own) & Judgement.high_id.in_(theirs))
            | (Judgement.high_id.in_(own) & Judgement.low_id.in_(theirs))
        )
    )
    return {theirs[low if low in theirs else high] for low, high in pairs}
