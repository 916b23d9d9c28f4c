"""What the booking form takes, what it refuses, and that it names every problem at once."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ErrorCode, Refusal
from service.events import Channel, EventKind, InboundEvent
from service.providers import booking_form
from service.providers.payloads import MAX_KEY_LENGTH

FIXTURES = Path(__file__).parents[3] / "fixtures" / "webhooks" / "booking_form"


def fixture(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def payload_of(**submission: object) -> dict[str, Any]:
    return dict(booking_form.parse(json.dumps(submission).encode(), delivery_id=None).payload)


def complaints_about(**submission: object) -> dict[str, list[str]]:
    with pytest.raises(Refusal) as caught:
        payload_of(**submission)
    assert caught.value.code is ErrorCode.INVALID
    return {name: list(found) for name, found in caught.value.fields.items()}


# ---------------------------------------------------------------- what is taken


def test_a_submission_is_one_event_with_all_that_was_sent() -> None:
    event = booking_form.parse(fixture("everything"), delivery_id=None)
    assert (event.source, event.account, event.key) == ("booking-form", "", "sub_01JNV8")
    assert event.kind is EventKind.SUBMISSION
    assert event.payload == json.loads(fixture("everything"))


def test_what_was_left_empty_is_the_same_as_absent() -> None:
    assert booking_form.parse(fixture("left_empty"), delivery_id=None).payload == {
        "name": "Bo",
        "booking": {},
        "client": {},
    }


def test_ids_may_be_numbers() -> None:
    event = booking_form.parse(fixture("numeric_ids"), delivery_id=None)
    assert event.key == "4711"
    assert event.payload["booking"]["id"] == "81"


def test_a_start_is_kept_with_its_own_zone_in_one_spelling() -> None:
    starts_at = payload_of(name="Ana", booking={"starts_at": "2026-03-14t18:30:00.5-07:00"})["booking"][
        "starts_at"
    ]
    assert datetime.fromisoformat(starts_at).isoformat() == starts_at == "2026-03-14T18:30:00.500000-07:00"


def test_a_submission_is_read_as_it_was_typed() -> None:
    submission = booking_form.read(booking_form.parse(fixture("everything"), delivery_id=None).payload)
    assert submission.channel is Channel.BOOKING_FORM
    assert submission.sender is None
    assert submission.name == "Siobhán O\N{RIGHT SINGLE QUOTATION MARK}Connor-王"
    assert submission.phone == "+1 (415) 555-0134 ext. 7"
    assert submission.email == "S.OConnor+event@Gmail.com"
    assert submission.instagram == "https://www.instagram.com/siobhan.cooks/?igsh=MzRlODBiNWFlZA=="
    assert submission.text.startswith("Dinner for 12.\n")
    assert submission.label == "business"
    assert submission.booking is not None
    assert submission.booking["service"] == {"name": "Private dinner", "guests": 12}


def test_a_submission_of_a_name_alone_reads_as_that() -> None:
    submission = booking_form.read(payload_of(name="Bo"))
    assert (submission.name, submission.phone, submission.text, submission.booking) == ("Bo", None, "", None)


@pytest.mark.parametrize("name", ["王", "Ñ", "X Æ A-12", "محمد", "🦄", "O'Neil\u200d", "  Bo  "])
def test_any_name_that_shows_is_a_name(name: str) -> None:
    assert payload_of(name=name)["name"] == name


def test_nul_characters_are_taken_out_and_half_an_emoji_replaced() -> None:
    body = b'{"name":"J\\u0000ohn \\ud83d","n\\u0000ote":["\\u0000"]}'
    assert booking_form.parse(body, delivery_id=None).payload == {
        "name": "John \N{REPLACEMENT CHARACTER}",
        "note": [""],
    }


def test_a_body_may_begin_with_a_byte_order_mark() -> None:
    assert booking_form.parse(b'\xef\xbb\xbf{"name":"Bo"}', delivery_id=None).payload == {"name": "Bo"}


# ---------------------------------------------------------------- keys


@pytest.mark.parametrize(("body_id", "key"), [("a", "a"), (0, "0")])
@pytest.mark.parametrize("delivery_id", [None, "b"])
def test_the_bodys_own_id_names_the_submission_and_a_header_the_delivery(
    body_id: object, delivery_id: str | None, key: str
) -> None:
    event = booking_form.parse(json.dumps({"name": "Bo", "id": body_id}).encode(), delivery_id=delivery_id)
    assert (event.key, event.delivery_key) == (key, delivery_id)


@pytest.mark.parametrize("body_id", [None, "", " "])
def test_a_submission_without_an_id_is_still_known_by_its_delivery(body_id: object) -> None:
    event = booking_form.parse(json.dumps({"name": "Bo", "id": body_id}).encode(), delivery_id="b")
    assert event.delivery_key == "b"
    assert uuid.UUID(event.key)


def test_without_any_id_every_post_is_a_submission_of_its_own() -> None:
    first, second = (booking_form.parse(b'{"name":"Bo"}', delivery_id=None).key for _ in range(2))
    assert first != second
    assert uuid.UUID(first)


def test_a_delivery_id_too_long_for_an_index_is_hashed() -> None:
    key = booking_form.parse(b'{"name":"Bo"}', delivery_id="x" * 5000).delivery_key
    assert key
    assert len(key) <= MAX_KEY_LENGTH


# ---------------------------------------------------------------- what is refused


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(Refusal) as caught:
        booking_form.parse(fixture("invalid"), delivery_id=None)
    assert caught.value.code is ErrorCode.INVALID
    assert caught.value.fields.keys() == {
        *(
            "id",
            "name",
            "phone",
            "email",
            "instagram",
            "message",
            "label",
            "client",
            "booking.id",
            "booking.starts_at",
        ),
        *("consents.sms", "consents.call", "consents.marketing"),
    }


def test_a_complaint_quotes_nothing_that_was_typed() -> None:
    with pytest.raises(Refusal) as caught:
        booking_form.parse(fixture("invalid"), delivery_id=None)
    said = json.dumps(caught.value.fields) + caught.value.detail
    assert not any(
        typed in said
        for typed in ("9165551234", "a@b.example", "Office", "127.0.0.1", '2026-03-14T18:30:00"')
    )
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("name", [None, "", " ", "\t\n", "\u00a0", "\u200b", "\u2060\ufeff", "\u0000"])
def test_a_name_in_which_nothing_shows_is_no_name(name: object) -> None:
    assert complaints_about(name=name) == {"name": ["Must not be empty."]}


@pytest.mark.parametrize("value", [9165551234, 1.5, True, [], {}, ["916"]])
@pytest.mark.parametrize("field", ["name", "phone", "email", "instagram", "message", "label"])
def test_text_is_text(field: str, value: object) -> None:
    assert complaints_about(**{"name": "Bo", field: value})[field][0] == "Must be a string."


@pytest.mark.parametrize(
    ("field", "length"),
    [("id", 255), ("name", 200), ("phone", 64), ("email", 320), ("instagram", 500), ("message", 10_000)],
)
def test_lengths_are_bounded(field: str, length: int) -> None:
    assert payload_of(**{"name": "Bo", field: "x" * length})[field] == "x" * length
    complaint = complaints_about(**{"name": "Bo", field: "x" * (length + 1)})
    assert complaint == {field: [f"Must be at most {length} characters long."]}


@pytest.mark.parametrize("consent", ["true", "yes", "on", 1, 0, "", [], {}])
def test_nobody_consents_by_anything_but_true(consent: object) -> None:
    if consent == "":
        assert payload_of(name="Bo", consents={"sms": consent})["consents"] == {}
    else:
        complaint = complaints_about(name="Bo", consents={"sms": consent})
        assert complaint == {"consents.sms": ["Must be true or false."]}


@pytest.mark.parametrize("label", ["Business", "work", "personal "])
def test_a_label_is_one_of_five(label: str) -> None:
    assert complaints_about(name="Bo", label=label) == {
        "label": ["Must be one of: personal, business, home, assistant, other."]
    }


@pytest.mark.parametrize("starts_at", ["2026-03-14T18:30:00", "2026-03-14 18:30", "2026-03-14"])
def test_a_start_without_a_zone_is_told_that_it_needs_one(starts_at: str) -> None:
    assert (
        "time zone" in complaints_about(name="Bo", booking={"starts_at": starts_at})["booking.starts_at"][0]
    )


@pytest.mark.parametrize(
    "starts_at", ["tomorrow", "2026-02-30T10:00:00Z", "14.3.2026", "0001-01-01T00:00:00+14:00", "Z"]
)
def test_a_start_that_is_no_time_is_told_so(starts_at: str) -> None:
    assert (
        "date and time"
        in complaints_about(name="Bo", booking={"starts_at": starts_at})["booking.starts_at"][0]
    )


@pytest.mark.parametrize("value", ["x", 7, [], True])
@pytest.mark.parametrize("field", ["consents", "booking", "client"])
def test_an_object_is_an_object(field: str, value: object) -> None:
    assert complaints_about(**{"name": "Bo", field: value}) == {field: ["Must be an object."]}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"7", b"null", b'[{"name":"Bo"}]', b"name=Bo", b"[" * 10_000]
)
def test_a_body_that_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        booking_form.parse(body, delivery_id=None)
    assert caught.value.code is ErrorCode.MALFORMED


FIELDS = st.sampled_from(
    [
        "id",
        "name",
        "phone",
        "email",
        "instagram",
        "message",
        "label",
        "consents",
        "booking",
        "client",
        "sms",
        "starts_at",
        "ip",
        "session",
        "_schema",
        "x",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=15,
)


@given(document=st.dictionaries(FIELDS, VALUES), delivery_id=st.none() | st.text(min_size=1))
def test_any_object_becomes_an_event_or_a_list_of_problems(
    document: dict[str, object], delivery_id: str | None
) -> None:
    outcome = _outcome(json.dumps(document).encode(), delivery_id)
    if isinstance(outcome, Refusal):
        assert outcome.code is ErrorCode.INVALID
        assert all(outcome.fields.values())
    else:
        assert outcome.payload["name"].strip()
        assert booking_form.read(outcome.payload).name == outcome.payload["name"]
        json.dumps(outcome.payload, allow_nan=False, ensure_ascii=False).encode()


def _outcome(body: bytes, delivery_id: str | None) -> InboundEvent | Refusal:
    try:
        return booking_form.parse(body, delivery_id=delivery_id)
    except Refusal as refusal:
        return refusal
