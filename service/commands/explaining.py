"""`isthisyou explain`: why an event was decided as it was."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console

from service.commands.database import existing
from service.explaining import explain_event
from service.store import reading

if TYPE_CHECKING:
    from uuid import UUID

#: Where nobody looks, nothing is cut off.
_WIDTH_OF_A_PIPE = 200


@click.command()
@click.argument("event_id", metavar="EVENT", type=click.UUID)
def explain(event_id: UUID) -> None:
    """Show how the event with the id EVENT was decided, in bits, and replay the decision from what is stored of it.

    Shows names and contact values. Ends with 1 where the replay does not agree.
    """
    with existing() as database, database.reading() as session:
        event = reading.event_view(session, reading.find_event(session, str(event_id)))
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE)
    replayed = explain_event(console, event)
    if replayed is not None and not replayed.agrees:
        sys.exit(1)
