"""What an API key may do, when it was last used, and whether it was revoked. A key that is there may do all it did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import moment
from migrations.refusal import MigrationRefused

revision = "021"
down_revision = "020"


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("scopes", sa.Text(), server_default="admin", nullable=False))
    op.add_column("api_keys", moment("last_used_at", nullable=True))
    op.add_column("api_keys", moment("revoked_at", nullable=True))


def downgrade() -> None:
    # A key without its limits would be a key to everything.
    limited = sa.or_(sa.column("scopes") != "admin", sa.column("revoked_at").is_not(None))
    query = sa.select(sa.literal(1)).select_from(sa.table("api_keys")).where(limited).limit(1)
    if op.get_bind().scalar(query) is not None:
        raise MigrationRefused(
            "Going below revision 021 would let limited and revoked API keys do everything. Nothing was changed."
        )
    for name in ("revoked_at", "last_used_at", "scopes"):
        op.drop_column("api_keys", name)
