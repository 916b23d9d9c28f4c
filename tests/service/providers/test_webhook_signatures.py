"""One table of signatures for every provider: good, missing, wrong, malformed, stale, rotated."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from service.errors import ErrorCode, Refusal
from service.providers import booking_form, instagram, twilio
from tests.service.signing import twilio_signature

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
BODY = b'{"object":"instagram","entry":[],"text":"caf\\u00e9 \\/"}'
TWILIO_URL = "https://contacts.example/webhooks/twilio/sms?a=b"
Headers = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How a provider signs, and where its signature is."""

    header: str
    secrets: tuple[str, str]
    sign: Callable[[bytes, str], Headers]
    check: Callable[[bytes, Headers, Sequence[str]], object]


def _hub_headers(body: bytes, secret: str) -> Headers:
    return {"X-Hub-Signature-256": f"sha256={hmac.digest(secret.encode(), body, 'sha256').hex()}"}


def _hub_check(body: bytes, headers: Headers, secrets: Sequence[str]) -> None:
    instagram.verify(body, headers.get("X-Hub-Signature-256"), secrets=secrets)


def _standard_headers(
    body: bytes, secret: str, at: datetime = NOW, webhook_id: str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
) -> Headers:
    return {
        "Webhook-Id": webhook_id,
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(secret).sign(webhook_id, at, body.decode()),
    }


def _standard_check(body: bytes, headers: Headers, secrets: Sequence[str]) -> None:
    booking_form.verify(body, headers, secrets=secrets, now=NOW)


def _twilio_headers(body: bytes, secret: str, url: str = TWILIO_URL) -> Headers:
    parameters = parse_qsl(body.decode(), keep_blank_values=True)
    return {"X-Twilio-Signature": twilio_signature(url, parameters, secret)}


def _twilio_check(body: bytes, headers: Headers, secrets: Sequence[str]) -> None:
    twilio.verify(body, headers.get("X-Twilio-Signature"), url=TWILIO_URL, secrets=secrets)


def _whsec(fill: int) -> str:
    return "whsec_" + base64.b64encode(bytes([fill]) * 24).decode()


HUB = Scheme(
    header="X-Hub-Signature-256",
    secrets=("app secret", "Instagram äpp secret"),
    sign=_hub_headers,
    check=_hub_check,
)
STANDARD = Scheme(
    header="Webhook-Signature",
    secrets=(_whsec(1), _whsec(2)),
    sign=_standard_headers,
    check=_standard_check,
)
TWILIO = Scheme(
    header="X-Twilio-Signature",
    secrets=("12345", "another auth token"),
    sign=_twilio_headers,
    check=_twilio_check,
)
SCHEMES = pytest.mark.parametrize(
    "scheme", [HUB, STANDARD, TWILIO], ids=["instagram", "booking form", "twilio"]
)


def _refused(scheme: Scheme, headers: Headers, secrets: Sequence[str], body: bytes = BODY) -> Refusal:
    with pytest.raises(Refusal) as caught:
        scheme.check(body, headers, secrets)
    assert caught.value.code is ErrorCode.UNAUTHENTICATED
    return caught.value


@SCHEMES
def test_a_good_signature_is_taken(scheme: Scheme) -> None:
    scheme.check(BODY, scheme.sign(BODY, scheme.secrets[0]), scheme.secrets[:1])


@SCHEMES
@pytest.mark.parametrize("used", [0, 1], ids=["the old secret", "the new secret"])
def test_while_secrets_rotate_either_signs(scheme: Scheme, used: int) -> None:
    scheme.check(BODY, scheme.sign(BODY, scheme.secrets[used]), scheme.secrets)


@SCHEMES
def test_a_missing_signature_is_refused(scheme: Scheme) -> None:
    headers = scheme.sign(BODY, scheme.secrets[0])
    del headers[scheme.header]
    _refused(scheme, headers, scheme.secrets)


@SCHEMES
def test_another_secret_is_refused(scheme: Scheme) -> None:
    _refused(scheme, scheme.sign(BODY, scheme.secrets[1]), scheme.secrets[:1])


@SCHEMES
@pytest.mark.parametrize("changed", [BODY + b" ", BODY[:-1], b"", BODY.replace(b"\\/", b"/"), b"\xff\xfe"])
def test_another_body_is_refused(scheme: Scheme, changed: bytes) -> None:
    _refused(scheme, scheme.sign(BODY, scheme.secrets[0]), scheme.secrets, changed)


@SCHEMES
@pytest.mark.parametrize("secrets", [[], [""], ["", ""]], ids=["none", "an empty one", "two empty ones"])
def test_without_a_secret_nothing_is_taken(scheme: Scheme, secrets: list[str]) -> None:
    _refused(scheme, scheme.sign(BODY, scheme.secrets[0]), secrets)


