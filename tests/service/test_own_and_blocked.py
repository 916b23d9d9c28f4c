"""What is ours is nobody's; what is blocked proves nothing; both lists work from the next event on."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from service.store.own_and_blocked import matches
from service.store.tables import AuditEntry
from tests.service.command import run
from tests.service.installation import ACCOUNT
from tests.service.review_desk import create, merge_by_hand, pairs

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.installation import Installation

OURS = "+19165550100"
HOUSEHOLD = "+12125550142"


def own(installation: Installation, kind: str, value: str, **more: Any) -> Any:
    made = installation.call("POST", "/api/v1/own-contacts", json={"type": kind, "value": value, **more})
    assert made.status_code == 201, made.text
    return made.get_json()


def block(installation: Installation, what: str, value: str, **more: Any) -> Any:
    made = installation.call("POST", "/api/v1/blocked-values", json={"type": what, "value": value, **more})
    assert made.status_code == 201, made.text
    return made.get_json()


def unblock(installation: Installation, entry: Any) -> None:
    gone = installation.call("DELETE", f"/api/v1/blocked-values/{entry['id']}")
    assert (gone.status_code, gone.data) == (204, b"")


# ---------------------------------------------------------------- what is ours


def test_our_own_number_in_a_message_is_attached_to_nobody(installation: Installation) -> None:
    own(installation, "phone", "(916) 555-0100", note="front desk")
    event = installation.message_resolved("900", "I called you at (916) 555-0100. Call me at 212 555 0142")
    assert ("phone", OURS) not in installation.contacts(event["customer_id"])
    assert ("phone", HOUSEHOLD) in installation.contacts(event["customer_id"])
    assert event["decision"]["ours"] == [{"type": "phone", "value": OURS}]


def test_our_own_contacts_in_a_form_link_nobody(installation: Installation) -> None:
    ana = create(installation, "Ana Lopez", ("phone", OURS), ("email", "front.desk@gmail.com"))
    own(installation, "phone", OURS)
    assert own(installation, "email", "frontdesk+all@gmail.com")["held_by"] == 1

    booked = installation.book(name="Wilhelm Brandt", phone=OURS, email="Front.Desk@gmail.com")

    assert booked["outcome"] == "created"
    assert booked["customer_id"] != ana
    assert installation.contacts(booked["customer_id"]) == {}


def test_what_is_ours_is_no_evidence_in_a_dry_run(installation: Installation) -> None:
    create(installation, "Ana Lopez", ("phone", OURS))
    asked = {"name": "Wilhelm Brandt", "phone": OURS}
    before = installation.call("POST", "/api/v1/match", json=asked).get_json()
    own(installation, "phone", OURS)
    after = installation.call("POST", "/api/v1/match", json=asked).get_json()
    assert len(before["candidates"]) == 1
    assert after["candidates"] == []


def test_a_customer_cannot_be_given_what_is_ours(installation: Installation) -> None:
    own(installation, "phone", OURS)
    contacts = [{"type": "email", "value": "ana@example.com"}, {"type": "phone", "value": OURS}]
    refused = installation.call("POST", "/api/v1/customers", json={"name": "Ana", "contacts": contacts})
    assert refused.status_code == 422
    assert list(refused.get_json()["errors"]) == ["contacts.1.value"]
    ana = create(installation, "Ana")
    refused = installation.call("POST", f"/api/v1/customers/{ana}/contacts", json=contacts[1])
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["value"])


def test_our_own_handle_in_a_form_is_not_attached(installation: Installation) -> None:
    own(installation, "social", "@our_shop", platform="instagram")
    booked = installation.book(name="Ana Lopez", instagram="our_shop", phone=HOUSEHOLD)
    assert set(installation.contacts(booked["customer_id"])) == {("phone", HOUSEHOLD)}


def test_a_match_says_that_a_value_is_our_own(installation: Installation) -> None:
    create(installation, "Ana Lopez", ("email", "ana@x.org"))
    own(installation, "phone", HOUSEHOLD)
    asked = {"name": "Ana Lopez", "phone": HOUSEHOLD, "email": "ana@x.org"}
    told = installation.call("POST", "/api/v1/match", json=asked).get_json()
    assert told["candidates"][0]["explanation"]["set_aside"] == [f"phone {HOUSEHOLD} is ours"]


# ---------------------------------------------------------------- what proves nothing


@pytest.mark.parametrize("address", ["test@test.com", "noreply@shop.example.net"])
def test_two_people_with_a_placeholder_are_two_customers_and_not_asked(
    installation: Installation, address: str
) -> None:
    first = installation.book(name="Maria Garcia", email=address)
    second = installation.book(name="James Smith", email=address)
    third = installation.book(name="Maria Smith", email=address)
    assert [each["outcome"] for each in (first, second, third)] == ["created"] * 3
    assert all(each["prompt"] is None for each in (first, second, third))
    assert ("email", address) in installation.contacts(second["customer_id"]), "kept as it was typed"
    assert pairs(installation) == []


def test_a_blocked_number_of_a_household_counts_again_once_the_block_is_removed(
    installation: Installation,
) -> None:
    ana = create(installation, "Ana Lopez", ("phone", HOUSEHOLD))
    asked = {"name": "Ana Lopez", "phone": HOUSEHOLD}
    told = installation.call("POST", "/api/v1/match", json=asked).get_json()
    assert told["decision"] == "linked"

    blocked = block(installation, "phone", "(212) 555-0142", reason="a household of five")
    assert (blocked["value"], blocked["held_by"], blocked["source"]) == (HOUSEHOLD, 1, "operator")
    told = installation.call("POST", "/api/v1/match", json=asked).get_json()
    assert told["decision"] != "linked"
    explanation = told["candidates"][0]["explanation"]
    assert "phone" in explanation["missing"]
    assert "phone" not in {feature["feature"] for feature in explanation["features"]}
    assert explanation["set_aside"] == [f"phone {HOUSEHOLD} is blocked: a household of five"]

    unblock(installation, blocked)
    again = installation.book(name="Ana Lopez", phone=HOUSEHOLD)
    assert (again["outcome"], again["customer_id"]) == ("linked", ana)


def test_a_blocked_value_is_evidence_in_no_proposal(installation: Installation) -> None:
    block(installation, "phone", HOUSEHOLD)
    create(installation, "Ana Lopez", ("phone", HOUSEHOLD))
    create(installation, "Ben Okafor", ("email", "ben.okafor@example.com"), ("phone", HOUSEHOLD))
    installation.book(name="Ana Lopez", phone=HOUSEHOLD, email="ben.okafor@example.com")
    items = installation.get("/api/v1/proposals")["items"]
    assert items, "the name and the email still speak"
    for proposal in items:
        assert "phone" not in {each["feature"] for each in proposal["explanation"]["features"]}


@pytest.mark.parametrize(
    ("kind", "pattern", "value"),
    [
        ("email", "*@mailinator.com", "abc@mailinator.com"),
        ("email", "FrontDesk*@*.example.org", "frontdesk7@shop.example.org"),
        ("phone", "+1212555*", HOUSEHOLD),
    ],
)
def test_a_pattern_blocks_what_it_fits(
    installation: Installation, kind: str, pattern: str, value: str
) -> None:
    create(installation, "Ana Lopez", (kind, value))
    asked = {"name": "Ana Lopez", kind: value}
    assert installation.call("POST", "/api/v1/match", json=asked).get_json()["decision"] == "linked"
    entry = block(installation, kind, pattern, kind="pattern")
    assert (entry["value"], entry["held_by"]) == (pattern.lower(), 1)
    assert installation.call("POST", "/api/v1/match", json=asked).get_json()["decision"] != "linked"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("noreply@*", "noreply@shop.example", True),
        ("noreply@*", "xnoreply@shop.example", False),
        ("*@test.com", "a@test.com", True),
        ("*@test.com", "a@test.com.example", False),
        ("a*b*c", "a-b-c", True),
        ("a*b*c", "abc", True),
        ("a*b*c", "acb", False),
        ("a*a", "a", False),
        ("ab*ba", "aba", False),
        ("+1*555*9", "+12125559", True),
        ("a.c*", "abcd", False),
        ("exact", "exact", True),
        ("*".join("a" * 60) + "*b", "a" * 5_000, False),
    ],
)
def test_a_star_stands_for_anything_and_nothing_else_does(pattern: str, text: str, fits: bool) -> None:  # noqa: FBT001 - the table's own column
    assert matches(pattern, text) is fits


def test_a_handle_can_be_blocked_on_one_platform(installation: Installation) -> None:
    block(installation, "social", "shop_guest", platform="instagram")
    contact = {"type": "social", "platform": "tiktok", "value": "shop_guest"}
    made = installation.call("POST", "/api/v1/customers", json={"name": "Ana", "contacts": [contact]})
    assert made.status_code == 201
    told = installation.call(
        "POST", "/api/v1/match", json={"name": "Ana", "instagram": "shop_guest"}
    ).get_json()
    assert told["set_aside"] == ["social shop_guest is blocked"]


# ---------------------------------------------------------------- the lists


@pytest.mark.parametrize("path", ["own-contacts", "blocked-values"])
def test_a_value_is_listed_once_however_it_is_written(installation: Installation, path: str) -> None:
    def add(value: str) -> int:
        body = {"type": "email", "value": value}
        return installation.call("POST", f"/api/v1/{path}", json=body).status_code

    assert add("the.shop@gmail.com") == 201
    assert add("TheShop+news@gmail.com") == 409


@pytest.mark.parametrize("path", ["own-contacts", "blocked-values"])
def test_an_entry_is_read_where_its_creation_says_that_it_is(installation: Installation, path: str) -> None:
    body = {"type": "phone", "value": OURS}
    made = installation.call("POST", f"/api/v1/{path}", json=body)
    assert made.headers["Location"] == f"/api/v1/{path}/{made.get_json()['id']}"
    shown = installation.get(made.headers["Location"])
    assert shown == {name: value for name, value in made.get_json().items() if name != "held_by"}
    assert installation.call("DELETE", made.headers["Location"]).status_code == 204
    assert installation.call("GET", made.headers["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"type", "value"}),
        ({"type": "fax", "value": "x"}, {"type"}),
        ({"type": "phone", "value": "12"}, {"value"}),
        ({"type": "email", "value": "a@b.com", "platform": "instagram"}, {"platform"}),
        ({"type": "email", "value": "*", "kind": "pattern"}, {"value"}),
        ({"type": "email", "value": "*@*", "kind": "pattern"}, {"value"}),
        ({"type": "email", "value": "shop@example.com", "kind": "pattern"}, {"value"}),
        ({"type": "email", "value": "x" * 300 + "*", "kind": "pattern"}, {"value"}),
        ({"type": "phone", "value": "+1*", "kind": "pattern"}, {"value"}),
        ({"type": "phone", "value": "555-*-999", "kind": "pattern"}, {"value"}),
        ({"type": "phone", "kind": "regex", "because": "x"}, {"value", "kind", "because"}),
    ],
)
def test_what_cannot_be_blocked_is_refused_with_every_field(
    installation: Installation, body: dict[str, Any], fields: set[str]
) -> None:
    refused = installation.call("POST", "/api/v1/blocked-values", json=body)
    assert refused.status_code == 422
    assert set(refused.get_json()["errors"]) == fields


def test_the_shipped_list_is_shown_page_by_page_and_can_be_changed(installation: Installation) -> None:
    seen, cursor = [], None
    while True:
        page = installation.get("/api/v1/blocked-values", limit=40, **({"cursor": cursor} if cursor else {}))
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert len({each["id"] for each in seen}) == len(seen)
    shipped = next(each for each in seen if each["value"] == "test@test.com")
    assert shipped["source"] == "shipped"
    unblock(installation, shipped)
    assert installation.call("DELETE", f"/api/v1/blocked-values/{shipped['id']}").status_code == 404


def test_every_change_of_a_list_is_written_down(installation: Installation) -> None:
    unblock(installation, block(installation, "phone", HOUSEHOLD))
    entry = own(installation, "phone", OURS)
    assert installation.get("/api/v1/own-contacts")["items"][0]["value"] == OURS
    assert installation.call("DELETE", f"/api/v1/own-contacts/{entry['id']}").status_code == 204
    with installation.runtime.database.reading() as session:
        written = {(each.action, each.actor) for each in session.scalars(select(AuditEntry))}
    assert written == {
        ("key.created", "command"),
        ("blocked_value.added", "key:tests"),
        ("blocked_value.removed", "key:tests"),
        ("own_contact.added", "key:tests"),
        ("own_contact.removed", "key:tests"),
    }


# ---------------------------------------------------------------- accounts and senders


def test_our_accounts_say_who_wrote_to_them_and_who_that_is(installation: Installation) -> None:
    first = installation.message_resolved("901", "hello")["customer_id"]
    second = installation.message_resolved("902", "hello")["customer_id"]
    account = installation.get("/api/v1/accounts")["items"][0]
    assert (account["platform"], account["account_id"], account["senders"]) == ("instagram", ACCOUNT, 2)

    path = f"/api/v1/accounts/{account['id']}/identities"
    page = installation.get(path, limit=1)
    senders = [*page["items"], *installation.get(path, cursor=page["next"])["items"]]
    assert {each["sender_id"]: each["customer_id"] for each in senders} == {"901": first, "902": second}
    assert senders[0]["account"]["account_id"] == ACCOUNT

    merge_by_hand(installation, first, second)
    away = installation.call("GET", f"/api/v1/customers/{second}/identities")
    assert away.status_code == 307
    both = installation.get(f"/api/v1/customers/{second}/identities")["items"]
    assert {each["sender_id"] for each in both} == {"901", "902"}


def test_an_account_that_nobody_has_is_not_found(installation: Installation) -> None:
    assert installation.call("GET", f"/api/v1/accounts/{uuid.uuid4()}/identities").status_code == 404


# ---------------------------------------------------------------- the commands


def test_the_lists_are_kept_by_command(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/lists.db"
    added = run("own-contacts", "add", "phone", "(916) 555-0100", "--note", "desk", database_url=url)
    assert added.exit_code == 0, added.stderr
    assert OURS in run("own-contacts", "list", database_url=url).stdout
    again = run("own-contacts", "add", "phone", OURS, database_url=url)
    assert again.exit_code != 0
    assert "already" in again.stderr
    entry = added.stdout.split("(")[1].split(")")[0]
    assert run("own-contacts", "remove", entry, database_url=url).exit_code == 0
    assert OURS not in run("own-contacts", "list", database_url=url).stdout

    pattern = run("blocked-values", "add", "email", "*@mailinator.com", "--pattern", database_url=url)
    assert pattern.exit_code == 0, pattern.stderr
    listed = run("blocked-values", "list", database_url=url).stdout
    assert "*@mailinator.com" in listed
    assert "test@test.com" in listed
    blocked = pattern.stdout.split("(")[1].split(")")[0]
    assert run("blocked-values", "remove", blocked, database_url=url).exit_code == 0
    assert run("accounts", database_url=url).stdout.split() == [
        "ID",
        "PLATFORM",
        "ACCOUNT",
        "SINCE",
        "SENDERS",
    ]


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("own-contacts", {"type": "phone", "value": "x", "note": 5}, {"value", "note"}),
        ("own-contacts", {"type": "email", "value": "x", "unheard_of": 1}, {"value", "unheard_of"}),
        ("own-contacts", {"type": "fax", "value": "x", "note": 5}, {"type", "note"}),
        ("blocked-values", {"type": "phone", "value": "x", "reason": 5}, {"value", "reason"}),
        ("blocked-values", {"type": "email", "value": "*", "kind": "pattern", "reason": 5}, {"value", "reason"}),
        ("blocked-values", {"type": "email", "value": "no*@x", "kind": "regex", "reason": 5}, {"kind", "reason"}),
        ("match", {"phone": "x", "email": "y", "text": 5, "channel": "fax"}, {"phone", "email", "text", "channel"}),
        ("match", {"instagram": "a b", "phone": 5}, {"instagram", "phone"}),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_told_at_once(
    installation: Installation, path: str, body: dict[str, Any], fields: set[str]
) -> None:
    refused = installation.call("POST", f"/api/v1/{path}", json=body)
    assert refused.status_code == 422
    assert set(refused.get_json()["errors"]) == fields
