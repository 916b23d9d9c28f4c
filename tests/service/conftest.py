"""Fixtures for tests of the service as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes import twilio_api
from tests.fakes.instagram_api import FakeInstagram
from tests.fakes.smtp_server import FakeMailServer
from tests.fakes.twilio_api import FakeTwilio
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


@pytest.fixture
def mail_server() -> Iterator[FakeMailServer]:
    """A mail server on this machine."""
    with FakeMailServer() as server:
        yield server


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    """Twilio's API, as a server on this machine."""
    with FakeTwilio() as server:
        yield server


@pytest.fixture
def sending(
    database_url: str, instagram: FakeInstagram, mail_server: FakeMailServer, twilio: FakeTwilio
) -> Iterator[Installation]:
    """The application on a fresh database, with providers that take its messages."""
    started = Installation.start(
        database_url,
        instagram,
        smtp_url=mail_server.url,
        mail_from="The Kitchen <hello@kitchen.example>",
        twilio_account_sid=twilio_api.ACCOUNT,
        twilio_auth_token=twilio_api.TOKEN,
        twilio_from=twilio_api.NUMBER,
        twilio_api_url=twilio.url,
    )
    yield started
    started.close()
