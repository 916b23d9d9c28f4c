"""Block keys and packed records: derived from the contact methods, so they can be dropped and built again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import reference

revision = "014"
down_revision = "013"


def upgrade() -> None:
    op.create_table(
        "match_keys",
        sa.Column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        reference("customer_id", "customers.id", primary_key=True, index=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_records",
        reference("customer_id", "customers.id", primary_key=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("match_records")
    op.drop_table("match_keys")
