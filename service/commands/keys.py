"""API keys: make, list, revoke."""

from __future__ import annotations

import click

from service.commands.database import transaction
from service.commands.tables import moment, show
from service.runtime import utc_now
from service.usecases import api_keys
from service.usecases.api_keys import COMMAND, Scope


@click.command("create-key")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it may do; may be given several times. Without it: everything (admin).",
)
def create_key(name: str, scopes: tuple[str, ...]) -> None:
    """Print a new API key, once; only its hash is stored."""
    if not name.strip() or len(name) > api_keys.MAX_NAME_LENGTH:
        raise click.BadParameter(f"must have 1 to {api_keys.MAX_NAME_LENGTH} characters", param_hint="NAME")
    chosen = [Scope(scope) for scope in scopes] or [Scope.ADMIN]
    with transaction() as session:
        _, secret = api_keys.create_key(session, name.strip(), scopes=chosen, now=utc_now())
    click.echo(secret)


@click.command("list-keys")
def list_keys() -> None:
    """Every API key with its scopes, when it was last used, and whether it is revoked; times are UTC."""
    with transaction() as session:
        keys = api_keys.list_keys(session)
    show(
        ["ID", "NAME", "SCOPES", "CREATED", "LAST USED", "REVOKED"],
        [
            [key.id, key.name, key.scopes, *map(moment, (key.created_at, key.last_used_at, key.revoked_at))]
            for key in keys
        ],
    )


@click.command("revoke-key")
@click.argument("key", metavar="ID|NAME")
def revoke_key(key: str) -> None:
    """Make an API key useless from the next request on."""
    with transaction() as session:
        found = api_keys.named_keys(session, key)
        if not found:
            raise click.ClickException(f"No API key that is not revoked has the id or name {key!r}.")
        if len(found) > 1:
            ids = ", ".join(each.id for each in found)
            raise click.ClickException(f"Several keys have this name; say which by its id: {ids}.")
        api_keys.revoke_key(session, found[0].id, actor=COMMAND, now=utc_now())
    click.echo(f"Revoked {found[0].name} ({found[0].id}).")
