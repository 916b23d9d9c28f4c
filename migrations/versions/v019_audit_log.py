"""What people change by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import OBJECT, moment, primary_id, reference
from migrations.refusal import refuse_to_lose

revision = "019"
down_revision = "018"


def upgrade() -> None:
    op.create_table(
        "audit_log",
        primary_id(),
        reference("customer_id", "customers.id", nullable=True),
        reference("contact_id", "contact_methods.id", nullable=True, index=True),
        sa.Column("action", sa.String(48), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("details", OBJECT, nullable=False),
        moment("created_at"),
    )
    op.create_index("ix_audit_log_customer_id_created_at", "audit_log", ["customer_id", "created_at"])


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), ["audit_log"], revision)
    op.drop_table("audit_log")
