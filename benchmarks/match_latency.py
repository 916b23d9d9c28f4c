"""One match against bases of growing size, beside what else finds a person: does its time grow with the base?

Run: make benchmark-latency; or PYTHONPATH=build/splink .venv/bin/python -m benchmarks.match_latency [SIZE ...]

A match compares names, phones, emails and handles (engine and store, warm, no HTTP); Splink names, phones and emails; the others
look at the name alone. Every base is read through once before, so that no query waits for a disk. They take turns in rounds of
twenty queries, so that all share the machine's moods, and none pays at every query for the caches that another one filled. Writes a
table into docs/benchmarks.md and a picture beside it. PostgreSQL is the server of TEST_DATABASE_URL; it needs the contributed extensions.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from rapidfuzz import fuzz, process
from sqlalchemy import create_engine, text

from benchmarks.linkage_sets import Person
from benchmarks.made_up import census, person, seeded
from benchmarks.reporting import DOCS, PAGE, put, save
from benchmarks.splink_model import one_at_a_time
from matching import Costs, load_model
from service.events import Channel
from service.store.bulk import insert_rows
from service.store.match_index import index_rows
from service.store.migrating import migrate
from service.store.session import Database
from service.store.tables import new_id
from service.usecases.identify import Identifier
from tests.databases import postgres_server

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from matching import Record
    from tests.databases import PostgresServer

SIZES = (10_000, 100_000, 1_000_000)
QUERIES = 400
ROUND = 20
"""Queries that one way answers before the next takes its turn."""
BATCH = 5_000
SHARED_BY = 500
"""Customers who hold one phone, the reception's."""
RECEPTION = "+12025550100"
NOW = "2026-01-01 00:00:00.000000"
_TRIGRAMS = "SELECT name FROM trigram_names WHERE name % :name ORDER BY similarity(name, :name) DESC LIMIT 5"

# --- The base ---


