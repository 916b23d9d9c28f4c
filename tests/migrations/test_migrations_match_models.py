from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.types import TypeEngine

from service.store.migrating import current_revision, head_revision
from service.store.tables import Base

if TYPE_CHECKING:
    from service.store.session import Database


def test_the_migrated_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_constraints_carry_the_names_that_the_models_give_them(
    database: Database, empty_database: Database
) -> None:
    Base.metadata.create_all(empty_database.engine)
    migrated, modelled = inspect(database.engine), inspect(empty_database.engine)
    for table in Base.metadata.tables:
        for listing in ("columns", "indexes", "unique_constraints", "foreign_keys"):
            assert _listed(migrated, listing, table) == _listed(modelled, listing, table)
        assert migrated.get_pk_constraint(table) == modelled.get_pk_constraint(table)


def _listed(inspector: object, listing: str, table: str) -> list[str]:
    return sorted(_plain(row) for row in getattr(inspector, f"get_{listing}")(table))


def _plain(reflected: object) -> str:
    """What a reflected column or index says, without the identity of the objects that it says it with."""
    if isinstance(reflected, dict):
        return repr({name: _plain(value) for name, value in reflected.items()})
    return repr(reflected) if isinstance(reflected, TypeEngine) else str(reflected)


def test_the_newest_revision_is_reached(database: Database) -> None:
    with database.engine.connect() as connection:
        assert current_revision(connection) == head_revision()
