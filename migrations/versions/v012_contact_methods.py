"""Many contact methods for a customer; every legacy phone and email is moved over.

The legacy columns stay, and from here on mirror the primary contact methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context, op

from migrations.adoption_sqlite_010 import decode_texts
from migrations.archive_012 import archive, restore
from migrations.contacts_012 import CONTACT_METHODS, create_if_missing
from migrations.moving_012 import move_all, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

revision = "012"
down_revision = "011"


def ahead(connection: sa.Connection, region: str) -> Iterator[None]:
    """Create the table and fill it piece by piece, while the legacy application goes on; the caller commits each."""
    _prepare(connection)
    yield
    yield from move_all(connection, region)


def upgrade() -> None:
    """Bring over what `ahead` has left, with nobody else writing, and so complete the move."""
    connection = op.get_bind()
    _prepare(connection)
    if connection.dialect.name == "postgresql":
        op.execute("LOCK TABLE customers IN SHARE ROW EXCLUSIVE MODE")
    settle(connection, context.config.attributes["region"])


def _prepare(connection: sa.Connection) -> None:
    if create_if_missing(connection):
        restore(connection)
    if connection.dialect.name == "sqlite":
        # The legacy application may have gone on since the adoption, also while its rows were being moved.
        decode_texts(connection)


def downgrade() -> None:
    archive(op.get_bind())
    CONTACT_METHODS.drop(op.get_bind())
    op.drop_column("customers", "preferred_contact_id")
