"""A simulation from its first line to its last.

Customers are loaded into a database of its own, the share of known senders is estimated from a sample of the events, then
every event is decided, in other processes where it pays.
"""

from __future__ import annotations

import hashlib
import heapq
import multiprocessing
import os
from array import array
from collections import Counter, deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import count, islice, pairwise
from typing import IO, TYPE_CHECKING, Protocol, TypeVar

import msgspec

from matching.prior_estimation import Estimate, estimate, with_estimate
from service.files.event_lines import FileEvent, read_event_line
from service.files.source import MAX_LINE_BYTES, json_lines
from service.importing import Job as ImportJob
from service.importing import Watcher as ImportWatcher
from service.importing import run_import
from service.processes import work_for_parent
from service.store.migrating import migrate
from service.store.session import Database
from service.usecases.identify import Identifier
from service.usecases.prepare_import import Terms
from service.usecases.simulate import DecisionLine, decision_lines, sightings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from matching import Costs, Model
    from matching.prior_estimation import Sighting
    from service.events import Channel
    from service.files.source import Line, Source

_T = TypeVar("_T")

#: Events of a channel that its share of known senders is estimated from: it is then off by one in a hundred, seldom two.
SAMPLE = 2_000
#: Lines to a piece of work.
_BATCH_LINES = 100
_PROCESSES = 2
_BATCHES_AHEAD = 8
#: A smaller file is done before another process would have started.
_WORTH_PROCESSES = 1 << 18
#: When the customers come in: any time will do, if it is always the same one.
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is simulated. The database is made in `folder`, and nobody else's is touched."""

    customers: Source
    events: Source
    folder: Path
    region: str
    costs: Costs
    model: Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Who is told of the progress: each stage with its size, how far it has come, each bad line of the source it is in."""

    begun: Callable[[str, int], None]
    reached: Callable[[int], None]
    rejected: Callable[[Source, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a simulation went: decisions by outcome, bad lines of both files, and the shares it went by."""

    customers: int
    outcomes: Mapping[str, int]
    rejected: int
    estimated: Estimate


def simulate(job: Job, decisions: IO[bytes], watcher: Watcher) -> Summary:
    """Write the line of each event's decision, in the order of the events; the same input gives the same lines, in whatever order."""
    database = Database(f"sqlite:///{job.folder / 'simulation.db'}")
    try:
        customers, rejected = _load(database, job, watcher)
        desk = _Desk(url=database.url, region=job.region, costs=job.costs, model=job.model)
        with _workers(database, job.events.size) as submit:
            estimated = _estimated(job, submit, desk, customers, watcher)
            desk = replace(desk, model=with_estimate(desk.model, estimated))
            outcomes = _decide(job, partial(submit, desk), decisions, watcher)
    finally:
        database.dispose()
    return Summary(
        customers=customers,
        outcomes=outcomes,
        rejected=rejected + outcomes.pop(_REJECTED, 0),
        estimated=estimated,
    )


_REJECTED = ""
_REPEATED = "id: the line is not the first of this event"
_REPEATED_CUSTOMER = "id: the line is not the first of this customer"


def _load(database: Database, job: Job, watcher: Watcher) -> tuple[int, int]:
    """Take the customers in, each line as one of their own; how many there are, and how many lines were bad."""
    migrate(database, region=job.region)
    watcher.begun("customers", job.customers.size)
    ordered, numbers, repeated = _ordered_by_content(job.customers, job.folder / "customers.jsonl")
    taking = ImportJob(
        source=ordered,
        # What cannot be read of a customer is no reason to do without the rest.
        terms=Terms(region=job.region, keep_unreadable=True, needs_id=True),
        rejects=job.folder / "rejects.jsonl",
    )
    bad = [(number, _REPEATED_CUSTOMER) for number in repeated]
    told = ImportWatcher(
        reached=watcher.reached, rejected=lambda number, reason: bad.append((numbers[number - 1], reason))
    )
    # Batch after batch, a moment later each.
    moments = (_EPOCH + timedelta(seconds=second) for second in count())
    counts, _ = run_import(database, taking, told, clock=partial(next, moments))
    for number, reason in sorted(bad):
        watcher.rejected(job.customers, number, reason)
    return counts.created, counts.rejected + len(repeated)


def _ordered_by_content(source: Source, copy: Path) -> tuple[Source, Sequence[int], Sequence[int]]:
    """A copy with its lines in an order that follows from what they say, and the number that each has in the file.

    Customers get their ids in the order of the lines, and ids break ties: the order of the file is then nothing to them.
    A customer's further lines are left out, and their numbers given back last.
    """
    hashes, ids, starts, numbers = array("Q"), array("Q"), array("Q"), array("Q")
    for line in json_lines(source, source.start, 0):
        hashes.append(_hash_of(line.raw.rstrip(b"\r\n")))
        ids.append(_hash_of_id(line.raw) or hashes[-1])
        starts.append(line.end - len(line.raw))
        numbers.append(line.number)
    by_id = sorted(range(len(ids)), key=ids.__getitem__)
    repeated = {later for first, later in pairwise(by_id) if ids[first] == ids[later]}
    order = sorted((place for place in range(len(hashes)) if place not in repeated), key=hashes.__getitem__)
    with source.path.open("rb") as file, copy.open("wb") as out:
        for place in order:
            file.seek(starts[place])
            raw = file.readline(MAX_LINE_BYTES)
            # Only the last line may lack its end; a line that is too long is cut where it was, to be one of the bad ones.
            out.write(raw if len(raw) == MAX_LINE_BYTES or raw.endswith(b"\n") else raw + b"\n")
    ordered = replace(source, path=copy, size=copy.stat().st_size, start=0)
    return ordered, array("Q", map(numbers.__getitem__, order)), [numbers[place] for place in repeated]


