"""The match index (014), and what was decided, asked and judged (015)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class MatchKey(Base):
    """A block key of a customer: one narrow row, read by key."""

    __tablename__ = "match_keys"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), primary_key=True, index=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class MatchRecord(Base):
    """A customer's packed matching.Record, of format `version`."""

    __tablename__ = "match_records"

    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(Integer)


class Decision(Base):
    """What the engine decided of an event, with all it takes to replay it."""

    __tablename__ = "decisions"

    id: Mapped[str] = id_column()
    event_id: Mapped[str | None] = mapped_column(Id, ForeignKey("inbox_events.id"), index=True)
    #: The customer that the event ended in, by the id it had then.
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    #: Why it was made: `event`, `profile`.
    occasion: Mapped[str] = mapped_column(String(16))
    record: Mapped[dict[str, Any]]
    explanation: Mapped[dict[str, Any]]
    model_version: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Prompt(Base):
    """The question "Is this you?", asked of the person who sent an event. Its token is signed from its id, and never stored."""

    __tablename__ = "prompts"

    id: Mapped[str] = id_column()
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("inbox_events.id"), unique=True)
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    expires_at: Mapped[datetime]
    #: yes, no or on_behalf; NULL while nobody answered.
    answer: Mapped[str | None] = mapped_column(String(16))
    answered_at: Mapped[datetime | None]
    #: When an operator or another event made the question moot.
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class MatchProposal(Base):
    """Two customers who may be one person: `customer_id` would be merged into `candidate_id`."""

    __tablename__ = "match_proposals"

    id: Mapped[str] = id_column()
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    candidate_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    decision_id: Mapped[str] = mapped_column(Id, ForeignKey("decisions.id"))
    prompt_id: Mapped[str | None] = mapped_column(Id, ForeignKey("prompts.id"), index=True)
    #: What the asker calls this candidate: tells nothing of who it is.
    prompt_key: Mapped[str | None] = mapped_column(String(8))
    #: What the prompt shows, masked when it was asked.
    hints: Mapped[dict[str, Any] | None]
    probability: Mapped[float] = mapped_column(Float)
    explanation: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_match_proposals_pending_pair",
            "customer_id",
            "candidate_id",
            unique=True,
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_match_proposals_status_probability", "status", "probability"),
    )


class Judgement(Base):
    """A person's word that two customers are not the same, by their original ids (`low_id` < `high_id`). Append-only."""

    __tablename__ = "judgements"

    id: Mapped[str] = id_column()
    low_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    high_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    #: Who said so: `person`, `operator:…`, `undo`.
    actor: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
