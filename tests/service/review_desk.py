"""What an operator does, over the API: create customers, look at what waits, decide and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.usecases.merge import Grounds, merge

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.service.installation import Installation

BY_HAND = Grounds(proof="operator", actor="operator:test")


def create(installation: Installation, name: str, *contacts: tuple[str, str]) -> str:
    """A customer by hand, with contacts as (type, value)."""
    listed = [{"type": kind, "value": value} for kind, value in contacts]
    response = installation.call("POST", "/api/v1/customers", json={"name": name, "contacts": listed})
    assert response.status_code == 201, response.text
    return str(response.get_json()["id"])


def proposals(installation: Installation, status: str = "pending") -> list[Any]:
    items: list[Any] = installation.get("/api/v1/proposals", status=status)["items"]
    return items


def pairs(installation: Installation, status: str = "pending") -> list[set[str]]:
    """Who is proposed to whom."""
    return [{each["customer_id"], each["candidate_id"]} for each in proposals(installation, status)]


def decide(installation: Installation, proposal: Any, decision: str) -> TestResponse:
    path = f"/api/v1/proposals/{proposal['id']}/decision"
    return installation.call("POST", path, json={"decision": decision})


def merges(installation: Installation, kind: str = "merge") -> list[Any]:
    items: list[Any] = installation.get("/api/v1/merges", kind=kind)["items"]
    return items


def undo(installation: Installation, merge_id: str) -> TestResponse:
    return installation.call("POST", f"/api/v1/merges/{merge_id}/undo")


def merge_by_hand(installation: Installation, survivor_id: str, absorbed_id: str) -> str:
    """Merge two customers without a proposal; the id of the merge."""
    with installation.runtime.database.transaction() as session:
        return merge(session, survivor_id, absorbed_id, grounds=BY_HAND, now=installation.clock()).id


def survivor(installation: Installation, customer_id: str) -> str:
    """The id that an id leads to."""
    return str(installation.get(f"/api/v1/customers/{customer_id}")["id"])
