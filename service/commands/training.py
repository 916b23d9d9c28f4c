"""`isthisyou train`: a new model from the installation's own decisions and answers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress

from matching.model import dump_model
from service.commands.database import existing
from service.commands.tables import show
from service.config import LONGEST_VERSION, Settings
from service.runtime import READERS, utc_now
from service.store.past_events import count_past_events
from service.usecases.train import BATCH, Lessons, begin

if TYPE_CHECKING:
    from matching import Model
    from matching.training import Change, Trained
    from service.store.session import Database

#: Differences that a person would see: figures are shown to three digits.
_SHOWN = "{:.3g}"


@click.command("train")
@click.option(
    "-o",
    "--output",
    metavar="MODEL.json",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the model; without it, what would change is only shown.",
)
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@click.option(
    "--events",
    "most",
    metavar="N",
    default=10_000,
    show_default=True,
    type=click.IntRange(1),
    help="Learn from the newest N events.",
)
def train(output: Path | None, most: int, *, force: bool) -> None:
    """Re-estimate the model from the decisions of recent events, and from what people answered to "Is this you?".

    The database is only read, also while serving. The model counts from the next start with ISTHISYOU_MODEL_FILE on.
    """
    if output is not None and output.exists() and not force:
        raise click.BadParameter("is there already; --force writes over it", param_hint="-o")
    settings = Settings.from_environment()
    with existing(settings) as database:
        lessons = _read(database, settings.model, most)
    if not lessons.events and not lessons.answers:
        raise click.ClickException("There is nothing to learn from: no event has been weighed yet.")
    trained = lessons.train(version=_version(settings.model))
    _say(lessons, trained)
    if output is not None:
        _write(output, trained.model)
        click.echo(f"Model {trained.model.version} is in {output}.")


def _read(database: Database, model: Model, most: int) -> Lessons:
    with database.reading() as session:
        lessons = begin(session, model, readers=READERS)
        size = min(count_past_events(session, since=None), most)
    left = most
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("reading", total=size)
        while left:
            with database.snapshot() as session:
                read = lessons.read_next(session, limit=min(BATCH, left))
            if not read:
                break
            left -= read
            progress.advance(bar, read)
        with database.snapshot() as session:
            lessons.read_other_answers(session)
    return lessons


def _version(model: Model) -> str:
    """A name of its own: the version that it goes back to, and when it was trained."""
    trained = f"+trained-{utc_now():%Y%m%dT%H%M%SZ}"
    return model.version.partition("+")[0][: LONGEST_VERSION - len(trained)] + trained


def _say(lessons: Lessons, trained: Trained) -> None:
    click.echo(f"{lessons.events:,} events and {lessons.answers:,} answers, {lessons.customers:,} customers.")
    rows = [_row(each) for each in trained.changes]
    shown = [row for row in rows if row[2] != row[3]]
    if shown:
        show(("figure", "of", "before", "after", "from"), shown)
    else:
        click.echo("Nothing changes.")
    for note in trained.thin:
        click.echo(f"Too little data: {note}.")
    if lessons.by_other_models:
        click.echo(
            f"{lessons.by_other_models:,} events were decided by another model than {lessons.model.version}:"
            " they tell of levels, not of shares."
        )


def _row(change: Change) -> tuple[str, str, str, str, str]:
    before, after = (_SHOWN.format(figure) for figure in (change.before, change.after))
    if change.seen is None:
        return change.figure, change.of, before, after, f"{change.compared:,} events"
    return change.figure, change.of, before, after, f"{change.seen:,.1f} of {change.compared:,.1f} pairs"


def _write(output: Path, model: Model) -> None:
    """Whole or not at all."""
    partial = output.with_name(f"{output.name}.part")
    try:
        partial.write_bytes(dump_model(model))
        partial.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
