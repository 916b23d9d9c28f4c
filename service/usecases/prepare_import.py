"""From lines of a file to rows of the database: pure, so that it can be done by other processes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

import msgspec

from matching import (
    Email,
    Handle,
    Label,
    PersonName,
    Phone,
    Provenance,
    Rejected,
    label_from_context,
    normalize_email,
    normalize_handle,
    normalize_name,
    normalize_phone,
)
from service.events import ROW_PREFIX
from service.files.columns import read_cells
from service.files.json_lines import read_json_line
from service.files.people import BadLine, id_of
from service.store.contacts import ASSISTANT
from service.store.match_index import index_rows
from service.usecases.understand import ContactValue, contact_value, record_of, unread_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from service.files.columns import Column
    from service.files.people import FileContact, FilePerson

#: A JSON line, or the cells of a row.
Payload = bytes | tuple[str, ...]

#: Who brought what an import brings.
ACTOR = "import"
#: Longer than any contact that can be read, and short enough for an index of the database.
_MAX_KEPT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How lines are read: `columns` is None for JSON lines.

    With `needs_id`, a line without an id is a bad one.
    """

    region: str
    keep_unreadable: bool = False
    needs_id: bool = False
    columns: tuple[Column, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of a file, normalized."""

    external_id: str
    name: str | None
    contacts: tuple[ContactValue, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a new customer, as tuples in the order of `service.store.bulk.COLUMNS`."""

    external_id: str
    customer: tuple[Any, ...]
    contacts: list[tuple[Any, ...]]
    sources: list[tuple[Any, ...]]
    keys: list[tuple[int, str]]
    record: tuple[str, bytes, int]

    @property
    def name(self) -> str | None:
        name: str | None = self.customer[1]
        return name

    @property
    def identities(self) -> set[tuple[str, str, str]]:
        return {(row[3], row[4], row[6]) for row in self.contacts}


def prepare_lines(payloads: Sequence[Payload], terms: Terms, now: datetime) -> list[Rows | str]:
    """The rows of each line, or why it cannot be imported."""
    ids = ordered_ids(now)
    # Without its zone, as SQLite has times; PostgreSQL is told that they are UTC.
    written = now.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    prepared: list[Rows | str] = []
    for payload in payloads:
        person = read_person(payload, terms)
        prepared.append(person.reason if isinstance(person, BadLine) else _rows(person, ids, written))
    return prepared


def pack_lines(payloads: Sequence[Payload], terms: Terms, now: datetime) -> bytes:
    """`prepare_lines` for another process: msgpack crosses over in a fraction of pickle's time."""
    return msgspec.msgpack.encode(prepare_lines(payloads, terms, now))


def unpack_lines(packed: bytes) -> list[Rows | str]:
    """What `pack_lines` packed."""
    return msgspec.msgpack.decode(packed, type=list[Rows | str])


def read_person(payload: Payload, terms: Terms) -> Person | BadLine:
    """What a line says, normalized."""
    read = read_json_line(payload) if isinstance(payload, bytes) else read_cells(payload, terms.columns or ())
    return read if isinstance(read, BadLine) else _normalized(read, terms)


def _normalized(read: FilePerson, terms: Terms) -> Person | BadLine:
    if terms.needs_id and (read.external_id or ROW_PREFIX).startswith(ROW_PREFIX):
        return BadLine(reason=f"id: must not be empty, nor start with {ROW_PREFIX}")
    kept: dict[tuple[str, str, str], ContactValue] = {}
    complaints = []
    for contact in read.contacts:
        value = _normalize(contact, terms.region)
        if isinstance(value, Rejected):
            if value.code.endswith("_placeholder"):
                continue
            if not terms.keep_unreadable or len(contact.value) > _MAX_KEPT:
                complaints.append(f"{contact.field}: {value.detail}")
                continue
            made = unread_value(
                contact.type,
                contact.value,
                platform=contact.platform,
                label=contact.label or _unlabelled(),
                provenance=Provenance.IMPORTED,
            )
        else:
            label = contact.label or _label(value)
            made = contact_value(value, label=label, provenance=Provenance.IMPORTED, raw=contact.value)
        kept.setdefault(made.identity, made)
    if complaints:
        return BadLine(reason="; ".join(complaints))
    if not read.name and not kept:
        return BadLine(reason="neither a name nor a contact")
    return Person(external_id=id_of(read), name=read.name, contacts=tuple(kept.values()))


def _normalize(contact: FileContact, region: str) -> Phone | Email | Handle | Rejected:
    match contact.type:
        case "phone":
            return normalize_phone(contact.value, region=region, provenance=Provenance.IMPORTED)
        case "email":
            return normalize_email(contact.value, provenance=Provenance.IMPORTED)
        case _:
            return normalize_handle(contact.value, platform=contact.platform, provenance=Provenance.IMPORTED)


def _label(value: Phone | Email | Handle) -> Label:
    match value:
        case Handle():
            return label_from_context(handle=value.value)
        case Email():
            return label_from_context(email=value.address)
        case Phone():
            return _unlabelled()


@cache
def _unlabelled() -> Label:
    """The label of a value that tells nothing of itself."""
    return label_from_context()


# --- Rows ---


def ordered_ids(now: datetime) -> Iterator[str]:
    """UUIDs (version 7) that sort in the order in which they are made: an index takes them at its end, in one place.

    Those of one iterator follow each other; where they begin is random (73 bits).
    """
    moment = f"{int(now.timestamp() * 1000):012x}"
    variant = f"{(0b10 << 14) | secrets.randbits(14):04x}"
    start = f"{moment[:8]}-{moment[8:]}-7{secrets.randbits(12):03x}-{variant}-"
    for last in count(secrets.randbits(47)):
        yield f"{start}{last:012x}"


def _rows(person: Person, ids: Iterator[str], now: str) -> Rows:
    customer_id = next(ids)
    primaries = choose_primaries(person.contacts)
    contacts, sources = [], []
    for place, value in enumerate(person.contacts):
        contact_id = next(ids)
        contacts.append(
            _contact_row(contact_id, customer_id, value, now, is_primary=place in primaries.values())
        )
        sources.append((next(ids), contact_id, customer_id, value.provenance.value, ACTOR, now))
    shown = {kind: person.contacts[place].value for kind, place in primaries.items()}
    name = person.name and normalize_name(person.name, provenance=Provenance.ASSERTED)
    telling = [each for each in person.contacts if each.is_normalized and each.label.label != ASSISTANT]
    record = record_of(telling, [name] if isinstance(name, PersonName) else [])
    keys, packed = index_rows(customer_id, record)
    return Rows(
        external_id=person.external_id,
        customer=(customer_id, person.name, shown.get("phone"), shown.get("email"), now, now),
        contacts=contacts,
        sources=sources,
        keys=keys,
        record=packed,
    )


def choose_primaries(contacts: Sequence[ContactValue]) -> dict[str, int]:
    """The place of the primary of each type: the first that can be reached; an assistant's where there is no other."""
    ranked = sorted(
        range(len(contacts)),
        key=lambda place: (
            contacts[place].label.label == ASSISTANT,
            not contacts[place].is_normalized,
            place,
        ),
    )
    return {contacts[place].type: place for place in reversed(ranked)}


def _contact_row(
    contact_id: str, customer_id: str, value: ContactValue, now: str, *, is_primary: bool
) -> tuple[Any, ...]:
    """A row of contact_methods; what one may do with it is for the customer to say, never for a file."""
    return (
        contact_id,
        customer_id,
        customer_id,
        value.type,
        value.platform,
        value.value,
        value.match_value,
        value.raw,
        value.is_normalized,
        value.label.label.value,
        value.label.reason,
        is_primary,
        value.is_normalized,
        ACTOR,
        value.provenance.value,
        1,
        now,
        now,
        now,
        now,
    )
