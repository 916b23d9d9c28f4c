"""What the engine decided, what it asked, and what people answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import OBJECT, moment, primary_id, reference
from migrations.refusal import refuse_to_lose

revision = "015"
down_revision = "014"

TABLES = ["judgements", "match_proposals", "prompts", "decisions"]


def upgrade() -> None:
    _create_decisions()
    _create_prompts()
    _create_match_proposals()
    _create_judgements()


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        primary_id(),
        reference("event_id", "inbox_events.id", nullable=True, index=True),
        reference("customer_id", "customers.id", index=True),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("occasion", sa.String(16), nullable=False),
        sa.Column("record", OBJECT, nullable=False),
        sa.Column("explanation", OBJECT, nullable=False),
        sa.Column("model_version", sa.String(64), nullable=False),
        moment("created_at"),
    )


def _create_prompts() -> None:
    op.create_table(
        "prompts",
        primary_id(),
        reference("event_id", "inbox_events.id", unique=True),
        reference("customer_id", "customers.id", index=True),
        moment("expires_at"),
        sa.Column("answer", sa.String(16)),
        moment("answered_at", nullable=True),
        moment("closed_at", nullable=True),
        moment("created_at"),
    )


def _create_match_proposals() -> None:
    op.create_table(
        "match_proposals",
        primary_id(),
        reference("customer_id", "customers.id", index=True),
        reference("candidate_id", "customers.id", index=True),
        reference("decision_id", "decisions.id"),
        reference("prompt_id", "prompts.id", nullable=True, index=True),
        sa.Column("prompt_key", sa.String(8)),
        sa.Column("hints", OBJECT),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("explanation", OBJECT, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        moment("decided_at", nullable=True),
        sa.Column("decided_by", sa.Text()),
        sa.Column("note", sa.Text()),
        moment("created_at"),
    )
    op.create_index(
        "uq_match_proposals_pending_pair",
        "match_proposals",
        ["customer_id", "candidate_id"],
        unique=True,
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index("ix_match_proposals_status_probability", "match_proposals", ["status", "probability"])


def _create_judgements() -> None:
    op.create_table(
        "judgements",
        primary_id(),
        reference("low_id", "customers.id", index=True),
        reference("high_id", "customers.id", index=True),
        sa.Column("actor", sa.Text(), nullable=False),
        moment("created_at"),
    )


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), TABLES, revision)
    for table in TABLES:
        op.drop_table(table)
