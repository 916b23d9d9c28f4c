"""Deciding who gets a campaign, over bases of growing size: how fast, and in how much memory.

Run: .venv/bin/python -m benchmarks.campaign_audience [CUSTOMERS ...] [--postgresql] [--channel sms]
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from benchmarks.import_speed import time_import, write_people
from service.app import build_runtime
from service.campaigning import begin_campaign, plan_some
from service.config import Settings
from service.store.session import Database
from service.usecases.audience import TYPES
from service.usecases.consent import Channel
from service.usecases.plan_campaign import Draft
from tests.databases import migrate_and_close, postgres_server, sqlite_url

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (100_000, 300_000)
#: Three contacts in four are verified, and the channel is allowed to three in four, not all of them the same.
_VERIFY = """
UPDATE contact_methods SET is_verified = true
WHERE type = :kind AND substr(CAST(id AS text), 36, 1) NOT IN ('0', '1', '2', '3')
"""
_ALLOW = """
UPDATE contact_methods SET can_marketing = type = 'email', can_sms = type = 'phone'
WHERE type = :kind AND substr(CAST(id AS text), 35, 1) NOT IN ('0', '1', '2', '3')
"""
_GRANT = """
INSERT INTO consent_events
    (id, type, platform, match_value, channel, purpose, action, actor_kind, actor, source, evidence, occurred_at, recorded_at)
SELECT id, type, platform, match_value, :channel, 'marketing', 'grant', 'person', 'person', 'benchmark', '{}', created_at, created_at
FROM contact_methods WHERE can_marketing OR can_sms
"""
DRAFTS = {
    Channel.EMAIL: Draft(channel=Channel.EMAIL, subject="News", body="Dumplings.", is_dry_run=True),
    Channel.SMS: Draft(channel=Channel.SMS, subject=None, body="Dumplings.", is_dry_run=True),
}


def prepare(url: str, people: Path, channel: Channel) -> None:
    """A base of made-up customers, with a phone and an email each."""
    migrate_and_close(url)
    time_import(people, url)
    database = Database(url)
    with database.transaction() as session:
        for statement in (_VERIFY, _ALLOW, _GRANT):
            session.execute(text(statement), {"kind": TYPES[channel], "channel": channel.value})
    database.dispose()


def plan(url: str, channel: Channel) -> dict[str, Any]:
    """Decide about everybody, as a server does; seconds in all and on the processor, counts, and this process's peak memory before and after, in MiB."""
    runtime = build_runtime(Settings(database_url=url, public_url="https://contacts.example"), owner="bench")
    before = _peak()
    started, worked = time.perf_counter(), time.process_time()
    made = begin_campaign(runtime, DRAFTS[channel], actor="benchmark")
    while plan_some(runtime):
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


@contextmanager
def fresh(folder: Path, count: int, *, postgresql: bool) -> Iterator[str]:
    """A database without a table."""
    if not postgresql:
        yield sqlite_url(folder / f"{count}.db")
        return
    with postgres_server("benchmark") as server, server.fresh() as url:
        yield url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="CUSTOMERS")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--channel", type=Channel, choices=list(DRAFTS), default=Channel.EMAIL)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}\n")
    print(
        "| contacts | to send | seconds | contacts/s | ms a contact | of it on the processor | memory before | peak |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="isthisyou-benchmark-") as folder:
        for count in options.sizes:
            people = Path(folder) / f"{count}.csv"
            write_people(people, count)
            # A process of its own: peaks are of its whole life.
            with (
                fresh(Path(folder), count, postgresql=options.postgresql) as url,
                ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool,
            ):
                prepare(url, people, options.channel)
                done = pool.submit(plan, url, options.channel).result()
            rate = done["considered"] / done["seconds"]
            print(
                f"| {done['considered']:,} | {done['to_send']:,} | {done['seconds']:.0f} | {rate:,.0f} | {1000 / rate:.2f}"
                f" | {1000 * done['processor'] / done['considered']:.2f}"
                f" | {done['before']:.0f} MiB | {done['peak']:.0f} MiB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
