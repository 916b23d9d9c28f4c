"""A large legacy base: how fast 012 moves it and the backfill indexes it, and whether memory stays flat meanwhile.

Run: .venv/bin/python -m benchmarks.legacy_base [--customers N]

Writes a table into docs/benchmarks.md and a picture beside it. Needs Linux, for the memory of a process.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from sqlalchemy import column, select, table, text

from benchmarks.bring_up import place_of
from benchmarks.made_up import seeded
from benchmarks.reporting import DOCS, PAGE, put, save
from service.store.session import Database
from tests.databases import postgres_server, sqlite_url
from tests.service.command import environment

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

BATCH = 10_000
SAMPLE_SECONDS = 0.5

# --- The base ---

_SPELLINGS: tuple[Callable[[str, str, str], str], ...] = (
    lambda area, middle, last: f"({area}) {middle}-{last}",
    lambda area, middle, last: f"{area}-{middle}-{last}",
    lambda area, middle, last: f"{area}.{middle}.{last}",
    lambda area, middle, last: f"+1 {area} {middle} {last}",
    lambda area, middle, last: f"1{area}{middle}{last}",
    lambda area, middle, last: f"{area}{middle}{last}",
    lambda area, middle, last: f"{area}{middle}{last}.0",
    lambda area, middle, last: f"tel:+1-{area}-{middle}-{last}",
    lambda area, middle, last: f" {area} {middle} {last} ext. 12",
)
_AREAS = ("201", "212", "305", "312", "415", "617", "702", "808", "916", "917")
_NO_PHONES = (None, "", "n/a", "555-1234", "none", "call the office", "0000000000")
_NO_EMAILS = (None, None, "", "none", "n/a", "john at example")
_DOMAINS = ("gmail.com", "yahoo.com", "outlook.com", "icloud.com", "example.org", "GMail.com", "shop.example")
#: Shares of a base: customers with the email of the one before, and fields with a gap, an oddity or capitals only.
_OF_ONE_HOUSEHOLD, _UNUSUAL = 0.05, 0.1


def legacy_customers(count: int, seed: int) -> Iterator[dict[str, str | None]]:
    """Customers as an old application keeps them: every spelling, gaps, shared addresses, anybody's capitals."""
    rng = seeded(seed)
    givens, families = _names("given"), _names("family")
    email: str | None = None
    for _ in range(count):
        given, family = rng.choice(givens), rng.choice(families)
        email = email if email and rng.random() < _OF_ONE_HOUSEHOLD else _email(rng, given, family)
        yield {
            "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            "name": rng.choice((str.title, str.title, str.upper, str.lower))(f"{given} {family}"),
            "phone": _phone(rng),
            "email": email,
        }


def _names(kind: str) -> list[str]:
    """The names of the census that most people have."""
    table = (files("matching") / "data" / f"{kind}_names.tsv").read_text(encoding="utf-8")
    return [line.split("\t")[0] for line in table.splitlines()[1:4_001]]


def _phone(rng: random.Random) -> str | None:
    if rng.random() < _UNUSUAL:
        return rng.choice(_NO_PHONES)
    spelling = rng.choice(_SPELLINGS)
    return spelling(rng.choice(_AREAS), str(rng.randint(200, 999)), f"{rng.randint(0, 9_999):04}")


def _email(rng: random.Random, given: str, family: str) -> str | None:
    if rng.random() < _UNUSUAL:
        return rng.choice(_NO_EMAILS)
    written = f"{given}.{family}{rng.randint(1, 9_999)}@{rng.choice(_DOMAINS)}".replace(" ", "")
    return written.upper() if rng.random() < _UNUSUAL else written


def make_base(url: str, count: int, seed: int = 1) -> None:
    """Create and fill a legacy table, a batch at a time."""
    database = Database(url)
    with database.transaction() as session:
        session.execute(
            text(
                "CREATE TABLE customers (id VARCHAR(36) PRIMARY KEY, name TEXT, phone VARCHAR(40), email VARCHAR(120),"
                " created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)"
            )
        )
    rows = legacy_customers(count, seed)
    while batch := list(islice(rows, BATCH)):
        with database.transaction() as session:
            session.execute(
                text("INSERT INTO customers (id, name, phone, email) VALUES (:id, :name, :phone, :email)"),
                batch,
            )
    database.dispose()


# --- What is measured ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A look at a process: `seconds` since it began, its memory in MiB, and how far it is with 012 and the backfill, 0 to 1."""

    seconds: float
    memory: float
    moved: float
    indexed: float


@dataclass(slots=True, kw_only=True)
class Run:
    """What was seen of one database."""

    name: str
    customers: int
    samples: list[Sample] = field(default_factory=list)
    #: Part -> seconds at which it began; `end` -> when all was done.
    began: dict[str, float] = field(default_factory=dict)

    @property
    def moving_seconds(self) -> float:
        return self.began["head"] - self.began["012"]

    @property
    def indexing_seconds(self) -> float:
        return self.began["end"] - self.began["backfill"]

    @property
    def peak(self) -> float:
        return max(each.memory for each in self.samples)

    def memory_at(self, share: float, part: Callable[[Sample], float]) -> float:
        """The memory in MiB when a share of a part was done."""
        found = (each.memory for each in self.samples if part(each) >= share)
        return next(found, self.samples[-1].memory)


