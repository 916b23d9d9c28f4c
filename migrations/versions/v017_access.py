"""API keys, and secrets that were made for this installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import moment, primary_id
from migrations.refusal import refuse_to_lose

revision = "017"
down_revision = "016"


def upgrade() -> None:
    op.create_table(
        "api_keys",
        primary_id(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.String(64), unique=True, nullable=False),
        moment("created_at"),
    )
    op.create_table(
        "installation_secrets",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
        moment("created_at"),
    )


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), ["api_keys", "installation_secrets"], revision)
    op.drop_table("installation_secrets")
    op.drop_table("api_keys")
