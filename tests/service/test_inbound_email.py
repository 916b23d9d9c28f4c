"""Inbound email: who it is from, what it asks for, and what is only kept."""

from __future__ import annotations

import itertools
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
from standardwebhooks import Webhook

from service.usecases.api_keys import Scope, create_key
from tests.service.review_desk import create, merge_by_hand
from tests.service.test_inbound_texts import OTHER_PHONE, PHONE, acts, allow, flags

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.service.installation import Installation

ADDRESS = "john@gmail.com"
PATH = "/webhooks/email"
_numbers = itertools.count(1)


@pytest.fixture
def john(installation: Installation) -> str:
    """A customer who gets newsletters and texts."""
    customer_id = create(installation, "John Doe", ("phone", PHONE), ("email", ADDRESS))
    allow(installation, customer_id, PHONE, "can_sms")
    allow(installation, customer_id, ADDRESS, "can_marketing")
    return customer_id


def mail(installation: Installation, text: str, *, subject: str = "Hello", **headers: str) -> EmailMessage:
    """An email of John's; a header is named with underscores, and left out where it is empty."""
    message = EmailMessage()
    told = {
        "From": f"John Doe <{ADDRESS}>",
        "To": "hello@salon.example",
        "Subject": subject,
        "Date": format_datetime(installation.clock.now),
        "Message-ID": f"<{next(_numbers)}@mail.example>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in told.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message


def deliver(installation: Installation, message: EmailMessage | bytes, **more: Any) -> TestResponse:
    body = message if isinstance(message, bytes) else message.as_bytes()
    told = {"content_type": "message/rfc822", **more}
    return installation.call("POST", PATH, data=body, **told)


def received(installation: Installation, message: EmailMessage | bytes) -> Any:
    """The event that a delivered email is, once the worker has run."""
    answer = deliver(installation, message)
    assert answer.status_code == 200, answer.text
    installation.drain()
    [event_id] = answer.get_json()["events"]
    installation.clock.advance(minutes=1)
    return installation.get(f"/api/v1/events/{event_id}")


def newsletters(installation: Installation, customer_id: str) -> bool:
    return bool(installation.contacts(customer_id)["email", ADDRESS]["can_marketing"])


def test_an_email_of_a_stranger_ends_in_a_customer(
    installation: Installation,
) -> None:
    event = received(installation, mail(installation, "Do you have a table on Friday?"))
    assert (event["source"], event["status"], event["outcome"]) == ("email", "resolved", "created")
    held = installation.contacts(event["customer_id"])["email", ADDRESS]
    assert (held["is_verified"], held["can_marketing"]) == (False, False)
    assert installation.get(f"/api/v1/customers/{event['customer_id']}")["name"] == "John Doe"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("unsubscribe", ""),
        ("Your newsletter", "Please remove my address from your mailing list. Kind regards, John"),
        ("Newsletter", "Proszę o wypisanie mnie z newslettera."),
    ],
)
def test_an_opt_out_stops_newsletters_to_its_sender_and_marketing_to_their_numbers(
    installation: Installation, john: str, subject: str, text: str
) -> None:
    event = received(installation, mail(installation, text, subject=subject))
    assert event["customer_id"] == john
    assert not newsletters(installation, john)
    assert flags(installation, john) == (False, False)
    assert {(act["source"], act["channel"], act["purpose"]) for act in acts(installation, john)} == {
        ("email", "email", "marketing"),
        ("email", "sms", "marketing"),
        ("email", "call", "marketing"),
    }


@pytest.mark.parametrize("sender", [ADDRESS, f"Zoe Adler <{ADDRESS}>"])
def test_an_opt_out_is_heard_for_all_who_have_the_address_whoever_is_thought_to_have_written(
    installation: Installation, john: str, sender: str
) -> None:
    jane = create(installation, "Jane Roe", ("phone", OTHER_PHONE), ("email", ADDRESS))
    allow(installation, jane, OTHER_PHONE, "can_sms", "can_call")
    received(installation, mail(installation, "stop texting me", From=sender))
    assert not newsletters(installation, john)
    for customer, number in ((john, PHONE), (jane, OTHER_PHONE)):
        assert flags(installation, customer, number) == (False, False)
        assert {act["channel"] for act in acts(installation, customer)} == {"email", "sms", "call"}


