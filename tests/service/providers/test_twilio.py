"""What Twilio delivers, and what becomes of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from service.errors import ErrorCode, Refusal
from service.events import Channel, EventKind, Sender
from service.providers import twilio
from tests.service.signing import twilio_signature

FIXTURES = Path(__file__).parents[3] / "fixtures" / "webhooks" / "twilio"
ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PARAMETERS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}

#: What comes out of each fixture: kind, key, number, text.
EXPECTED = {
    "message": (
        EventKind.MESSAGE,
        "1",
        "+19165551234",
        "Hi, this is José 👋 my email is jose@example.com",
    ),
    "stop": (EventKind.MESSAGE, "2", "+19165551234", "STOP"),
    "stop_by_advanced_opt_out": (EventKind.MESSAGE, "3", "+19165551234", "Stop"),
    "picture": (EventKind.MESSAGE, "4", "+19165551234", ""),
    "whatsapp": (EventKind.MESSAGE, "5", "+19165551234", "hello"),
    "delivery_status": (EventKind.UNSUPPORTED, "6:delivered", "+15005550006", ""),
    "short_code": (EventKind.MESSAGE, "7", "32665", "Your code is 1234"),
}


def body(name: str) -> bytes:
    return (FIXTURES / f"{name}.form").read_bytes()


def refused(content: bytes, signature: str | None, url: str) -> bool:
    try:
        twilio.verify(content, signature, url=url, secrets=[TOKEN])
    except Refusal as refusal:
        return refusal.code is ErrorCode.UNAUTHENTICATED
    return False


def test_there_is_an_expectation_for_every_fixture() -> None:
    assert {path.stem for path in FIXTURES.glob("*.form")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_every_shape_is_taken_for_what_it_is(name: str) -> None:
    kind, key, number, text = EXPECTED[name]
    event = twilio.parse(body(name), is_form=True, account_sid=ACCOUNT)
    said = twilio.read(event.payload)
    assert (event.kind, event.account) == (kind, ACCOUNT)
    assert event.key == f"SM{key.zfill(32) if ':' not in key else key.zfill(32 + len(key) - 1)}"
    assert (said.phone, said.text) == (number, text)


def test_a_message_says_who_wrote() -> None:
    said = twilio.read(twilio.parse(body("stop_by_advanced_opt_out"), is_form=True, account_sid=None).payload)
    assert said.channel is Channel.SMS
    assert said.sender == Sender(platform="sms", account_id=ACCOUNT, sender_id="+19165551234")
    assert said.keyword == "STOP"


@pytest.mark.parametrize(
    ("kind", "channel"), [("whatsapp", Channel.WHATSAPP), ("rcs", Channel.RCS), ("messenger", None)]
)
def test_what_is_no_text_is_told_by_what_stands_before_the_number(kind: str, channel: Channel | None) -> None:
    content = urlencode({"From": f"{kind}:+19165551234", "Body": "hello", "AccountSid": ACCOUNT}).encode()
    event = twilio.parse(content, is_form=True, account_sid=None)
    if channel is None:
        assert event.kind is EventKind.UNSUPPORTED
        return
    said = twilio.read(event.payload)
    assert (event.kind, said.channel, said.phone) == (EventKind.MESSAGE, channel, "+19165551234")
    assert said.sender == Sender(platform=kind, account_id=ACCOUNT, sender_id="+19165551234")


def test_another_account_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        twilio.parse(body("stop"), is_form=True, account_sid="AC00000000000000000000000000000002")
    assert caught.value.code is ErrorCode.FORBIDDEN


@pytest.mark.parametrize("content", [b"[]", b"1", b"{", b"\xff"])
def test_json_that_is_no_object_is_malformed(content: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        twilio.parse(content, is_form=False, account_sid=None)
    assert caught.value.code is ErrorCode.MALFORMED


def test_a_form_without_end_is_malformed() -> None:
    with pytest.raises(Refusal) as caught:
        twilio.parse(b"&".join(b"a=1" for _ in range(1_001)), is_form=True, account_sid=None)
    assert caught.value.code is ErrorCode.MALFORMED


def test_what_no_database_can_hold_is_taken_out() -> None:
    event = twilio.parse(
        b"Body=a%00b&From=%2B19165551234&MessageSid=SM1&X=1&X=2", is_form=True, account_sid=None
    )
    assert event.payload == {"Body": "ab", "From": "+19165551234", "MessageSid": "SM1", "X": ["1", "2"]}


# ---------------------------------------------------------------- signatures


@pytest.mark.parametrize(
    ("parameters", "signature"),
    [
        (list(PARAMETERS.items()), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (
            [
                ("Sid", "CA123"),
                ("SidAccount", "AC123"),
                ("Digits", "5678"),
                ("Digits", "1234"),
                ("Digits", "1234"),
            ],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
    ],
    ids=["a form", "several values"],
)
def test_the_published_vectors_are_taken(parameters: list[tuple[str, str]], signature: str) -> None:
    twilio.verify(urlencode(parameters).encode(), signature, url=URL, secrets=[TOKEN])
    assert refused(urlencode([*parameters, ("More", "1")]).encode(), signature, URL)
    assert refused(urlencode(parameters).encode(), signature, f"{URL}&more=1")


@pytest.mark.parametrize("signed", ["https://mycompany.com/a", "https://mycompany.com:443/a"])
@pytest.mark.parametrize("configured", ["https://mycompany.com/a", "https://mycompany.com:443/a"])
def test_a_url_is_the_same_with_and_without_its_port(signed: str, configured: str) -> None:
    signature = twilio_signature(signed, PARAMETERS.items(), TOKEN)
    twilio.verify(urlencode(PARAMETERS).encode(), signature, url=configured, secrets=[TOKEN])
    assert refused(urlencode(PARAMETERS).encode(), signature, "https://mycompany.com:8443/b")


def test_empty_parameters_and_parameters_to_come_are_signed_too() -> None:
    parameters = {**PARAMETERS, "Body": "", "SomethingNew": "é"}
    signature = twilio_signature(URL, parameters.items(), TOKEN)
    twilio.verify(urlencode(parameters).encode(), signature, url=URL, secrets=[TOKEN])
    assert refused(urlencode({**parameters, "Body": " "}).encode(), signature, URL)


def test_a_message_may_name_the_one_that_it_replies_to() -> None:
    sids = {
        "MessageSid": "SM" + "1" * 32,
        "SmsSid": "SM" + "1" * 32,
        "OriginalRepliedMessageSid": "SM" + "2" * 32,
    }
    parameters = {**PARAMETERS, **sids}
    signature = twilio_signature(URL, parameters.items(), TOKEN)
    twilio.verify(urlencode(parameters).encode(), signature, url=URL, secrets=[TOKEN])


def test_a_json_body_is_signed_by_its_hash_in_the_url() -> None:
    content = json.dumps({"property": "value", "boolean": True}).encode()
    url = f"{URL}&bodySHA256={hashlib.sha256(content).hexdigest()}"
    signature = twilio_signature(url, [], TOKEN)
    twilio.verify(content, signature, url=url, secrets=[TOKEN])
    assert refused(content + b" ", signature, url)
    assert refused(content, signature, URL)
    assert refused(content, twilio_signature(f"{URL}&bodySHA256=é", [], TOKEN), f"{URL}&bodySHA256=é")
