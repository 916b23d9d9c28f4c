"""The column types that the revisions share, and the convention that names their constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.sql.type_api import TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

#: PostgreSQL's uuid; on SQLite 36 characters, dashed and in lower case.
ID: TypeEngine[str] = sa.Uuid(as_uuid=False).with_variant(sa.String(36), "sqlite")
#: UTC, with its zone on PostgreSQL and without on SQLite.
MOMENT: TypeEngine[Any] = sa.DateTime(timezone=True)
OBJECT: TypeEngine[Any] = sa.JSON()


class ColumnOptions(TypedDict, total=False):
    """What these functions pass on to Column."""

    nullable: bool
    index: bool
    unique: bool
    primary_key: bool


def primary_id() -> sa.Column[str]:
    return sa.Column("id", ID, primary_key=True)


def reference(name: str, target: str, **options: Unpack[ColumnOptions]) -> sa.Column[str]:
    """A column that refers to `target` ("table.column")."""
    options.setdefault("nullable", False)
    return sa.Column(name, ID, sa.ForeignKey(target), **options)


def flag(name: str, default: sa.ColumnElement[bool]) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=default, nullable=False)


def moment(name: str, **options: Unpack[ColumnOptions]) -> sa.Column[Any]:
    options.setdefault("nullable", False)
    return sa.Column(name, MOMENT, **options)
