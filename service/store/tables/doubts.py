"""Messages that a person has to look at (025)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class DoubtfulMessage(Base):
    """A message that may ask us to stop; what it stopped at once is in the consent ledger, under the same event."""

    __tablename__ = "doubtful_messages"

    id: Mapped[str] = id_column()
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("inbox_events.id"), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    #: What it was written from: a number, a username, an address.
    contact: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    #: unclear | wrong_number
    why: Mapped[str] = mapped_column(String(16))
    #: needs_person | opt_out | not_opt_out
    status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_doubtful_messages_status_created_at_id", "status", "created_at", "id"),)