def test_a_signature_made_with_the_empty_secret_is_refused() -> None:
    _refused(HUB, _hub_headers(BODY, ""), ["", "app secret"])


@SCHEMES
@pytest.mark.parametrize(
    "malformed",
    [
        "",
        " ",
        "sha256=",
        "sha256",
        "v1,",
        "v1",
        ",",
        "v1,,",
        "v1,a,b",
        "v1,====",
        "v1,not base64 at all!",
        "v2,AAAA",
        "sha256=" + "0" * 63,
        "sha256=" + "0" * 65,
        "sha256=" + "0" * 64 + "\n",
        "sha256=" + "g" * 64,
        "sha256=" + "é" * 64,
        "sha256=" + "\uff10" * 64,
        "sha256=" + "\udcff" * 64,
        "v1,\udcff",
        "v1,é",
        "sha1=" + "0" * 40,
        "no-secret-provided",
        "\x00",
        "v1," + "A" * 100_000,
        "v1,AAAA " * 10_000,
    ],
)
def test_a_malformed_signature_is_refused_and_nothing_else(scheme: Scheme, malformed: str) -> None:
    headers = scheme.sign(BODY, scheme.secrets[0])
    _refused(scheme, {**headers, scheme.header: malformed}, scheme.secrets)


@SCHEMES
@pytest.mark.parametrize(
    "spoil",
    [
        str.upper,
        lambda good: good.partition("=")[2],
        lambda good: good[:-1],
        lambda good: good[1:],
        str.swapcase,
    ],
    ids=["upper case", "no prefix", "cut short", "first character gone", "swapped case"],
)
def test_a_good_signature_in_another_spelling_is_refused(scheme: Scheme, spoil: Callable[[str], str]) -> None:
    headers = scheme.sign(BODY, scheme.secrets[0])
    _refused(scheme, {**headers, scheme.header: spoil(headers[scheme.header])}, scheme.secrets)


@SCHEMES
def test_all_refusals_read_the_same_and_tell_nothing(scheme: Scheme) -> None:
    good = scheme.sign(BODY, scheme.secrets[0])
    refusals = [
        _refused(scheme, {}, scheme.secrets),
        _refused(scheme, {**good, scheme.header: "x"}, scheme.secrets),
        _refused(scheme, good, []),
        _refused(scheme, good, scheme.secrets, b"another body"),
    ]
    assert {str(refusal) for refusal in refusals} == {"The signature is missing or not valid."}


@SCHEMES
@given(position=st.integers(0, 200), character=st.characters())
def test_no_other_character_anywhere_in_a_signature_is_taken(
    scheme: Scheme, position: int, character: str
) -> None:
    headers = scheme.sign(BODY, scheme.secrets[0])
    good = headers[scheme.header]
    at = position % len(good)
    forged = good[:at] + character + good[at + 1 :]
    if forged != good:
        _refused(scheme, {**headers, scheme.header: forged}, scheme.secrets)


# ---------------------------------------------------------------- Instagram


@pytest.mark.parametrize(
    ("secret", "body", "signature"),
    [
        ("sesame", b"hello world", "f39034b29165ec6a5104d9aef27266484ab26c8caa7bca8bcb2dd02e8be61b17"),
        (
            "It's a Secret to Everybody",
            b"Hello, World!",
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ),
    ],
)
def test_the_published_hub_vectors_are_taken(secret: str, body: bytes, signature: str) -> None:
    instagram.verify(body, f"sha256={signature}", secrets=[secret])


def test_a_body_written_again_after_parsing_no_longer_fits_its_signature() -> None:
    rewritten = json.dumps(json.loads(BODY), ensure_ascii=False).encode()
    _refused(HUB, _hub_headers(BODY, "app secret"), ["app secret"], rewritten)


HANDSHAKE = {"hub.mode": "subscribe", "hub.verify_token": "töken", "hub.challenge": "1158201444"}


def test_a_handshake_is_answered_with_its_challenge() -> None:
    assert instagram.handshake(HANDSHAKE, verify_token="töken") == "1158201444"


@pytest.mark.parametrize("missing", HANDSHAKE)
def test_a_handshake_without_a_parameter_is_malformed(missing: str) -> None:
    arguments = {name: value for name, value in HANDSHAKE.items() if name != missing}
    with pytest.raises(Refusal) as caught:
        instagram.handshake(arguments, verify_token="töken")
    assert caught.value.code is ErrorCode.MALFORMED