class _Identified(msgspec.Struct):
    id: str | int


def _hash_of_id(raw: bytes) -> int:
    """0 where a line tells none, which is said when it is read."""
    try:
        return _hash_of(str(_identified.decode(raw).id).encode())
    except (msgspec.DecodeError, UnicodeError):
        return 0


_identified = msgspec.json.Decoder(_Identified)


def _estimated(job: Job, submit: _Submit, desk: _Desk, customers: int, watcher: Watcher) -> Estimate:
    """How many senders are known and how many namesakes, from a sample of the events of each channel."""
    watcher.begun("sampling", job.events.size)
    samples = _sample(json_lines(job.events, job.events.start, 0), watcher)
    watcher.begun("estimating", sum(map(len, samples.values())))
    done = 0
    seen_on: dict[str, list[Sighting]] = {}
    for channel, lines in sorted(samples.items()):
        seen: list[Sighting] = []
        for found in _in_order(partial(submit, desk, sightings), _batched(lines)):
            seen += found
            watcher.reached(done := done + len(found))
        seen_on[channel.value] = seen
    return estimate(seen_on, desk.model, customers=customers)


def _sample(lines: Iterable[Line], watcher: Watcher) -> dict[Channel, list[bytes]]:
    """At most SAMPLE lines of each channel, each as likely to be among them: those whose events' ids have the smallest hashes.

    The same ones whatever the order of the lines.
    """
    samples: dict[Channel, list[tuple[int, bytes]]] = {}
    for number, line in enumerate(lines, start=1):
        event = read_event_line(line.raw)
        if not isinstance(event, FileEvent) or line.fault:
            continue
        kept = samples.setdefault(event.submission.channel, [])
        # The largest comes first in the heap, to be pushed out by a smaller one.
        ranked = (-_hash_of(event.id.encode()), line.raw)
        if len(kept) < SAMPLE:
            heapq.heappush(kept, ranked)
        else:
            heapq.heappushpop(kept, ranked)
        if number % _BATCH_LINES == 0:
            watcher.reached(line.end)
    return {channel: [raw for _, raw in sorted(kept)] for channel, kept in samples.items()}


def _hash_of(text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def _decide(
    job: Job, submit: Callable[..., _Result[list[DecisionLine | str]]], decisions: IO[bytes], watcher: Watcher
) -> Counter[str]:
    watcher.begun("deciding", job.events.size)
    outcomes: Counter[str] = Counter()
    told: set[str] = set()
    waiting: deque[list[Line]] = deque()

    def payloads() -> Iterator[list[bytes]]:
        for batch in _batched(json_lines(job.events, job.events.start, 0)):
            waiting.append(batch)
            yield [line.raw for line in batch]

    for decided in _in_order(partial(submit, decision_lines), payloads()):
        batch = waiting.popleft()
        for line, outcome in zip(batch, decided, strict=True):
            if line.fault or not isinstance(outcome, DecisionLine):
                watcher.rejected(job.events, line.number, line.fault or str(outcome))
                outcomes[_REJECTED] += 1
            elif outcome.event_id in told:
                watcher.rejected(job.events, line.number, _REPEATED)
                outcomes[_REJECTED] += 1
            else:
                told.add(outcome.event_id)
                decisions.write(outcome.line)
                outcomes[outcome.outcome] += 1
        watcher.reached(batch[-1].end)
    return outcomes


def _batched(items: Iterable[_T]) -> Iterator[list[_T]]:
    waiting = iter(items)
    while batch := list(islice(waiting, _BATCH_LINES)):
        yield batch


# --- Working, here or elsewhere ---


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What a process needs to decide events."""

    url: str
    region: str
    costs: Costs
    model: Model


if TYPE_CHECKING:
    _Result = Callable[[], _T]
    _Task = Callable[..., _T]

    class _Submit(Protocol):
        """Has lines worked on; what it gives waits for the result."""

        def __call__(self, desk: _Desk, task: _Task[_T], lines: Sequence[bytes]) -> _Result[_T]: ...


def _in_order(submit: Callable[[list[bytes]], _Result[_T]], batches: Iterable[list[bytes]]) -> Iterator[_T]:
    """What each batch gave, in their order; some are worked on ahead."""
    waiting: deque[_Result[_T]] = deque()
    for batch in batches:
        waiting.append(submit(batch))
        if len(waiting) >= _BATCHES_AHEAD:
            yield waiting.popleft()()
    while waiting:
        yield waiting.popleft()()


@contextmanager
def _workers(database: Database, size: int) -> Iterator[_Submit]:
    """A way to have lines worked on: by other processes where there are many."""
    if size < _WORTH_PROCESSES or (os.cpu_count() or 1) == 1:
        yield partial(partial, _work, database)
        return
    pool = ProcessPoolExecutor(
        _PROCESSES, mp_context=multiprocessing.get_context("spawn"), initializer=work_for_parent
    )
    try:
        yield lambda desk, task, lines: pool.submit(_work_elsewhere, desk, task, lines).result
    finally:
        pool.shutdown(cancel_futures=True)


def _work_elsewhere(desk: _Desk, task: _Task[_T], lines: Sequence[bytes]) -> _T:
    return _work(_opened(desk.url), desk, task, lines)


def _work(database: Database, desk: _Desk, task: _Task[_T], lines: Sequence[bytes]) -> _T:
    identifier = Identifier(model=desk.model, costs=desk.costs)
    with database.reading() as session:
        return task(session, lines, identifier=identifier, region=desk.region)


@cache
def _opened(url: str) -> Database:
    return Database(url)
