"""One match against bases of growing size: does its time grow, and how does it compare with scanning all names?

Run: .venv/bin/python benchmarks/match_latency.py [SIZE ...]
"""

from __future__ import annotations

import platform
import random
import statistics
import sys
import tempfile
import time
from importlib.resources import files
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from sqlalchemy import insert

from matching import Costs, Provenance, load_model, normalize_email, normalize_name, normalize_phone
from matching.blocking import block_keys
from matching.records import Email, PersonName, Phone, Record, pack
from service.events import Channel
from service.store.match_index import RECORD_VERSION
from service.store.migrating import migrate
from service.store.session import Database
from service.store.tables import Customer, MatchKey, MatchRecord, new_id
from service.usecases.identify import Identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES = (1_000, 10_000, 100_000)
QUERIES = 200
SCANS = 20
BATCH = 5_000


def people(count: int, rng: random.Random) -> Iterator[Record]:
    """Made-up customers whose names are as common as the census says."""
    givens, families = (census(rng, kind, count) for kind in ("given", "family"))
    for number, (first, last) in enumerate(zip(givens, families, strict=True)):
        yield person(
            f"{first} {last}".title(), f"+1{2_002_000_000 + number}", f"{first}.{last}{number}@example.com"
        )


def census(rng: random.Random, kind: str, count: int) -> list[str]:
    """Names drawn as often as people hold them."""
    table = (files("matching") / "data" / f"{kind}_names.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    return rng.choices([row[0] for row in rows], weights=[sum(map(int, row[1:])) for row in rows], k=count)


def person(name: str, phone: str, email: str) -> Record:
    asserted = Provenance.ASSERTED
    values = (
        normalize_name(name, provenance=asserted),
        normalize_phone(phone, region="US", provenance=asserted),
        normalize_email(email, provenance=asserted),
    )
    return Record(
        names=tuple(value for value in values if isinstance(value, PersonName)),
        phones=tuple(value for value in values if isinstance(value, Phone)),
        emails=tuple(value for value in values if isinstance(value, Email)),
    )


def fill(database: Database, records: list[Record]) -> None:
    with database.transaction() as session:
        for start in range(0, len(records), BATCH):
            batch = [(new_id(), record) for record in records[start : start + BATCH]]
            customers = [{"id": each, "name": record.names[0].display} for each, record in batch]
            keys = [
                {"key": key.hash, "customer_id": each} for each, record in batch for key in block_keys(record)
            ]
            packed = [
                {"customer_id": each, "packed": pack(record), "version": RECORD_VERSION}
                for each, record in batch
            ]
            session.execute(insert(Customer), customers)
            session.execute(insert(MatchKey), keys)
            session.execute(insert(MatchRecord), packed)


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def measure(size: int, rng: random.Random) -> tuple[float, float, float]:
    """Median and 99th percentile of a match, and the median of a scan of all names; in milliseconds."""
    records = list(people(size, rng))
    names = [record.names[0].display for record in records]
    identifier = Identifier(model=load_model(), costs=Costs())
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/base.db")
        migrate(database)
        fill(database, records)
        queries = rng.sample(records, QUERIES)

        def match(record: Record) -> None:
            with database.reading() as session:
                identifier.identify(session, record, channel=Channel.BOOKING_FORM)

        match(queries[0])
        matches, scans = [], []
        for place, query in enumerate(queries):
            matches.append(timed(lambda query=query: match(query)))
            if place < SCANS:
                wanted = query.names[0].display
                scans.append(
                    timed(
                        lambda wanted=wanted: process.extract(
                            wanted, names, scorer=fuzz.token_sort_ratio, limit=5
                        )
                    )
                )
        database.dispose()
    return statistics.median(matches), statistics.quantiles(matches, n=100)[98], statistics.median(scans)


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or SIZES
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}\n")
    print("| customers | match, median | match, p99 | scan of all names, median | scan / match |")
    print("|---|---|---|---|---|")
    for size in sizes:
        median, tail, scan = measure(size, random.Random(size))  # noqa: S311 - made-up people
        print(
            f"| {size:,} | {median:.1f} ms | {tail:.1f} ms | {scan:.1f} ms | {scan / median:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
