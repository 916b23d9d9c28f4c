"""Codes that were sent, as rows: what was asked for lately, and which code can be used now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, or_, select, update

from service.store.tables import ContactMethod, VerificationChallenge

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


def sends_since(session: Session, since: datetime, askers: Mapping[str, str]) -> dict[str, int]:
    """How many codes were asked for since then, for each column and its value in `askers`; those that failed do not count."""
    columns = {name: getattr(VerificationChallenge, name) == value for name, value in askers.items()}
    counted = [
        func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)
        for name, condition in columns.items()
    ]
    row = session.execute(
        select(*counted).where(
            VerificationChallenge.created_at > since,
            VerificationChallenge.failed_at.is_(None),
            or_(*columns.values()),
        )
    ).one()
    return {name: int(count) for name, count in zip(columns, row, strict=True)}


def wrong_codes_since(session: Session, since: datetime, match_value: str) -> int:
    """How many codes were tried for a value since then, over all that were sent to it."""
    tried = session.scalar(
        select(func.sum(VerificationChallenge.attempts)).where(
            VerificationChallenge.match_value == match_value, VerificationChallenge.created_at > since
        )
    )
    return int(tried or 0)


def write_as_much(session: Session, *, contact_id: str) -> None:
    """Write, and change nothing: what a wrong code takes to be counted, it takes where there is no code as well."""
    session.execute(
        update(ContactMethod)
        .where(ContactMethod.id == contact_id)
        .values(updated_at=ContactMethod.updated_at)
        .execution_options(synchronize_session=False)
    )


def newest_sent(
    session: Session, contact_ids: Collection[str], *, purpose: str
) -> VerificationChallenge | None:
    """The last code that reached a contact; an older one is worth nothing any more."""
    rows: Sequence[VerificationChallenge] = session.scalars(
        select(VerificationChallenge)
        .where(
            VerificationChallenge.contact_id.in_(contact_ids),
            VerificationChallenge.purpose == purpose,
            VerificationChallenge.sent_at.is_not(None),
        )
        .order_by(VerificationChallenge.created_at.desc(), VerificationChallenge.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).all()
    return rows[0] if rows else None