@pytest.mark.parametrize(
    ("changed", "verify_token"),
    [
        ({"hub.verify_token": "token"}, "töken"),
        ({"hub.verify_token": ""}, "töken"),
        ({"hub.verify_token": ""}, ""),
        ({"hub.verify_token": ""}, None),
        ({"hub.verify_token": "\udcff"}, "töken"),
        ({}, None),
        ({"hub.mode": "unsubscribe"}, "töken"),
        ({"hub.mode": ""}, "töken"),
    ],
)
def test_a_handshake_that_is_not_ours_is_forbidden(changed: Headers, verify_token: str | None) -> None:
    with pytest.raises(Refusal) as caught:
        instagram.handshake({**HANDSHAKE, **changed}, verify_token=verify_token)
    assert caught.value.code is ErrorCode.FORBIDDEN


# ---------------------------------------------------------------- Standard Webhooks


def test_the_published_standard_webhooks_vector_is_taken() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    verified = booking_form.verify(
        b'{"test": 2432232314}',
        headers,
        secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        now=datetime.fromtimestamp(1614265330, tz=UTC),
    )
    assert verified == "msg_p5jXN8AQM9LWM0D4loKWxJek"


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
def test_a_clock_that_is_up_to_five_minutes_off_is_taken(seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    _standard_check(BODY, _standard_headers(BODY, _whsec(1), at), [_whsec(1)])


@pytest.mark.parametrize(
    "seconds", [-86_400, -301, 301, 86_400], ids=["a day old", "stale", "future", "tomorrow"]
)
def test_a_timestamp_further_off_is_refused(seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    _refused(STANDARD, _standard_headers(BODY, _whsec(1), at), [_whsec(1)])


@pytest.mark.parametrize(
    "timestamp",
    [
        "",
        "soon",
        "1772470800.5",
        "+1772470800",
        " 1772470800",
        "1e9",
        "nan",
        "-1",
        "9" * 400,
        "\uff11\uff17\uff17\uff12\uff14\uff17\uff10\uff18\uff10\uff10",
    ],
)
def test_a_malformed_timestamp_is_refused_even_when_it_is_signed(timestamp: str) -> None:
    content = f"msg_1.{timestamp}.".encode() + BODY
    signature = base64.b64encode(hmac.new(bytes([1]) * 24, content, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": f"v1,{signature}"}
    _refused(STANDARD, headers, [_whsec(1)])


@pytest.mark.parametrize("name", ["Webhook-Id", "Webhook-Timestamp"])
@pytest.mark.parametrize("value", [None, "", " ", "é"])
def test_an_id_or_a_timestamp_that_is_missing_or_malformed_is_refused(name: str, value: str | None) -> None:
    headers = {**_standard_headers(BODY, _whsec(1)), name: value or ""}
    _refused(STANDARD, headers, [_whsec(1)])
    if value is None:
        del headers[name]
        _refused(STANDARD, headers, [_whsec(1)])


def test_another_id_is_refused_since_it_is_signed() -> None:
    _refused(STANDARD, {**_standard_headers(BODY, _whsec(1)), "Webhook-Id": "msg_other"}, [_whsec(1)])


def test_one_good_signature_among_several_is_enough() -> None:
    headers = _standard_headers(BODY, _whsec(1))
    headers["Webhook-Signature"] = (
        f"v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5B {headers['Webhook-Signature']} v2,x"
    )
    _standard_check(BODY, headers, [_whsec(1)])


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_header_names_may_be_capitalized_any_way(change: Callable[[str], str]) -> None:
    headers = {change(name): value for name, value in _standard_headers(BODY, _whsec(1)).items()}
    _standard_check(BODY, headers, [_whsec(1)])


@pytest.mark.parametrize("unusable", ["whsec_", "whsec_é", "whsec_a", ""])
def test_a_secret_that_does_not_decode_is_passed_over(unusable: str) -> None:
    _standard_check(BODY, _standard_headers(BODY, _whsec(1)), [unusable, _whsec(1)])
    _refused(STANDARD, _standard_headers(BODY, _whsec(1)), [unusable])


@pytest.mark.parametrize("empty", ["whsec_", "", "whsec_===="])
def test_a_webhook_signed_with_the_empty_key_is_refused(empty: str) -> None:
    headers = _standard_headers(BODY, _whsec(1))
    content = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + BODY
    forged = base64.b64encode(hmac.digest(b"", content, "sha256")).decode()
    _refused(STANDARD, {**headers, "Webhook-Signature": f"v1,{forged}"}, [empty, _whsec(1)])


@given(
    key=st.binary(min_size=24, max_size=64),
    webhook_id=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1),
    text=st.text(st.characters(exclude_categories=["Cs"])),
    padded=st.booleans(),
)
def test_whatever_the_library_signs_is_taken(key: bytes, webhook_id: str, text: str, padded: bool) -> None:  # noqa: FBT001 - drawn
    secret = "whsec_" + base64.b64encode(key).decode()
    body = text.encode()
    headers = _standard_headers(body, secret, NOW, webhook_id)
    configured = secret if padded else secret.rstrip("=")
    assert booking_form.verify(body, headers, secrets=[configured], now=NOW) == webhook_id
