"""The durable inbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import OBJECT, moment, primary_id, reference
from migrations.refusal import refuse_to_lose

revision = "013"
down_revision = "012"


def upgrade() -> None:
    op.create_table(
        "inbox_events",
        primary_id(),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("account", sa.String(64), server_default="", nullable=False),
        sa.Column("event_key", sa.Text(), nullable=False),
        sa.Column("delivery_key", sa.Text()),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("payload", OBJECT, nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_owner", sa.Text()),
        moment("lease_until", nullable=True),
        moment("available_at"),
        moment("occurred_at", nullable=True),
        moment("received_at"),
        moment("resolved_at", nullable=True),
        sa.Column("outcome", sa.String(16)),
        reference("customer_id", "customers.id", nullable=True, index=True),
        sa.Column("answer", OBJECT),
        sa.Column("error", sa.Text()),
        sa.UniqueConstraint("source", "account", "event_key"),
        sa.UniqueConstraint("source", "account", "delivery_key"),
    )
    op.create_index("ix_inbox_events_status_available_at", "inbox_events", ["status", "available_at"])
    op.create_index("ix_inbox_events_received_at_id", "inbox_events", ["received_at", "id"])
    op.create_table(
        "inbox_conflicts",
        primary_id(),
        reference("event_id", "inbox_events.id"),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("payload", OBJECT, nullable=False),
        moment("received_at"),
        sa.UniqueConstraint("event_id", "body_hash"),
    )


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), ["inbox_events", "inbox_conflicts"], revision)
    op.drop_table("inbox_conflicts")
    op.drop_table("inbox_events")
