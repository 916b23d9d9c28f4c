"""Promises about the whole: every route, every setting, every source."""

from __future__ import annotations

import uuid
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import validate

from migrations.adoption_010 import OURS
from service.app import build_runtime, create_app
from service.config import PREFIX, Settings
from service.runtime import READERS
from service.store.migrating import head_revision
from service.store.tables import Base
from service.web.scopes import scope_of
from tests.databases import copied_sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

ROOT = Path(__file__).parents[2]
#: Routes of the API that carry their own proof, or tell nothing.
OPEN = {"/api/v1/prompts/<token>", "/api/v1/prompts/<token>/answer", "/api/v1/openapi.json"}


@pytest.fixture
def app(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    settings = Settings(database_url=copied_sqlite(sqlite_template, tmp_path / "app.db"))
    runtime = build_runtime(settings, owner="test")
    yield create_app(runtime)
    runtime.database.dispose()


def calls(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every rule below /api/v1 with each of its methods, and a path that fits it."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1"):
            values = {name: str(uuid.uuid4()) for name in rule.arguments}
            path = rule.rule
            for name, value in values.items():
                path = path.replace(f"<uuid:{name}>", value).replace(f"<{name}>", value)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield rule.rule, method, path


def test_every_route_of_the_api_asks_for_a_key(app: Flask) -> None:
    client = app.test_client()
    answers = {
        (rule, method): client.open(path, method=method).status_code for rule, method, path in calls(app)
    }
    assert {rule for (rule, _), status in answers.items() if status != 401} == OPEN
    assert client.get("/api/v1/nowhere").status_code == 401, "nobody learns which routes there are"


def test_every_route_of_the_api_says_which_scope_it_asks_for(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    told = {
        (path.replace("{", "<").replace("}", ">"), method.upper()): operation["security"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method != "parameters"
    }
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) if rule.rule.startswith("/api/v1") else ():
            scope = scope_of(rule.endpoint, method)
            assert (scope is None) == (rule.rule in OPEN), rule.rule
            asked = told.get((rule.rule.replace("<uuid:", "<"), method))
            assert asked in (None, [] if scope is None else [{"apiKey": [scope.value]}])


def test_the_openapi_document_is_valid_and_knows_every_route(app: Flask) -> None:
    document: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    validate(document)
    errors = document["components"]["responses"].values()
    assert {content for error in errors for content in error["content"]} == {"application/problem+json"}
    assert document["security"]
    described = {
        (path.replace("{", "<").replace("}", ">"), method.upper())
        for path, operations in document["paths"].items()
        for method in operations
        if method != "parameters"
    }
    webhooks = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/webhooks/")
    }
    served = webhooks | {
        (rule.replace("<uuid:", "<"), method)
        for rule, method, _ in calls(app)
        if not rule.endswith("openapi.json")
    }
    assert described == served


def test_every_setting_is_documented_with_its_default() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for setting in fields(Settings):
        if "read" in setting.metadata:
            assert f"`{PREFIX}{setting.name.upper()}`" in text, setting.name


def test_every_source_of_events_has_a_reader_under_its_own_name() -> None:
    assert all(source == reader.__globals__["SOURCE"] for source, reader in READERS.items())


def test_revisions_are_numbered_in_one_line() -> None:
    numbers = sorted(path.name[1:4] for path in (ROOT / "migrations" / "versions").glob("v*.py"))
    assert numbers == [f"{number:03}" for number in range(10, int(head_revision()) + 1)]


def test_adoption_knows_the_name_of_every_table_that_comes_later() -> None:
    assert set(Base.metadata.tables) - {"customers"} == OURS


def test_every_decision_record_is_listed() -> None:
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "docs" / "adr").glob("0*.md"):
        assert f"({path.name})" in listed
