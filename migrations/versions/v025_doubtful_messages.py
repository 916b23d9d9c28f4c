"""Messages that a person has to look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import moment, primary_id, reference
from migrations.refusal import MigrationRefused, refuse_to_lose

revision = "025"
down_revision = "024"


def upgrade() -> None:
    op.create_table(
        "doubtful_messages",
        primary_id(),
        reference("event_id", "inbox_events.id", unique=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("contact", sa.Text()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        moment("created_at"),
        moment("decided_at", nullable=True),
        sa.Column("decided_by", sa.Text()),
        sa.Column("note", sa.Text()),
    )
    op.create_index(
        "ix_doubtful_messages_status_created_at_id", "doubtful_messages", ["status", "created_at", "id"]
    )


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), ["doubtful_messages"], revision)
    acts = sa.table("consent_events", sa.column("action"))
    if op.get_bind().scalar(sa.select(acts.c.action).where(acts.c.action.in_(("hold", "release"))).limit(1)):
        raise MigrationRefused(
            f"Below revision {revision} nothing knows the holds that are in the consent ledger, and whom they stop would be"
            " sent to. Nothing was changed: keep this revision."
        )
    op.drop_table("doubtful_messages")
