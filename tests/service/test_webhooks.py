"""What the outside may send, and what it gets: durable, once, and a clear problem where it is wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from service.store.tables import Base, ContactMethod, Customer, InboxConflict, InboxEvent
from tests.service.installation import ACCOUNT, APP_SECRET, Installation
from tests.service.signing import hub_signature

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

FORM = {"name": "Ana Lopez", "phone": "916 555 0100", "email": "ana@example.com"}
SECRET = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def rows(installation: Installation) -> dict[str, int]:
    """How many rows every table has."""
    with installation.runtime.database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def signed(installation: Installation, body: bytes, **headers: str) -> TestResponse:
    """Post a body to the form, with whatever headers."""
    with installation.app.test_client() as client:
        return client.post(
            "/webhooks/booking-form", data=body, headers={"Content-Type": "application/json", **headers}
        )


def standard_headers(installation: Installation, body: bytes, *, at: float | None = None) -> dict[str, str]:
    stamp = str(int(installation.clock.now.timestamp() if at is None else at))
    digest = hmac.new(SECRET, f"msg_1.{stamp}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signature}


def assert_problem(response: TestResponse, status: int, *fields: str) -> None:
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    document = response.get_json()
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert set(document.get("errors", {})) >= set(fields)


# ---------------------------------------------------------------- the handshake


def test_the_handshake_echoes_the_challenge_as_plain_text_and_records_nothing(
    installation: Installation,
) -> None:
    before = rows(installation)
    with installation.app.test_client() as client:
        response = client.get(
            "/webhooks/instagram",
            query_string={
                "hub.mode": "subscribe",
                "hub.challenge": "1158201444",
                "hub.verify_token": "a token of ours",
            },
        )
    assert (response.status_code, response.text, response.mimetype) == (200, "1158201444", "text/plain")
    assert rows(installation) == before


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"hub.mode": "subscribe", "hub.challenge": "1"}, 400),
        ({"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "wrong"}, 403),
        ({"hub.mode": "unsubscribe", "hub.challenge": "1", "hub.verify_token": "a token of ours"}, 403),
    ],
)
def test_a_handshake_that_is_not_ours_is_refused(
    installation: Installation, query: dict[str, str], status: int
) -> None:
    with installation.app.test_client() as client:
        assert_problem(client.get("/webhooks/instagram", query_string=query), status)


# ---------------------------------------------------------------- signatures and bodies


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        "sha256=00",
        "sha1=00",
        "sha256=" + "0" * 64,
        "sha256=" + "ä" * 64,
        "0" * 64,
        "sha256",
    ],
)
def test_a_message_without_its_signature_changes_nothing(
    installation: Installation, signature: str | None
) -> None:
    before = rows(installation)
    headers = {} if signature is None else {"X-Hub-Signature-256": signature.encode().decode("latin-1")}
    with installation.app.test_client() as client:
        response = client.post(
            "/webhooks/instagram", data=b'{"object":"instagram","entry":[]}', headers=headers
        )
    assert_problem(response, 401)
    assert rows(installation) == before


@pytest.mark.parametrize("body", [b"", b"{", b"[1,", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_signed_nonsense_is_a_clear_problem(installation: Installation, body: bytes) -> None:
    before = rows(installation)
    headers = {"X-Hub-Signature-256": hub_signature(body, APP_SECRET)}
    with installation.app.test_client() as client:
        response = client.post("/webhooks/instagram", data=body, headers=headers)
    assert_problem(response, 400)
    assert rows(installation) == before


@pytest.mark.parametrize(
    "spoil",
    [
        {"webhook-signature": "v1"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,a,b"},
        {"webhook-signature": "v1,%%%  v1,="},
        {"webhook-signature": "v2,AAAA"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "1.5"},
        {"webhook-timestamp": "99999999999999999999"},
        {"webhook-id": "msg_2"},
    ],
)
def test_a_form_with_a_malformed_signature_changes_nothing(
    installation: Installation, spoil: dict[str, str]
) -> None:
    before = rows(installation)
    body = json.dumps(FORM).encode()
    response = signed(installation, body, **{**standard_headers(installation, body), **spoil})
    assert_problem(response, 401)
    assert rows(installation) == before


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_stale_or_future_signature_is_refused(installation: Installation, minutes: int) -> None:
    body = json.dumps(FORM).encode()
    at = installation.clock.now.timestamp() + 60 * minutes
    assert_problem(signed(installation, body, **standard_headers(installation, body, at=at)), 401)


def test_a_signed_form_is_answered_and_its_webhook_id_makes_it_one(installation: Installation) -> None:
    body = json.dumps(FORM).encode()
    first = signed(installation, body, **standard_headers(installation, body))
    installation.clock.advance(seconds=60)
    again = signed(installation, body, **standard_headers(installation, body))

    assert first.status_code == again.status_code == 200
    assert first.get_json() == again.get_json()
    assert rows(installation)["customers"] == 1


@pytest.mark.parametrize("authorization", [None, "Bearer ", "Bearer wrong", "Basic dGVzdDp0ZXN0", "Bearer ä"])
def test_a_form_without_a_key_is_refused(installation: Installation, authorization: str | None) -> None:
    before = rows(installation)
    headers = {} if authorization is None else {"Authorization": authorization}
    assert_problem(signed(installation, json.dumps(FORM).encode(), **headers), 401)
    assert rows(installation) == before


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({**FORM, "phone": "12"}, {"phone"}),
        ({**FORM, "phone": "call me"}, {"phone"}),
        ({**FORM, "phone": "n/a"}, {"phone"}),
        ({**FORM, "phone": "(555) 555-5555"}, {"phone"}),
        ({**FORM, "email": "ana@gmail"}, {"email"}),
        ({**FORM, "phone": "+1 916 555 01000000000"}, {"phone"}),
        ({**FORM, "phone": 9165550100}, {"phone"}),
        ({**FORM, "email": "ana@"}, {"email"}),
        ({**FORM, "instagram": "not a handle!"}, {"instagram"}),
        ({"phone": "12", "email": "x"}, {"name", "phone", "email"}),
        ({**FORM, "phone": "12", "email": "x"}, {"phone", "email"}),
        ({**FORM, "name": " "}, {"name"}),
        ({**FORM, "label": "lover"}, {"label"}),
        ({**FORM, "booking": {"starts_at": "tomorrow"}}, {"booking.starts_at"}),
        ({**FORM, "consents": {"sms": "yes"}}, {"consents.sms"}),
        ({**FORM, "booking": []}, {"booking"}),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    installation: Installation, form: dict[str, Any], fields: set[str]
) -> None:
    before = rows(installation)
    assert_problem(installation.call("POST", "/webhooks/booking-form", json=form), 422, *fields)
    assert rows(installation) == before


def test_a_broken_body_a_large_one_and_another_type_are_refused(installation: Installation) -> None:
    before = rows(installation)
    kind = {"Content-Type": "application/json"}
    post = "/webhooks/booking-form"
    assert_problem(installation.call("POST", post, data=b'{"name":', headers=kind), 400)
    assert_problem(installation.call("POST", post, data=b"x" * 5_000_000, headers=kind), 413)
    assert_problem(
        installation.call("POST", post, data=b"name=Ana", headers={"Content-Type": "text/plain"}), 415
    )
    with installation.app.test_client() as client:
        assert_problem(client.post("/webhooks/instagram", data=b"x" * 5_000_000), 413)
        assert_problem(client.get("/webhooks/booking-form"), 405)
        assert_problem(client.get("/nowhere"), 404)
    assert rows(installation) == before


# ---------------------------------------------------------------- once, however often it comes


def test_a_second_delivery_changes_nothing(installation: Installation) -> None:
    first = installation.message("77", "my number is 916 555 0100", mid="m-1")
    installation.drain()
    before = rows(installation)
    second = installation.message("77", "my number is 916 555 0100", mid="m-1")
    installation.drain()

    assert first.get_json() == second.get_json()
    assert rows(installation) == before


def test_the_same_form_again_gets_the_same_answer(installation: Installation) -> None:
    first = installation.book(**FORM, id="f-1")
    before = rows(installation)
    assert installation.book(**FORM, id="f-1") == first
    assert rows(installation) == before


def test_the_same_id_with_another_body_is_kept_as_a_conflict(installation: Installation) -> None:
    installation.book(**FORM, id="f-1")
    response = installation.call("POST", "/webhooks/booking-form", json={**FORM, "id": "f-1", "name": "Eve"})

    assert_problem(response, 409, "id")
    with installation.runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(InboxConflict)) == 1
        assert session.scalar(select(func.count()).select_from(Customer)) == 1


def test_an_idempotency_key_makes_a_form_one(installation: Installation) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = installation.call("POST", "/webhooks/booking-form", json=FORM, headers=headers).get_json()
    again = installation.call("POST", "/webhooks/booking-form", json=FORM, headers=headers).get_json()
    assert first == again
    assert rows(installation)["inbox_events"] == 1


def test_one_delivery_key_with_two_submissions_is_a_conflict(installation: Installation) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = installation.call("POST", "/webhooks/booking-form", json={**FORM, "id": "1"}, headers=headers)
    other = {**FORM, "id": "2", "name": "Eve Other"}
    assert first.status_code == 200
    assert_problem(installation.call("POST", "/webhooks/booking-form", json=other, headers=headers), 409)
    assert rows(installation)["customers"] == 1


def test_a_key_of_a_delivery_is_no_id_of_a_submission(installation: Installation) -> None:
    installation.book(**FORM, id="5")
    other = {"name": "Bo Chen", "phone": "+1 212 555 0142"}
    answer = installation.call("POST", "/webhooks/booking-form", json=other, headers={"Idempotency-Key": "5"})
    assert answer.status_code == 200


def test_what_another_books_under_the_same_id_is_a_booking_of_its_own(installation: Installation) -> None:
    mine = installation.book(**FORM, booking={"id": "b-1", "starts_at": "2026-05-01T10:00:00Z"})
    theirs = installation.book(
        name="Bo Chen", phone="+1 212 555 0142", booking={"id": "b-1", "starts_at": "2027-05-01T10:00:00Z"}
    )
    again = installation.book(**FORM, booking={"id": "b-1", "starts_at": "2026-05-02T10:00:00Z"})
    assert again["customer_id"] == mine["customer_id"]
    starts = {
        answer["customer_id"]: [
            each["starts_at"]
            for each in installation.get(f"/api/v1/customers/{answer['customer_id']}/bookings")["items"]
        ]
        for answer in (mine, theirs)
    }
    assert starts == {
        mine["customer_id"]: ["2026-05-02T10:00:00+00:00"],
        theirs["customer_id"]: ["2027-05-01T10:00:00+00:00"],
    }


def test_a_name_that_nobody_can_read_is_kept_as_it_was_typed(installation: Installation) -> None:
    booked = installation.book(name="✨🌸✨", phone="916 555 0100")
    assert installation.get(f"/api/v1/customers/{booked['customer_id']}")["name"] == "✨🌸✨"


@pytest.mark.parametrize("kind", ["form", "message"])
def test_fifty_deliveries_at_once_leave_one_row_and_one_effect(installation: Installation, kind: str) -> None:
    answers = []
    start = threading.Barrier(50)

    def deliver() -> None:
        start.wait()
        if kind == "form":
            answers.append(installation.book(**FORM, id="f-1"))
        else:
            answers.append(installation.message("77", "call me: 916 555 0100", mid="m-1").get_json())

    threads = [threading.Thread(target=deliver) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    installation.drain()

    assert len(answers) == 50
    assert all(answer == answers[0] for answer in answers)
    with installation.runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(InboxEvent)) == 1
        assert session.scalar(select(func.count()).select_from(Customer)) == 1
        assert set(session.scalars(select(ContactMethod.usage_count))) == {1}


def test_two_forms_for_the_same_new_phone_at_once_end_in_one_customer(installation: Installation) -> None:
    start = threading.Barrier(8)
    customers = []

    def post() -> None:
        start.wait()
        customers.append(installation.book(**FORM)["customer_id"])

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(customers) == 8
    assert len(set(customers)) == 1


# ---------------------------------------------------------------- what is no customer


def test_echoes_tests_and_receipts_are_kept_and_make_no_customer(installation: Installation) -> None:
    party = {"sender": {"id": "77"}, "recipient": {"id": ACCOUNT}, "timestamp": 1772452800000}
    items = [
        {
            **party,
            "sender": {"id": ACCOUNT},
            "message": {"mid": "e1", "text": "916 555 0199", "is_echo": True},
        },
        {**party, "read": {"mid": "m1"}},
        {**party, "reaction": {"mid": "m1", "action": "react", "emoji": "x"}},
        "nonsense",
    ]
    test = {
        "sender": {"id": "12334"},
        "recipient": {"id": "23245"},
        "timestamp": "1527459824",
        "message": {"mid": "random_mid", "text": "random_text"},
    }
    response = installation.deliver(
        {
            "object": "instagram",
            "entry": [
                {"id": ACCOUNT, "time": 1772452800000, "messaging": items},
                {"id": "0", "time": 1, "changes": [{"field": "messages", "value": test}]},
            ],
        }
    )
    installation.drain()

    assert len(response.get_json()["events"]) == 5
    counts = rows(installation)
    assert counts["inbox_events"] == 5
    assert counts["customers"] == 0
    assert len(installation.get("/api/v1/events", status="ignored")["items"]) == 5


def test_the_first_authentic_event_registers_the_account(installation: Installation) -> None:
    installation.message("77", "hello")
    installation.message("78", "hello")
    assert rows(installation)["social_accounts"] == 1


# ---------------------------------------------------------------- a crash


def test_events_that_were_acknowledged_before_a_crash_are_resolved_after_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    installation.message("77", "my number is 916 555 0100")
    with monkeypatch.context() as patched:
        patched.setattr("service.resolving.resolve", killed)
        with pytest.raises(KeyboardInterrupt):
            installation.drain()
    assert rows(installation)["customers"] == 0

    installation.drain()
    assert rows(installation)["customers"] == 0, "its lease has not run out"
    installation.clock.advance(minutes=2)
    installation.drain()
    assert rows(installation)["customers"] == 1
    assert len(installation.get("/api/v1/events", status="resolved")["items"]) == 1


def test_a_form_that_cannot_be_resolved_now_is_kept_and_answered_later(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("916 555 0100 must not be logged")

    with monkeypatch.context() as patched:
        patched.setattr("service.resolving.resolve", fails)
        response = installation.call("POST", "/webhooks/booking-form", json={**FORM, "id": "f-1"})
    assert response.status_code == 202
    event_id = response.get_json()["event_id"]
    event = installation.get(f"/api/v1/events/{event_id}")
    assert (event["status"], event["error"], event["answer"]) == ("failed", "RuntimeError", None)

    installation.clock.advance(minutes=5)
    installation.drain()

    event = installation.get(f"/api/v1/events/{event_id}")
    assert event["status"] == "resolved"
    assert event["answer"] == installation.book(**FORM, id="f-1")


def test_a_poison_event_ends_with_an_operator_who_can_replay_it(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    event_id = installation.message("77", "hello").get_json()["events"][0]
    with monkeypatch.context() as patched:
        patched.setattr("service.resolving.resolve", fails)
        for _ in range(10):
            installation.drain()
            installation.clock.advance(hours=2)
    event = installation.get(f"/api/v1/events/{event_id}")
    assert (event["status"], event["attempts"]) == ("dead", 8)

    assert installation.call("POST", f"/api/v1/events/{event_id}/replay").status_code == 202
    installation.drain()
    assert installation.get(f"/api/v1/events/{event_id}")["status"] == "resolved"
    assert_problem(installation.call("POST", f"/api/v1/events/{event_id}/replay"), 409)
