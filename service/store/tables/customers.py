"""Customers and their contact methods (010, 012, 016, 023), and the ids that other systems know them by (022)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class Customer(Base):
    """One person. `phone` and `email` mirror the primaries, for readers of the legacy table.

    `merged_into_id` makes it a tombstone: its id leads to the survivor for as long as the merge stands.
    """

    __tablename__ = "customers"

    id: Mapped[str] = id_column()
    name: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    #: No foreign key: it would close a cycle with contact_methods.
    preferred_contact_id: Mapped[str | None] = mapped_column(Id)
    merged_into_id: Mapped[str | None] = mapped_column(Id)

    __table_args__ = (
        # Without the NULLs, or SQLite looks for all who were not merged by it, and so reads the whole table.
        Index(
            "ix_customers_merged_into_id",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
    )


class ContactMethod(Base):
    """A way to reach a customer.

    `customer_id` holds it now; `origin_customer_id` is the customer it was recorded for, which no merge changes:
    undoing a merge re-derives the holder from it. A row whose customer already had the same value through a
    merge is kept with `collapsed_into_id`, and comes back when the merge is undone. `platform` is '' rather than NULL, or the unique
    index would do nothing.
    """

    __tablename__ = "contact_methods"

    id: Mapped[str] = id_column()
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    origin_customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    type: Mapped[str] = mapped_column(String(16))
    platform: Mapped[str] = mapped_column(String(32), default="", server_default="")
    value: Mapped[str] = mapped_column(Text)
    match_value: Mapped[str] = mapped_column(Text)
    #: As it was typed, where that differs.
    raw: Mapped[str | None] = mapped_column(Text)
    #: False where the value could not be normalized and is kept as it came.
    is_normalized: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    label: Mapped[str] = mapped_column(String(16), default="personal", server_default="personal")
    #: Why it has this label: a rule's name and what it saw, for people.
    label_reason: Mapped[str | None] = mapped_column(Text)
    is_primary: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    is_verified: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    verified_at: Mapped[datetime | None]
    can_sms: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    can_call: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    can_marketing: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    is_valid: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    #: Where it first came from: a channel, `api`, `legacy`, `import`.
    source: Mapped[str] = mapped_column(String(32))
    #: The strongest way it reached us (matching.records.Provenance).
    provenance: Mapped[str] = mapped_column(String(16))
    usage_count: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    first_used_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    collapsed_into_id: Mapped[str | None] = mapped_column(Id, ForeignKey("contact_methods.id"))

    __table_args__ = (
        # Likewise without the NULLs.
        Index(
            "ix_contact_methods_collapsed_into_id",
            "collapsed_into_id",
            sqlite_where=text("collapsed_into_id IS NOT NULL"),
            postgresql_where=text("collapsed_into_id IS NOT NULL"),
        ),
        Index(
            "uq_contact_methods_live_value",
            "customer_id",
            "type",
            "platform",
            "match_value",
            unique=True,
            sqlite_where=text("deleted_at IS NULL AND collapsed_into_id IS NULL"),
            postgresql_where=text("deleted_at IS NULL AND collapsed_into_id IS NULL"),
        ),
        Index(
            "uq_contact_methods_live_primary",
            "customer_id",
            "type",
            unique=True,
            sqlite_where=text("is_primary AND deleted_at IS NULL AND collapsed_into_id IS NULL"),
            postgresql_where=text("is_primary AND deleted_at IS NULL AND collapsed_into_id IS NULL"),
        ),
        Index("ix_contact_methods_match_value", "match_value", "type", "platform"),
        Index(
            "ix_contact_methods_verified_phones",
            "verified_at",
            sqlite_where=text("is_verified AND type = 'phone'"),
            postgresql_where=text("is_verified AND type = 'phone'"),
        ),
    )


class ContactSource(Base):
    """What brought a value: an event, or an actor; and with which customer it was proven. A value goes with its last source."""

    __tablename__ = "contact_sources"

    id: Mapped[str] = id_column()
    contact_id: Mapped[str] = mapped_column(Id, ForeignKey("contact_methods.id"))
    event_id: Mapped[str | None] = mapped_column(Id, ForeignKey("inbox_events.id"))
    origin_customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"))
    provenance: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (
        # By contact it is this that finds them.
        UniqueConstraint("contact_id", "event_id"),
        # What a file or a person brought has no event, and need not be indexed by it.
        Index(
            "ix_contact_sources_event_id",
            "event_id",
            sqlite_where=text("event_id IS NOT NULL"),
            postgresql_where=text("event_id IS NOT NULL"),
        ),
    )
