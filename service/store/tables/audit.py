"""What people changed by hand (019)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class AuditEntry(Base):
    """One change that somebody made through the API or the command. Append-only.

    `customer_id` is the customer whom the change belongs to by its original id, so that it goes with them when a merge is undone;
    NULL for a change of the installation (a blocked value, a key).
    """

    __tablename__ = "audit_log"

    id: Mapped[str] = id_column()
    customer_id: Mapped[str | None] = mapped_column(Id, ForeignKey("customers.id"))
    contact_id: Mapped[str | None] = mapped_column(Id, ForeignKey("contact_methods.id"), index=True)
    #: `customer.renamed`, `contact.added`, `contact.relabelled` …
    action: Mapped[str] = mapped_column(String(48))
    actor: Mapped[str] = mapped_column(Text)
    #: What changed: {"label": {"old": "personal", "new": "business"}}.
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_audit_log_customer_id_created_at", "customer_id", "created_at"),)
