"""Campaigns, and everybody who was considered for one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import ID, OBJECT, moment, primary_id, reference
from migrations.refusal import refuse_to_lose

revision = "024"
down_revision = "023"


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "campaigns",
        primary_id(),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_dry_run", sa.Boolean(), nullable=False),
        sa.Column("request_key", sa.Text(), unique=True),
        sa.Column("status", sa.String(16), nullable=False, index=True),
        sa.Column("planned_until", ID, nullable=False),
        *map(_count, ("considered", "to_send", "skipped", "sent", "failed", "unknown", "withheld")),
        sa.Column("actor", sa.Text(), nullable=False),
        moment("created_at", index=True),
        *(moment(name, nullable=True) for name in ("planned_at", "finished_at")),
    )
    op.create_table(
        "campaign_recipients",
        primary_id(),
        reference("campaign_id", "campaigns.id"),
        reference("customer_id", "customers.id"),
        reference("contact_id", "contact_methods.id"),
        sa.Column("decision", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("reasons", OBJECT, nullable=False),
        moment("not_before", nullable=True),
        sa.Column("outcome", sa.String(16)),
        moment("due_at", nullable=True),
        _count("attempts"),
        sa.Column("claimed_by", sa.Text()),
        *(moment(name, nullable=True) for name in ("claimed_at", "sent_at")),
        sa.Column("provider_id", sa.Text()),
        sa.Column("error", sa.String(64)),
    )
    op.create_index(
        "uq_campaign_recipients_place",
        "campaign_recipients",
        ["campaign_id", "customer_id", "contact_id"],
        unique=True,
    )
    op.create_index(
        "ix_campaign_recipients_contact_id_claimed_at", "campaign_recipients", ["contact_id", "claimed_at"]
    )
    unsettled = sa.text("outcome IN ('pending', 'sending')")
    op.create_index(
        "ix_campaign_recipients_unsettled",
        "campaign_recipients",
        ["campaign_id", "due_at"],
        sqlite_where=unsettled,
        postgresql_where=unsettled,
    )


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), ["campaigns", "campaign_recipients"], revision)
    op.drop_table("campaign_recipients")
    op.drop_table("campaigns")
