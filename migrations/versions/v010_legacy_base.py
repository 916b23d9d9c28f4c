"""The legacy base: customers with one phone and one email. Adopts a table that is there already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import moment, primary_id

revision = "010"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "customers",
        primary_id(),
        sa.Column("name", sa.Text()),
        sa.Column("phone", sa.Text()),
        sa.Column("email", sa.Text()),
        moment("created_at", nullable=True),
        moment("updated_at", nullable=True),
    )


def downgrade() -> None:
    op.drop_table("customers")
