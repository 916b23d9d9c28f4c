"""Our own accounts, and the senders who wrote to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, tuple_

from service.events import Profile
from service.store.inserting import insert_once
from service.store.tables import SocialAccount, SocialIdentity, new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from service.events import Sender


def register_account(session: Session, platform: str, account_id: str, *, now: datetime) -> None:
    """Register one of the business's own accounts, unless it is known."""
    row = {"id": new_id(), "platform": platform, "account_id": account_id, "created_at": now}
    insert_once(session, SocialAccount, row)


def find_account(session: Session, platform: str, account_id: str) -> SocialAccount:
    """An account that is registered."""
    return session.scalars(
        select(SocialAccount).where(
            SocialAccount.platform == platform, SocialAccount.account_id == account_id
        )
    ).one()


def find_identity(session: Session, sender: Sender) -> SocialIdentity | None:
    """The sender, if we have heard of them on this account."""
    return session.scalar(
        select(SocialIdentity)
        .join(SocialAccount, SocialAccount.id == SocialIdentity.social_account_id)
        .where(
            SocialAccount.platform == sender.platform,
            SocialAccount.account_id == sender.account_id,
            SocialIdentity.sender_id == sender.sender_id,
        )
    )


def profiles_of(session: Session, senders: Collection[Sender]) -> dict[Sender, Profile]:
    """What the platforms said of those of these senders whom we have heard of."""
    names = {(each.platform, each.account_id, each.sender_id): each for each in senders}
    key = (SocialAccount.platform, SocialAccount.account_id, SocialIdentity.sender_id)
    rows = session.execute(
        select(*key, SocialIdentity.username, SocialIdentity.display_name)
        .join(SocialAccount, SocialAccount.id == SocialIdentity.social_account_id)
        .where(tuple_(*key).in_(names))
    )
    return {
        names[platform, account, sender]: Profile(username=username, name=name)
        for platform, account, sender, username, name in rows
    }


def next_due_profile(session: Session, *, now: datetime) -> SocialIdentity | None:
    """A sender whose profile is to be asked for again by now."""
    return session.scalar(
        select(SocialIdentity)
        .where(SocialIdentity.profile_due_at <= now)
        .order_by(SocialIdentity.profile_due_at)
        .limit(1)
    )


def list_accounts(
    session: Session, *, after: Sequence[Any] | None = None, limit: int | None = None
) -> list[tuple[SocialAccount, int]]:
    """Our accounts with how many senders each has, oldest first, after a (created_at, id)."""
    senders = (
        select(func.count())
        .select_from(SocialIdentity)
        .where(SocialIdentity.social_account_id == SocialAccount.id)
        .scalar_subquery()
    )
    wanted = select(SocialAccount, senders).order_by(SocialAccount.created_at, SocialAccount.id).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(SocialAccount.created_at, SocialAccount.id) > tuple(after))
    return [(account, count) for account, count in session.execute(wanted)]


def list_identities(
    session: Session, which: ColumnElement[bool], *, after: Sequence[Any] | None, limit: int
) -> list[tuple[SocialIdentity, SocialAccount]]:
    """Senders with the account that each wrote to, oldest first, after a (created_at, id)."""
    wanted = (
        select(SocialIdentity, SocialAccount)
        .join(SocialAccount, SocialAccount.id == SocialIdentity.social_account_id)
        .where(which)
        .order_by(SocialIdentity.created_at, SocialIdentity.id)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(tuple_(SocialIdentity.created_at, SocialIdentity.id) > tuple(after))
    return [(identity, account) for identity, account in session.execute(wanted)]
