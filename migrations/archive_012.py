"""Where a downgrade below 012 puts what the legacy columns cannot hold, and from where an upgrade takes it back."""

from __future__ import annotations

import sqlalchemy as sa

from migrations.columns import ID
from migrations.contacts_012 import CONTACT_METHODS, CUSTOMERS
from migrations.moving_012 import KINDS, live

_ARCHIVED = sa.table(
    "contact_methods_archive", *(sa.column(column.name, column.type) for column in CONTACT_METHODS.c)
)
_PREFERRED = sa.table("preferred_contacts_archive", sa.column("customer_id", ID), sa.column("contact_id", ID))


def archive(connection: sa.Connection) -> None:
    """Copy every contact method and preference aside, and give the columns back the spelling they had.

    The copies have no foreign keys, so that the legacy application stays free to delete its customers.
    """
    connection.execute(sa.text("CREATE TABLE contact_methods_archive AS SELECT * FROM contact_methods"))
    connection.execute(
        sa.text(
            "CREATE TABLE preferred_contacts_archive AS SELECT id AS customer_id, preferred_contact_id AS contact_id "
            "FROM customers WHERE preferred_contact_id IS NOT NULL"
        )
    )
    for kind in KINDS:
        connection.execute(_original_spelling(kind))


def _original_spelling(kind: str) -> sa.Update:
    """Customers whose primary came from the legacy column, and is still what the column says."""
    columns = CONTACT_METHODS.c
    moved = (
        columns.customer_id == CUSTOMERS.c.id,
        columns.value == CUSTOMERS.c[kind],
        columns.type == kind,
        columns.source == "legacy",
        columns.raw.is_not(None),
        columns.is_primary,
        *live(),
    )
    raw = sa.select(columns.raw).where(*moved).scalar_subquery()
    return sa.update(CUSTOMERS).where(sa.exists().where(*moved)).values({kind: raw})


def restore(connection: sa.Connection) -> None:
    """Take back what was archived, under the same ids; that of customers who were deleted since goes with them."""
    if not sa.inspect(connection).has_table(_ARCHIVED.name):
        return
    known = sa.select(CUSTOMERS.c.id)
    kept = sa.select(*_ARCHIVED.c).where(_ARCHIVED.c.customer_id.in_(known))
    connection.execute(sa.insert(CONTACT_METHODS).from_select([column.name for column in _ARCHIVED.c], kept))
    chosen = sa.select(_PREFERRED.c.contact_id).where(_PREFERRED.c.customer_id == CUSTOMERS.c.id)
    connection.execute(
        sa.update(CUSTOMERS)
        .where(CUSTOMERS.c.id.in_(sa.select(_PREFERRED.c.customer_id)))
        .values(preferred_contact_id=chosen.scalar_subquery())
    )
    for table in (_ARCHIVED, _PREFERRED):
        connection.execute(sa.text(f"DROP TABLE {table.name}"))
