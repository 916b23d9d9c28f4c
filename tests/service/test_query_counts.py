"""No endpoint asks the database more often because a customer has more contacts, or a list more rows."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tests.service.review_desk import create, merge_by_hand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.service.installation import Installation

SHARED = "+14155550100"


@contextmanager
def counted(installation: Installation) -> Iterator[list[str]]:
    """The statements that are executed inside."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = installation.runtime.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def customer_with(installation: Installation, contacts: int, *, block: int) -> str:
    """A customer who holds so many phones and emails, has been merged with others, booked, wrote and consented."""
    values = [
        *(("phone", f"+1916{block}55{number:04}") for number in range(contacts)),
        *(("email", f"ana{block}.{number}@work.example") for number in range(contacts)),
    ]
    customer = create(installation, "Ana Lopez", ("phone", SHARED), *values)
    for number in range(contacts):
        other = create(
            installation, "Ana Lopez", ("phone", values[number][1]), ("email", f"x{block}{number}@y.example")
        )
        merge_by_hand(installation, customer, other)
    for number in range(contacts):
        booked = installation.book(
            name="Ana Lopez",
            phone=values[0][1],
            email=values[contacts + number][1],
            booking={"id": f"{block}-{number}"},
            consents={"sms": True, "marketing": True},
        )
        assert booked["customer_id"] == customer
    return customer


def calls(installation: Installation, customer: str, block: int) -> Iterator[tuple[str, str, Any]]:
    """Every route about one customer, once, with ids of their own."""
    phones = installation.get(f"/api/v1/customers/{customer}/contacts")["contacts"]["phones"]
    last, other = phones[-1]["id"], phones[-2]["id"]
    path = f"/api/v1/customers/{customer}"
    evidence = {"source": "paper form", "text": "yes"}
    yield "GET", path, None
    yield "GET", f"{path}/contacts", None
    yield "GET", f"{path}/contacts/{last}", None
    yield "GET", f"{path}/bookings", None
    yield "GET", f"{path}/timeline?limit=200", None
    yield "GET", f"{path}/consents", None
    yield "GET", f"/api/v1/customers?phone=%2B{SHARED[1:]}", None
    yield "POST", f"{path}/contacts", {"type": "phone", "value": f"+1213{block}559999"}
    yield "PATCH", f"{path}/contacts/{last}", {"label": "assistant", "can_call": True, "evidence": evidence}
    yield "PATCH", f"{path}/contacts/{last}/set-primary", None
    yield "PATCH", path, {"name": "Ana Whitfield", "preferred_contact_id": last}
    yield "POST", f"{path}/contacts/{last}/verify", None
    yield "POST", f"{path}/contacts/{last}/verify", {"code": "000 000"}
    yield "DELETE", f"{path}/contacts/{last}", None
    yield "PATCH", f"{path}/contacts/{other}", {"label": "home"}
    yield "GET", "/api/v1/merges", None
    yield "POST", "/api/v1/match", {"name": "Ana Lopez", "phone": SHARED}


def counts(installation: Installation, customer: str, block: int) -> list[tuple[str, int]]:
    found = []
    for method, path, body in calls(installation, customer, block):
        with counted(installation) as statements:
            response = installation.call(method, path, json=body)
        # A wrong code is refused after all that a right one takes.
        assert response.status_code < 300 or "code" in response.get_json()["errors"], response.text
        shown = path.replace(customer, "{id}").split("?")[0].split("/contacts/")[0]
        found.append((f"{method} {shown}", len(statements)))
    return found


@pytest.mark.parametrize("many", [12])
def test_the_number_of_queries_does_not_grow_with_the_number_of_contacts(
    installation: Installation, many: int
) -> None:
    poor, rich = customer_with(installation, 2, block=2), customer_with(installation, many, block=3)
    few = counts(installation, poor, 2)
    assert counts(installation, rich, 3) == few
    assert max(count for _, count in few) <= 40, few


def test_a_campaign_asks_as_often_for_many_as_for_few(installation: Installation) -> None:
    offer = {"channel": "sms", "body": "Two for one.", "dry_run": True}
    asked = []
    for block in (2, 3):
        for number in range(3 * block):
            create(installation, "Ana Lopez", ("phone", f"+1916{block}5500{number:02}"))
        with counted(installation) as statements:
            made = installation.call("POST", "/api/v1/campaigns", json=offer).get_json()
            path = f"/api/v1/campaigns/{made['id']}"
            installation.get(path)
            assert installation.get(f"{path}/recipients", limit=200)["items"]
            assert installation.call("GET", f"{path}/recipients.csv").text
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 40
