"""What is only claimed to be somebody's: values that came through a yes to "Is this you?" that nothing else bears out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from service.store.clusters import members_of
from service.store.contacts import may_stand_for, sources_by_contact
from service.store.tables import Merge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from service.store.tables import ContactMethod

#: Proofs of a merge that are no more than somebody's word.
_BARE_WORD = frozenset({"none", "claim"})


def carries_claim(session: Session, customer_id: str, rows: Sequence[ContactMethod]) -> bool:
    """Say whether a contact (its row and the twins behind it) is this customer's by nothing but a claim.

    A value is proven where anything that brought it was proven with somebody whom no claim made this customer.
    """
    if not any(may_stand_for(row) for row in rows):
        return True
    brought = sources_by_contact(session, [row.id for row in rows])
    origins = {
        *(row.origin_customer_id for row in rows),
        *(source.origin_customer_id for sources in brought.values() for source in sources),
    }
    return origins.isdisjoint(_proven_members(session, customer_id))


def _proven_members(session: Session, customer_id: str) -> set[str]:
    """The original customers who are this one by merges that are borne out, each of them on the way."""
    members = members_of(session, [customer_id])
    merges = session.execute(
        select(Merge.absorbed_id, Merge.survivor_id, Merge.proof).where(
            Merge.absorbed_id.in_(members), Merge.kind == "merge", Merge.undone_at.is_(None)
        )
    )
    absorbed: dict[str, list[str]] = {}
    for absorbed_id, survivor_id, proof in merges:
        if absorbed_id is not None and proof not in _BARE_WORD:
            absorbed.setdefault(survivor_id, []).append(absorbed_id)
    proven, waiting = {customer_id}, [customer_id]
    while waiting:
        waiting += (found := [each for each in absorbed.get(waiting.pop(), ()) if each not in proven])
        proven.update(found)
    return proven
