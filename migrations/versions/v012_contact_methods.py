"""Many contact methods for a customer; every legacy phone and email is moved over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import ID
from migrations.contacts_012 import CONTACT_METHODS

revision = "012"
down_revision = "011"


def upgrade() -> None:
    CONTACT_METHODS.create(op.get_bind())
    op.add_column("customers", sa.Column("preferred_contact_id", ID))


def downgrade() -> None:
    op.drop_table("contact_methods")
    op.drop_column("customers", "preferred_contact_id")
