"""`isthisyou shadow`: what another model would have decided, before it is switched on."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress

from service.commands.database import existing
from service.config import Settings, read_model
from service.runtime import READERS
from service.store.match_index import CustomerCount
from service.store.past_events import count_past_events
from service.usecases.identify import Identifier
from service.usecases.shadow import BATCH, Shadow, compare_next, totals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matching import Model
    from service.store.session import Database
    from service.usecases.shadow import Compared, Flip


@click.command("shadow")
@click.argument("model", metavar="MODEL")
@click.option("--since", type=click.DateTime(), help="Only events that came in since then (UTC).")
@click.option(
    "--limit",
    metavar="N",
    default=10_000,
    show_default=True,
    type=click.IntRange(1),
    help="The newest N events at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a flip, and one with the totals.")
def shadow(model: str, since: datetime | None, limit: int, *, as_json: bool) -> None:
    """Decide past events anew, by the model in use and by the one in MODEL, and list the decisions that would flip.

    Each is decided against the base as it is now, without the customer that the event itself has made. The database is only
    read, also while serving. Shows ids only.
    """
    given = _model_in(model)
    settings = Settings.from_environment()
    count = CustomerCount()
    job = Shadow(
        current=Identifier(model=settings.model, costs=settings.costs, count=count),
        given=Identifier(model=given, costs=settings.costs, count=count),
        region=settings.default_region,
        readers=READERS,
    )
    done = _Done()
    with existing(settings) as database:
        for compared in _batches(database, job, since=since and since.replace(tzinfo=UTC), limit=limit):
            for flip in compared.flips:
                click.echo(json.dumps(asdict(flip)) if as_json else _row(flip))
            done.add(compared)
    if as_json:
        click.echo(json.dumps({"totals": done.to_dict()}))
    else:
        _say(done, settings.model, given)


def _model_in(path: str) -> Model:
    try:
        return read_model(path)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="MODEL") from None


@dataclass(slots=True)
class _Done:
    """What was compared so far; `flips` by what decisions were and become."""

    decided: int = 0
    left_out: int = 0
    same: int = 0
    flips: Counter[str] = field(default_factory=Counter)

    def add(self, compared: Compared) -> None:
        self.decided += compared.decided
        self.left_out += compared.left_out
        self.same += compared.decided - len(compared.flips)
        self.flips += totals(compared.flips)

    def to_dict(self) -> dict[str, int | dict[str, int]]:
        return {
            "decided": self.decided,
            "left_out": self.left_out,
            "same": self.same,
            "flips": dict(sorted(self.flips.items())),
        }


def _batches(database: Database, job: Shadow, *, since: datetime | None, limit: int) -> Iterator[Compared]:
    with database.reading() as session:
        size = min(count_past_events(session, since=since), limit)
    left, behind = limit, None
    with Progress(
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
        # Flips that go elsewhere than to the terminal are not the bar's to show.
        redirect_stdout=sys.stdout.isatty(),
    ) as progress:
        bar = progress.add_task("deciding", total=size)
        while left:
            with database.snapshot() as session:
                compared = compare_next(session, job, behind=behind, since=since, limit=min(BATCH, left))
            yield compared
            events = compared.decided + compared.left_out
            progress.advance(bar, events)
            behind = compared.last
            left = left - events if behind else 0


def _row(flip: Flip) -> str:
    """One line: the event, what becomes of it, and why."""
    change = f"{flip.was} -> {flip.becomes}"
    return (
        f"{flip.event_id}  {change:<20}  {flip.candidate_id}"
        f"  {flip.was_probability:.4f} -> {flip.becomes_probability:.4f}  {flip.feature} {flip.bits:+.2f} bits"
    )


def _say(done: _Done, current: Model, given: Model) -> None:
    click.echo(
        f"{done.decided:,} events decided by model {current.version} and by {given.version}:"
        f" {done.same:,} the same, {done.flips.total():,} flip."
    )
    for change, number in sorted(done.flips.items()):
        click.echo(f"  {change.replace('->', ' -> ')}: {number:,}")
    if done.left_out:
        click.echo(f"{done.left_out:,} events of known senders were left out: no model decides them.")
