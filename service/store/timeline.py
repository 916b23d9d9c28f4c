"""Everything that happened to an identity, in one list: what came in, what was decided, what people changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, case, literal, or_, select, tuple_, union_all

from service.store.clusters import members_of
from service.store.consent_view import consents_of
from service.store.tables import (
    AuditEntry,
    Base,
    Booking,
    ConsentEvent,
    ContactMethod,
    Customer,
    InboxEvent,
    Judgement,
    MatchProposal,
    Merge,
    Prompt,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

#: Told by the rows themselves; their entries only add who did it.
_TOLD_ELSEWHERE = ("customer.created", "contact.added")

#: What is shown of a row of each table.
_SHOWN: Mapping[str, tuple[type[Base], str]] = {
    "customer": (Customer, "id name"),
    "contact": (ContactMethod, "id type value label source provenance"),
    "event": (InboxEvent, "id source kind outcome"),
    "merge": (Merge, "id kind survivor_id absorbed_id event_id proof note undone_by"),
    "proposal": (MatchProposal, "id customer_id candidate_id status probability note"),
    "judgement": (Judgement, "id low_id high_id"),
    "prompt": (Prompt, "id event_id answer"),
    "booking": (Booking, "id event_id source external_id starts_at"),
    "consent": (ConsentEvent, "id type match_value channel purpose action source occurred_at"),
    "change": (AuditEntry, "id action contact_id details"),
}


def list_timeline(
    session: Session, customer: Customer, *, after: Sequence[Any] | None, limit: int
) -> list[Row[Any]]:
    """Moments (`at`, `id`, `what`, `kind`) of everybody who is this customer now, newest first, after an (at, id, what)."""
    members = list(members_of(session, [customer.id]))
    moments = union_all(*_moments(customer.id, members)).subquery()
    order = (moments.c.at, moments.c.id, moments.c.what)
    wanted = select(moments).order_by(*(each.desc() for each in order)).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(*order) < tuple(after))
    return list(session.execute(wanted))


def timeline_views(session: Session, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Moments with what there is to say of each, in a query a kind of row."""
    found: dict[str, Any] = {}
    for kind in {row.kind for row in rows}:
        table, _ = _SHOWN[kind]
        ids = {row.id for row in rows if row.kind == kind}
        rows_of_kind = session.scalars(select(table).where(table.__table__.c["id"].in_(ids)))
        found.update({str(each.id): each for each in rows_of_kind})  # type: ignore[attr-defined]  # each has one
    authors = _authors(session, [row.id for row in rows])
    return [_view(row, found[row.id], authors) for row in rows]


def _view(row: Row[Any], subject: Any, authors: Mapping[str, str]) -> dict[str, Any]:  # noqa: ANN401 - any table
    _, shown = _SHOWN[row.kind]
    return {
        "id": row.id,
        "at": row.at,
        "kind": row.what,
        "actor": authors.get(row.id)
        or getattr(subject, "actor", None)
        or getattr(subject, "decided_by", None),
        "data": {name: getattr(subject, name) for name in shown.split() if name != "id"},
    }


def _authors(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Who made a customer or added a contact by hand."""
    rows = session.execute(
        select(AuditEntry.customer_id, AuditEntry.contact_id, AuditEntry.actor).where(
            AuditEntry.action.in_(_TOLD_ELSEWHERE),
            or_(
                AuditEntry.contact_id.in_(ids),
                AuditEntry.contact_id.is_(None) & AuditEntry.customer_id.in_(ids),
            ),
        )
    )
    return {str(contact_id or customer_id): actor for customer_id, contact_id, actor in rows}


def _moments(customer_id: str, members: Collection[str]) -> list[Select[Any]]:
    by_hand = AuditEntry.action.not_in(_TOLD_ELSEWHERE)
    merged = or_(Merge.survivor_id.in_(members), Merge.absorbed_id.in_(members))
    proposed = or_(MatchProposal.customer_id.in_(members), MatchProposal.candidate_id.in_(members))
    judged = or_(Judgement.low_id.in_(members), Judgement.high_id.in_(members))
    acts = consents_of(customer_id).subquery()
    return [
        _moment("customer", Customer.created_at, "customer.created", Customer.id.in_(members)),
        _moment(
            "contact", ContactMethod.created_at, "contact.added", ContactMethod.customer_id == customer_id
        ),
        _moment("event", InboxEvent.resolved_at, "event.resolved", InboxEvent.customer_id.in_(members)),
        _moment("merge", Merge.created_at, _by_kind("made"), merged),
        _moment("merge", Merge.undone_at, _by_kind("undone"), merged),
        _moment("proposal", MatchProposal.created_at, "proposal.opened", proposed),
        _moment("proposal", MatchProposal.decided_at, "proposal.decided", proposed),
        _moment("judgement", Judgement.created_at, "judgement.not_same", judged),
        _moment("prompt", Prompt.answered_at, "prompt.answered", Prompt.customer_id.in_(members)),
        _moment("booking", Booking.created_at, "booking.made", Booking.customer_id == customer_id),
        _moment(
            "consent",
            ConsentEvent.recorded_at,
            literal("consent.", String()) + ConsentEvent.action,
            ConsentEvent.id.in_(select(acts.c.id)),
        ),
        _moment(
            "change", AuditEntry.created_at, AuditEntry.action, AuditEntry.customer_id.in_(members), by_hand
        ),
    ]


def _moment(
    kind: str,
    at: InstrumentedAttribute[Any],
    what: str | ColumnElement[str] | InstrumentedAttribute[str],
    *conditions: ColumnElement[bool],
) -> Select[Any]:
    told = literal(what, String()) if isinstance(what, str) else what
    return select(
        at.label("at"),
        at.class_.id.label("id"),
        told.label("what"),
        literal(kind, String()).label("kind"),
    ).where(at.is_not(None), *conditions)


def _by_kind(ending: str) -> ColumnElement[str]:
    """`merge.made`, `link.undone`."""
    return case((Merge.kind == "link", f"link.{ending}"), else_=f"merge.{ending}")
