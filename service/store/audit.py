"""Writing down what people change by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.store.tables import AuditEntry, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


def record_change(  # noqa: PLR0913 - a row of a log
    session: Session,
    action: str,
    *,
    actor: str,
    now: datetime,
    customer_id: str | None = None,
    contact_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down that `actor` (`key:booking site`, `command`) did `action` (`contact.relabelled`)."""
    session.add(
        AuditEntry(
            id=new_id(),
            customer_id=customer_id,
            contact_id=contact_id,
            action=action,
            actor=actor,
            details=dict(details or {}),
            created_at=now,
        )
    )
