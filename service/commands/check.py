"""Holding a database against what is promised of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import Progress

from service.commands.database import existing
from service.store.match_index import NOBODY, CustomerCount
from service.usecases.check import check_next

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.store.session import Database
    from service.usecases.check import Checked


@click.command()
def check() -> None:
    """Verify primaries, mirrors, holders, block keys and consent of every customer; changes nothing, also while serving."""
    customers = waiting = findings = 0
    with existing() as database, Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("checking", total=_count(database))
        for checked in _batches(database):
            customers, waiting = customers + checked.customers, waiting + checked.waiting
            findings += len(checked.findings)
            for each in checked.findings:
                contact = f" contact {each.contact_id}" if each.contact_id else ""
                click.echo(f"{each.code}: customer {each.customer_id}{contact}: {each.detail}")
            progress.advance(bar, checked.customers)
    click.echo(f"{customers} customers checked, {findings} findings.")
    if waiting:
        click.echo(
            f"{waiting} customers wait to be indexed; a serving process does it, or isthisyou reindex."
        )
    if findings:
        raise SystemExit(1)


def _count(database: Database) -> int:
    with database.reading() as session:
        return CustomerCount().read(session)


def _batches(database: Database) -> Iterator[Checked]:
    after: str | None = NOBODY
    while after is not None:
        with database.snapshot() as session:
            checked = check_next(session, after=after)
        yield checked
        after = checked.last
