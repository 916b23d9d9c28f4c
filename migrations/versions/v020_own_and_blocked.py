"""What is ours, and what proves nothing, with the list of placeholders that people type where a form insists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.blocked_020 import insert_shipped, shipped_only
from migrations.columns import moment, primary_id
from migrations.refusal import refuse_to_lose

revision = "020"
down_revision = "019"


def upgrade() -> None:
    op.create_table(
        "own_contacts",
        primary_id(),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("platform", sa.String(32), server_default="", nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("match_value", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        moment("created_at"),
        sa.UniqueConstraint("type", "platform", "match_value"),
    )
    op.create_table(
        "blocked_values",
        primary_id(),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("platform", sa.String(32), server_default="", nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("source", sa.String(16), nullable=False),
        moment("created_at"),
        sa.UniqueConstraint("type", "platform", "kind", "value"),
    )
    op.create_index(
        "ix_blocked_values_patterns",
        "blocked_values",
        ["kind"],
        sqlite_where=sa.text("kind = 'pattern'"),
        postgresql_where=sa.text("kind = 'pattern'"),
    )
    insert_shipped(op.get_bind())


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), ["own_contacts"], revision)
    if not shipped_only(op.get_bind()):
        refuse_to_lose(op.get_bind(), ["blocked_values"], revision)
    op.drop_table("blocked_values")
    op.drop_table("own_contacts")