def people(count: int, rng: random.Random) -> Iterator[Record]:
    """Made-up customers whose names are as common as the census says; some share the phone of a reception."""
    givens, families = (census(rng, kind, count) for kind in ("given", "family"))
    for number, (first, last) in enumerate(zip(givens, families, strict=True)):
        shared = number % max(count // SHARED_BY, 1) == 0
        yield person(
            f"{first} {last}".title(),
            RECEPTION if shared else f"+1{2_002_000_000 + number}",
            f"{first}.{last}{number}@example.com",
        )


def fill(database: Database, records: Iterator[Record]) -> None:
    while batch := list(islice(records, BATCH)):
        rows = [(new_id(), record) for record in batch]
        indexed = [index_rows(customer_id, record) for customer_id, record in rows]
        with database.transaction() as session:
            insert_rows(
                session,
                {
                    "customers": [
                        (each, record.names[0].display, None, None, NOW, NOW) for each, record in rows
                    ],
                    "match_keys": [key for keys, _ in indexed for key in keys],
                    "match_records": [record for _, record in indexed],
                },
            )


def read_through(server: Database, folder: Path) -> None:
    """Bring both bases into the machine's memory: SQLite's files as they lie there, of PostgreSQL each table and index."""
    for file in folder.iterdir():
        with file.open("rb") as opened:
            while opened.read(2**20):
                pass
    with server.transaction() as session:
        session.execute(text("CREATE EXTENSION IF NOT EXISTS pg_prewarm"))
        session.execute(text("SELECT pg_prewarm(oid, 'read') FROM pg_class WHERE relkind IN ('r', 'i')"))


# --- The contestants ---


def matching(database: Database) -> Callable[[Record], object]:
    identifier = Identifier(model=load_model(), costs=Costs())

    def match(record: Record) -> object:
        with database.reading() as session:
            return identifier.identify(session, record, channel=Channel.BOOKING_FORM)

    return match


def trigrams(database: Database) -> Callable[[Record], object]:
    """PostgreSQL's trigram index over the names, the five most similar ones."""
    with database.transaction() as session:
        session.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        session.execute(text("CREATE TABLE trigram_names AS SELECT name FROM customers"))
        session.execute(text("CREATE INDEX ON trigram_names USING gin (name gin_trgm_ops)"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))

    def look(record: Record) -> object:
        with database.reading() as session:
            return session.execute(text(_TRIGRAMS), {"name": record.names[0].display}).all()

    return look


def scanning(names: Sequence[str], scorer: Callable[..., float]) -> Callable[[Record], object]:
    """All names through rapidfuzz."""
    return lambda record: process.extract(record.names[0].display, names, scorer=scorer, limit=5)


def splink(records: Sequence[Record]) -> Callable[[Record], object]:
    """Splink's `predict_between`, with one record on one side."""
    find = one_at_a_time(_as_row(place, record) for place, record in enumerate(records))
    return lambda record: find(_as_row("event", record))


def _as_row(place: object, record: Record) -> Person:
    (name,), (phone,), (email,) = record.names, record.phones, record.emails
    return Person(
        id=str(place),
        person=str(place),
        given=name.given,
        family=name.family,
        phone=phone.e164,
        email=email.address,
    )


# --- Measuring ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Milliseconds."""

    median: float
    p99: float


def queries(records: Sequence[Record], rng: random.Random) -> list[Record]:
    """People of the base; in one of eight a bearer of a very common name, in one of eight somebody of the reception."""
    shared = [record for record in records if record.phones[0].e164 == RECEPTION]
    common = [person(f"{given} {family}", "+12125550123", "x@example.org") for given in ("James", "Mary", "John") for family in ("Smith", "Johnson", "Williams")]  # fmt: skip
    return [
        rng.choice(common) if place % 8 == 0 else rng.choice(shared if place % 8 == 1 else records)
        for place in range(QUERIES)
    ]


def timed(ways: Mapping[str, Callable[[Record], object]], asked: Sequence[Record]) -> dict[str, Timed]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for first in range(0, len(asked), ROUND):
        for name, way in ways.items():
            if len(taken[name]) >= SCANS.get(name, QUERIES):
                continue
            way(asked[first - 1])  # brings it back to warmth
            for record in asked[first : first + ROUND]:
                started = time.perf_counter()
                way(record)
                taken[name].append((time.perf_counter() - started) * 1000)
    return {
        name: Timed(median=statistics.median(each), p99=statistics.quantiles(each, n=100)[98])
        for name, each in taken.items()
    }


SQLITE, POSTGRESQL = "a match, SQLite", "a match, PostgreSQL"
TRIGRAM = "trigram index"
FASTEST, DEFAULT = "rapidfuzz, its fastest scorer", "rapidfuzz, its default scorer"
SPLINK = "Splink, predict_between"
SCANS = {FASTEST: 2 * ROUND, DEFAULT: ROUND, SPLINK: ROUND}
"""Queries that go through all names as well, or through Splink: a scan of a million takes its time."""


def measure(size: int, server: PostgresServer) -> dict[str, Timed]:
    rng = seeded(size)
    records = list(people(size, rng))
    names = [record.names[0].display for record in records]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        ways: dict[str, Callable[[Record], object]] = {}
        urls = {SQLITE: f"sqlite:///{folder}/base.db", POSTGRESQL: stack.enter_context(server.fresh())}
        for name, url in urls.items():
            database = Database(url)
            stack.callback(database.dispose)
            migrate(database)
            fill(database, iter(records))
            ways[name] = matching(database)
            if name == POSTGRESQL:
                ways[TRIGRAM] = trigrams(database)
        ways[FASTEST] = scanning(names, fuzz.ratio)
        ways[DEFAULT] = scanning(names, fuzz.WRatio)
        ways[SPLINK] = splink(records)
        read_through(database, Path(folder))
        return timed(ways, queries(records, rng))


# --- Telling ---


def draw(results: Mapping[int, Mapping[str, Timed]], path: Path) -> None:
    figure = Figure(figsize=(8, 4.5))
    axes = figure.subplots()
    for name in next(iter(results.values())):
        (line,) = axes.plot(
            list(results), [each[name].median for each in results.values()], marker="o", label=name
        )
        axes.plot(
            list(results),
            [each[name].p99 for each in results.values()],
            linestyle=":",
            color=line.get_color(),
        )
    axes.set(xscale="log", yscale="log", xlabel="customers", ylabel="milliseconds: median, and dotted p99")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(frameon=False)
    save(figure, path)


def table(results: Mapping[int, Mapping[str, Timed]]) -> Iterator[str]:
    yield f"{platform.machine()}, Python {platform.python_version()}; {QUERIES} queries, asked of all in turn, {ROUND} at a time."
    yield ""
    yield "| customers | way | median, ms | p99, ms | median beside a match in SQLite | p99 beside it |"
    yield "|---|---|---|---|---|---|"
    for size, ways in results.items():
        match = ways[SQLITE]
        for name, each in ways.items():
            yield (
                f"| {size:,} | {name} | {each.median:.2f} | {each.p99:.1f} | {each.median / match.median:.1f} "
                f"| {each.p99 / match.p99:.1f} |"
            )


def _missing_extensions(server: PostgresServer) -> list[str]:
    with create_engine(server.url).connect() as connection:
        available = set(connection.scalars(text("SELECT name FROM pg_available_extensions")))
    return sorted({"pg_trgm", "pg_prewarm"} - available)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), metavar="SIZE")
    options = parser.parse_args()
    results: dict[int, dict[str, Timed]] = {}
    with postgres_server("benchmark") as server:
        if missing := _missing_extensions(server):
            parser.error(
                f"PostgreSQL lacks {', '.join(missing)}: TEST_DATABASE_URL has to name a server that has them"
            )
        for size in options.sizes:
            results[size] = measure(size, server)
            print("\n".join(table({size: results[size]})), file=sys.stderr, flush=True)
    draw(results, DOCS / "match_latency.svg")
    picture = ["", "![Milliseconds of a match against the number of customers](match_latency.svg)"]
    put([*table(results), *picture], PAGE, "match_latency.py")


if __name__ == "__main__":
    main()
