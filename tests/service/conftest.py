"""Fixtures for tests of the service as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.instagram_api import FakeInstagram
from tests.service.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def instagram() -> Iterator[FakeInstagram]:
    """Instagram's profile API, as a server on this machine."""
    with FakeInstagram() as server:
        yield server


@pytest.fixture
def installation(database_url: str, instagram: FakeInstagram) -> Iterator[Installation]:
    """The application on a fresh database."""
    started = Installation.start(database_url, instagram)
    yield started
    started.close()
