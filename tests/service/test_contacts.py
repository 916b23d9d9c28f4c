"""The contact endpoints: adding, changing, removing, switching primaries; also through ids that were merged away."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.review_desk import create, merge_by_hand, merges, undo

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.service.installation import Installation

PHONE = "+19165551234"
OTHER_PHONE = "+19165559999"


def path_of(customer_id: str, contact_id: str = "", more: str = "") -> str:
    parts = ["/api/v1/customers", customer_id, "contacts", contact_id, more]
    return "/".join(part for part in parts if part)


def add(installation: Installation, customer_id: str, **body: Any) -> Any:
    response = installation.call("POST", path_of(customer_id), json=body)
    assert response.status_code == 201, response.text
    return response.get_json()


def patch(installation: Installation, contact: dict[str, Any], **body: Any) -> TestResponse:
    return installation.call("PATCH", path_of(contact["customer_id"], contact["id"]), json=body)


def remove(installation: Installation, contact: dict[str, Any], **more: Any) -> TestResponse:
    return installation.call("DELETE", path_of(contact["customer_id"], contact["id"]), **more)


def switch(installation: Installation, contact: dict[str, Any]) -> Any:
    response = installation.call("PATCH", path_of(contact["customer_id"], contact["id"], "set-primary"))
    assert response.status_code == 200, response.text
    return response.get_json()


# ---------------------------------------------------------------- adding


def test_a_contact_is_added_normalized_and_the_first_of_its_type_is_primary(
    installation: Installation,
) -> None:
    john = create(installation, "John Doe")

    response = installation.call(
        "POST", path_of(john), json={"type": "phone", "value": "(916) 555-1234", "label": "home"}
    )

    made = response.get_json()
    assert response.status_code == 201
    assert response.headers["Location"] == path_of(john, made["id"])
    assert (made["value"], made["label"], made["is_primary"]) == (PHONE, "home", True)
    assert (made["type"], made["platform"], made["is_verified"]) == ("phone", None, False)
    assert made["customer_id"] == john
    assert installation.get(path_of(john, made["id"])) == made
    assert installation.get(f"/api/v1/customers/{john}")["phone"] == PHONE
    second = add(installation, john, type="phone", value=OTHER_PHONE)
    assert not second["is_primary"]
    third = add(installation, john, type="phone", value="+442071838750", is_primary=True)
    assert third["is_primary"]
    assert installation.get(f"/api/v1/customers/{john}")["phone"] == "+442071838750"


def test_an_address_is_kept_as_it_is_delivered_to_and_found_however_it_is_written(
    installation: Installation,
) -> None:
    john = create(installation, "John Doe")
    made = add(installation, john, type="email", value="John.Doe+news@GoogleMail.com")
    assert made["value"] == "john.doe+news@googlemail.com"
    assert made["match_value"] == "johndoe@gmail.com"
    for written in ("johndoe@gmail.com", "J.O.H.N.D.O.E@gmail.com"):
        assert [each["id"] for each in installation.get("/api/v1/customers", email=written)["items"]] == [
            john
        ]
    again = installation.call("POST", path_of(john), json={"type": "email", "value": "johndoe@gmail.com"})
    assert again.status_code == 409
    assert "value" in again.get_json()["errors"]


def test_households_share_a_value(installation: Installation) -> None:
    john, jane = create(installation, "John Doe"), create(installation, "Jane Doe")
    for customer in (john, jane):
        add(installation, customer, type="phone", value=PHONE)
    found = installation.get("/api/v1/customers", phone="(916) 555 1234")["items"]
    assert {each["id"] for each in found} == {john, jane}


def test_those_who_share_a_value_are_found_page_by_page(installation: Installation) -> None:
    holders = {create(installation, f"Ana {number}", ("phone", PHONE)) for number in range(5)}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = installation.get("/api/v1/customers", phone=PHONE, limit=2, **cursor)
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sorted(seen) == sorted(holders)
    for customer in holders:
        assert installation.contacts(customer)["phone", PHONE]["usage_count"] == 2, "each use is counted once"
    refused = installation.call("GET", "/api/v1/customers", query_string={"phone": PHONE, "cursor": "x"})
    assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"cursor"})


def test_an_id_in_capitals_is_the_same_id_and_an_empty_part_of_a_path_is_nobodys(
    installation: Installation,
) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    assert installation.call("GET", f"/api/v1/customers/{john.upper()}").status_code == 200
    renamed = installation.call("PATCH", f"/api/v1/customers/{john.upper()}", json={"name": "J. Doe"})
    assert "Content-Location" not in renamed.headers
    strange = installation.call("GET", f"/api/v1/customers/{john}//contacts")
    assert (strange.status_code, strange.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"type", "value"}),
        ({"type": "fax", "value": "1"}, {"type"}),
        ({"type": "phone", "value": "12"}, {"value"}),
        ({"type": "phone", "value": 9165551234}, {"value"}),
        ({"type": "phone", "value": PHONE, "platform": "instagram"}, {"platform"}),
        ({"type": "social", "value": "@john"}, {"platform"}),
        ({"type": "social", "value": "not a handle!", "platform": "instagram"}, {"value"}),
        (
            {"type": "email", "value": "nobody", "label": "work", "is_primary": "yes"},
            {"value", "label", "is_primary"},
        ),
        ({"type": "email", "value": "a@b.example", "verified": True}, {"verified"}),
    ],
)
def test_what_is_wrong_with_a_contact_is_said_by_field_and_all_at_once(
    installation: Installation, body: dict[str, Any], fields: set[str]
) -> None:
    john = create(installation, "John Doe")
    response = installation.call("POST", path_of(john), json=body)
    assert response.status_code == 422
    assert set(response.get_json()["errors"]) == fields
    assert installation.contacts(john) == {}


# ---------------------------------------------------------------- removing


def test_the_next_best_becomes_primary_and_the_removed_one_is_gone_for_good(
    installation: Installation,
) -> None:
    john = create(installation, "John Doe", ("phone", PHONE), ("phone", OTHER_PHONE))
    first = installation.contacts(john)["phone", PHONE]
    installation.call("PATCH", f"/api/v1/customers/{john}", json={"preferred_contact_id": first["id"]})

    assert remove(installation, first).status_code == 204

    assert installation.contacts(john)["phone", OTHER_PHONE]["is_primary"]
    shown = installation.get(f"/api/v1/customers/{john}")
    assert (shown["phone"], shown["preferred_contact_id"]) == (OTHER_PHONE, None)
    assert installation.get("/api/v1/customers", phone=PHONE)["items"] == []
    for response in (remove(installation, first), patch(installation, first, label="home")):
        assert response.status_code == 404
    history = [each["kind"] for each in installation.get(f"/api/v1/customers/{john}/timeline")["items"]]
    assert "contact.deleted" in history
    again = add(installation, john, type="phone", value=PHONE)
    assert again["id"] != first["id"]
    assert not again["is_primary"]


def test_of_what_is_left_a_verified_or_deliverable_one_is_the_next_best(installation: Installation) -> None:
    john = create(installation, "John Doe", ("email", "a@x.example"), ("email", "b@x.example"))
    assistant = add(installation, john, type="email", value="pa@x.example", label="assistant")
    remove(installation, installation.contacts(john)["email", "a@x.example"])
    assert installation.contacts(john)["email", "b@x.example"]["is_primary"]
    remove(installation, installation.contacts(john)["email", "b@x.example"])
    assert installation.get(path_of(john, assistant["id"]))["is_primary"], "there is no other"
    own = add(installation, john, type="email", value="john@x.example")
    assert own["is_primary"], "their own takes over"


def test_what_who_books_for_another_left_is_primary_only_where_a_person_says_so(
    installation: Installation,
) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    booked = installation.book(name="John Doe", email="pa@x.example")
    installation.answer(booked["prompt"], "on_behalf")
    left = installation.contacts(john)["email", "pa@x.example"]
    assert (left["label"], left["is_primary"]) == ("assistant", False)
    assert switch(installation, left)["old_primary"] is None
    assert installation.get(f"/api/v1/customers/{john}")["email"] == "pa@x.example"
    assert add(installation, john, type="email", value="john@x.example")["is_primary"]


# ---------------------------------------------------------------- changing


def test_switching_the_primary_tells_both(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE), ("phone", OTHER_PHONE))
    contacts = installation.contacts(john)

    switched = switch(installation, contacts["phone", OTHER_PHONE])

    assert switched["old_primary"]["id"] == contacts["phone", PHONE]["id"]
    assert not switched["old_primary"]["is_primary"]
    assert switched["new_primary"]["id"] == contacts["phone", OTHER_PHONE]["id"]
    assert switched["new_primary"]["is_primary"]
    assert installation.get(f"/api/v1/customers/{john}")["phone"] == OTHER_PHONE
    again = switch(installation, contacts["phone", OTHER_PHONE])
    assert again["old_primary"] == again["new_primary"] == switched["new_primary"]


def test_switching_the_primary_needs_no_body_and_takes_none(installation: Installation) -> None:
    john = create(installation, "John Doe")
    first = add(installation, john, type="phone", value="+19165550100")
    second = add(installation, john, type="phone", value="+19165550101")
    path = path_of(john, second["id"], "set-primary")
    for body, field in (({"new_primary": first["id"]}, "new_primary"), ([second["id"]], "body")):
        refused = installation.call("PATCH", path, json=body)
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])
    assert installation.contacts(john)["phone", "+19165550100"]["is_primary"], "nothing was switched"
    assert installation.call("PATCH", path, json={}).status_code == 200


def test_everything_that_is_wrong_with_a_change_is_told_at_once(installation: Installation) -> None:
    john = create(installation, "John Doe")
    phone = add(installation, john, type="phone", value="+19165550100")
    email = add(installation, john, type="email", value="john@example.com")

    def faults(contact: dict[str, Any], **body: Any) -> set[str]:
        refused = patch(installation, contact, **body)
        assert refused.status_code == 422, refused.text
        return set(refused.get_json()["errors"])

    assert faults(phone, label="work", can_marketing=True, can_sms=True) == {
        "label",
        "can_marketing",
        "evidence",
    }
    vague = {"source": "", "occurred_at": "soon"}
    assert faults(email, label="work", can_sms=False, evidence=vague, color="red") == {
        "label",
        "can_sms",
        "color",
        "evidence.source",
        "evidence.occurred_at",
    }
    assert faults(phone, label="work", can_sms="perhaps") == {"label", "can_sms"}
    assert faults({**phone, "id": str(uuid.uuid4())}, label="work", can_sms=True) == {"label"}
    assert installation.contacts(john)["phone", "+19165550100"]["label"] == "personal"


def test_a_label_changes_and_an_assistants_number_is_primary_only_where_there_is_no_other(
    installation: Installation,
) -> None:
    john = create(installation, "John Doe", ("phone", PHONE), ("phone", OTHER_PHONE))
    first = installation.contacts(john)["phone", PHONE]

    changed = patch(installation, first, label="assistant").get_json()

    assert (changed["label"], changed["is_primary"]) == ("assistant", False)
    assert installation.contacts(john)["phone", OTHER_PHONE]["is_primary"]
    match = {"name": "John Doe", "phone": PHONE}
    assert installation.call("POST", "/api/v1/match", json=match).get_json()["decision"] != "linked"
    patch(installation, first, label="personal")
    assert installation.call("POST", "/api/v1/match", json=match).get_json()["decision"] == "linked"


def test_a_customer_is_renamed_and_prefers_a_contact(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    contact = installation.contacts(john)["phone", PHONE]

    response = installation.call(
        "PATCH",
        f"/api/v1/customers/{john}",
        json={"name": " John Roe ", "preferred_contact_id": contact["id"]},
    )

    shown = response.get_json()
    assert (shown["name"], shown["preferred_contact_id"]) == ("John Roe", contact["id"])
    found = installation.call("POST", "/api/v1/match", json={"name": "John Roe"}).get_json()
    assert [each["customer_id"] for each in found["candidates"]] == [john]
    unset = installation.call("PATCH", f"/api/v1/customers/{john}", json={"preferred_contact_id": None})
    assert unset.get_json()["preferred_contact_id"] is None
    other = create(installation, "Jane Roe", ("phone", OTHER_PHONE))
    theirs = installation.contacts(other)["phone", OTHER_PHONE]["id"]
    for wrong in (theirs, str(uuid.uuid4()), "x", 7):
        refused = installation.call(
            "PATCH", f"/api/v1/customers/{john}", json={"preferred_contact_id": wrong}
        )
        assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"preferred_contact_id"})
    for wrong_name in ("", "  ", "\u200b", "\u202e", None, 7):
        refused = installation.call("PATCH", f"/api/v1/customers/{john}", json={"name": wrong_name})
        assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"name"})


# ---------------------------------------------------------------- nobody, and nobody's


def test_contacts_of_nobody_and_of_others_are_not_found(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    jane = create(installation, "Jane Doe", ("phone", OTHER_PHONE))
    theirs = installation.contacts(jane)["phone", OTHER_PHONE]["id"]
    nobody = str(uuid.uuid4())
    for customer_id, contact_id in ((nobody, theirs), (john, theirs), (john, nobody)):
        path = path_of(customer_id, contact_id)
        answers = [
            installation.call("GET", path),
            installation.call("PATCH", path, json={"label": "home"}),
            installation.call("DELETE", path),
            installation.call("PATCH", f"{path}/set-primary"),
        ]
        assert {each.status_code for each in answers} == {404}
    for method, path, body in (
        ("GET", path_of(nobody), None),
        ("POST", path_of(nobody), {"type": "phone", "value": PHONE}),
        ("PATCH", f"/api/v1/customers/{nobody}", {"name": "X"}),
        ("GET", f"/api/v1/customers/{nobody}/timeline", None),
        ("GET", f"/api/v1/customers/{nobody}/consents", None),
        ("GET", f"/api/v1/customers/{nobody}/bookings", None),
        ("POST", f"/api/v1/customers/{nobody}/merge", {"other_id": john}),
    ):
        response = installation.call(method, path, json=body)
        assert response.status_code == 404, path
        assert response.content_type == "application/problem+json"


# ---------------------------------------------------------------- ids that were merged away


def test_reading_by_a_merged_id_leads_to_the_survivor_through_any_chain(installation: Installation) -> None:
    first, second, third = (create(installation, "John Doe", ("phone", PHONE)) for _ in range(3))
    collapsed = installation.contacts(first)["phone", PHONE]["id"]
    merge_by_hand(installation, second, first)
    merge_by_hand(installation, third, second)
    standing = installation.contacts(third)["phone", PHONE]["id"]
    for path in ("", "/contacts", "/bookings", "/timeline", "/consents"):
        response = installation.call("GET", f"/api/v1/customers/{first}{path}?limit=7")
        assert response.status_code == 307
        assert response.headers["Location"] == f"/api/v1/customers/{third}{path}?limit=7"
    for customer in (first, third):
        response = installation.call("GET", path_of(customer, collapsed))
        assert response.headers["Location"] == path_of(third, standing)
    assert set(installation.get(f"/api/v1/customers/{first}")["merged_ids"]) == {first, second}


def test_writing_by_a_merged_id_acts_on_the_survivor_and_says_so(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    twin = create(installation, "Johnny Doe", ("phone", PHONE), ("email", "john@x.example"))
    collapsed = installation.contacts(twin)["phone", PHONE]["id"]
    merge_id = merge_by_hand(installation, john, twin)
    standing = installation.contacts(john)["phone", PHONE]["id"]

    renamed = installation.call("PATCH", f"/api/v1/customers/{twin}", json={"name": "J. Doe"})
    assert renamed.headers["Content-Location"] == f"/api/v1/customers/{john}"
    assert renamed.get_json()["id"] == john
    added = installation.call("POST", path_of(twin), json={"type": "phone", "value": OTHER_PHONE})
    assert added.headers["Content-Location"] == path_of(john)
    assert added.get_json()["customer_id"] == john
    relabelled = installation.call("PATCH", path_of(twin, collapsed), json={"label": "home"})
    assert relabelled.headers["Content-Location"] == path_of(john, standing)
    assert relabelled.get_json()["id"] == standing
    primary = installation.call("PATCH", path_of(twin, collapsed, "set-primary"))
    assert primary.headers["Content-Location"] == path_of(john, standing, "set-primary")

    undo(installation, merge_id)

    # What was added by the twin's id was proven with the twin; an edit belongs to the value and travels with it.
    assert set(installation.contacts(twin)) == {
        ("phone", PHONE),
        ("email", "john@x.example"),
        ("phone", OTHER_PHONE),
    }
    for customer in (john, twin):
        assert installation.contacts(customer)["phone", PHONE]["label"] == "home"


def test_a_value_that_was_removed_while_two_were_one_stays_removed_for_both(
    installation: Installation,
) -> None:
    john, twin = (create(installation, "John Doe", ("phone", PHONE)) for _ in range(2))
    merge_id = merge_by_hand(installation, john, twin)
    assert remove(installation, installation.contacts(john)["phone", PHONE]).status_code == 204
    undo(installation, merge_id)
    assert installation.contacts(john) == installation.contacts(twin) == {}


# ---------------------------------------------------------------- merging by hand


def test_an_operator_merges_after_a_dry_run_that_keeps_nothing(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    other = create(installation, "Johnny", ("email", "john@x.example"))
    path = f"/api/v1/customers/{john}/merge"

    trial = installation.call("POST", path, json={"other_id": other, "dry_run": True}).get_json()

    assert (trial["id"], trial["dry_run"]) == (None, True)
    assert {each["value"] for each in trial["preview"]["contacts"]} == {PHONE, "john@x.example"}
    assert trial["preview"]["customer"]["merged_ids"] == [other]
    assert installation.get(f"/api/v1/customers/{other}")["id"] == other
    assert installation.get("/api/v1/merges")["items"] == []

    merged = installation.call("POST", path, json={"other_id": other, "note": "same person"}).get_json()

    assert (merged["survivor_id"], merged["absorbed_id"]) == (john, other)
    assert (merged["proof"], merged["actor"], merged["note"]) == ("operator", "key:tests", "same person")
    assert installation.get("/api/v1/merges")["items"][0]["id"] == merged["id"]
    again = installation.call("POST", path, json={"other_id": other})
    assert again.status_code == 409
    unknown = installation.call("POST", path, json={"other_id": str(uuid.uuid4())})
    assert (unknown.status_code, set(unknown.get_json()["errors"])) == (422, {"other_id"})


# ---------------------------------------------------------------- conditional requests


def test_a_change_is_held_against_the_state_that_its_sender_saw(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    contact = installation.contacts(john)["phone", PHONE]
    for path, body in (
        (f"/api/v1/customers/{john}", {"name": "John Roe"}),
        (path_of(john, contact["id"]), {"label": "home"}),
    ):
        seen = installation.call("GET", path).headers["ETag"]
        assert installation.call("GET", path, headers={"If-None-Match": seen}).status_code == 304
        changed = installation.call("PATCH", path, json=body, headers={"If-Match": seen})
        assert changed.status_code == 200, changed.text
        now = installation.call("GET", path).headers["ETag"]
        assert changed.headers["ETag"] == now != seen
        late = installation.call("PATCH", path, json=body, headers={"If-Match": seen})
        assert late.status_code == 412
        assert installation.call("PATCH", path, json=body, headers={"If-Match": "*"}).status_code == 200
    assert remove(installation, contact, headers={"If-Match": '"x"'}).status_code == 412
    assert remove(installation, contact, headers={"If-Match": now}).status_code == 204
    listing = installation.call("GET", path_of(john))
    same = installation.call("GET", path_of(john), headers={"If-None-Match": listing.headers["ETag"]})
    assert same.status_code == 304


def test_a_preferred_contact_that_an_undone_link_takes_away_is_preferred_no_more(
    installation: Installation,
) -> None:
    john = create(installation, "John Doe", ("phone", PHONE), ("email", "john@gmail.com"))
    booked = installation.book(name="John Doe", phone=PHONE, email="john@gmail.com", instagram="johndoe_biz")
    assert booked["customer_id"] == john
    handle = installation.contacts(john)["social", "johndoe_biz"]
    installation.call("PATCH", f"/api/v1/customers/{john}", json={"preferred_contact_id": handle["id"]})
    [link] = merges(installation, "link")

    assert undo(installation, link["id"]).status_code == 200

    assert installation.get(f"/api/v1/customers/{john}")["preferred_contact_id"] is None
