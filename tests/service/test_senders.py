"""Ways out: what is handed over, and how each refusal is understood."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.messages import Fault, Mail, SendingError, Text
from service.runtime import utc_now
from service.senders import smtp
from service.senders.smtp import SmtpSender
from service.senders.twilio import TwilioSender
from tests.fakes import twilio_api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.smtp_server import FakeMailServer
    from tests.fakes.twilio_api import FakeTwilio

LINK = "https://contacts.example/u/" + "x" * 200
MAIL = Mail(
    to="ana@x.example",
    subject="Neue Karte: Klöße",
    body="Grüße aus der Küche.\n.\nEnde",
    key="campaign-1",
    headers={"List-Unsubscribe": f"<{LINK}>"},
)


def smtp_sender(server: FakeMailServer, login: str = "") -> SmtpSender:
    return SmtpSender(
        url=server.url.replace("//", f"//{login}"), mail_from="Küche <hello@kitchen.example>", timeout=5
    )


@pytest.fixture
def mails(mail_server: FakeMailServer) -> Iterator[SmtpSender]:
    sender = smtp_sender(mail_server)
    yield sender
    sender.close()


def test_mail_arrives_as_it_was_written(mail_server: FakeMailServer, mails: SmtpSender) -> None:
    message_id = mails.send(MAIL)
    [arrived] = mail_server.mailbox
    assert arrived.to == "ana@x.example"
    assert arrived.message["Subject"] == "Neue Karte: Klöße"
    assert arrived.message["From"] == "Küche <hello@kitchen.example>"
    assert arrived.message["Message-ID"] == message_id == "<campaign-1@kitchen.example>"
    assert arrived.message["List-Unsubscribe"] == f"<{LINK}>"
    age = utc_now() - arrived.message["Date"].datetime
    assert timedelta(seconds=-1) < age < timedelta(minutes=1)
    assert arrived.message["Auto-Submitted"] == "auto-generated"
    assert arrived.body.splitlines() == ["Grüße aus der Küche.", ".", "Ende"]


def test_a_password_is_told_to_nobody_in_the_clear(
    mail_server: FakeMailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "_is_loopback", lambda _: False)
    with pytest.raises(SendingError) as caught:
        smtp_sender(mail_server, login="user:hunter2@").send(MAIL)
    assert (caught.value.fault, caught.value.code) == (Fault.REFUSED, "no_tls")
    assert mail_server.mailbox == []


def test_a_server_that_is_not_there_leaves_nothing_in_doubt() -> None:
    sender = SmtpSender(url="smtp://127.0.0.1:1", mail_from="hello@kitchen.example", timeout=1)
    with pytest.raises(SendingError) as caught:
        sender.send(MAIL)
    assert caught.value.fault is Fault.UNREACHABLE


class WithdrawnError(Exception):
    """Raised by a claim."""


def refuse() -> None:
    raise WithdrawnError


def test_a_mail_is_claimed_when_the_server_lacks_its_end_only(
    mail_server: FakeMailServer, mails: SmtpSender
) -> None:
    asked = []
    mail_server.before = {"DATA": lambda: asked.append("DATA"), ".": lambda: asked.append("end")}
    mails.send(MAIL, lambda: asked.append("claim"))
    assert asked == ["DATA", "claim", "end"]
    assert len(mail_server.mailbox) == 1


def test_a_mail_that_is_not_claimed_is_thrown_away(mail_server: FakeMailServer, mails: SmtpSender) -> None:
    with pytest.raises(WithdrawnError):
        mails.send(MAIL, refuse)
    assert mail_server.mailbox == []


@pytest.mark.parametrize(
    ("replies", "drops", "fault"),
    [
        ({"MAIL": "530 authenticate"}, None, Fault.REFUSED),
        ({"RCPT": "550 no such user"}, None, Fault.RECIPIENT),
        ({"RCPT": "451 later"}, None, Fault.DELAYED),
        ({"RCPT": "421 closing"}, None, Fault.BUSY),
        ({"DATA": "451 later"}, None, Fault.BUSY),
        ({}, "EHLO", Fault.UNREACHABLE),
        ({}, "DATA", Fault.UNREACHABLE),
    ],
)
def test_what_fails_before_the_end_is_neither_claimed_nor_in_doubt(
    mail_server: FakeMailServer,
    mails: SmtpSender,
    replies: dict[str, str],
    drops: str | None,
    fault: Fault,
) -> None:
    mail_server.replies, mail_server.drops = replies, drops
    with pytest.raises(SendingError) as caught:
        mails.send(MAIL, refuse)
    assert caught.value.fault is fault


@pytest.mark.parametrize(
    ("replies", "drops", "fault", "code"),
    [
        ({".": "554 looks like spam"}, None, Fault.MESSAGE, "data_554"),
        ({".": "451 later"}, None, Fault.DELAYED, "data_451"),
        ({".": "huh?"}, None, Fault.UNCERTAIN, "data_-1"),
        ({}, ".", Fault.UNCERTAIN, "connection_lost"),
    ],
)
def test_answers_to_a_whole_mail_are_told_apart(
    mail_server: FakeMailServer,
    mails: SmtpSender,
    replies: dict[str, str],
    drops: str | None,
    fault: Fault,
    code: str,
) -> None:
    mail_server.replies, mail_server.drops = replies, drops
    with pytest.raises(SendingError) as caught:
        mails.send(MAIL)
    assert (caught.value.fault, caught.value.code) == (fault, code)


def test_an_address_in_another_script_goes_to_a_server_that_takes_it(
    mail_server: FakeMailServer, mails: SmtpSender
) -> None:
    mail = replace(MAIL, to="añá@x.example")
    with pytest.raises(SendingError) as caught:
        mails.send(mail, refuse)
    assert (caught.value.fault, caught.value.code) == (Fault.RECIPIENT, "no_smtputf8")
    mail_server.replies = {"EHLO": "250-fake\r\n250-SIZE 100000\r\n250 SMTPUTF8"}
    mails.send(mail)
    [arrived] = mail_server.mailbox
    assert (arrived.to, arrived.message["To"]) == ("añá@x.example", "añá@x.example")


def test_a_run_of_mails_goes_over_one_connection(mail_server: FakeMailServer, mails: SmtpSender) -> None:
    for number in range(3):
        mails.send(replace(MAIL, to=f"ana{number}@x.example"))
    assert [each.to for each in mail_server.mailbox] == ["ana0@x.example", "ana1@x.example", "ana2@x.example"]
    assert mail_server.connections == 1


@pytest.mark.parametrize(("replies", "drops"), [({}, "RSET"), ({"RSET": "421 too many messages"}, None)])
def test_a_connection_that_the_server_let_go_of_is_made_anew(
    mail_server: FakeMailServer, mails: SmtpSender, replies: dict[str, str], drops: str | None
) -> None:
    mails.send(MAIL)
    mail_server.replies, mail_server.drops = replies, drops
    mails.send(MAIL)
    assert (len(mail_server.mailbox), mail_server.connections) == (2, 2)


@pytest.mark.parametrize("limit", ["_MESSAGES_A_CONNECTION", "_KEPT_SECONDS"])
def test_a_connection_is_kept_for_so_many_mails_and_so_long(
    mail_server: FakeMailServer, mails: SmtpSender, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(smtp, limit, 0)
    for _ in range(2):
        mails.send(MAIL)
    assert (len(mail_server.mailbox), mail_server.connections) == (2, 2)


def test_after_a_mail_that_did_not_go_the_next_one_has_a_connection_of_its_own(
    mail_server: FakeMailServer, mails: SmtpSender
) -> None:
    with pytest.raises(WithdrawnError):
        mails.send(replace(MAIL, to="bea@x.example"), refuse)
    mails.send(MAIL)
    assert [each.to for each in mail_server.mailbox] == [MAIL.to]
    assert mail_server.connections == 2


def test_two_who_send_at_once_have_a_connection_each(mail_server: FakeMailServer, mails: SmtpSender) -> None:
    def send_another() -> None:
        mails.send(replace(MAIL, to="bea@x.example"))

    mails.send(MAIL, send_another)
    assert [each.to for each in mail_server.mailbox] == ["bea@x.example", MAIL.to]
    assert mail_server.connections == 2


@pytest.fixture
def texts(twilio: FakeTwilio) -> Iterator[TwilioSender]:
    sender = TwilioSender(
        api_url=twilio.url,
        account_sid=twilio_api.ACCOUNT,
        auth_token=twilio_api.TOKEN,
        sender=twilio_api.NUMBER,
        timeout=5,
    )
    yield sender
    sender.close()


def test_a_text_arrives_and_has_its_sid(twilio: FakeTwilio, texts: TwilioSender) -> None:
    assert texts.send(Text(to="+19165551234", body="Klöße & more")).startswith("SM")
    assert twilio.texts == [{"To": "+19165551234", "From": twilio_api.NUMBER, "Body": "Klöße & more"}]


def test_a_text_is_claimed_when_twilio_lacks_its_last_byte_only(
    twilio: FakeTwilio, texts: TwilioSender
) -> None:
    taken = []
    texts.send(Text(to="+19165551234", body="Klöße & more"), lambda: taken.append(len(twilio.texts)))
    assert (taken, len(twilio.texts)) == ([0], 1)


def test_a_text_that_is_not_claimed_is_no_request(twilio: FakeTwilio, texts: TwilioSender) -> None:
    with pytest.raises(WithdrawnError):
        texts.send(Text(to="+19165551234", body="x"), refuse)
    assert texts.send(Text(to="+19165551235", body="y"))
    assert [each["Body"] for each in twilio.texts] == ["y"]


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (400, 21211, Fault.RECIPIENT),
        (400, 21608, Fault.RECIPIENT),
        (400, 21610, Fault.RECIPIENT),
        (400, 21635, Fault.RECIPIENT),
        (400, 21606, Fault.REFUSED),
        (401, 20003, Fault.REFUSED),
        (429, 20429, Fault.BUSY),
        (503, 20503, Fault.UNCERTAIN),
    ],
)
def test_twilios_refusals_are_told_apart(
    twilio: FakeTwilio, texts: TwilioSender, status: int, code: int, fault: Fault
) -> None:
    twilio.refusals["+19165551234"] = (status, code)
    with pytest.raises(SendingError) as caught:
        texts.send(Text(to="+19165551234", body="x"))
    assert (caught.value.fault, caught.value.code) == (fault, f"twilio_{code}")
    assert caught.value.is_revoked == (code == 21610), "it sent Twilio STOP"
    assert "+1916" not in str(caught.value)


def test_an_answer_that_is_no_json_is_no_crash(twilio: FakeTwilio, texts: TwilioSender) -> None:
    twilio.status = 502
    with pytest.raises(SendingError) as caught:
        texts.send(Text(to="+19165551234", body="x"))
    assert (caught.value.fault, caught.value.code) == (Fault.UNCERTAIN, "http_502")
