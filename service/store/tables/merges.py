"""Merges with their journal, and the bookings that move with a customer (016)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class Merge(Base):
    """A merge of two customers, or an automatic link of an event to a customer (`kind`), until it is undone."""

    __tablename__ = "merges"

    id: Mapped[str] = id_column()
    #: merge | link
    kind: Mapped[str] = mapped_column(String(8))
    survivor_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    #: NULL for a link; after a link is undone, the customer who got the event's contributions.
    absorbed_id: Mapped[str | None] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    event_id: Mapped[str | None] = mapped_column(Id, ForeignKey("inbox_events.id"), index=True)
    proposal_id: Mapped[str | None] = mapped_column(Id, ForeignKey("match_proposals.id"))
    #: none | claim | code | operator
    proof: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_merges_created_at_id", "created_at", "id"),)


class MergeEntry(Base):
    """One value that a merge touched: whose it was, whose it became, and how it stood before."""

    __tablename__ = "merge_entries"

    id: Mapped[str] = id_column()
    merge_id: Mapped[str] = mapped_column(Id, ForeignKey("merges.id"), index=True)
    #: contact_method | social_identity | booking | contact_source
    entity: Mapped[str] = mapped_column(String(32))
    entity_id: Mapped[str] = mapped_column(Id, index=True)
    #: moved | collapsed | kept | added
    action: Mapped[str] = mapped_column(String(16))
    from_customer_id: Mapped[str | None] = mapped_column(Id, ForeignKey("customers.id"))
    to_customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"))
    before: Mapped[dict[str, Any]]


class Booking(Base):
    """What a customer booked; it moves with its customer."""

    __tablename__ = "bookings"

    id: Mapped[str] = id_column()
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    origin_customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("inbox_events.id"), index=True)
    source: Mapped[str] = mapped_column(String(64))
    external_id: Mapped[str | None] = mapped_column(Text)
    starts_at: Mapped[datetime | None]
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
