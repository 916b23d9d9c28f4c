"""The durable inbox (013)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class InboxEvent(Base):
    """One inbound event, durable before it is acknowledged, applied exactly once.

    `attempts` counts claims, not failures: a poison event may kill the process that claimed it. `answer` is what
    the sender was told, so that a redelivery is told the same.
    """

    __tablename__ = "inbox_events"

    id: Mapped[str] = id_column()
    source: Mapped[str] = mapped_column(String(64))
    account: Mapped[str] = mapped_column(String(64), default="", server_default="")
    event_key: Mapped[str] = mapped_column(Text)
    #: What named the delivery beside the event (an Idempotency-Key, a webhook-id); the same again is a redelivery too.
    delivery_key: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    payload: Mapped[dict[str, Any]]
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    lease_owner: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None]
    available_at: Mapped[datetime]
    occurred_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    customer_id: Mapped[str | None] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    answer: Mapped[dict[str, Any] | None]
    #: An error's code and class, never its text, which may quote what a person typed.
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("source", "account", "event_key"),
        UniqueConstraint("source", "account", "delivery_key"),
        Index("ix_inbox_events_status_available_at", "status", "available_at"),
        Index("ix_inbox_events_received_at_id", "received_at", "id"),
    )


class InboxConflict(Base):
    """Another body under the key of an event that we have: kept, never applied."""

    __tablename__ = "inbox_conflicts"

    id: Mapped[str] = id_column()
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("inbox_events.id"))
    body_hash: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("event_id", "body_hash"),)
