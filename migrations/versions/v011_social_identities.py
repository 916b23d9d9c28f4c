"""The business's own social accounts, and the senders who wrote to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import moment, primary_id, reference
from migrations.refusal import refuse_to_lose

revision = "011"
down_revision = "010"


def upgrade() -> None:
    op.create_table(
        "social_accounts",
        primary_id(),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        moment("created_at"),
        sa.UniqueConstraint("platform", "account_id"),
    )
    op.create_table(
        "social_identities",
        primary_id(),
        reference("social_account_id", "social_accounts.id"),
        sa.Column("sender_id", sa.String(64), nullable=False),
        sa.Column("username", sa.Text()),
        sa.Column("display_name", sa.Text()),
        reference("customer_id", "customers.id", index=True),
        reference("origin_customer_id", "customers.id", index=True),
        moment("profile_due_at", nullable=True, index=True),
        sa.Column("profile_attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        moment("profile_fetched_at", nullable=True),
        moment("created_at"),
        moment("updated_at"),
        sa.UniqueConstraint("social_account_id", "sender_id"),
    )


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), ["social_accounts", "social_identities"], revision)
    op.drop_table("social_identities")
    op.drop_table("social_accounts")
