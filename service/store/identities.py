"""Our own accounts, and the senders who wrote to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from service.store.inserting import insert_once
from service.store.tables import SocialAccount, SocialIdentity, new_id

if TYPE_CHECKING:
    from datetime import datetime

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


def next_due_profile(session: Session, *, now: datetime) -> SocialIdentity | None:
    """A sender whose profile is to be asked for again by now."""
    return session.scalar(
        select(SocialIdentity)
        .where(SocialIdentity.profile_due_at <= now)
        .order_by(SocialIdentity.profile_due_at)
        .limit(1)
    )
