"""The table of contact methods as revision 012 creates it."""

from __future__ import annotations

import sqlalchemy as sa

from migrations.columns import ID, NAMING, flag, moment, primary_id, reference

_METADATA = sa.MetaData(naming_convention=NAMING)
_LIVE = "deleted_at IS NULL AND collapsed_into_id IS NULL"

CUSTOMERS = sa.Table(
    "customers",
    _METADATA,
    primary_id(),
    sa.Column("phone", sa.Text()),
    sa.Column("email", sa.Text()),
    moment("created_at", nullable=True),
    sa.Column("preferred_contact_id", ID),
)

CONTACT_METHODS = sa.Table(
    "contact_methods",
    _METADATA,
    primary_id(),
    reference("customer_id", "customers.id", index=True),
    reference("origin_customer_id", "customers.id", index=True),
    sa.Column("type", sa.String(16), nullable=False),
    sa.Column("platform", sa.String(32), server_default="", nullable=False),
    sa.Column("value", sa.Text(), nullable=False),
    sa.Column("match_value", sa.Text(), nullable=False),
    sa.Column("raw", sa.Text()),
    flag("is_normalized", sa.true()),
    sa.Column("label", sa.String(16), server_default="personal", nullable=False),
    sa.Column("label_reason", sa.Text()),
    flag("is_primary", sa.false()),
    flag("is_verified", sa.false()),
    moment("verified_at", nullable=True),
    flag("can_sms", sa.false()),
    flag("can_call", sa.false()),
    flag("can_marketing", sa.false()),
    flag("is_valid", sa.true()),
    sa.Column("source", sa.String(32), nullable=False),
    sa.Column("provenance", sa.String(16), nullable=False),
    sa.Column("usage_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
    moment("first_used_at", nullable=True),
    moment("last_used_at", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    moment("deleted_at", nullable=True),
    reference("collapsed_into_id", "contact_methods.id", nullable=True),
    sa.Index(
        "uq_contact_methods_live_value",
        "customer_id",
        "type",
        "platform",
        "match_value",
        unique=True,
        sqlite_where=sa.text(_LIVE),
        postgresql_where=sa.text(_LIVE),
    ),
    sa.Index(
        "uq_contact_methods_live_primary",
        "customer_id",
        "type",
        unique=True,
        sqlite_where=sa.text(f"is_primary AND {_LIVE}"),
        postgresql_where=sa.text(f"is_primary AND {_LIVE}"),
    ),
    # Without the NULLs, or SQLite looks for all that is not collapsed by it, and so reads the whole table.
    sa.Index(
        "ix_contact_methods_collapsed_into_id",
        "collapsed_into_id",
        sqlite_where=sa.text("collapsed_into_id IS NOT NULL"),
        postgresql_where=sa.text("collapsed_into_id IS NOT NULL"),
    ),
    sa.Index("ix_contact_methods_match_value", "match_value", "type", "platform"),
)


def create_if_missing(connection: sa.Connection) -> bool:
    """Create the table and the column that goes with it; False where an interrupted run has done so."""
    if sa.inspect(connection).has_table(CONTACT_METHODS.name):
        return False
    CONTACT_METHODS.create(connection)
    column = sa.schema.CreateColumn(CUSTOMERS.c.preferred_contact_id).compile(dialect=connection.dialect)
    connection.execute(sa.text(f"ALTER TABLE customers ADD COLUMN {column}"))
    return True
