"""Merges and their journal, what brought each value, and bookings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.columns import ID, OBJECT, moment, primary_id, reference
from migrations.refusal import refuse_to_lose

revision = "016"
down_revision = "015"

TABLES = ["bookings", "contact_sources", "merge_entries", "merges"]


def upgrade() -> None:
    # No foreign key: SQLite would rewrite the whole table for one that is checked.
    op.add_column("customers", sa.Column("merged_into_id", ID))
    # Without the NULLs, or SQLite looks for all who were not merged by it, and so reads the whole table.
    op.create_index(
        "ix_customers_merged_into_id",
        "customers",
        ["merged_into_id"],
        sqlite_where=sa.text("merged_into_id IS NOT NULL"),
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    _create_merges()
    _create_contact_sources()
    _create_bookings()


def _create_merges() -> None:
    op.create_table(
        "merges",
        primary_id(),
        sa.Column("kind", sa.String(8), nullable=False),
        reference("survivor_id", "customers.id", index=True),
        reference("absorbed_id", "customers.id", nullable=True, index=True),
        reference("event_id", "inbox_events.id", nullable=True, index=True),
        reference("proposal_id", "match_proposals.id", nullable=True),
        sa.Column("proof", sa.String(16), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        moment("created_at"),
        moment("undone_at", nullable=True),
        sa.Column("undone_by", sa.Text()),
    )
    op.create_index("ix_merges_created_at_id", "merges", ["created_at", "id"])
    op.create_table(
        "merge_entries",
        primary_id(),
        reference("merge_id", "merges.id", index=True),
        sa.Column("entity", sa.String(32), nullable=False),
        sa.Column("entity_id", ID, nullable=False, index=True),
        sa.Column("action", sa.String(16), nullable=False),
        reference("from_customer_id", "customers.id", nullable=True),
        reference("to_customer_id", "customers.id"),
        sa.Column("before", OBJECT, nullable=False),
    )


def _create_contact_sources() -> None:
    op.create_table(
        "contact_sources",
        primary_id(),
        reference("contact_id", "contact_methods.id"),
        reference("event_id", "inbox_events.id", nullable=True),
        reference("origin_customer_id", "customers.id"),
        sa.Column("provenance", sa.String(16), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        moment("created_at"),
        # By contact it is this that finds them.
        sa.UniqueConstraint("contact_id", "event_id"),
    )
    # What a file or a person brought has no event, and need not be indexed by it.
    op.create_index(
        "ix_contact_sources_event_id",
        "contact_sources",
        ["event_id"],
        sqlite_where=sa.text("event_id IS NOT NULL"),
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )


def _create_bookings() -> None:
    op.create_table(
        "bookings",
        primary_id(),
        reference("customer_id", "customers.id", index=True),
        reference("origin_customer_id", "customers.id", index=True),
        reference("event_id", "inbox_events.id", index=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("external_id", sa.Text()),
        moment("starts_at", nullable=True),
        sa.Column("details", OBJECT, nullable=False),
        moment("created_at"),
        moment("updated_at"),
    )


def downgrade() -> None:
    refuse_to_lose(op.get_bind(), TABLES, revision)
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_customers_merged_into_id", "customers")
    op.drop_column("customers", "merged_into_id")