def test_an_assistants_email_stops_nothing_to_the_numbers_of_whom_they_act_for(
    installation: Installation, john: str
) -> None:
    jane = create(installation, "Jane Roe", ("phone", OTHER_PHONE), ("email", ADDRESS))
    allow(installation, jane, OTHER_PHONE, "can_sms")
    held = installation.contacts(jane)["email", ADDRESS]
    path = f"/api/v1/customers/{jane}/contacts/{held['id']}"
    assert installation.call("PATCH", path, json={"label": "assistant"}).status_code == 200
    received(installation, mail(installation, "stop texting me"))
    assert flags(installation, john) == (False, False)
    assert flags(installation, jane, OTHER_PHONE) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "Sounds great, book me in.\n\nOn Mon, Apr 7, Salon wrote:\n> 20% off\n> Unsubscribe here",
        "See you!\n\n-----Original Message-----\nReply STOP to unsubscribe",
    ],
)
def test_what_is_quoted_stops_nothing_and_brings_nothing(
    installation: Installation, john: str, text: str
) -> None:
    event = received(installation, mail(installation, f"{text}\n> call +1 212 555 0142"))
    assert event["status"] == "resolved"
    assert newsletters(installation, john)
    assert len(installation.contacts(event["customer_id"])) <= 2


def test_the_subject_of_an_answer_is_ours(installation: Installation, john: str) -> None:
    answer = mail(installation, "Lovely!", subject="Re: unsubscribe", In_Reply_To="<1@salon.example>")
    received(installation, answer)
    assert newsletters(installation, john)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"List_Id": "<friends.example>"},
        {"From": "MAILER-DAEMON@mail.example"},
    ],
)
def test_what_no_person_sent_is_kept_and_ignored(
    installation: Installation, john: str, headers: dict[str, str]
) -> None:
    event = received(installation, mail(installation, "unsubscribe", **headers))
    assert (event["status"], event["customer_id"]) == ("ignored", None)
    assert newsletters(installation, john)


def test_html_is_read_without_what_it_quotes(installation: Installation, john: str) -> None:
    kind = b"From: john@gmail.com\r\nMessage-ID: <%d@a>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    quoted = b"<style>p{}</style><p>Lovely, thanks</p><blockquote>Unsubscribe <b>here</b></blockquote>"
    received(installation, kind % 1 + quoted)
    assert newsletters(installation, john)
    received(installation, kind % 2 + b"<div>Please <b>unsubscribe</b> me</div><blockquote>Hi</blockquote>")
    assert not newsletters(installation, john)


def test_the_same_email_again_changes_nothing(installation: Installation, john: str) -> None:
    message = mail(installation, "unsubscribe")
    first = deliver(installation, message).get_json()
    again = b"Received: by another.example\r\n" + message.as_bytes()
    assert deliver(installation, again).get_json() == first
    installation.drain()
    assert len(installation.get("/api/v1/events")["items"]) == 1
    assert len(acts(installation, john)) == 3


def test_a_doubtful_email_waits_for_a_person(installation: Installation, john: str) -> None:
    received(installation, mail(installation, "Who gave you my email?"))
    [message] = installation.get("/api/v1/messages")["items"]
    assert (message["channel"], message["contact"]) == ("email", ADDRESS)
    assert not newsletters(installation, john)
    path = f"/api/v1/messages/{message['id']}/decision"
    assert installation.call("POST", path, json={"decision": "not_opt_out"}).status_code == 200
    assert newsletters(installation, john)


def test_a_start_by_email_lifts_nothing(installation: Installation, john: str) -> None:
    received(installation, mail(installation, "unsubscribe"))
    received(installation, mail(installation, "START"))
    assert (newsletters(installation, john), flags(installation, john)) == (False, (False, False))


def test_it_is_proven_by_a_signature_or_a_key_that_may_hand_in(installation: Installation) -> None:
    body = mail(installation, "hello").as_bytes()
    secret = installation.runtime.settings.webhook_secret[0]
    now = installation.clock.now
    signed = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", now, body.decode()),
    }
    with installation.app.test_client() as client:
        send = {"data": body, "content_type": "message/rfc822"}
        assert client.post(PATH, **send).status_code == 401
        assert client.post(PATH, **send, headers={**signed, "webhook-id": "msg_2"}).status_code == 401
        assert client.post(PATH, **send, headers=signed).status_code == 200
    with installation.runtime.database.transaction() as session:
        _, reader = create_key(session, "reader", now=now, scopes=[Scope.READ])
    headers = {"Authorization": f"Bearer {reader}"}
    assert deliver(installation, body, headers=headers).status_code == 403


