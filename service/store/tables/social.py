"""Our own social accounts, and the senders who wrote to them (011)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class SocialAccount(Base):
    """One of the business's own accounts, registered by its first authentic event."""

    __tablename__ = "social_accounts"

    id: Mapped[str] = id_column()
    platform: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("platform", "account_id"),)


class SocialIdentity(Base):
    """A sender on a platform, scoped to the account that it wrote to.

    `profile_due_at` is when its profile is to be asked for next; NULL when there is nothing to ask.
    """

    __tablename__ = "social_identities"

    id: Mapped[str] = id_column()
    social_account_id: Mapped[str] = mapped_column(Id, ForeignKey("social_accounts.id"))
    sender_id: Mapped[str] = mapped_column(String(64))
    username: Mapped[str | None] = mapped_column(Text)
    display_name: Mapped[str | None] = mapped_column(Text)
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    origin_customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    profile_due_at: Mapped[datetime | None] = mapped_column(index=True)
    profile_attempts: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    profile_fetched_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("social_account_id", "sender_id"),)
