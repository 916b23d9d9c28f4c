"""`isthisyou reindex`: the match index, brought to what contacts and names say."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress

from service.commands.database import existing
from service.store.match_index import NOBODY, CustomerCount
from service.usecases.reindex import reindex, survey_next

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from service.store.session import Database

#: Between two batches: whoever waits to write gets in between.
_PAUSE_SECONDS = 0.01
_INTERRUPTED = 130


@click.command("reindex")
@click.option("--after", type=click.UUID, help="Go on behind this customer, as an interrupted run says.")
def reindex_customers(after: UUID | None) -> None:
    """Rebuild block keys and packed records of every customer, also while serving; writes only what is not right.

    A run that was interrupted can be started again at any time, from the beginning or behind where it stopped.
    """
    done = _Done(last=str(after) if after else NOBODY)
    with existing() as database, Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("indexing", total=_count(database))
        try:
            _go_through(database, done, advance=lambda customers: progress.advance(bar, customers))
        except KeyboardInterrupt:
            click.echo(f"Stopped; {done}. Go on with: isthisyou reindex --after {done.last}", err=True)
            sys.exit(_INTERRUPTED)
    click.echo(f"{done}.")


@dataclass
class _Done:
    """How far it has come."""

    last: str
    customers: int = 0
    written: int = 0

    def __str__(self) -> str:
        return f"{self.customers} customers looked at, {self.written} indexed anew"


def _go_through(database: Database, done: _Done, *, advance: Callable[[int], None]) -> None:
    after: str | None = done.last
    while after is not None:
        with database.snapshot() as session:
            surveyed = survey_next(session, after=after)
        if surveyed.stale:
            with database.transaction() as session:
                written = reindex(session, surveyed.stale)
            done.written += written
            time.sleep(_PAUSE_SECONDS)
        done.customers += surveyed.customers
        after = surveyed.last
        done.last = after or done.last
        advance(surveyed.customers)


def _count(database: Database) -> int:
    with database.reading() as session:
        return CustomerCount().read(session)
