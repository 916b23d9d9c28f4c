"""Taking a batch of a file in: who is new is inserted, who is known gets what they lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.files.people import BadLine
from service.store.bulk import COLUMNS, insert_rows
from service.store.clusters import lock_survivors, survivors_of
from service.store.consent_ledger import rows_of_values, values_with_acts
from service.store.imports import ever_held, known_ids, names_of, take_turn
from service.store.tables import Customer
from service.usecases.attach import Origin, attach
from service.usecases.consent import project
from service.usecases.prepare_import import ACTOR, Rows, read_person
from service.usecases.refresh import refresh

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.usecases.prepare_import import Payload, Person, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the lines of a file."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def taken(self) -> int:
        """Lines that were understood."""
        return self.created + self.updated + self.unchanged

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            created=self.created + other.created,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            rejected=self.rejected + other.rejected,
        )


def import_customers(
    session: Session, batch: Sequence[tuple[Payload, Rows]], *, terms: Terms, now: datetime
) -> Counts:
    """Take lines in; a customer is never matched to others here.

    A file grants nothing. A value of which the ledger tells something is no more and no less allowed for its new row.
    """
    take_turn(session)
    known = known_ids(session, [rows.external_id for _, rows in batch])
    fresh: dict[str, Rows] = {}
    again: list[tuple[Payload, Rows]] = []
    for payload, rows in batch:
        if rows.external_id in known or rows.external_id in fresh:
            again.append((payload, rows))
        else:
            fresh[rows.external_id] = rows
    _insert(session, fresh)
    known.update({external_id: rows.customer[0] for external_id, rows in fresh.items()})
    updated = _complete(session, again, known, terms=terms, now=now) if again else 0
    return Counts(created=len(fresh), updated=updated, unchanged=len(again) - updated)


def _insert(session: Session, fresh: dict[str, Rows]) -> None:
    rows: dict[str, list[Any]] = {table: [] for table in COLUMNS}
    for external_id, each in fresh.items():
        rows["customers"].append(each.customer)
        rows["contact_methods"].extend(each.contacts)
        rows["contact_sources"].extend(each.sources)
        rows["match_keys"].extend(each.keys)
        rows["match_records"].append(each.record)
        rows["external_ids"].append((external_id, each.customer[0]))
    # A table's rows in the order of its key go where the last ones went.
    rows["match_keys"].sort()
    insert_rows(session, rows)
    identities = {identity for each in fresh.values() for identity in each.identities}
    project(session, rows_of_values(session, values_with_acts(session, identities)))


def _complete(
    session: Session,
    again: Sequence[tuple[Payload, Rows]],
    known: dict[str, str],
    *,
    terms: Terms,
    now: datetime,
) -> int:
    """Give customers whom we have what a line says beyond that; how many lines changed something."""
    originals = {known[rows.external_id] for _, rows in again}
    survivors = survivors_of(session, originals)
    held = ever_held(session, originals | set(survivors.values()))
    names = names_of(session, originals)
    telling = []
    for payload, rows in again:
        original = known[rows.external_id]
        has = held[original] | held[survivors[original]]
        if rows.identities - has or (rows.name and not names[original]):
            telling.append((payload, original))
    if not telling:
        return 0
    locked = lock_survivors(session, sorted({original for _, original in telling}))
    return sum(
        _add(session, payload, original, locked[original], terms=terms, now=now)
        for payload, original in telling
    )


def _add(
    session: Session, payload: Payload, original: str, survivor: Customer, *, terms: Terms, now: datetime
) -> bool:
    person = read_person(payload, terms)
    if isinstance(person, BadLine):
        return False
    held = ever_held(session, {original, survivor.id})
    missing = [each for each in person.contacts if each.identity not in held[original] | held[survivor.id]]
    named = _name(session, original, survivor, person)
    if not missing and not named:
        return False
    attach(session, survivor.id, missing, origin=Origin(customer_id=original, actor=ACTOR), now=now)
    refresh(session, survivor, now=now)
    return True


def _name(session: Session, original: str, survivor: Customer, person: Person) -> bool:
    """Fill in a name where there was none; True where that changed something."""
    before = session.get_one(Customer, original)
    if not person.name or before.name:
        return False
    before.name = person.name
    survivor.name = survivor.name or person.name
    return True
