"""Events that were resolved, with the decision that each ended in: newest first, piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, or_, select, tuple_

from service.events import EventStatus
from service.store.tables import Decision, InboxEvent, MatchProposal, Merge

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

#: Of a proposal that a person has decided.
_DECIDED = ("merged", "not_same")


class PastEvent(NamedTuple):
    """An event with its decision.

    `customer_id` is the customer that it ended in, by the id of then; `holder_id` is another one where an undo gave the
    event back.
    """

    id: str
    source: str
    payload: dict[str, Any]
    received_at: datetime
    holder_id: str
    decision_id: str
    customer_id: str
    outcome: str
    explanation: dict[str, Any]

    @property
    def was_weighed(self) -> bool:
        """False where the platform vouched for a sender who was known: nothing was weighed, or only what they brought."""
        return "rule" not in self.explanation

    @property
    def was_linked(self) -> bool:
        """True where it was linked by itself, and still is."""
        return self.outcome == "linked" and self.holder_id == self.customer_id

    @property
    def place(self) -> tuple[datetime, str]:
        """Where it stands: events behind it are older."""
        return self.received_at, self.id


def past_events(
    session: Session, *, behind: tuple[datetime, str] | None, since: datetime | None, limit: int
) -> list[PastEvent]:
    """At most `limit` events that were decided, newest first, behind a `PastEvent.place`."""
    wanted = (
        select(
            InboxEvent.id,
            InboxEvent.source,
            InboxEvent.payload,
            InboxEvent.received_at,
            InboxEvent.customer_id,
            Decision.id,
            Decision.customer_id,
            Decision.outcome,
            Decision.explanation,
        )
        .join(Decision, and_(Decision.event_id == InboxEvent.id, Decision.occasion == "event"))
        .where(*_since(since))
        .order_by(InboxEvent.received_at.desc(), InboxEvent.id.desc())
        .limit(limit)
    )
    if behind is not None:
        wanted = wanted.where(tuple_(InboxEvent.received_at, InboxEvent.id) < behind)
    return [PastEvent(*row) for row in session.execute(wanted)]


def count_past_events(session: Session, *, since: datetime | None) -> int:
    """How many events were resolved."""
    counting = select(func.count()).select_from(InboxEvent)
    return session.scalar(counting.where(InboxEvent.status == EventStatus.RESOLVED, *_since(since))) or 0


def _since(since: datetime | None) -> list[ColumnElement[bool]]:
    return [] if since is None else [InboxEvent.received_at >= since]


def answers_to(session: Session, decision_ids: Collection[str]) -> dict[str, dict[str, bool]]:
    """What people answered to the proposals of decisions: by decision, of each candidate whether it is them."""
    rows = session.execute(
        select(MatchProposal.decision_id, MatchProposal.candidate_id, MatchProposal.status)
        .join(Decision, Decision.id == MatchProposal.decision_id)
        .where(
            MatchProposal.decision_id.in_(decision_ids),
            MatchProposal.status.in_(_DECIDED),
            # Not what rivals were asked about each other.
            MatchProposal.customer_id == Decision.customer_id,
        )
    )
    answers: dict[str, dict[str, bool]] = {}
    for decision_id, candidate_id, status in rows:
        answers.setdefault(decision_id, {})[candidate_id] = status == "merged"
    return answers


def undone_links(session: Session, event_ids: Collection[str]) -> set[str]:
    """Those of these events that were linked by themselves, and given back by a person."""
    rows = session.scalars(
        select(Merge.event_id).where(
            Merge.event_id.in_(event_ids), Merge.kind == "link", Merge.undone_at.is_not(None)
        )
    )
    return {event_id for event_id in rows if event_id is not None}


def merged_otherwise(session: Session, *, since: datetime) -> Iterator[dict[str, Any]]:
    """The explanations of merged proposals of other pairs than an event that was weighed and its candidates.

    Those are of rivals, of what a known sender brought, of a profile that came late.
    """
    return iter(
        session.scalars(
            select(MatchProposal.explanation)
            .join(Decision, Decision.id == MatchProposal.decision_id)
            .where(
                MatchProposal.status == "merged",
                MatchProposal.created_at >= since,
                or_(
                    MatchProposal.customer_id != Decision.customer_id,
                    Decision.outcome == "linked",
                    Decision.occasion != "event",
                ),
            )
            .execution_options(yield_per=100)
        )
    )
