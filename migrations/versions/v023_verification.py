"""Codes that prove who reads a phone or a mailbox, and an index of the verified numbers, which lapse when they go quiet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import moment, primary_id, reference

revision = "023"
down_revision = "022"

_INDEX = "ix_contact_methods_verified_phones"


def upgrade() -> None:
    op.create_table(
        "verification_challenges",
        primary_id(),
        reference("contact_id", "contact_methods.id", index=True),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("match_value", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        reference("api_key_id", "api_keys.id", nullable=True),
        *(sa.Column(name, sa.String(64)) for name in ("client", "network", "number_range")),
        moment("created_at", index=True),
        moment("expires_at"),
        *(moment(name, nullable=True) for name in ("sent_at", "failed_at", "used_at")),
    )
    op.create_index(
        "ix_verification_challenges_match_value_created_at",
        "verification_challenges",
        ["match_value", "created_at"],
    )
    verified = sa.text("is_verified AND type = 'phone'")
    op.create_index(
        _INDEX, "contact_methods", ["verified_at"], sqlite_where=verified, postgresql_where=verified
    )


def downgrade() -> None:
    # A code lives for ten minutes; what it proved stands in contact_methods.
    op.drop_index(_INDEX, "contact_methods")
    op.drop_table("verification_challenges")
