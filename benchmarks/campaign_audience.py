"""Deciding who gets a newsletter, over bases of growing size: how fast, and in how much memory.

Run: .venv/bin/python -m benchmarks.campaign_audience [CUSTOMERS ...]
"""

from __future__ import annotations

import multiprocessing
import platform
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.import_speed import migrated, time_import, write_people
from service.app import build_runtime
from service.campaigning import advance, begin_campaign
from service.config import Settings
from service.store.session import Database
from service.usecases.consent import Channel
from service.usecases.plan_campaign import Draft

SIZES = (100_000, 300_000)
#: Three addresses in four are verified, and newsletters are allowed to three in four, not all of them the same.
_VERIFY = "UPDATE contact_methods SET is_verified = 1 WHERE type = 'email' AND rowid / 2 % 4 != 0"
_ALLOW = "UPDATE contact_methods SET can_marketing = 1 WHERE type = 'email' AND rowid / 8 % 4 != 0"
_GRANT = """
INSERT INTO consent_events
    (id, type, platform, match_value, channel, purpose, action, actor_kind, actor, source, evidence, occurred_at, recorded_at)
SELECT id, type, platform, match_value, 'email', 'marketing', 'grant', 'person', 'person', 'benchmark', '{}', created_at, created_at
FROM contact_methods WHERE can_marketing
"""


def prepare(folder: Path, count: int) -> str:
    """A base of made-up customers, with a phone and an email each; its URL."""
    people, base = folder / f"{count}.csv", folder / f"{count}.db"
    write_people(people, count)
    time_import(people, migrated(base))
    database = Database(f"sqlite:///{base}")
    with database.transaction() as session:
        for statement in (_VERIFY, _ALLOW, _GRANT):
            session.execute(text(statement))
    database.dispose()
    return database.url


def plan(url: str) -> dict[str, Any]:
    """Decide about everybody, as a server does; seconds in all and on the processor, counts, and this process's peak memory before and after, in MiB."""
    runtime = build_runtime(Settings(database_url=url, public_url="https://contacts.example"), owner="bench")
    before = _peak()
    started, worked = time.perf_counter(), time.process_time()
    draft = Draft(channel=Channel.EMAIL, subject="News", body="Dumplings.", is_dry_run=True)
    made = begin_campaign(runtime, draft, actor="benchmark")
    while advance(runtime) is not None:
        pass
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    with runtime.database.reading() as session:
        session.add(made)
        session.refresh(made)
        counts = {"considered": made.considered, "to_send": made.to_send}
    runtime.database.dispose()
    return {**counts, "seconds": seconds, "processor": processor, "before": before, "peak": _peak()}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:]] or SIZES
    print(f"Python {platform.python_version()}\n")
    print(
        "| contacts | to send | seconds | contacts/s | ms a contact | of it on the processor | memory before | peak |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="isthisyou-benchmark-") as folder:
        for count in sizes:
            url = prepare(Path(folder), count)
            # A process of its own: peaks are of its whole life.
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                done = pool.submit(plan, url).result()
            rate = done["considered"] / done["seconds"]
            print(
                f"| {done['considered']:,} | {done['to_send']:,} | {done['seconds']:.0f} | {rate:,.0f} | {1000 / rate:.2f}"
                f" | {1000 * done['processor'] / done['considered']:.2f}"
                f" | {done['before']:.0f} MiB | {done['peak']:.0f} MiB |"
            )


if __name__ == "__main__":
    main()
