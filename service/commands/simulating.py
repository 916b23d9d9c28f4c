"""`isthisyou simulate`: what is asked, what is shown."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from service.config import Settings
from service.files.source import opened
from service.simulating import Job, Watcher
from service.simulating import simulate as run_simulation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.files.source import Source
    from service.simulating import Summary

#: All that a simulation takes from the installation; its database and its secrets are none of them.
_SETTINGS = ("default_region", "cost_wrong_link", "cost_missed_match", "cost_question", "model_file")


@click.command("simulate")
@click.argument("customers", metavar="CUSTOMERS")
@click.argument("events", metavar="EVENTS")
@click.option(
    "-o",
    "--output",
    "decisions",
    metavar="DECISIONS",
    required=True,
    help="Where to write; - for the terminal.",
)
def simulate(customers: str, events: str, decisions: str) -> None:
    """Decide every event of EVENTS against CUSTOMERS (JSON lines both), without a server and without your database.

    Ends with 1 when a line could not be read; the others are decided all the same.
    """
    _refuse_own_input(decisions, customers, events)
    settings = Settings.from_environment(only=_SETTINGS)
    stdin = sys.stdin.buffer
    with (
        tempfile.TemporaryDirectory(prefix="isthisyou-simulate-") as folder,
        opened(customers, stdin, encoding=None, is_json=True) as read_customers,
        opened(events, stdin, encoding=None, is_json=True) as read_events,
        _written(decisions) as written,
        Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
        ) as bar,
    ):
        job = Job(
            customers=read_customers,
            events=read_events,
            folder=Path(folder),
            region=settings.default_region,
            costs=settings.costs,
            model=settings.model,
        )
        shown = _Shown(bar, {read_customers.path: customers, read_events.path: events})
        summary = run_simulation(job, written, shown.watcher)
    _say(summary)
    if summary.rejected:
        sys.exit(1)


def _refuse_own_input(decisions: str, *inputs: str) -> None:
    if decisions != "-" and Path(decisions).resolve() in {Path(each).resolve() for each in inputs}:
        raise click.BadParameter("must not be one of the files that are read", param_hint="-o")


@contextmanager
def _written(decisions: str) -> Iterator[IO[bytes]]:
    if decisions == "-":
        yield sys.stdout.buffer
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(decisions).open("wb"))
        except OSError as error:
            raise click.ClickException(f"{decisions} cannot be written: {error.strerror}.") from None
        yield file


@dataclass
class _Shown:
    """Shows a bar for each stage, and bad lines by number and reason."""

    bar: Progress
    names: dict[Path, str]
    _task: TaskID | None = None

    @property
    def watcher(self) -> Watcher:
        return Watcher(begun=self._begin, reached=self._reach, rejected=self._reject)

    def _begin(self, stage: str, size: int) -> None:
        if self._task is not None:
            self.bar.remove_task(self._task)
        self._task = self.bar.add_task(stage, total=size)

    def _reach(self, place: int) -> None:
        if self._task is not None:
            self.bar.update(self._task, completed=place)

    def _reject(self, source: Source, number: int, reason: str) -> None:
        self.bar.console.print(
            f"{self.names[source.path]} line {number}: {reason}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _say(summary: Summary) -> None:
    told = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(summary.outcomes.items()))
    click.echo(
        f"{sum(summary.outcomes.values()):,} events against {summary.customers:,} customers: {told}", err=True
    )
    shares = ", ".join(
        f"{channel} {each.known:.0%}, {each.namesakes:.1%} namesakes among the others"
        for channel, each in summary.estimated.shares.items()
    )
    if shares:
        click.echo(f"senders known, as estimated: {shares}", err=True)
    if summary.rejected:
        click.echo(f"{summary.rejected:,} lines could not be read", err=True)
