"""Draining the inbox, in threads of the server: what is due is claimed, resolved and marked in turn."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from service.campaigning import Outbox, plan_some, recover
from service.errors import Refusal, raised_at
from service.providers.profiles import Failed, Found
from service.resolving import LATE_PROFILE_RETRY, resolve_claimed
from service.store import inbox
from service.store.identities import next_due_profile
from service.store.match_index import NOBODY
from service.usecases.api_keys import keep_uses
from service.usecases.audience import TYPES
from service.usecases.index_customers import BATCH, index_next, next_unindexed
from service.usecases.lapse import lapse, next_quiet
from service.usecases.update_profile import postpone_profile, update_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.runtime import Runtime

log = structlog.get_logger(__name__)

#: How often a thread looks when nobody rings.
POLL_SECONDS = 0.25
#: How often a profile that never came is asked for before we wait for the sender to write again.
MAX_PROFILE_ATTEMPTS = 10
MAX_PROFILE_BACKOFF = timedelta(hours=6)
#: Between two batches of customers that are indexed, or considered for a campaign.
BATCH_PAUSE_SECONDS = 0.01
#: Between two looks for a campaign, where there was none.
CAMPAIGN_POLL_SECONDS = 1.0
#: Between two looks for numbers that went quiet, and how many are taken at a time.
UPKEEP_SECONDS = 3_600.0
LAPSES_AT_ONCE = 100


class InboxWorker:
    """Threads that resolve what the inbox holds, and one that indexes what a legacy base brought, until they are stopped."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._stopping = threading.Event()
        inboxes = [f"inbox-{number}" for number in range(runtime.settings.inbox_threads)]
        steps: dict[str, Callable[[], float]] = {
            **dict.fromkeys(inboxes, self._drain),
            "upkeep": self._keep_up,
            "planning": self._plan,
            # One for each: a channel on which nothing goes, or much, is no reason for the other to wait.
            **{f"sending-{each}": partial(self._send, Outbox(runtime, each)) for each in TYPES},
        }
        self._threads = [threading.Thread(target=self._index, name="indexing", daemon=True)]
        self._threads += [
            threading.Thread(target=self._repeat, args=(step,), name=name, daemon=True)
            for name, step in steps.items()
        ]

    def start(self) -> None:
        """Free what this process held when it last died, and begin."""
        with self._runtime.database.transaction() as session:
            freed = inbox.free_leases(session, owner=self._runtime.owner)
        if freed:
            log.warning("inbox.leases_freed", events=freed)
        recover(self._runtime)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish what is being resolved, and end."""
        self._stopping.set()
        self._runtime.inbox_bell.set()
        for thread in self._threads:
            thread.join()

    def _index(self) -> None:
        """Go once through the customers; whoever comes later is indexed as they come.

        Where a batch fails, a smaller one is tried; a customer who fails alone is passed over, until the next start.
        """
        after: str | None = NOBODY
        size = BATCH
        while after is not None and not self._stopping.is_set():
            try:
                after = index_some(self._runtime, after, limit=size)
                size = min(BATCH, size * 2)
                # Whoever waits to write gets in between: a lock that is taken again at once would starve them.
                self._stopping.wait(BATCH_PAUSE_SECONDS)
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                self._complain(error)
                after = self._pass_over(after) if size == 1 and after else after
                size = max(1, size // 16)

    def _repeat(self, step: Callable[[], float]) -> None:
        """Do a step again and again; it returns the seconds to wait before the next."""
        while not self._stopping.is_set():
            try:
                self._stopping.wait(step())
            except Exception as error:  # noqa: BLE001 - the database may be away for a while; the thread must not be
                self._complain(error)

    def _keep_up(self) -> float:
        """Look whether verified numbers went quiet."""
        return BATCH_PAUSE_SECONDS if lapse_some(self._runtime) > 0 else UPKEEP_SECONDS

    def _plan(self) -> float:
        """Decide who gets a campaign."""
        return BATCH_PAUSE_SECONDS if plan_some(self._runtime) else CAMPAIGN_POLL_SECONDS

    def _send(self, outbox: Outbox) -> float:
        """Send what is next on a channel, at the pace that it is to have."""
        wait = outbox.advance()
        return CAMPAIGN_POLL_SECONDS if wait is None else wait

    def _drain(self) -> float:
        """Take what the inbox holds; where it holds nothing, wait for the bell."""
        if not work_once(self._runtime):
            self._runtime.inbox_bell.wait(POLL_SECONDS)
            self._runtime.inbox_bell.clear()
        return 0.0

    def _pass_over(self, after: str) -> str | None:
        """The next customer who is to be indexed and cannot be; `after` itself while the database is away."""
        try:
            with self._runtime.database.reading() as session:
                failing = next_unindexed(session, after=after, limit=1)
        except Exception as error:  # noqa: BLE001 - as above
            self._complain(error)
            return after
        log.error("index.passed_over", customer_ids=list(failing))
        return failing[0] if failing else None

    def _complain(self, error: Exception) -> None:
        log.error("worker.failed", error=type(error).__name__, where=raised_at(error))
        self._stopping.wait(1)


def index_some(runtime: Runtime, after: str, *, limit: int = BATCH) -> str | None:
    """Index a batch of customers behind an id, in a transaction of its own; the last id, or None at the end."""
    with runtime.database.transaction() as session:
        return index_next(session, after=after, limit=limit)


def lapse_some(runtime: Runtime, *, limit: int = LAPSES_AT_ONCE) -> int:
    """Let the verification of numbers lapse that went quiet, in a transaction each; how many did."""
    now = runtime.clock()
    before = now - timedelta(days=runtime.settings.verified_days)
    with runtime.database.reading() as session:
        quiet = next_quiet(session, before=before, limit=limit)
    lapsed = 0
    for customer_id, contact_id in quiet:
        # A contact that was removed meanwhile needs nothing more.
        with suppress(Refusal), runtime.database.transaction() as session:
            lapsed += lapse(session, customer_id, contact_id, before=before, now=now)
    return lapsed


def work_once(runtime: Runtime) -> bool:
    """Write down which keys were used, resolve one event that is due, or ask for one late profile.

    True where there was anything to do.
    """
    return _keep_key_uses(runtime) or _resolve_next(runtime) or _ask_for_profile(runtime)


def _keep_key_uses(runtime: Runtime) -> bool:
    uses = runtime.key_uses.take()
    if uses:
        with runtime.database.transaction() as session:
            keep_uses(session, uses)
    return bool(uses)


def _resolve_next(runtime: Runtime) -> bool:
    now = runtime.clock()
    with runtime.database.reading() as session:
        if not inbox.has_due(session, now=now):
            return False
    with runtime.database.transaction() as session:
        event = inbox.claim_next(session, owner=runtime.owner, now=now)
    if event is not None:
        resolve_claimed(runtime, event)
    return True


def _ask_for_profile(runtime: Runtime) -> bool:
    if runtime.profiles is None:
        return False
    with runtime.database.reading() as session:
        identity = next_due_profile(session, now=runtime.clock())
    if identity is None:
        return False
    answer = runtime.profiles.fetch(identity.sender_id)
    now = runtime.clock()
    with runtime.database.transaction() as session:
        if isinstance(answer, Found):
            update_profile(session, identity.id, answer.profile, terms=runtime.terms, now=now)
            return True
        retry = isinstance(answer, Failed) and identity.profile_attempts < MAX_PROFILE_ATTEMPTS
        wait = min(LATE_PROFILE_RETRY * 2**identity.profile_attempts, MAX_PROFILE_BACKOFF)
        postpone_profile(session, identity.id, due_at=now + wait if retry else None, now=now)
    log.warning("profile.missing", identity_id=identity.id, reason=answer.reason.value)
    return True
