"""What is ours, and what proves nothing (020)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, id_column


class OwnContact(Base):
    """A contact of the business itself: never taken for a customer's."""

    __tablename__ = "own_contacts"

    id: Mapped[str] = id_column()
    type: Mapped[str] = mapped_column(String(16))
    platform: Mapped[str] = mapped_column(String(32), default="", server_default="")
    value: Mapped[str] = mapped_column(Text)
    match_value: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("type", "platform", "match_value"),)


class BlockedValue(Base):
    """A contact value that proves nothing about who somebody is: kept where it is typed, never matched on.

    `kind` is `exact` (`value` is normalized) or `pattern` (`*` stands for anything, `noreply@*`).
    """

    __tablename__ = "blocked_values"

    id: Mapped[str] = id_column()
    type: Mapped[str] = mapped_column(String(16))
    platform: Mapped[str] = mapped_column(String(32), default="", server_default="")
    kind: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    #: `shipped` with the product, or `operator`.
    source: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("type", "platform", "kind", "value"),
        Index(
            "ix_blocked_values_patterns",
            "kind",
            sqlite_where=text("kind = 'pattern'"),
            postgresql_where=text("kind = 'pattern'"),
        ),
    )
