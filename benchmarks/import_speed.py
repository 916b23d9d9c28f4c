"""`isthisyou import` beside a bare executemany of the very same rows into the same schema, in one run.

Run: .venv/bin/python -m benchmarks.import_speed [CUSTOMERS]
"""

from __future__ import annotations

import csv
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from benchmarks.made_up import census, seeded
from service.importing import BATCH_LINES
from service.store.bulk import COLUMNS
from service.store.migrating import migrate
from service.store.session import Database
from tests.service.command import COMMAND, environment

CUSTOMERS = 100_000
BATCH = BATCH_LINES
TABLES = tuple(COLUMNS)


def write_people(path: Path, count: int) -> None:
    """Made-up customers: a name as common as the census says, a phone and an email each."""
    rng = seeded(7)
    givens, families = (census(rng, kind, count) for kind in ("given", "family"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Customer ID", "Full name", "Phone", "E-mail"])
        for number, (given, family) in enumerate(zip(givens, families, strict=True)):
            phone = f"({rng.randint(201, 989)}) {rng.randint(200, 999)}-{rng.randint(0, 9_999):04}"
            mail = f"{given}.{family}{number}@{rng.choice(['gmail.com', 'yahoo.com', 'example.com'])}"
            writer.writerow([f"c{number}", f"{given} {family}".title(), phone, mail])


def migrated(path: Path) -> Path:
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.dispose()
    return path


def time_import(people: Path, url: str) -> float:
    """Seconds of the whole command, from its start to its end."""
    started = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, "import", str(people), "--yes"],
        env=environment(database_url=url),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def time_executemany(imported: Path, base: Path, count: int) -> float:
    """Seconds to insert the rows that the import wrote, as many customers to a commit, with the same durability."""
    source = sqlite3.connect(imported)
    rows = {table: source.execute(_reading(table)).fetchall() for table in TABLES}
    source.close()
    target = sqlite3.connect(base, isolation_level=None)
    target.execute("PRAGMA journal_mode = WAL")
    target.execute("PRAGMA synchronous = FULL")
    target.execute("PRAGMA foreign_keys = ON")
    # As store.imports.tune has it: the rows are compared, not the settings.
    target.execute("PRAGMA cache_size = -65536")
    target.execute("PRAGMA wal_autocheckpoint = 32000")
    commits = -(-count // BATCH)
    # Keys go in with their customers, in the order of the key within a batch, as the import has them.
    place = {row[0]: index // BATCH for index, row in enumerate(rows["customers"])}
    keys: list[list[tuple[object, ...]]] = [[] for _ in range(commits)]
    for row in rows["match_keys"]:
        keys[place[row[1]]].append(row)
    inserts = {table: str(_columns_of(table).insert().compile(dialect=sqlite.dialect())) for table in TABLES}
    started = time.perf_counter()
    for batch in range(commits):
        target.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            size = -(-len(rows[table]) // commits)
            part = keys[batch] if table == "match_keys" else rows[table][batch * size : (batch + 1) * size]
            if part:
                target.executemany(inserts[table], part)
        target.execute("COMMIT")
    seconds = time.perf_counter() - started
    target.close()
    return seconds


def _reading(table: str) -> str:
    """All rows in the order in which they came in; the keys, which have no row id, by key."""
    read = sa.select(_columns_of(table))
    return str(read if table == "match_keys" else read.order_by(sa.text("rowid")))


def _columns_of(table: str) -> sa.TableClause:
    return sa.table(table, *map(sa.column, COLUMNS[table]))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS
    with tempfile.TemporaryDirectory(prefix="isthisyou-benchmark-") as folder:
        people = Path(folder) / "people.csv"
        write_people(people, count)
        imported, bare = (migrated(Path(folder) / name) for name in ("imported.db", "bare.db"))
        ours = time_import(people, f"sqlite:///{imported}")
        theirs = time_executemany(imported, bare, count)
        print(f"{count:,} customers (name, phone, email) on {platform.machine()}, {os.cpu_count()} cores,")
        print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}\n")
        print("| way | seconds | customers/s |")
        print("|---|---|---|")
        print(
            f"| isthisyou import: start, read, normalize, keys, insert | {ours:.1f} | {count / ours:,.0f} |"
        )
        print(f"| bare executemany of the same rows | {theirs:.1f} | {count / theirs:,.0f} |")
        print(f"| ratio | {ours / theirs:.1f} | |")


if __name__ == "__main__":
    main()