def watch(name: str, url: str, customers: int, *, indexed: float = 1.0) -> Run:
    """Bring up a base in a process of its own, and look at it from outside; a share of it is indexed."""
    run = Run(name=name, customers=customers)
    database = Database(url)
    command = [sys.executable, "-m", "benchmarks.bring_up", url, str(indexed)]
    # Measuring coverage would measure something else.
    unmeasured = {name: value for name, value in environment().items() if not name.startswith("COV")}
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, cwd=DOCS.parent, stdout=said, env=unmeasured) as process,  # noqa: S603 - our own command
    ):
        started = time.monotonic()
        while process.poll() is None:
            seconds = time.monotonic() - started
            _note_parts(run, said.fileno(), seconds)
            _look(run, database, process.pid, seconds)
            time.sleep(SAMPLE_SECONDS)
        run.began["end"] = time.monotonic() - started
        if process.returncode:
            raise SystemExit(f"{name}: failed")
    database.dispose()
    return run


def _note_parts(run: Run, said: int, seconds: float) -> None:
    for part in Path(f"/proc/self/fd/{said}").read_text(encoding="utf-8").split():
        run.began.setdefault(part, seconds)


def _look(run: Run, database: Database, pid: int, seconds: float) -> None:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    memory = re.search(r"VmRSS:\s+(\d+)", status)
    if memory is None:
        return
    run.samples.append(
        Sample(
            seconds=seconds,
            memory=int(memory[1]) / 1024,
            moved=_reached(database, "contact_methods") if "012" in run.began else 0.0,
            indexed=_reached(database, "match_records") if "backfill" in run.began else 0.0,
        )
    )


def _reached(database: Database, name: str) -> float:
    """How far a table is filled: ids are random and are gone through in order, so the last one tells."""
    customer_id = column("customer_id")
    query = select(customer_id).select_from(table(name)).order_by(customer_id.desc()).limit(1)
    with database.engine.connect() as connection:
        if not database.engine.dialect.has_table(connection, name):
            return 0.0
        last = connection.scalar(query)
    return place_of(last) if last else 0.0


# --- What is shown ---


def draw(runs: list[Run], path: Path) -> None:
    """Memory and progress against time, one line a database."""
    figure = Figure(figsize=(8, 5.5))
    memory, progress = figure.subplots(2, 1, sharex=True)
    for run, color in zip(runs, ("tab:blue", "tab:orange"), strict=False):
        seconds = [each.seconds for each in run.samples]
        memory.plot(seconds, [each.memory for each in run.samples], color=color, label=run.name)
        done = run.customers / 1e6
        progress.plot(
            seconds, [each.moved * done for each in run.samples], "--", color=color, label=f"{run.name}: 012"
        )
        progress.plot(
            seconds, [each.indexed * done for each in run.samples], color=color, label=f"{run.name}: backfill"
        )
    memory.set(ylabel="memory of the process, MiB", ylim=(0, None))
    progress.set(ylabel="customers, millions", xlabel="seconds", ylim=(0, None))
    for axes in (memory, progress):
        axes.grid(alpha=0.3)
        axes.legend(loc="lower right")
    save(figure, path)


def _row(run: Run) -> str:
    begun, done = 0.1, 0.99
    memories = (
        run.memory_at(share, part)
        for part in (lambda each: each.moved, lambda each: each.indexed)
        for share in (begun, done)
    )
    cells = (
        run.name,
        f"{run.moving_seconds:,.0f} s, {run.customers / run.moving_seconds:,.0f}/s",
        f"{run.indexing_seconds:,.0f} s, {run.customers / run.indexing_seconds:,.0f}/s",
        *(f"{memory:.0f} MiB" for memory in memories),
        f"{run.peak:.0f} MiB",
    )
    return f"| {' | '.join(cells)} |"


def report(runs: list[Run], path: Path, picture: str) -> None:
    """Put table and picture between their marks in a Markdown file."""
    lines = [
        f"{runs[0].customers:,} customers, Python {sys.version_info.major}.{sys.version_info.minor}.",
        "",
        "| database | 012 | backfill | 012 at 10 % | at 99 % | backfill at 10 % | at 99 % | peak |",
        "|---|---|---|---|---|---|---|---|",
        *map(_row, runs),
        "",
        f"![Memory and progress against time]({picture})",
    ]
    put(lines, path, "legacy_base.py")


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """A fresh database of each kind, dropped afterwards: name -> URL."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = sqlite_url(Path(folder) / "legacy.db")
        with postgres_server("benchmark") as server, server.fresh() as url:
            yield {"SQLite": sqlite, "PostgreSQL": url}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    options = parser.parse_args()
    with databases() as urls, ThreadPoolExecutor() as pool:
        for url in urls.values():
            make_base(url, options.customers)
        # Side by side, so that what else the machine does slows both alike.
        runs = list(pool.map(lambda name: watch(name, urls[name], options.customers), urls))
    print("\n".join(map(_row, runs)))
    draw(runs, DOCS / "legacy_base.svg")
    report(runs, PAGE, "legacy_base.svg")


if __name__ == "__main__":
    main()
