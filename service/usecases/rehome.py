"""Moving contact methods between customers, so that afterwards no customer has a value twice, nor two primaries.

Merging and undoing are both this: decide who holds each row, then put twins behind each other and choose the primaries.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from service.store.contacts import ASSISTANT, best_primary, identity_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from service.store.tables import ContactMethod


def rehome(
    session: Session,
    contacts: Sequence[ContactMethod],
    holders: Mapping[str, str],
    *,
    preferred_primaries: Sequence[str],
) -> None:
    """Give each of `contacts` to `holders[contact.id]`.

    `contacts` are all rows, not deleted, of every customer that takes part. `preferred_primaries` are contact ids, the first that
    a customer holds of a type becomes primary there; without one, the best of the type does.

    The order of the writes matters: the unique indexes must hold after each of them.
    """
    twins = _twins(contacts, holders)
    primaries = _primaries(contacts, holders, twins, preferred_primaries)
    for contact in contacts:
        contact.is_primary = False
        if contact.id in twins:
            contact.collapsed_into_id = twins[contact.id]
    session.flush()
    for contact in contacts:
        contact.customer_id = holders[contact.id]
    session.flush()
    for contact in contacts:
        contact.collapsed_into_id = twins.get(contact.id)
    session.flush()
    for contact in contacts:
        contact.is_primary = contact.id in primaries
    session.flush()


def _twins(contacts: Sequence[ContactMethod], holders: Mapping[str, str]) -> dict[str, str]:
    """For each row that its holder has twice: the row that stands for it.

    A verified one comes first, since what a code proved is true of the value; then the holder's own.
    """
    groups: dict[tuple[str, tuple[str, str, str]], list[ContactMethod]] = defaultdict(list)
    for contact in contacts:
        groups[holders[contact.id], identity_of(contact)].append(contact)
    twins = {}
    for (holder, _), rows in groups.items():
        keeper = min(
            rows,
            key=lambda row: (
                not row.is_verified or row.label == ASSISTANT,
                row.origin_customer_id != holder,
                row.customer_id != holder,
                row.created_at,
                row.id,
            ),
        )
        twins.update({row.id: keeper.id for row in rows if row is not keeper})
    return twins


def _primaries(
    contacts: Sequence[ContactMethod],
    holders: Mapping[str, str],
    twins: Mapping[str, str],
    preferred: Sequence[str],
) -> Collection[str]:
    """The ids of the rows that are primary: one for each holder and type that has a row to choose."""
    rank: dict[str, int] = {}
    for place, contact_id in enumerate(preferred):
        # Where the preferred row stands behind its twin, the twin is meant.
        rank.setdefault(twins.get(contact_id, contact_id), place)
    groups: dict[tuple[str, str], list[ContactMethod]] = defaultdict(list)
    for contact in contacts:
        if contact.id not in twins:
            groups[holders[contact.id], contact.type].append(contact)
    chosen = set()
    for rows in groups.values():
        wanted = [row for row in rows if row.id in rank]
        primary = min(wanted, key=lambda row: rank[row.id]) if wanted else best_primary(rows)
        if primary is not None:
            chosen.add(primary.id)
    return chosen
