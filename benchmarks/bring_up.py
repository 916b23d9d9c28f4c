"""Bringing up a legacy base as a server does, in a process that `benchmarks.legacy_base` looks at from outside.

A module of its own, so that the measured process carries nothing of what measures and draws.
Run: python -m benchmarks.bring_up URL SHARE
"""

from __future__ import annotations

import sys
import time
import uuid

from service.app import build_runtime
from service.config import Settings
from service.store.match_index import NOBODY
from service.store.migrating import migrate
from service.store.session import Database
from service.worker import BATCH_PAUSE_SECONDS, index_some

_IDS = 1 << 128


def place_of(customer_id: object) -> float:
    """How far a walk through random ids in their order has come, 0 to 1."""
    return uuid.UUID(str(customer_id)).int / _IDS


def bring_up(url: str, share: float) -> None:
    """Migrate, and index a share: what a server does with a legacy base, with its pauses. Says when each part begins."""
    database = Database(url)
    for revision in ("011", "012", "head"):
        print(revision, flush=True)
        migrate(database, revision)
    database.dispose()
    runtime = build_runtime(Settings(database_url=url), owner="benchmark")
    print("backfill", flush=True)
    after: str | None = NOBODY
    while (after := index_some(runtime, after)) is not None and place_of(after) < share:
        time.sleep(BATCH_PAUSE_SECONDS)
    runtime.database.dispose()


if __name__ == "__main__":
    bring_up(sys.argv[1], float(sys.argv[2]))
