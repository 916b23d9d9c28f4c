"""The consent ledger (018)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class ConsentEvent(Base):
    """What somebody allowed or forbade for one contact value, channel and purpose, with the evidence. Append-only.

    It hangs on the value (`type`, `platform`, `match_value`), not on a row: merging, undoing and deleting do not touch
    it, and whoever holds the value is bound by it. `seq` is the order in which acts were written down.
    """

    __tablename__ = "consent_events"

    id: Mapped[str] = id_column()
    #: phone | email | social | sender
    type: Mapped[str] = mapped_column(String(16))
    platform: Mapped[str] = mapped_column(String(32), default="", server_default="")
    match_value: Mapped[str] = mapped_column(Text)
    #: sms | call | email | dm
    channel: Mapped[str] = mapped_column(String(8))
    #: marketing | transactional
    purpose: Mapped[str] = mapped_column(String(16))
    #: request | reinstate | grant | deny | hold | release | revoke
    action: Mapped[str] = mapped_column(String(16))
    #: person | claimant | staff
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(Text)
    #: How it was said: `booking_form`, `paper_form`, `phone_call` …
    source: Mapped[str] = mapped_column(Text)
    #: The exact words that the person agreed to, where they are known.
    text: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[dict[str, Any]]
    event_id: Mapped[str | None] = mapped_column(Id, ForeignKey("inbox_events.id"), index=True)
    #: Whom it was said for, by the id that they had then.
    customer_id: Mapped[str | None] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]

    __table_args__ = (Index("ix_consent_events_value", "match_value", "type", "platform"),)
