"""Tests of migrations change tables: on PostgreSQL each has them made anew, in a database that had none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from databases import copied_sqlite, migrate_and_close

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def database_url(
    dialect: str, empty_database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> str:
    """A database at the newest revision, with nothing in it."""
    if dialect == "sqlite":
        return copied_sqlite(request.getfixturevalue("sqlite_template"), tmp_path / "isthisyou.db")
    migrate_and_close(empty_database_url)
    return empty_database_url
