"""The legacy base: customers with one phone and one email. Adopts a table that is there already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.adoption_010 import adopt
from migrations.columns import moment, primary_id
from migrations.refusal import refuse_to_lose

revision = "010"
down_revision = None


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("customers"):
        adopt(op.get_bind())
        return
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
    """Drop the table that `upgrade` created, where it is empty; an adopted one stays as it is."""
    primary_key = sa.inspect(op.get_bind()).get_pk_constraint("customers")
    if primary_key["name"] != "pk_customers":
        return
    refuse_to_lose(op.get_bind(), ["customers"], revision)
    op.drop_table("customers")
