"""API keys: what each may do, who may revoke it, when it was used."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select

from service.store.tables import ApiKey, AuditEntry
from service.usecases.api_keys import Scope, create_key
from tests.service.command import run

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from tests.service.installation import Installation

NOBODY = uuid.uuid4()
#: One call for each scope that would pass the door: what it finds behind it is another matter.
CALLS = {
    "ingest": ("POST", "/webhooks/booking-form"),
    "read": ("GET", f"/api/v1/customers/{NOBODY}"),
    "dry run": ("POST", "/api/v1/match"),
    "write": ("POST", f"/api/v1/merges/{NOBODY}/undo"),
    "admin": ("GET", "/api/v1/api-keys"),
}


def make_key(installation: Installation, *scopes: Scope) -> str:
    with installation.runtime.database.transaction() as session:
        return create_key(session, "limited", scopes=scopes, now=installation.clock())[1]


def call_with(installation: Installation, key: str, method: str, path: str, **more: Any) -> TestResponse:
    return installation.call(method, path, headers={"Authorization": f"Bearer {key}"}, **more)


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        (Scope.INGEST, {"ingest"}),
        (Scope.READ, {"read", "dry run"}),
        (Scope.WRITE, {"read", "dry run", "write"}),
        (Scope.ADMIN, set(CALLS)),
    ],
)
def test_a_key_does_what_its_scopes_say_and_nothing_else(
    installation: Installation, scope: Scope, may: set[str]
) -> None:
    key = make_key(installation, scope)
    answers = {
        name: call_with(installation, key, *call, json={} if call[0] == "POST" else None)
        for name, call in CALLS.items()
    }
    assert {name for name, answer in answers.items() if answer.status_code != 403} == may
    for name in CALLS.keys() - may:
        problem = answers[name].get_json()
        assert answers[name].mimetype == "application/problem+json"
        assert ("read" if name == "dry run" else name) in problem["detail"], (
            "it names the scope that is needed"
        )


def test_a_key_with_two_scopes_does_both(installation: Installation) -> None:
    key = make_key(installation, Scope.INGEST, Scope.READ)
    assert (
        call_with(installation, key, "POST", "/webhooks/booking-form", json={"name": "Ana"}).status_code
        == 200
    )
    assert call_with(installation, key, "GET", "/api/v1/events").status_code == 200
    assert call_with(installation, key, "POST", "/api/v1/customers", json={"name": "A"}).status_code == 403


def test_a_key_is_made_shown_once_used_and_revoked(installation: Installation) -> None:
    made = installation.call("POST", "/api/v1/api-keys", json={"name": "till", "scopes": ["read"]})
    assert made.status_code == 201
    body = made.get_json()
    assert body["scopes"] == ["read"]
    assert call_with(installation, body["key"], "GET", "/api/v1/events").status_code == 200

    listed = installation.get("/api/v1/api-keys")["items"]
    assert [each["name"] for each in listed] in (["till", "tests"], ["tests", "till"])
    shown = next(each for each in listed if each["name"] == "till")
    assert shown == {name: value for name, value in body.items() if name != "key"}

    assert installation.call("DELETE", f"/api/v1/api-keys/{body['id']}").status_code == 204
    assert call_with(installation, body["key"], "GET", "/api/v1/events").status_code == 401
    again = installation.call("DELETE", f"/api/v1/api-keys/{body['id']}")
    assert (again.status_code, again.data) == (204, b"")
    revoked = next(each for each in installation.get("/api/v1/api-keys")["items"] if each["name"] == "till")
    assert revoked["revoked_at"] is not None


def test_what_keys_are_made_and_revoked_is_written_down_without_their_secrets(
    installation: Installation,
) -> None:
    made = installation.call("POST", "/api/v1/api-keys", json={"name": "till"}).get_json()
    for _ in range(2):
        installation.call("DELETE", f"/api/v1/api-keys/{made['id']}")
    with installation.runtime.database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.action)).all()
        written = [(each.action, each.actor, each.details["name"]) for each in entries]
        assert made["key"] not in str([each.details for each in entries])
    assert written == [
        ("key.created", "command", "tests"),
        ("key.created", "key:tests", "till"),
        ("key.revoked", "key:tests", "till"),
    ]


def test_the_last_key_that_may_do_everything_stays(installation: Installation) -> None:
    make_key(installation, Scope.WRITE)
    own = next(each for each in installation.get("/api/v1/api-keys")["items"] if each["name"] == "tests")
    refused = installation.call("DELETE", f"/api/v1/api-keys/{own['id']}")
    assert refused.status_code == 409
    assert "admin" in refused.get_json()["detail"]
    make_key(installation, Scope.ADMIN)
    assert installation.call("DELETE", f"/api/v1/api-keys/{own['id']}").status_code == 204
    assert installation.call("GET", "/api/v1/events").status_code == 401


def test_a_key_that_nobody_has_cannot_be_revoked(installation: Installation) -> None:
    assert installation.call("DELETE", f"/api/v1/api-keys/{NOBODY}").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["everything"]}, "scopes.0"),
        ({"name": "x", "scope": "read"}, "scope"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(
    installation: Installation, body: dict[str, Any], field: str
) -> None:
    refused = installation.call("POST", "/api/v1/api-keys", json=body)
    assert refused.status_code == 422
    assert list(refused.get_json()["errors"]) == [field]


def test_keys_are_listed_page_by_page(installation: Installation) -> None:
    for _ in range(4):
        installation.clock.advance(seconds=1)
        make_key(installation, Scope.READ)
    first = installation.get("/api/v1/api-keys", limit=3)
    rest = installation.get("/api/v1/api-keys", limit=3, cursor=first["next"])
    assert rest["next"] is None
    seen = [each["id"] for each in [*first["items"], *rest["items"]]]
    assert len(seen) == len(set(seen)) == 5


# ---------------------------------------------------------------- last used


def last_used(installation: Installation) -> Any:
    with installation.runtime.database.reading() as session:
        return session.scalar(select(ApiKey.last_used_at).where(ApiKey.name == "tests"))


def test_a_use_is_known_to_the_minute_once_the_worker_ran(installation: Installation) -> None:
    installation.clock.advance(seconds=42)
    installation.get("/api/v1/events")
    assert last_used(installation) is None, "no request waits for a writer"
    installation.drain()
    assert last_used(installation) == installation.clock().replace(second=0)


def test_a_key_is_written_down_once_a_minute_however_often_it_is_used(installation: Installation) -> None:
    writes: list[str] = []

    @event.listens_for(installation.runtime.database.engine, "before_cursor_execute")
    def _count(*call: Any) -> None:
        if call[2].startswith("UPDATE api_keys"):
            writes.append(call[2])

    for _ in range(3):
        for _ in range(5):
            installation.get("/api/v1/events")
            installation.drain()
        installation.clock.advance(minutes=1)
    assert len(writes) == 3


def test_requests_are_answered_while_another_writes(installation: Installation) -> None:
    with installation.runtime.database.transaction():
        installation.get("/api/v1/events")


# ---------------------------------------------------------------- the command


def test_keys_are_made_listed_and_revoked_by_command(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/keys.db"
    made = run("create-key", "booking site", "--scope", "ingest", "--scope", "read", database_url=url)
    assert made.exit_code == 0, made.stderr
    assert run("create-key", "twin", database_url=url).exit_code == 0
    assert run("create-key", "twin", database_url=url).exit_code == 0

    listed = run("list-keys", database_url=url).stdout
    assert "booking site" in listed
    assert "ingest read" in listed
    assert made.stdout.split()[-1] not in listed

    assert run("revoke-key", "booking site", database_url=url).exit_code == 0
    assert run("revoke-key", "booking site", database_url=url).exit_code != 0, "it is revoked already"
    ambiguous = run("revoke-key", "twin", database_url=url)
    assert ambiguous.exit_code != 0
    by_id = ambiguous.stderr.split()[-1].rstrip(".")
    assert run("revoke-key", by_id, database_url=url).exit_code == 0
