"""Creating, showing and finding customers."""

from __future__ import annotations

import base64
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from service.usecases.find import find_customer_by_any_contact

if TYPE_CHECKING:
    from tests.service.installation import Installation

CONTACTS = [
    {"type": "phone", "value": "(916) 555-9999", "label": "business"},
    {"type": "phone", "value": "+1 916 555 1234", "is_primary": True},
    {"type": "email", "value": "John@Gmail.com"},
    {"type": "social", "platform": "instagram", "value": "@JohnDoe_biz"},
]


def create(installation: Installation, **body: Any) -> Any:
    response = installation.call("POST", "/api/v1/customers", json=body)
    assert response.status_code == 201, response.text
    return response.get_json()


def test_a_customer_is_created_with_its_contacts_normalized(installation: Installation) -> None:
    made = create(installation, name=" John Doe ", contacts=CONTACTS)
    contacts = installation.contacts(made["id"])

    assert (made["name"], made["phone"], made["email"]) == ("John Doe", "+19165551234", "john@gmail.com")
    assert made["merged_ids"] == []
    assert contacts["phone", "+19165551234"]["is_primary"]
    assert not contacts["phone", "+19165559999"]["is_primary"]
    assert contacts["phone", "+19165559999"]["label"] == "business"
    handle = contacts["social", "johndoe_biz"]
    assert (handle["platform"], handle["label"]) == ("instagram", "business")
    for contact in contacts.values():
        assert contact["customer_id"] == made["id"]
        assert contact["is_valid"] is True
        assert not any(contact[flag] for flag in ("can_sms", "can_call", "can_marketing"))
    assert installation.get(f"/api/v1/customers/{made['id']}") == made


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name"}),
        ({"name": "  "}, {"name"}),
        ({"name": 7}, {"name"}),
        (
            {"name": "A", "contacts": [{"type": "phone", "value": "12"}, {"type": "fax", "value": "1"}]},
            {"contacts.0.value", "contacts.1.type"},
        ),
        (
            {"contacts": [{"type": "phone", "value": "12", "label": "x"}, 7], "unknown": 1},
            {"name", "contacts.0.value", "contacts.0.label", "contacts.1", "unknown"},
        ),
        ({"name": "A", "contacts": [{"type": "phone", "value": "12"}]}, {"contacts.0.value"}),
        (
            {"name": "A", "contacts": [{"type": "phone", "value": "12"}, {"type": "email", "value": "x"}]},
            {"contacts.0.value", "contacts.1.value"},
        ),
        (
            {"name": "A", "contacts": [CONTACTS[2], {"type": "email", "value": "j.ohn@gmail.com"}]},
            {"contacts.1.value"},
        ),
        ({"name": "A", "contacts": [{"type": "social", "value": "a.b"}]}, {"contacts.0.platform"}),
        ({"name": "A", "unknown": 1}, {"unknown"}),
        (
            {"name": "A", "contacts": [{**CONTACTS[0], "is_primary": True}, CONTACTS[1]]},
            {"contacts.1.is_primary"},
        ),
    ],
)
def test_every_wrong_field_is_named(
    installation: Installation, body: dict[str, Any], fields: set[str]
) -> None:
    response = installation.call("POST", "/api/v1/customers", json=body)
    assert response.status_code == 422
    assert set(response.get_json()["errors"]) == fields


@pytest.mark.parametrize(
    "query",
    [
        {"phone": "916.555.9999"},
        {"phone": "001 916 555 9999"},
        {"phone": "+19165559999"},
        {"email": "J.O.H.N+news@googlemail.com"},
        {"instagram": "@JohnDoe_Biz"},
        {"instagram": "https://www.instagram.com/johndoe_biz/?hl=en"},
        {"social": "johndoe_biz", "platform": "instagram"},
    ],
)
def test_a_customer_is_found_by_any_contact_however_it_is_written(
    installation: Installation, query: dict[str, str]
) -> None:
    made = create(installation, name="John Doe", contacts=CONTACTS)
    create(installation, name="Somebody Else", contacts=[{"type": "phone", "value": "+1 415 555 0000"}])
    assert [each["id"] for each in installation.get("/api/v1/customers", **query)["items"]] == [made["id"]]


