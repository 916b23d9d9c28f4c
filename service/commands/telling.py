"""`isthisyou demo`: the four days of John Doe, told against a database of their own."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.console import Console

from service.app import build_runtime, create_app
from service.commands.database import opened
from service.config import Settings
from service.story import Calendar, Postbox, Stage, tell
from service.usecases.api_keys import create_key

if TYPE_CHECKING:
    from service.runtime import Runtime

#: A Monday, ten in the morning where John lives: an hour at which he may be texted.
_BEGINS = datetime(2026, 3, 2, 18, tzinfo=UTC)
#: Where the links in messages would lead.
_PUBLIC_URL = "https://bookings.example"
#: Where nobody looks, nothing is cut off.
_WIDTH_OF_A_PIPE = 120


@click.command()
def demo() -> None:
    """Tell the four days of John Doe against a fresh database: what came in, what was decided and why, what was sent."""
    with tempfile.TemporaryDirectory(prefix="isthisyou-demo-") as folder:
        console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE)
        play(console, Settings(database_url=f"sqlite:///{folder}/demo.db", public_url=_PUBLIC_URL))


def play(console: Console, settings: Settings) -> None:
    """Tell the story on the database that `settings` name, in which there is nobody yet. Its messages are shown and reach nobody."""
    calendar, postbox = Calendar(now=_BEGINS), Postbox()
    with opened(settings):
        runtime = build_runtime(settings, owner="demo", clock=calendar)
    try:
        runtime = replace(runtime, mail=postbox, texts=postbox)
        tell(
            Stage(
                console=console,
                app=create_app(runtime),
                runtime=runtime,
                key=_key_for(runtime),
                calendar=calendar,
                postbox=postbox,
            )
        )
    finally:
        runtime.database.dispose()


def _key_for(runtime: Runtime) -> str:
    with runtime.database.transaction() as session:
        return create_key(session, "demo", now=runtime.clock())[1]
