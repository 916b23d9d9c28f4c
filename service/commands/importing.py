"""`isthisyou import`: what is asked, what is shown."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from matching import is_region
from service.config import Settings
from service.files.columns import REJECT_COLUMNS, Column, Meaning, guess_columns, has_header, override
from service.files.source import SAMPLE_ROWS, Line, guess_delimiter, opened, table_rows
from service.importing import Job, Watcher, rehearse, run_import
from service.runtime import utc_now
from service.store.migrating import migrate
from service.store.session import Database
from service.usecases.prepare_import import Terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import TaskID

    from service.files.source import Source
    from service.usecases.import_customers import Counts

#: Bad lines that are shown; all are in the rejects file.
_SHOWN_REJECTS = 20
_NOTHING = Line(number=1, raw=b"", end=0, lines=0, fault="the file is empty")
_MEANINGS = [each.value for each in Meaning if each not in {Meaning.LABEL, Meaning.IGNORED}]
_TELLING = frozenset(Meaning) - {Meaning.ID, Meaning.LABEL, Meaning.IGNORED}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """The flags of the command."""

    column: tuple[str, ...]
    ignore: tuple[str, ...]
    delimiter: str | None
    encoding: str | None
    format: str | None
    region: str | None
    rejects: Path | None
    keep_unreadable: bool
    dry_run: bool
    yes: bool
    strict: bool


@click.command("import")
@click.argument("file")
@click.option(
    "--column", multiple=True, metavar="MEANING=HEADER", help=f"What a column holds: {', '.join(_MEANINGS)}."
)
@click.option("--ignore", multiple=True, metavar="HEADER", help="A column to leave out.")
@click.option("--delimiter", help="Between the cells of a table; found out otherwise. tab for a tabulator.")
@click.option("--encoding", help="Of the file; found out otherwise.")
@click.option("--format", type=click.Choice(["csv", "jsonl"]), help="Found out otherwise.")
@click.option(
    "--region", help="Where phones without a country code are from (US, DE, …); a setting otherwise."
)
@click.option("--rejects", type=click.Path(path_type=Path, dir_okay=False), help="Where bad lines are kept.")
@click.option(
    "--keep-unreadable",
    is_flag=True,
    help="Import the rest of such lines; keep the value as it came, flagged.",
)
@click.option("--dry-run", is_flag=True, help="Read everything, write nothing.")
@click.option("--yes", is_flag=True, help="Go on with the columns as guessed.")
@click.option(
    "--strict", is_flag=True, help="End with 1 when any line was rejected; otherwise only when all were."
)
def import_file(file: str, **flags: object) -> None:
    """Import customers from FILE: CSV or JSON lines; - is standard input. Importing a file again changes nothing."""
    options = _Options(**flags)  # type: ignore[arg-type]  # click gives what each option declares
    settings = Settings.from_environment()
    region = (options.region or settings.default_region).upper()
    if not is_region(region):
        raise click.BadParameter("must be a country such as US", param_hint="--region")
    is_json = None if options.format is None else options.format == "jsonl"
    stream = sys.stdin.buffer
    with opened(file, stream, encoding=options.encoding, is_json=is_json) as source:
        job = _job(file, source, options, region)
        database = Database(settings.database_url)
        try:
            migrate(database, region=settings.default_region)
            counts = _import(database, job, options)
        finally:
            database.dispose()
    if counts.rejected and (options.strict or not counts.taken):
        sys.exit(1)


def _job(file: str, source: Source, options: _Options, region: str) -> Job:
    kind = "jsonl" if source.is_json else "csv"
    rejects = options.rejects or Path(f"{'import' if file == '-' else file}.rejects.{kind}")
    if file != "-" and rejects.resolve() == Path(file).resolve():
        raise click.BadParameter("must not be the file itself", param_hint="--rejects")
    terms = Terms(region=region, keep_unreadable=options.keep_unreadable)
    if source.is_json:
        if options.column or options.ignore:
            raise click.UsageError("JSON lines have no columns.")
        return Job(source=source, terms=terms, rejects=rejects, body_at=source.start)
    return _table_job(file, source, options, terms, rejects)


def _table_job(file: str, source: Source, options: _Options, terms: Terms, rejects: Path) -> Job:
    delimiter = _delimiter(options.delimiter) or guess_delimiter(source)
    first, *sample = [*islice(table_rows(source, delimiter, source.start, 0), SAMPLE_ROWS)] or [_NOTHING]
    if first.fault:
        raise click.ClickException(f"The first line cannot be read: {first.fault}.")
    headed = has_header(first.cells)
    headers = first.cells if headed else [f"column {place + 1}" for place in range(len(first.cells))]
    rows = [line.cells for line in sample] if headed else [first.cells, *(line.cells for line in sample)]
    columns = _with_overrides(guess_columns(headers, rows), options)
    _show_columns(columns)
    if _TELLING.isdisjoint(column.meaning for column in columns):
        raise click.ClickException(
            "No column holds a name or a contact; name one with --column MEANING=HEADER."
        )
    if sys.stdin.isatty() and sys.stdout.isatty() and file != "-" and not (options.yes or options.dry_run):
        click.confirm("Import with these columns?", default=True, abort=True)
    return Job(
        source=source,
        terms=Terms(region=terms.region, keep_unreadable=terms.keep_unreadable, columns=columns),
        rejects=rejects,
        delimiter=delimiter,
        header=first.raw if headed else delimiter.join(headers).encode(),
        body_at=first.end if headed else source.start,
        body_line=first.number + first.lines - 1 if headed else 0,
    )


def _delimiter(given: str | None) -> str | None:
    spelled = {"tab": "\t", "\\t": "\t"}.get(given or "", given)
    if spelled is not None and (len(spelled) != 1 or spelled in '"\r\n'):
        raise click.BadParameter("must be one character", param_hint="--delimiter")
    return spelled


def _with_overrides(columns: Sequence[Column], options: _Options) -> tuple[Column, ...]:
    named = dict.fromkeys(options.ignore, Meaning.IGNORED)
    for given in options.column:
        meaning, equals, header = given.partition("=")
        if not equals or meaning not in _MEANINGS:
            raise click.BadParameter(
                f"must be MEANING=HEADER with one of {', '.join(_MEANINGS)}", param_hint="--column"
            )
        named[header] = Meaning(meaning)
    changed, unknown = override(columns, named)
    if unknown:
        raise click.BadParameter(f"the file has no column {', '.join(unknown)}", param_hint="--column")
    return changed


def _show_columns(columns: Sequence[Column]) -> None:
    table = Table("column", "meaning", "told by", "label", box=None, pad_edge=False)
    for column in columns:
        if column.header not in REJECT_COLUMNS:
            label = column.label.label.value if column.label else ""
            # Headers are data: nothing in them is markup.
            table.add_row(*map(Text, (column.header, column.meaning.value, column.why, label)))
    Console().print(table)


@dataclass
class _Report:
    """What is shown at the end: the first bad lines, by number and reason."""

    lines: list[tuple[int, str]] = field(default_factory=list)

    def note(self, number: int, reason: str) -> None:
        if len(self.lines) < _SHOWN_REJECTS:
            self.lines.append((number, reason))


def _import(database: Database, job: Job, options: _Options) -> Counts:
    report = _Report()
    resumed = False
    with _progress(job.source.size) as progress:
        watcher = Watcher(reached=progress, rejected=report.note)
        if options.dry_run:
            counts = rehearse(database, job, watcher, clock=utc_now)
        else:
            counts, resumed = run_import(database, job, watcher, clock=utc_now)
    if resumed:
        click.echo("An import of this file had been interrupted: it went on from there.")
    _say(counts, report, job, dry_run=options.dry_run)
    return counts


@contextmanager
def _progress(size: int) -> Iterator[_Reached]:
    """A bar on a terminal; elsewhere nothing."""
    columns = (TextColumn("importing"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=not sys.stdout.isatty(), transient=True) as bar:
        task = bar.add_task("importing", total=size)
        yield _Reached(bar, task)


class _Reached:
    """Moves a bar to a place in the file."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task

    def __call__(self, position: int) -> None:
        self._bar.update(self._task, completed=position)


def _say(counts: Counts, report: _Report, job: Job, *, dry_run: bool) -> None:
    for number, reason in report.lines:
        click.echo(f"line {number}: {reason}")
    more = counts.rejected - len(report.lines)
    if report.lines and more > 0:
        click.echo(f"and {more} more")
    verb = "would be " if dry_run else ""
    click.echo(
        f"{counts.created} {verb}created, {counts.updated} {verb}updated, {counts.unchanged} unchanged,"
        f" {counts.rejected} {verb}rejected"
    )
    if counts.rejected and not dry_run:
        click.echo(f"The rejected lines are in {job.rejects}: mend them there and import that file.")
