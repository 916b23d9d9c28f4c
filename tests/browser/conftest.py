"""The demo and its question as people meet them: served for real, and opened in a browser where there is one."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.databases import copied_sqlite
from tests.fakes.instagram_api import FakeInstagram
from tests.service.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from playwright.sync_api import Browser, Page

#: Nothing is fetched that the test did not ask for.
_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An installation that listens at `url`."""

    url: str
    installation: Installation


class _SilentHandler(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Say nothing: the application logs its own requests."""


@contextmanager
def _listening(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_SilentHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _started(database_url: str) -> Iterator[Installation]:
    with FakeInstagram() as instagram:
        started = Installation.start(database_url, instagram, demo=True)
        yield started
        started.close()


@pytest.fixture
def demo_installation(sqlite_template: Path, tmp_path: Path) -> Iterator[Installation]:
    """The application with its demo page, on a fresh SQLite file."""
    with _started(copied_sqlite(sqlite_template, tmp_path / "demo.db")) as started:
        yield started


@pytest.fixture
def demo_on_either(database_url: str) -> Iterator[Installation]:
    """The same, on a fresh database of either kind."""
    with _started(database_url) as started:
        yield started


@pytest.fixture
def site(demo_installation: Installation) -> Iterator[Site]:
    """The same, listening."""
    with _listening(demo_installation.app) as url:
        yield Site(url=url, installation=demo_installation)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    found = os.getenv("ISTHISYOU_TEST_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium: install chromium or google-chrome, or name one in ISTHISYOU_TEST_CHROMIUM")
    # Chromium refuses to run as root inside its sandbox.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=found, args=[*_QUIET, "--disable-gpu", "--disable-dev-shm-usage", *sandbox]
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that was never here."""
    context = browser.new_context()
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()
