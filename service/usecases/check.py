"""Holding a database against what is promised of it: primaries, mirrors, holders, keys, consent. Changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from matching import block_keys, pack
from service.store.clusters import survivors_of
from service.store.consent_ledger import events_of_values
from service.store.contacts import identity_of, may_stand_for
from service.store.match_index import read_index
from service.store.tables import ContactMethod, Customer
from service.usecases.consent import flags_of
from service.usecases.refresh import records_of_customers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from matching import Record
    from service.store.match_index import Indexed

#: Customers that are looked at together.
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A promise that does not hold: its code, where, and what was found; never a name, a number or an address."""

    code: str
    customer_id: str
    contact_id: str | None = None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A batch of customers that was looked at; `waiting` are yet to be indexed. `last` is None behind the last of them."""

    customers: int
    waiting: int
    findings: Sequence[Finding]
    last: str | None


def check_next(session: Session, *, after: str, limit: int = BATCH) -> Checked:
    """Look at the next customers behind the id `after`, in a fixed number of queries; `session` must see one state of the data."""
    customers = session.scalars(
        select(Customer).where(Customer.id > after).order_by(Customer.id).limit(limit)
    ).all()
    contacts: dict[str, list[ContactMethod]] = {customer.id: [] for customer in customers}
    rows = session.scalars(
        select(ContactMethod)
        .where(ContactMethod.customer_id.in_(contacts))
        .order_by(ContactMethod.created_at)
    ).all()
    for row in rows:
        contacts[row.customer_id].append(row)
    indexed = read_index(session, contacts)
    standing = [each for each in customers if each.merged_into_id is None]
    findings = [
        *(found for each in customers for found in _check_contacts(each, contacts[each.id])),
        *_check_holders(session, rows),
        *_check_consents(session, rows),
        *_check_tombstones(customers, indexed),
        *_check_index(session, standing, indexed),
    ]
    return Checked(
        customers=len(customers),
        waiting=sum(each.id not in indexed.records for each in standing),
        findings=findings,
        last=customers[-1].id if len(customers) == limit else None,
    )


# ---------------------------------------------------------------- contacts


def _check_contacts(customer: Customer, rows: Sequence[ContactMethod]) -> Iterator[Finding]:
    live = [row for row in rows if row.deleted_at is None and row.collapsed_into_id is None]
    yield from _check_primaries(customer, live)
    yield from _check_twins(customer, rows, live)
    preferred = customer.preferred_contact_id
    held = {row.id for row in rows if row.deleted_at is None}
    if customer.merged_into_id is None and preferred not in {None, *held}:
        yield _finding("preferred.gone", customer, "the preferred contact is none that they have")


def _check_primaries(customer: Customer, live: Sequence[ContactMethod]) -> Iterator[Finding]:
    needed = {row.type for row in live if may_stand_for(row)}
    primaries = Counter(row.type for row in live if row.is_primary)
    for kind in sorted({row.type for row in live}):
        if primaries[kind] > 1 or primaries[kind] < (kind in needed):
            yield _finding("primary.count", customer, f"{primaries[kind]} primaries of type {kind}")
    values = {row.type: row.value for row in live if row.is_primary}
    for kind, mirror in (("phone", customer.phone), ("email", customer.email)):
        # A legacy column may hold spaces until the customer is next changed: they say nothing.
        if (mirror if mirror and mirror.strip() else None) != values.get(kind):
            yield _finding("mirror.differs", customer, f"customers.{kind} is not the primary's value")
    for identity, count in Counter(identity_of(row) for row in live).items():
        if count > 1:
            yield _finding("value.twice", customer, f"one value {count} times, of type {identity[0]}")


def _check_twins(
    customer: Customer, rows: Sequence[ContactMethod], live: Sequence[ContactMethod]
) -> Iterator[Finding]:
    standing = {row.id: identity_of(row) for row in live}
    for row in rows:
        hidden = row.collapsed_into_id is not None and row.deleted_at is None
        if hidden and standing.get(row.collapsed_into_id or "") != identity_of(row):
            yield _finding("twin.lost", customer, "stands behind a row that is not its live twin", row)


def _check_holders(session: Session, rows: Sequence[ContactMethod]) -> Iterator[Finding]:
    """Who holds a row follows from whom it was recorded for, and from the merges that stand."""
    holders = survivors_of(session, {row.origin_customer_id for row in rows})
    for row in rows:
        if holders.get(row.origin_customer_id) != row.customer_id:
            yield Finding(
                code="holder.differs",
                customer_id=row.customer_id,
                contact_id=row.id,
                detail="is not held by whom its origin leads to",
            )


def _check_consents(session: Session, rows: Sequence[ContactMethod]) -> Iterator[Finding]:
    ledger = events_of_values(session, {identity_of(row) for row in rows})
    for row in rows:
        for flag, allowed in flags_of(row.type, ledger[identity_of(row)]).items():
            if getattr(row, flag) != allowed:
                yield Finding(
                    code="consent.differs",
                    customer_id=row.customer_id,
                    contact_id=row.id,
                    detail=f"{flag} is {getattr(row, flag)}, and the ledger says {allowed}",
                )


# ---------------------------------------------------------------- the match index


def _check_tombstones(customers: Sequence[Customer], indexed: Indexed) -> Iterator[Finding]:
    for customer in customers:
        if customer.merged_into_id is not None and indexed.has(customer.id):
            yield _finding("index.tombstone", customer, "merged away, and still in the match index")


def _check_index(session: Session, standing: Sequence[Customer], indexed: Indexed) -> Iterator[Finding]:
    records = records_of_customers(session, standing)
    for customer in standing:
        if customer.id in indexed.records:
            yield from _check_indexed(customer, records[customer.id], indexed)


def _check_indexed(customer: Customer, record: Record, indexed: Indexed) -> Iterator[Finding]:
    expected, found = {key.hash for key in block_keys(record)}, indexed.keys.get(customer.id, set())
    if expected != found:
        detail = f"{len(expected - found)} block keys are missing, {len(found - expected)} are too many"
        yield _finding("index.keys", customer, detail)
    if pack(record) != indexed.records[customer.id]:
        yield _finding("index.record", customer, "the packed record is not what the contacts and names say")


def _finding(code: str, customer: Customer, detail: str, row: ContactMethod | None = None) -> Finding:
    return Finding(code=code, customer_id=customer.id, contact_id=row.id if row else None, detail=detail)
