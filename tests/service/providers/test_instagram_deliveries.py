"""Every shape that Meta sends, and what becomes of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ErrorCode, Refusal
from service.events import Channel, EventKind, InboundEvent, Sender
from service.providers import instagram
from service.providers.payloads import MAX_KEY_LENGTH

FIXTURES = Path(__file__).parents[3] / "fixtures" / "webhooks" / "instagram"
ACCOUNT, OTHER_ACCOUNT = "17841405309211844", "17841449870331275"
JOHN, ANA = "1254459154682919", "2301867453095518"
SENT_AT = datetime(2026, 3, 2, 17, 2, 3, 456000, tzinfo=UTC)

MESSAGE, ECHO, TEST, UNSUPPORTED = EventKind.MESSAGE, EventKind.ECHO, EventKind.TEST, EventKind.UNSUPPORTED
HASH = "sha256:"


def mid(number: int) -> str:
    stem = "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOjE3ODQxNDA1MzA5MjExODQ0OjM0MDI4MjM2Njg0MTcxMDMwMTI0NDI1OTM0NTk3NjU1"
    return f"{stem}{number:04}"


def delivery(name: str) -> instagram.Delivery:
    return instagram.parse((FIXTURES / f"{name}.json").read_bytes())


def only(name: str) -> InboundEvent:
    (event,) = delivery(name).events
    return event


#: What comes out of each fixture: (kind, account, key or its beginning), in order.
EXPECTED: dict[str, list[tuple[EventKind, str, str]]] = {
    "text_message": [(MESSAGE, ACCOUNT, mid(1))],
    "accents_and_emoji": [(MESSAGE, ACCOUNT, mid(2))],
    "batch_with_a_bad_item": [
        (MESSAGE, ACCOUNT, mid(3)),
        (UNSUPPORTED, ACCOUNT, HASH),
        (MESSAGE, ACCOUNT, mid(4)),
        (UNSUPPORTED, "", HASH),
        (MESSAGE, OTHER_ACCOUNT, mid(5)),
    ],
    "echo": [(ECHO, ACCOUNT, mid(6))],
    "echo_with_ids_not_swapped": [(ECHO, ACCOUNT, mid(7))],
    "read": [(UNSUPPORTED, ACCOUNT, HASH)],
    "reaction": [(UNSUPPORTED, ACCOUNT, HASH)],
    "unreact": [(UNSUPPORTED, ACCOUNT, HASH)],
    "postback": [(UNSUPPORTED, ACCOUNT, f"{mid(8)}:postback")],
    "referral": [(UNSUPPORTED, ACCOUNT, HASH)],
    "thread_control": [(UNSUPPORTED, ACCOUNT, HASH)],
    "deleted": [(UNSUPPORTED, ACCOUNT, f"{mid(1)}:deleted")],
    "edit": [(UNSUPPORTED, ACCOUNT, f"{mid(1)}:edit:1")],
    "edit_number_zero": [(UNSUPPORTED, ACCOUNT, f"{mid(1)}:edit:0")],
    "standby": [(MESSAGE, ACCOUNT, mid(9))],
    "changes_message": [(MESSAGE, ACCOUNT, mid(10))],
    "changes_comment": [(UNSUPPORTED, ACCOUNT, HASH)],
    "entry_field_value": [(UNSUPPORTED, ACCOUNT, HASH)],
    "changes_2021": [(UNSUPPORTED, ACCOUNT, HASH)],
    "dashboard_test": [(TEST, "0", "random_mid")],
    "dashboard_sample_bare": [(TEST, "23245", "random_mid")],
    "bare_message": [(MESSAGE, ACCOUNT, mid(11))],
    "top_level_array": [(MESSAGE, ACCOUNT, mid(12)), (MESSAGE, OTHER_ACCOUNT, mid(13))],
    "ids_as_integers": [(MESSAGE, ACCOUNT, mid(14))],
    "timestamp_seconds_in_a_string": [(MESSAGE, ACCOUNT, mid(15))],
    "attachment_without_text": [(MESSAGE, ACCOUNT, mid(16))],
    "attachment_with_text": [(MESSAGE, ACCOUNT, mid(17))],
    "like_heart": [(MESSAGE, ACCOUNT, mid(18))],
    "story_reply": [(MESSAGE, ACCOUNT, mid(19))],
    "quick_reply": [(MESSAGE, ACCOUNT, mid(20))],
    "unsupported_message": [(MESSAGE, ACCOUNT, mid(21))],
    "nul_and_half_an_emoji": [(MESSAGE, ACCOUNT, mid(23))],
    "message_without_id": [(MESSAGE, ACCOUNT, HASH)],
    "facebook_page": [(UNSUPPORTED, "", HASH)],
    "unknown_object": [(UNSUPPORTED, "", HASH)],
    "entry_without_items": [(UNSUPPORTED, ACCOUNT, HASH)],
}


def test_every_fixture_has_its_expectation() -> None:
    assert {path.stem for path in FIXTURES.glob("*.json")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_delivery_is_taken_apart(name: str) -> None:
    found = [(event.kind, event.account, event.key) for event in delivery(name).events]
    assert [entry[:2] for entry in found] == [entry[:2] for entry in EXPECTED[name]]
    for (_, _, key), (_, _, expected) in zip(found, EXPECTED[name], strict=True):
        assert key.startswith(HASH) if expected == HASH else key == expected


@pytest.mark.parametrize("name", EXPECTED)
def test_a_redelivery_has_the_same_keys_and_payloads(name: str) -> None:
    assert delivery(name) == delivery(name)


def test_events_of_different_kinds_have_different_keys() -> None:
    names = EXPECTED.keys() - {"dashboard_sample_bare"}
    keys = [event.key for name in names for event in delivery(name).events]
    assert len(set(keys)) == len(keys)


# ---------------------------------------------------------------- accounts


@pytest.mark.parametrize(
    ("name", "accounts"),
    [
        ("text_message", (ACCOUNT,)),
        ("batch_with_a_bad_item", (ACCOUNT, OTHER_ACCOUNT)),
        ("ids_as_integers", (ACCOUNT,)),
        ("bare_message", (ACCOUNT,)),
        ("echo", (ACCOUNT,)),
        ("read", (ACCOUNT,)),
        ("dashboard_test", ()),
        ("dashboard_sample_bare", ()),
        ("facebook_page", ()),
        ("unknown_object", ()),
    ],
)
def test_a_delivery_names_the_accounts_that_are_real(name: str, accounts: tuple[str, ...]) -> None:
    assert delivery(name).accounts == accounts


def test_an_entry_without_an_id_belongs_to_the_recipient_and_for_an_echo_to_the_sender() -> None:
    def item(sender: str, recipient: str, **more: object) -> dict[str, Any]:
        message = {"mid": f"m-{sender}", "text": "hi", **more}
        return {"sender": {"id": sender}, "recipient": {"id": recipient}, "message": message}

    items = [item(JOHN, ACCOUNT), item(ACCOUNT, JOHN, is_echo=True)]
    parsed = instagram.parse(json.dumps({"object": "instagram", "entry": [{"messaging": items}]}).encode())
    assert [(event.account, event.kind) for event in parsed.events] == [(ACCOUNT, MESSAGE), (ACCOUNT, ECHO)]


# ---------------------------------------------------------------- single items


def body_of(item: object, **entry: object) -> bytes:
    content = {"id": ACCOUNT, "time": 1772470923667, "messaging": [item], **entry}
    return json.dumps({"object": "instagram", "entry": [content]}).encode()


def event_of(item: object, **entry: object) -> InboundEvent:
    (event,) = instagram.parse(body_of(item, **entry)).events
    return event


def message_from(sender: object, **message: object) -> dict[str, Any]:
    return {
        "sender": {"id": sender},
        "recipient": {"id": ACCOUNT},
        "message": {"mid": "m", "text": "hi", **message},
    }


@pytest.mark.parametrize("flag", [True, "true", "True", 1, "1"])
def test_an_echo_is_one_however_its_flag_is_written(flag: object) -> None:
    assert event_of(message_from(JOHN, is_echo=flag)).kind is ECHO


@pytest.mark.parametrize("flag", [False, None, 0, "false", ""])
def test_a_flag_that_is_not_set_leaves_a_message(flag: object) -> None:
    item = message_from(JOHN, is_echo=flag, is_deleted=flag, is_self=flag)
    assert event_of(item).kind is MESSAGE


def test_what_the_business_writes_to_itself_is_no_customer() -> None:
    assert event_of(message_from(ACCOUNT)).kind is ECHO
    assert event_of(message_from(JOHN, is_self=True)).kind is ECHO


@pytest.mark.parametrize("sender", [None, "", " ", True, [], {"id": 1}, "9" * 65, 1.5])
def test_a_message_of_nobody_is_kept_and_not_resolved(sender: object) -> None:
    assert event_of(message_from(sender)).kind is UNSUPPORTED


@pytest.mark.parametrize("message", [None, {}, [], "hi", 7, {"is_deleted": True}, {"reply_to": {}}])
def test_an_item_without_a_message_in_it_is_unsupported(message: object) -> None:
    assert event_of({"sender": {"id": JOHN}, "message": message}).kind is UNSUPPORTED


@pytest.mark.parametrize("item", [None, 7, "hi", [], [[]], {}, {"sender": []}, {"message": {"mid": {}}}])
def test_a_bad_item_does_not_lose_its_neighbours(item: object) -> None:
    good = message_from(JOHN)
    events = instagram.parse(body_of(None, messaging=[good, item, good])).events
    assert [event.kind for event in events] == [MESSAGE, UNSUPPORTED, MESSAGE]


@pytest.mark.parametrize("part", ["sender", "recipient", "entry", "mid"])
def test_each_of_the_ids_of_the_test_button_alone_marks_a_test(part: str) -> None:
    item = message_from("12334" if part == "sender" else JOHN)
    item["recipient"]["id"] = "23245" if part == "recipient" else ACCOUNT
    item["message"]["mid"] = "random_mid" if part == "mid" else "m"
    assert event_of(item, id="0" if part == "entry" else ACCOUNT).kind is TEST


def test_a_batch_of_a_thousand_is_taken_apart() -> None:
    items = [message_from(JOHN, mid=f"m{number}") for number in range(1000)]
    assert len(instagram.parse(body_of(None, messaging=items)).events) == 1000


def test_a_key_too_long_for_an_index_is_hashed() -> None:
    keys = {event_of(message_from(JOHN, mid="ß" * 5000 + tail)).key for tail in "ab"}
    assert len(keys) == 2
    assert all(len(key) <= MAX_KEY_LENGTH for key in keys)


def test_two_edits_of_a_message_are_two_events() -> None:
    keys = {event_of({"message_edit": {"mid": "m", "num_edit": number}}).key for number in (1, "2", None)}
    assert len(keys) == 3


def test_a_reaction_taken_back_and_given_again_is_three_events() -> None:
    def reaction(action: str, timestamp: int) -> str:
        return event_of({"timestamp": timestamp, "reaction": {"mid": "m", "action": action}}).key

    assert (
        len({reaction("react", 1), reaction("unreact", 2), reaction("react", 3), reaction("react", 3)}) == 3
    )


def test_the_order_of_an_items_keys_does_not_change_its_key() -> None:
    item = {"sender": {"id": JOHN}, "read": {"mid": "m"}, "timestamp": 1}
    assert event_of(item).key == event_of(dict(reversed(item.items()))).key


# ---------------------------------------------------------------- times


@pytest.mark.parametrize(
    "timestamp",
    [
        1772470923456,
        "1772470923456",
        1772470923.456,
        "2026-03-02T17:02:03.456+0000",
        "2026-03-02T10:02:03.456-07:00",
    ],
)
def test_a_time_is_understood_however_it_is_written(timestamp: object) -> None:
    assert instagram.instant(timestamp) == SENT_AT


@pytest.mark.parametrize(
    "timestamp",
    [
        None,
        "",
        "soon",
        0,
        -1,
        True,
        10**30,
        "9" * 5000,
        "²",
        {},
        [],
        1e308,
        "2026-03-02T17:02:03",
        "2026-03-02",
        61 * 10**11,
    ],
)
def test_an_absurd_time_is_no_time(timestamp: object) -> None:
    assert instagram.instant(timestamp) is None


def test_an_event_without_its_own_time_has_the_time_of_its_entry() -> None:
    assert event_of(message_from(JOHN), time=1772470923456).occurred_at == SENT_AT
    assert event_of({**message_from(JOHN), "timestamp": 1772470923456}, time=1).occurred_at == SENT_AT
    assert event_of(message_from(JOHN), time="?").occurred_at is None


def test_seconds_in_a_string_are_seconds() -> None:
    assert only("timestamp_seconds_in_a_string").occurred_at == SENT_AT.replace(microsecond=0)


# ---------------------------------------------------------------- reading


def test_a_message_says_who_wrote_to_which_account_and_what() -> None:
    submission = instagram.read(only("text_message").payload)
    assert submission.channel is Channel.INSTAGRAM
    assert submission.sender == Sender(platform="instagram", account_id=ACCOUNT, sender_id=JOHN)
    assert submission.text == "Hi! I want to book 10 chefs for corporate event. \nCall me at (916) 555-9999"


def test_accents_and_emoji_arrive_as_they_were_typed() -> None:
    text = instagram.read(only("accents_and_emoji").payload).text
    assert text == "Olá, sou a Inês Müller-Gonçalves 👩‍🍳 https://ines.example/menu?a=1&b=2"


def test_integer_ids_are_read_as_text() -> None:
    sender = instagram.read(only("ids_as_integers").payload).sender
    assert sender == Sender(platform="instagram", account_id=ACCOUNT, sender_id=JOHN)


@pytest.mark.parametrize("name", ["attachment_without_text", "like_heart", "unsupported_message"])
def test_a_message_without_text_still_names_its_sender(name: str) -> None:
    submission = instagram.read(only(name).payload)
    assert submission.sender is not None
    assert submission.text == ""


def test_what_a_database_cannot_hold_is_taken_out_of_the_text() -> None:
    text = instagram.read(only("nul_and_half_an_emoji").payload).text
    assert text == "Call me \N{REPLACEMENT CHARACTER} at 916-555-0102"


@pytest.mark.parametrize(
    "payload", [{}, {"item": None}, {"item": {"message": {"text": 7}}}, {"entry_id": 1, "item": []}]
)
def test_a_payload_that_is_no_message_reads_as_nobody(payload: dict[str, Any]) -> None:
    submission = instagram.read(payload)
    assert (submission.sender, submission.text) == (None, "")


def test_a_comment_keeps_the_field_that_it_came_under() -> None:
    assert only("changes_comment").payload["field"] == "comments"


def test_a_message_has_the_same_payload_by_whichever_way_it_came() -> None:
    item = message_from(JOHN)
    changes = body_of(None, changes=[{"field": "messages", "value": item}]).replace(
        b'"messaging": [null], ', b""
    )
    (event,) = instagram.parse(changes).events
    assert event.payload == event_of(item).payload == {"entry_id": ACCOUNT, "item": item}


# ---------------------------------------------------------------- broken and hostile bodies


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[1,",
        b"nul",
        b'"text"',
        b"7",
        b"null",
        b"true",
        b"\xff\xfe\x00",
        b"<xml/>",
        b'{"a":1}{"b":2}',
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"[" * 65 + b"]" * 65,
        b"1" * 5000,
    ],
)
def test_a_body_that_is_no_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        instagram.parse(body)
    assert caught.value.code is ErrorCode.MALFORMED


def test_a_traceback_of_a_malformed_body_quotes_none_of_it() -> None:
    with pytest.raises(Refusal) as caught:
        instagram.parse(b'{"text":"call me at 916-555-9999"')
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("body", [b"[]", b'{"object":"instagram","entry":[]}', b'{"entry":null}'])
def test_an_empty_delivery_brings_nothing(body: bytes) -> None:
    assert instagram.parse(body) == instagram.Delivery(accounts=(), events=())


def test_of_a_key_that_occurs_twice_the_last_counts() -> None:
    (event,) = instagram.parse(
        b'{"object":"page","object":"instagram","entry":[{"id":"1","x":1,"x":2}]}'
    ).events
    assert event.payload["item"] == {"id": "1", "x": 2}


@pytest.mark.parametrize("value", [b"NaN", b"-Infinity", b"1e999"])
def test_what_is_no_number_of_jsons_is_no_json(value: bytes) -> None:
    with pytest.raises(Refusal, match="not valid JSON"):
        instagram.parse(b'{"object":"instagram","entry":[{"id":"1","x":' + value + b"}]}")


KEYS = st.sampled_from(
    [
        "object",
        "entry",
        "id",
        "time",
        "messaging",
        "standby",
        "changes",
        "field",
        "value",
        "sender",
        "recipient",
        "timestamp",
        "message",
        "mid",
        "text",
        "is_echo",
        "is_deleted",
        "attachments",
        "message_edit",
        "num_edit",
        "postback",
        "reaction",
        "read",
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from(["instagram", "0", JOHN, ACCOUNT]),
)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


@given(document=st.dictionaries(KEYS, DOCUMENTS) | st.lists(DOCUMENTS))
def test_no_json_breaks_the_parser_and_whatever_comes_out_can_be_stored(document: object) -> None:
    for event in instagram.parse(json.dumps(document).encode()).events:
        stored = json.dumps(event.payload, allow_nan=False, ensure_ascii=False)
        stored.encode()
        assert "\\u0000" not in stored
        assert len(event.account) <= 64
        assert 0 < len(event.key.encode()) <= 4 * MAX_KEY_LENGTH
        assert event.kind is not MESSAGE or instagram.read(event.payload).sender is not None


@given(body=st.binary())
def test_bytes_are_parsed_or_refused(body: bytes) -> None:
    outcome = _outcome(body)
    assert isinstance(outcome, instagram.Delivery) or outcome.code is ErrorCode.MALFORMED


def _outcome(body: bytes) -> instagram.Delivery | Refusal:
    try:
        return instagram.parse(body)
    except Refusal as refusal:
        return refusal
