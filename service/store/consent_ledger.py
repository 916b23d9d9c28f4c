"""The consent ledger as rows: written once, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import insert, select
from sqlalchemy.orm import load_only

from service.store.contacts import identity_of
from service.store.tables import ConsentEvent, ContactMethod, InboxEvent, new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

#: Type, platform and match value of a contact.
Identity: TypeAlias = "tuple[str, str, str]"

_VALUES_A_STATEMENT = 500


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


def acts_on(
    session: Session, values: Collection[Identity], channel: str
) -> dict[Identity, list[ConsentEvent]]:
    """Every act on each of `values` for one channel, without its evidence: what is allowed follows from these, in one query."""
    found: dict[Identity, list[ConsentEvent]] = {value: [] for value in values}
    columns = [getattr(ConsentEvent, name) for name in _DECISIVE.split()]
    rows = session.scalars(
        select(ConsentEvent)
        .where(ConsentEvent.match_value.in_({value for *_, value in values}), ConsentEvent.channel == channel)
        .order_by(ConsentEvent.recorded_at, ConsentEvent.id)
        .options(load_only(*columns, raiseload=True))
    )
    for event in rows:
        found.get((event.type, event.platform, event.match_value), []).append(event)
    return found


_DECISIVE = "type platform match_value channel purpose action actor_kind occurred_at event_id"


def acts_of_messages(
    session: Session, customer_ids: Collection[str], *, sources: Collection[str]
) -> dict[str, list[ConsentEvent]]:
    """What each message did that ended in one of these customers and came by one of `sources`, and what was decided on it."""
    messages = (
        select(ConsentEvent.event_id)
        .join(InboxEvent, InboxEvent.id == ConsentEvent.event_id)
        .where(InboxEvent.customer_id.in_(customer_ids), ConsentEvent.source.in_(sources))
    )
    found: dict[str, list[ConsentEvent]] = {}
    for act in session.scalars(
        select(ConsentEvent)
        .where(ConsentEvent.event_id.in_(messages))
        .order_by(ConsentEvent.recorded_at, ConsentEvent.id)
    ):
        found.setdefault(str(act.event_id), []).append(act)
    return found


def values_with_acts(session: Session, values: Collection[Identity]) -> set[Identity]:
    """Those of many `values` of which the ledger says anything; at most a few, where it says little."""
    if session.scalar(select(ConsentEvent.id).limit(1)) is None:
        return set()
    found: set[Identity] = set()
    listed = sorted({value for *_, value in values})
    for start in range(0, len(listed), _VALUES_A_STATEMENT):
        wanted = listed[start : start + _VALUES_A_STATEMENT]
        rows = session.execute(
            select(ConsentEvent.type, ConsentEvent.platform, ConsentEvent.match_value)
            .where(ConsentEvent.match_value.in_(wanted))
            .distinct()
        )
        found.update((kind, platform, value) for kind, platform, value in rows)
    return found.intersection(values)


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
