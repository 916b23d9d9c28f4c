"""The consent ledger as rows: written once, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import insert, select

from service.store.contacts import identity_of
from service.store.tables import ConsentEvent, ContactMethod, new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

#: Type, platform and match value of a contact.
Identity: TypeAlias = "tuple[str, str, str]"


def append(session: Session, acts: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Write acts down, in one statement."""
    if acts:
        session.execute(insert(ConsentEvent), [{**act, "id": new_id(), "recorded_at": now} for act in acts])


def events_of_values(session: Session, values: Collection[Identity]) -> dict[Identity, list[ConsentEvent]]:
    """Every act on each of `values`, in one query."""
    found: dict[Identity, list[ConsentEvent]] = {value: [] for value in values}
    if values:
        wanted = select(ConsentEvent).where(ConsentEvent.match_value.in_({value for *_, value in values}))
        for event in session.scalars(wanted.order_by(ConsentEvent.recorded_at, ConsentEvent.id)):
            found.get((event.type, event.platform, event.match_value), []).append(event)
    return found


def rows_of_values(session: Session, values: Collection[Identity]) -> list[ContactMethod]:
    """Every row that has one of `values`, whoever holds it, deleted ones and twins too; locked in one order for everybody."""
    if not values:
        return []
    rows = session.scalars(
        select(ContactMethod)
        .where(ContactMethod.match_value.in_({value for *_, value in values}))
        .order_by(ContactMethod.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return [row for row in rows if identity_of(row) in values]
