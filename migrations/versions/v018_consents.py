"""The consent ledger. Nothing is granted by migrating: a legacy base tells nothing of what its people allowed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import OBJECT, moment, primary_id, reference
from migrations.refusal import refuse_to_lose

revision = "018"
down_revision = "017"


def upgrade() -> None:
    op.create_table(
        "consent_events",
        primary_id(),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("platform", sa.String(32), server_default="", nullable=False),
        sa.Column("match_value", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("evidence", OBJECT, nullable=False),
        reference("event_id", "inbox_events.id", nullable=True, index=True),
        reference("customer_id", "customers.id", nullable=True, index=True),
        moment("occurred_at"),
        moment("recorded_at"),
    )
    op.create_index("ix_consent_events_value", "consent_events", ["match_value", "type", "platform"])


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), ["consent_events"], revision)
    op.drop_table("consent_events")