def test_everybody_who_shares_a_contact_is_found_and_its_use_is_counted(installation: Installation) -> None:
    family = [
        create(installation, name=name, contacts=CONTACTS[:1])["id"] for name in ("John Doe", "Jane Doe")
    ]
    before = installation.contacts(family[0])["phone", "+19165559999"]["usage_count"]

    with installation.runtime.database.transaction() as session:
        found = find_customer_by_any_contact(session, phone="(916) 555-9999")
        nobody = find_customer_by_any_contact(session, social_handle="johndoe", platform="instagram")

    assert sorted(each.id for each in found) == sorted(family)
    assert nobody == []
    counted = installation.contacts(family[0])["phone", "+19165559999"]
    assert counted["usage_count"] == before + 1
    assert counted["last_used_at"] is not None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "x"}, "email"),
        ({"phone": "+19165559999", "email": "x@example.com"}, "email"),
        ({"social": "johndoe"}, "platform"),
    ],
)
def test_a_search_that_cannot_be_read_is_a_problem(
    installation: Installation, query: dict[str, str], field: str
) -> None:
    response = installation.call("GET", "/api/v1/customers", query_string=query)
    assert response.status_code == 422
    assert field in response.get_json()["errors"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/customers/{id}"),
        ("GET", "/api/v1/customers/{id}/contacts"),
        ("GET", "/api/v1/customers/{id}/bookings"),
        ("GET", "/api/v1/events/{id}"),
        ("POST", "/api/v1/events/{id}/replay"),
        ("GET", "/api/v1/proposals/{id}"),
        ("POST", "/api/v1/merges/{id}/undo"),
    ],
)
@pytest.mark.parametrize("unknown", [str(uuid.UUID(int=7)), "no-uuid", "%00", "1"])
def test_an_unknown_id_is_not_found(installation: Installation, method: str, path: str, unknown: str) -> None:
    response = installation.call(method, path.format(id=unknown))
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"


def test_an_id_may_be_written_in_capitals(installation: Installation) -> None:
    made = create(installation, name="John Doe")
    assert installation.get(f"/api/v1/customers/{made['id'].upper()}") == made


@pytest.mark.parametrize(
    "body",
    [
        b'{"name":"\\ud800"}',
        b'{"name":"a\\u0000b"}',
        b'{"name":"A","contacts":[{"type":"email","value":"a\\u0000@b.com"}]}',
        b'{"name":"A","contacts":[{"type":"social","platform":"x","value":"a\\u0000b"}]}',
        b"[" * 100_000,
        b'{"name":' + b"[" * 500,
        b"\xff",
    ],
)
def test_text_that_no_database_keeps_breaks_nothing(installation: Installation, body: bytes) -> None:
    for path in ("/api/v1/customers", "/api/v1/match"):
        response = installation.call("POST", path, data=body, headers={"Content-Type": "application/json"})
        assert response.status_code < 500, response.text


def test_another_content_type_and_a_parameter_with_nul_are_refused(installation: Installation) -> None:
    plain = installation.call(
        "POST", "/api/v1/customers", data=b'{"name":"A"}', headers={"Content-Type": "text/plain"}
    )
    assert plain.status_code == 415
    nul = installation.call("GET", "/api/v1/customers?social=abc&platform=x%00y")
    assert nul.status_code == 422
    assert "platform" in nul.get_json()["errors"]


@pytest.mark.parametrize("path", ["events", "merges", "proposals"])
@pytest.mark.parametrize(
    "forged",
    [
        b'["0001-01-01T00:00:00+14:00","00000000-0000-0000-0000-000000000007"]',
        b'["9999-12-31T23:59:59-14:00","00000000-0000-0000-0000-000000000007"]',
        b'["2026-01-01T00:00:00+00:00","x"]',
        b'[0.5,"\\u0000"]',
        b'[0.5,"\\ud800"]',
        b"[" * 3000,
        b"7",
        b"{}",
    ],
)
def test_a_forged_cursor_is_refused(installation: Installation, path: str, forged: bytes) -> None:
    cursor = base64.urlsafe_b64encode(forged).decode()
    response = installation.call("GET", f"/api/v1/{path}", query_string={"cursor": cursor})
    assert response.status_code == 422
    assert "cursor" in response.get_json()["errors"]


@pytest.mark.parametrize("what", ["bookings", "timeline", "consents", "identities"])
def test_a_forged_cursor_is_refused_before_the_way_to_a_survivor_is_told(
    installation: Installation, what: str
) -> None:
    survivor, merged = create(installation, name="Ana")["id"], create(installation, name="Ana")["id"]
    installation.call("POST", f"/api/v1/customers/{survivor}/merge", json={"other_id": merged})
    path = f"/api/v1/customers/{merged}/{what}"
    assert installation.call("GET", path, query_string={"limit": 1}).status_code == 307
    refused = installation.call("GET", path, query_string={"cursor": "x"})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["cursor"])


@pytest.mark.parametrize("token", ["x", "a.b", "ImFiYyI.AAAA", "%00"])
def test_a_prompt_that_we_did_not_make_is_not_found(installation: Installation, token: str) -> None:
    with installation.app.test_client() as client:
        assert client.get(f"/api/v1/prompts/{token}").status_code == 404
        assert client.post(f"/api/v1/prompts/{token}/answer", json={"answer": "yes"}).status_code == 404


def test_lists_are_paged_to_their_end(installation: Installation) -> None:
    for number in range(5):
        installation.message(f"77{number}", "hello")
        installation.clock.advance(seconds=number % 2)
    seen, cursor = [], None
    while True:
        page = installation.get("/api/v1/events", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert installation.call("GET", "/api/v1/events", query_string={"cursor": "junk"}).status_code == 422
    assert installation.call("GET", "/api/v1/events", query_string={"limit": 0}).status_code == 422
