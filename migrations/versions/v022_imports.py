"""Ids of other systems, and how far imports have come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import moment, primary_id, reference
from migrations.refusal import refuse_to_lose

revision = "022"
down_revision = "021"


def upgrade() -> None:
    op.create_table(
        "external_ids",
        sa.Column("external_id", sa.Text(), primary_key=True),
        reference("customer_id", "customers.id", index=True),
    )
    op.create_table(
        "import_runs",
        primary_id(),
        sa.Column("fingerprint", sa.String(64), unique=True, nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("position", "lines", "created", "updated", "unchanged", "rejected", "rejects_size")
        ),
        moment("started_at"),
        moment("updated_at"),
        moment("finished_at", nullable=True),
    )


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), ["external_ids", "import_runs"], revision)
    op.drop_table("import_runs")
    op.drop_table("external_ids")
