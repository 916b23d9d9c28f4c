"""The `isthisyou` command."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import time
from dataclasses import replace
from functools import partial

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from service.app import process_owner, serve_app, set_up_logs
from service.commands import (
    check,
    evaluating,
    explaining,
    importing,
    keys,
    lists,
    reindexing,
    shadowing,
    simulating,
    telling,
    training,
)
from service.commands.database import as_it_is, transaction
from service.config import PREFIX, Settings, SettingsError
from service.errors import Refusal
from service.runtime import utc_now
from service.store.migrating import current_revision
from service.store.migrating import migrate as migrate_database
from service.usecases.api_keys import create_first_key, keep_secret_key

#: Requests that are answered at a time. Far more than processors: most of them wait, for a database or a slow sender.
_THREADS = 64
#: How long a port that is in use is waited for.
_PATIENCE_SECONDS = 2.0


class _Command(click.Group):
    """Says what is wrong with the settings or the database in a sentence, not in a trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (SettingsError, Refusal) as error:
            raise click.ClickException(str(error)) from None
        except SQLAlchemyError as error:
            # The first line alone: PostgreSQL quotes rows in the others.
            reason = (str(getattr(error, "orig", None) or "") or type(error).__name__).strip().splitlines()[0]
            raise click.ClickException(f"The database cannot be used: {reason}") from None


@click.group(cls=_Command)
@click.version_option(package_name="isthisyou")
def main() -> None:
    """isthisyou: one customer, many contact methods."""
    set_up_logs(logging.WARNING)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
def serve(host: str, port: int) -> None:
    """Migrate, then serve: web and worker in one process."""
    settings = Settings.from_environment()
    _refuse_port_in_use(host, port)
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    settings = replace(settings, local_url=f"http://{shown}:{port}")
    _prepare(settings)
    Granian(
        "isthisyou",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.error,
    ).serve(target_loader=partial(serve_app, settings, process_owner(port)), wrap_loader=False)


def _refuse_port_in_use(host: str, port: int) -> None:
    """Refuse to share a port: the server's own socket would, and each request would go to either of the two.

    A server that was just killed may hold it for a moment longer.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            socket.create_server(
                (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
            ).close()
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror}.") from None
            time.sleep(0.1)
        else:
            return


def _prepare(settings: Settings) -> None:
    """Migrate, make the first key, and say where to look."""
    now = utc_now()
    with transaction(settings) as session:
        keep_secret_key(session, now=now)
        first = create_first_key(session, now=now)
    url = settings.base_url
    click.echo(f"isthisyou serves at {url}")
    if settings.demo:
        click.echo(f"  try it by hand   {url}/demo")
    click.echo(f"  the API          {url}/docs")
    click.echo(f"  database         {_without_password(settings.database_url)}")
    for provider, kind in ((settings.smtp_url, "mail"), (settings.twilio_from, "texts")):
        if provider is None:
            click.echo(f"  {kind:<16} shown here and sent to nobody: no provider is configured")
    if settings.sends_dead_links:
        click.echo(f"  newsletters      not before {PREFIX}PUBLIC_URL says what their links start with")
    if first is not None:
        click.echo(f"  your API key, shown this once: {first}")
    sys.stdout.flush()


def _without_password(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


@main.command()
@click.argument("revision", default="head")
def migrate(revision: str) -> None:
    """Bring the database to REVISION (the newest by default); 010, 011 and 012 run one at a time."""
    settings = Settings.from_environment()
    with as_it_is(settings) as database:
        migrate_database(database, revision, region=settings.default_region)
        with database.reading() as session:
            reached = current_revision(session) or "base"
    click.echo(f"The database is at {reached}.")


main.add_command(keys.create_key)
main.add_command(keys.list_keys)
main.add_command(keys.revoke_key)
main.add_command(lists.own_contacts)
main.add_command(lists.blocked_values)
main.add_command(lists.accounts)
main.add_command(check.check)
main.add_command(reindexing.reindex_customers)
main.add_command(importing.import_file)
main.add_command(simulating.simulate)
main.add_command(evaluating.evaluate_files)
main.add_command(explaining.explain)
main.add_command(telling.demo)
main.add_command(training.train)
main.add_command(shadowing.shadow)

if __name__ == "__main__":
    main()
