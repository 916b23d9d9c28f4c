"""Which customers are one person now: the forest of standing merges, walked up and down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from service.errors import ErrorCode, Refusal
from service.store.locks import lock_customers
from service.store.tables import Customer, Judgement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session


def find_survivor(session: Session, customer_id: str) -> Customer | None:
    """The customer that `customer_id` leads to, through any chain of merges; None for an unknown id."""
    chain = (
        select(Customer.id, Customer.merged_into_id)
        .where(Customer.id == customer_id)
        .cte("chain", recursive=True)
    )
    parent = aliased(Customer)
    chain = chain.union(
        select(parent.id, parent.merged_into_id).join(chain, parent.id == chain.c.merged_into_id)
    )
    return session.scalar(
        select(Customer).join(chain, Customer.id == chain.c.id).where(chain.c.merged_into_id.is_(None))
    )


def lock_survivor(session: Session, customer_id: str) -> Customer:
    """Lock the customer that `customer_id` leads to, even while another transaction merges it away.

    Raises:
        Refusal: nobody has this id.
    """
    return lock_survivors(session, [customer_id])[customer_id]


def lock_survivors(session: Session, customer_ids: Sequence[str]) -> dict[str, Customer]:
    """Lock the customers that these ids lead to, in id order, before anything that hangs on them: id -> survivor.

    Raises:
        Refusal: nobody has one of these ids.
    """
    while True:
        survivors = {}
        for customer_id in customer_ids:
            survivor = find_survivor(session, customer_id)
            if survivor is None:
                raise Refusal(ErrorCode.NOT_FOUND, "There is no customer with this id.")
            survivors[customer_id] = survivor.id
        locked = lock_customers(session, survivors.values())
        if all(customer.merged_into_id is None for customer in locked.values()):
            return {customer_id: locked[survivor_id] for customer_id, survivor_id in survivors.items()}


def members_of(session: Session, survivor_ids: Collection[str]) -> dict[str, str]:
    """Every original customer in the clusters of `survivor_ids`: member id -> survivor id (each its own member)."""
    if not survivor_ids:
        return {}
    tree = (
        select(Customer.id.label("member"), Customer.id.label("survivor"))
        .where(Customer.id.in_(survivor_ids))
        .cte("tree", recursive=True)
    )
    child = aliased(Customer)
    tree = tree.union(
        select(child.id, tree.c.survivor).select_from(child).join(tree, child.merged_into_id == tree.c.member)
    )
    return dict(session.execute(select(tree.c.member, tree.c.survivor)).all())


def judged_apart(session: Session, customer_id: str, others: Iterable[str]) -> set[str]:
    """Those of `others` who are not `customer_id`, by a person's word on any two of their original ids."""
    clusters = members_of(session, {customer_id, *others})
    own = {member for member, survivor in clusters.items() if survivor == customer_id}
    theirs = {member: survivor for member, survivor in clusters.items() if survivor != customer_id}
    newest = _newest_verdicts(session, own, theirs)
    return {theirs[member] for member, verdict in newest.items() if verdict == "not_same"}


def _newest_verdicts(session: Session, own: Collection[str], theirs: Mapping[str, str]) -> dict[str, str]:
    """The newest verdict on each of `theirs`, against any of `own`; 'not_same' wins over an older 'same' elsewhere."""
    if not own or not theirs:
        return {}
    rows = session.execute(
        select(Judgement.low_id, Judgement.high_id, Judgement.verdict)
        .where(
            (Judgement.low_id.in_(own) & Judgement.high_id.in_(theirs))
            | (Judgement.high_id.in_(own) & Judgement.low_id.in_(theirs))
        )
        .order_by(Judgement.created_at, Judgement.id)
    )
    by_pair = {(low, high): verdict for low, high, verdict in rows}
    verdicts: dict[str, str] = {}
    for (low, high), verdict in by_pair.items():
        other = low if low in theirs else high
        if verdicts.get(other) != "not_same":
            verdicts[other] = verdict
    return verdicts