def test_what_is_no_email_is_refused(installation: Installation) -> None:
    assert deliver(installation, b"{}", content_type="application/json").status_code == 415
    for body in (b"", b"hello", b"From: nobody\r\n\r\nhi", b"\0" * 100):
        refused = deliver(installation, body)
        assert refused.status_code == 400, body
        assert set(refused.get_json()["errors"]) == {"From"}


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Type: text/plain; charset=klingon\r\n\r\nunsubscribe",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\nno boundary",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Date: yesterday\r\nMessage-ID: <<\r\nSubject: =?utf-8?q?=FF=00?=\r\n\r\nhi\0 there",
        b"Content-Type: image/png\r\n\r\n\x89PNG",
    ],
)
def test_a_broken_email_is_kept_all_the_same(installation: Installation, rest: bytes) -> None:
    for sender in (b"ann@example.com", b"\xff@\xfe"):
        body = b"From: " + sender + b"\r\n" + rest
        assert received(installation, body)["status"] == "resolved"


def test_an_email_brings_a_known_customer_together_by_hand_only(
    installation: Installation, john: str
) -> None:
    event = received(installation, mail(installation, "hello", From=f"Bob <{ADDRESS}>"))
    if event["customer_id"] != john:
        merge_by_hand(installation, john, event["customer_id"])
    received(installation, mail(installation, "unsubscribe"))
    assert flags(installation, john) == (False, False)


def raw(*headers: str, body: str = "hello") -> bytes:
    return "\n".join(["From: john@gmail.com", *headers, "", body]).encode()


MULTIPART = [f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}' for level in range(1_000)]


@pytest.mark.parametrize(
    "message",
    [
        raw(*MULTIPART),
        raw(*["Content-Type: message/rfc822\n"] * 3_000),
        b"From: " + b"(" * 5_000 + b"\n\nhello",
        b"From: " + b"john@gmail.com," * 20_000 + b"\n\nhello",
    ],
)
def test_what_is_made_to_be_hard_to_read_is_refused(installation: Installation, message: bytes) -> None:
    answer = deliver(installation, message)
    assert answer.status_code in {400, 422}, answer.text


@pytest.mark.parametrize(
    "message",
    [
        raw("Date: 31 Dec 9999 23:59:59 -1200"),
        raw("Subject: " + "=?utf-8?q?a?= " * 5_000),
        raw("Content-Type: text/plain; " + "; ".join(f"a*{place}*=x" for place in range(5_000))),
        raw("Content-Type: text/html", body="<a " * 50_000),
        raw("Content-Type: text/html", body="<![foo bar ]x]>" + "<!--" * 50_000),
    ],
)
def test_what_is_odd_is_kept(installation: Installation, message: bytes) -> None:
    assert received(installation, message)["status"] == "resolved"


@pytest.mark.parametrize(
    "headers_and_body",
    [
        (["Content-Type: text/plain; charset=x-unknown"], "unsubscribe"),
        (["Content-Type: text/html"], "<head><title>Offers</title><p>unsubscribe<blockquote>Our offers</blockquote>"),
        (["Subject: UNSUBSCRIBE", "In-Reply-To: <1@salon.example>"], "> Our offers"),
    ],
)  # fmt: skip
def test_an_opt_out_is_heard_however_it_is_written(
    installation: Installation, john: str, headers_and_body: tuple[list[str], str]
) -> None:
    headers, body = headers_and_body
    received(installation, raw(*headers, body=body))
    assert not newsletters(installation, john)


def test_an_answer_under_the_subject_of_an_offer_is_no_opt_out(installation: Installation, john: str) -> None:
    received(
        installation,
        raw("Subject: Re: How to unsubscribe from winter", "In-Reply-To: <1@salon.example>", body="Lovely, see you then!"),
    )  # fmt: skip
    assert newsletters(installation, john)


def test_an_old_date_makes_no_opt_out_older_than_it_is(installation: Installation, john: str) -> None:
    received(installation, mail(installation, "unsubscribe", Date="Fri, 01 Jan 1999 10:00:00 +0000"))
    assert not newsletters(installation, john)
    assert all(each["occurred_at"] > "2000" for each in acts(installation, john))
