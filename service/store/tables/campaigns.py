"""Campaigns, and what became of everybody who was considered for one (024)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class Campaign(Base):
    """One message to many. Its counts are kept beside it: to count a million rows at each look would take seconds."""

    __tablename__ = "campaigns"

    id: Mapped[str] = id_column()
    #: sms | email
    channel: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    is_dry_run: Mapped[bool] = mapped_column(Boolean)
    #: The Idempotency-Key of the request that made it.
    request_key: Mapped[str | None] = mapped_column(Text, unique=True)
    #: planning | sending | done | stopped
    status: Mapped[str] = mapped_column(String(16), index=True)
    #: The last customer who was considered: where planning goes on.
    planned_until: Mapped[str] = mapped_column(Id)
    considered: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    to_send: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    skipped: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    sent: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    failed: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    unknown: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    withheld: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    actor: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    planned_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class CampaignRecipient(Base):
    """A contact that was considered: send or skip, why, and how sending ended. The value itself is the contact's.

    `outcome` is NULL for a skip; else pending, sending, sent, failed, unknown or withheld. A pending row that is `claimed_by`
    somebody is reserved until it is due. It is `sending` right before the provider has the whole message, so that nobody
    hands it over twice: where a process dies then, it is `unknown`. What a stop leaves pending is shown as `stopped`.
    """

    __tablename__ = "campaign_recipients"

    id: Mapped[str] = id_column()
    campaign_id: Mapped[str] = mapped_column(Id, ForeignKey("campaigns.id"))
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"))
    contact_id: Mapped[str] = mapped_column(Id, ForeignKey("contact_methods.id"))
    #: send | skip
    decision: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(32))
    reasons: Mapped[list[Any]] = mapped_column(JSON)
    #: Where it is night at the recipient's: until when it waits.
    not_before: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    #: When it is to be tried next.
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    claimed_by: Mapped[str | None] = mapped_column(Text)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        Index(
            "uq_campaign_recipients_place",
            "campaign_id",
            "customer_id",
            "contact_id",
            unique=True,
        ),
        # Skips have no `claimed_at`: who was reached lately is found however many campaigns passed somebody over.
        Index("ix_campaign_recipients_contact_id_claimed_at", "contact_id", "claimed_at"),
        Index(
            "ix_campaign_recipients_unsettled",
            "campaign_id",
            "due_at",
            sqlite_where=text("outcome IN ('pending', 'sending')"),
            postgresql_where=text("outcome IN ('pending', 'sending')"),
        ),
    )
