"""Rows of imports: many at a time, how far a file has come, and who is known by which id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from service.events import ROW_PREFIX
from service.store.inserting import insert_once
from service.store.locks import lock_all_values
from service.store.tables import ContactMethod, Customer, ExternalId, ImportRun, new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

_KEYS_A_STATEMENT = 500


def take_turn(session: Session) -> None:
    """Wait for other imports' batches and for whoever holds a value: what is known and allowed stays so until this commits."""
    lock_all_values(session)


def known_ids(session: Session, external_ids: Sequence[str]) -> dict[str, str]:
    """The customers that are known by these ids."""
    found: dict[str, str] = {}
    for start in range(0, len(external_ids), _KEYS_A_STATEMENT):
        wanted = external_ids[start : start + _KEYS_A_STATEMENT]
        rows = session.execute(
            select(ExternalId.external_id, ExternalId.customer_id).where(ExternalId.external_id.in_(wanted))
        )
        found.update(rows.all())
    return found


def external_ids_of(session: Session, customer_ids: Sequence[str]) -> dict[str, str]:
    """The id that the file had for each customer; one that is known by a hash alone is left out."""
    rows = session.execute(
        select(ExternalId.customer_id, ExternalId.external_id).where(
            ExternalId.customer_id.in_(customer_ids), ~ExternalId.external_id.startswith(ROW_PREFIX)
        )
    )
    return dict(rows.all())


def names_of(session: Session, customer_ids: Collection[str]) -> dict[str, str | None]:
    """The names of customers."""
    rows = session.execute(select(Customer.id, Customer.name).where(Customer.id.in_(customer_ids)))
    return dict(rows.all())


def ever_held(session: Session, customer_ids: Collection[str]) -> dict[str, set[tuple[str, str, str]]]:
    """What each customer holds, held or brought, deleted contacts included."""
    held: dict[str, set[tuple[str, str, str]]] = {customer_id: set() for customer_id in customer_ids}
    columns = (ContactMethod.type, ContactMethod.platform, ContactMethod.match_value)
    for holder in (ContactMethod.customer_id, ContactMethod.origin_customer_id):
        for customer_id, *identity in session.execute(
            select(holder, *columns).where(holder.in_(customer_ids))
        ):
            held[customer_id].add((identity[0], identity[1], identity[2]))
    return held


def keep_run(session: Session, fingerprint: str, *, start: int, now: datetime) -> ImportRun:
    """The run of a file: the one that was interrupted, or a new one from its start."""
    fresh: dict[str, Any] = {
        "position": start,
        **dict.fromkeys(("lines", "created", "updated", "unchanged", "rejected", "rejects_size"), 0),
        "started_at": now,
        "updated_at": now,
        "finished_at": None,
    }
    insert_once(session, ImportRun, {"id": new_id(), "fingerprint": fingerprint, **fresh})
    run = session.scalars(select(ImportRun).where(ImportRun.fingerprint == fingerprint)).one()
    if run.finished_at is not None:
        restart_run(run, start=start, now=now)
    return run


def restart_run(run: ImportRun, *, start: int, now: datetime) -> None:
    """Begin a file anew."""
    run.position, run.started_at, run.updated_at, run.finished_at = start, now, now, None
    run.lines = run.created = run.updated = run.unchanged = run.rejected = run.rejects_size = 0


def move_run(session: Session, run: ImportRun, values: Mapping[str, Any]) -> bool:
    """Write how far a run has come; False where another import of the same file has moved it."""
    moved = session.execute(
        update(ImportRun)
        .where(
            ImportRun.id == run.id,
            ImportRun.position == run.position,
            ImportRun.lines == run.lines,
            ImportRun.finished_at.is_(None),
        )
        .values(**values)
        .returning(ImportRun.id)
        .execution_options(synchronize_session=False)
    )
    return moved.first() is not None


def count_run(session: Session, run: ImportRun) -> None:
    """Write the counts of a run."""
    counted = {name: getattr(run, name) for name in ("created", "updated", "unchanged", "rejected")}
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id)
        .values(**counted)
        .execution_options(synchronize_session=False)
    )


def tune(session: Session) -> None:
    """Let the connection of an import keep more pages; each commit is as durable as everybody's."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size = -65536")
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 32000")
