"""An import from its first line to its last: read, prepare (in other processes where it pays), commit batch by batch.

A batch, how far it brings the file, and the size of the rejects file are committed together, so that an import that was
killed goes on where it stopped: what the rejects file has beyond its size is cut off.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from service.errors import ErrorCode, Refusal
from service.files.source import (
    json_lines,
    reject_header,
    reject_line,
    reject_row,
    table_rows,
    write_rejects,
)
from service.processes import work_for_parent
from service.store.imports import count_run, keep_run, known_ids, move_run, restart_run, tune
from service.usecases.import_customers import Counts, import_customers
from service.usecases.prepare_import import Rows, pack_lines, prepare_lines, unpack_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from service.files.source import Line, Source
    from service.store.session import Database
    from service.store.tables import ImportRun
    from service.usecases.prepare_import import Payload, Terms

    _Prepared = Callable[[], list[Rows | str]]

#: Lines to a transaction: a second at most, so that nobody who writes meanwhile waits long; fewer would write pages again.
BATCH_LINES = 4_000
#: A smaller file is read before another process would have started.
_WORTH_PROCESSES = 1 << 20
_PROCESSES = 2
_BATCHES_AHEAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A file, how it is read, and where its rejects go; `delimiter` and `header` are of a table."""

    source: Source
    terms: Terms
    rejects: Path
    delimiter: str = ","
    header: bytes = b""
    #: Where the first line after the header starts, in bytes and lines.
    body_at: int = 0
    body_line: int = 0

    @property
    def fingerprint(self) -> str:
        """What makes two imports the same: the file, how it is read, where its rejects go."""
        told = (
            self.source.digest,
            self.source.encoding,
            self.delimiter,
            self.terms,
            str(self.rejects.resolve()),
        )
        return sha256(repr(told).encode()).hexdigest()

    def lines(self, position: int, done: int) -> Iterator[Line]:
        if self.source.is_json:
            return json_lines(self.source, position, done)
        return table_rows(self.source, self.delimiter, position, done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Who is told of the progress: the place in the file after each batch, and each line that is rejected."""

    reached: Callable[[int], None]
    rejected: Callable[[int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    lines: Sequence[Line]
    now: datetime
    #: Waits for what each line gave.
    prepared: _Prepared

    def sorted(self) -> tuple[list[tuple[Line, Rows]], list[tuple[Line, str]]]:
        """The lines that can be imported, and those that cannot with the reason."""
        good, bad = [], []
        for line, outcome in zip(self.lines, self.prepared(), strict=True):
            if isinstance(outcome, Rows) and line.fault is None:
                good.append((line, outcome))
            else:
                bad.append((line, line.fault or str(outcome)))
        return good, bad


def run_import(
    database: Database, job: Job, watcher: Watcher, *, clock: Callable[[], datetime]
) -> tuple[Counts, bool]:
    """Import a file; the counts of all its lines, and whether an interrupted import was taken up.

    Raises:
        Refusal: another import of the same file runs.
    """
    with database.transaction() as session:
        run = keep_run(session, job.fingerprint, start=job.body_at, now=clock())
        if run.rejects_size and not _has_rejects(job, run.rejects_size):
            restart_run(run, start=job.body_at, now=clock())
        run.lines = run.lines or job.body_line
    resumed = run.position > job.body_at
    state = _State(database=database, job=job, run=run, watcher=watcher)
    with _garbage_left_alone():
        for batch in _batches(job, run.position, run.lines, clock):
            state.commit(batch)
            gc.collect()
    state.finish(clock())
    return state.counts, resumed


def rehearse(database: Database, job: Job, watcher: Watcher, *, clock: Callable[[], datetime]) -> Counts:
    """Read a whole file and write nothing; who is known already counts as unchanged."""
    counts = Counts()
    for batch in _batches(job, job.body_at, job.body_line, clock):
        good, bad = batch.sorted()
        with database.reading() as session:
            known = known_ids(session, [rows.external_id for _, rows in good])
        old = sum(rows.external_id in known for _, rows in good)
        counts += Counts(created=len(good) - old, unchanged=old, rejected=len(bad))
        for line, reason in bad:
            watcher.rejected(line.number, reason)
        watcher.reached(batch.lines[-1].end)
    return counts


@contextmanager
def _garbage_left_alone() -> Iterator[None]:
    """Look for cycles only when told, and only among what came since: rows are many, and form none."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _has_rejects(job: Job, size: int) -> bool:
    return job.rejects.exists() and job.rejects.stat().st_size >= size


@dataclass(kw_only=True)
class _State:
    """How far the import has come, as it is committed."""

    database: Database
    job: Job
    run: ImportRun
    watcher: Watcher
    counts: Counts = field(init=False)

    def __post_init__(self) -> None:
        run = self.run
        self.counts = Counts(
            created=run.created, updated=run.updated, unchanged=run.unchanged, rejected=run.rejected
        )

    def commit(self, batch: _Batch) -> None:
        good, bad = batch.sorted()
        rejects = [self._reject(line, reason) for line, reason in bad]
        if rejects and self.run.rejects_size == 0 and not self.job.source.is_json:
            rejects.insert(0, reject_header(self.job.header, self.job.delimiter))
        last = batch.lines[-1]
        with self.database.transaction() as session:
            tune(session)
            size = self.run.rejects_size + sum(map(len, rejects))
            where = {"position": last.end, "lines": last.number + last.lines - 1, "rejects_size": size}
            if not move_run(session, self.run, {**where, "updated_at": batch.now}):
                raise _elsewhere()
            counts = self.counts + Counts(rejected=len(bad))
            counts += import_customers(
                session,
                [(self._payload(line), rows) for line, rows in good],
                terms=self.job.terms,
                now=batch.now,
            )
            self._keep(counts, where)
            count_run(session, self.run)
            if rejects:
                write_rejects(self.job.rejects, size - sum(map(len, rejects)), rejects)
        for line, reason in bad:
            self.watcher.rejected(line.number, reason)
        self.watcher.reached(last.end)

    def finish(self, now: datetime) -> None:
        with self.database.transaction() as session:
            if not move_run(session, self.run, {"finished_at": now, "updated_at": now}):
                raise _elsewhere()

    def _keep(self, counts: Counts, where: dict[str, int]) -> None:
        self.counts = counts
        run = self.run
        run.created, run.updated = counts.created, counts.updated
        run.unchanged, run.rejected = counts.unchanged, counts.rejected
        run.position, run.lines, run.rejects_size = where["position"], where["lines"], where["rejects_size"]

    def _payload(self, line: Line) -> bytes | tuple[str, ...]:
        return _payload(self.job, line)

    def _reject(self, line: Line, reason: str) -> bytes:
        if self.job.source.is_json:
            return reject_line(line)
        return reject_row(line, reason, delimiter=self.job.delimiter, encoding=self.job.source.encoding)


def _elsewhere() -> Refusal:
    return Refusal(ErrorCode.CONFLICT, "Another import of this file is under way; it goes on, this one ends.")


def _payload(job: Job, line: Line) -> bytes | tuple[str, ...]:
    return line.raw if job.source.is_json else line.cells


# --- Preparing, here or elsewhere ---


def _batches(job: Job, position: int, done: int, clock: Callable[[], datetime]) -> Iterator[_Batch]:
    """All batches in order; some are being prepared while one is committed."""
    lines = job.lines(position, done)
    with _preparer(job.source.size - position) as submit:
        waiting: deque[_Batch] = deque()
        while chunk := list(islice(lines, BATCH_LINES)):
            now = clock()
            payloads = [_payload(job, line) for line in chunk]
            waiting.append(_Batch(lines=chunk, now=now, prepared=submit(payloads, job.terms, now)))
            if len(waiting) >= _BATCHES_AHEAD:
                yield waiting.popleft()
        yield from waiting


@contextmanager
def _preparer(size: int) -> Iterator[Callable[[list[Payload], Terms, datetime], _Prepared]]:
    if size < _WORTH_PROCESSES or (os.cpu_count() or 1) == 1:
        yield _prepare_here
        return
    pool = ProcessPoolExecutor(
        _PROCESSES, mp_context=multiprocessing.get_context("spawn"), initializer=_start_process
    )
    try:
        yield partial(_prepare_elsewhere, pool)
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare_elsewhere(
    pool: ProcessPoolExecutor, payloads: list[Payload], terms: Terms, now: datetime
) -> _Prepared:
    packed = pool.submit(_pack_lines, payloads, terms, now)
    return lambda: unpack_lines(packed.result())


def _start_process() -> None:
    work_for_parent()
    gc.disable()


def _pack_lines(payloads: list[Payload], terms: Terms, now: datetime) -> bytes:
    packed = pack_lines(payloads, terms, now)
    gc.collect()
    return packed


def _prepare_here(payloads: list[Payload], terms: Terms, now: datetime) -> _Prepared:
    return partial(prepare_lines, payloads, terms, now)
