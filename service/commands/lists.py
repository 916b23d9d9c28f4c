"""What is ours, and what proves nothing: list, add, remove. And our social accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from service.commands.database import transaction
from service.commands.tables import moment, show
from service.config import Settings
from service.errors import Refusal
from service.runtime import utc_now
from service.store.identities import list_accounts
from service.store.own_and_blocked import EXACT, PATTERN
from service.store.tables import BlockedValue, OwnContact
from service.usecases.api_keys import COMMAND
from service.usecases.curate import (
    TYPES,
    Entry,
    add_blocked_value,
    add_own_contact,
    list_entries,
    remove_entry,
)

if TYPE_CHECKING:
    from uuid import UUID

_TYPE = click.argument("type_", metavar="TYPE", type=click.Choice(TYPES))
_VALUE = click.argument("value")
_ID = click.argument("entry_id", metavar="ID", type=click.UUID)
_PLATFORM = click.option("--platform", default="", help="Of a social one; without it, every platform.")


def _entry(type_: str, value: str, platform: str, remark: str | None) -> Entry:
    if platform and type_ != "social":
        raise click.BadParameter("Only a social contact has a platform.", param_hint="--platform")
    return Entry(type=type_, value=value, platform=platform, remark=remark)


def _say(refusal: Refusal) -> click.ClickException:
    complaints = [each for found in refusal.fields.values() for each in found]
    return click.ClickException(" ".join(complaints) or refusal.detail)


@click.group("own-contacts")
def own_contacts() -> None:
    """Contacts of the business itself: attached to nobody, and no evidence."""


@own_contacts.command("list")
def list_own_contacts() -> None:
    """Show them, newest first."""
    with transaction() as session:
        rows = list_entries(session, OwnContact)
    show(
        ["ID", "TYPE", "PLATFORM", "VALUE", "NOTE"],
        [[row.id, row.type, row.platform or "-", row.value, row.note or ""] for row in rows],
    )


@own_contacts.command("add")
@_TYPE
@_VALUE
@_PLATFORM
@click.option("--note", help="What it is, for people.")
def own_contact(type_: str, value: str, platform: str, note: str | None) -> None:
    """Say that VALUE is ours."""
    settings, entry = Settings.from_environment(), _entry(type_, value, platform, note)
    try:
        with transaction(settings) as session:
            row = add_own_contact(
                session, entry, region=settings.default_region, actor=COMMAND, now=utc_now()
            )
    except Refusal as refusal:
        raise _say(refusal) from None
    click.echo(f"{row.value} is ours ({row.id}).")


@own_contacts.command("remove")
@_ID
def disown_contact(entry_id: UUID) -> None:
    """Take an entry off the list."""
    with transaction() as session:
        remove_entry(session, OwnContact, str(entry_id), actor=COMMAND, now=utc_now())
    click.echo(f"Removed {entry_id}.")


@click.group("blocked-values")
def blocked_values() -> None:
    """Values that prove nothing about who somebody is: kept where they are typed, never matched on."""


@blocked_values.command("list")
def list_blocked_values() -> None:
    """Show them, newest first; the shipped ones included."""
    with transaction() as session:
        rows = list_entries(session, BlockedValue)
    show(
        ["ID", "TYPE", "PLATFORM", "KIND", "VALUE", "SOURCE", "REASON"],
        [
            [row.id, row.type, row.platform or "-", row.kind, row.value, row.source, row.reason or ""]
            for row in rows
        ],
    )


@blocked_values.command("add")
@_TYPE
@_VALUE
@_PLATFORM
@click.option("--pattern", "kind", flag_value=PATTERN, default=EXACT, help="VALUE has * for anything.")
@click.option("--reason", help="Why, for people; explanations show it.")
def block_value(type_: str, value: str, platform: str, kind: str, reason: str | None) -> None:
    """Say that VALUE proves nothing."""
    settings, entry = Settings.from_environment(), _entry(type_, value, platform, reason)
    try:
        with transaction(settings) as session:
            row = add_blocked_value(
                session, entry, kind=kind, region=settings.default_region, actor=COMMAND, now=utc_now()
            )
    except Refusal as refusal:
        raise _say(refusal) from None
    click.echo(f"{row.value} proves nothing ({row.id}).")


@blocked_values.command("remove")
@_ID
def unblock_value(entry_id: UUID) -> None:
    """Take an entry off the list: it counts again."""
    with transaction() as session:
        remove_entry(session, BlockedValue, str(entry_id), actor=COMMAND, now=utc_now())
    click.echo(f"Removed {entry_id}.")


@click.command("accounts")
def accounts() -> None:
    """Our social accounts, each registered by its first authentic event; times are UTC."""
    with transaction() as session:
        rows = list_accounts(session)
    show(
        ["ID", "PLATFORM", "ACCOUNT", "SINCE", "SENDERS"],
        [
            [account.id, account.platform, account.account_id, moment(account.created_at), str(senders)]
            for account, senders in rows
        ],
    )
