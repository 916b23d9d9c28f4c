"""What Alembic runs: the revisions, on the connection and inside the transaction that the caller opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from migrations.columns import NAMING

context.configure(
    connection=context.config.attributes["connection"],
    # Only its naming convention: the revisions compare themselves with no model.
    target_metadata=sa.MetaData(naming_convention=NAMING),
)
context.run_migrations()
