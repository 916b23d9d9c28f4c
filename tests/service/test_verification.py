"""Proving who reads a phone or a mailbox: codes, links, and what nobody gets by trying."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from matching import unpack
from service.store.match_index import NOBODY
from service.store.tables import MatchRecord, VerificationChallenge
from service.usecases.check import check_next
from service.usecases.lapse import next_quiet
from service.usecases.verify import check_code
from service.worker import lapse_some
from tests.service.at_once import at_once
from tests.service.installation import Installation
from tests.service.review_desk import create, merge_by_hand, merges, undo
from tests.service.test_query_counts import counted

if TYPE_CHECKING:
    from tests.fakes.instagram_api import FakeInstagram
    from tests.fakes.smtp_server import FakeMailServer
    from tests.fakes.twilio_api import FakeTwilio

PHONE, EMAIL = "+19165551234", "john@gmail.com"
FORM = {"name": "John Doe", "phone": "(916) 555-1234", "email": EMAIL}
CLOSED = "This code is not right, or can no longer be used."


def path_of(installation: Installation, customer: str, value: str) -> str:
    [found] = [each for (_, held), each in installation.contacts(customer).items() if held == value]
    return f"/api/v1/customers/{found['customer_id']}/contacts/{found['id']}"


def verify(installation: Installation, path: str, body: Any = None) -> Any:
    return installation.call("POST", f"{path}/verify", json=body)


def code_in(text: str) -> str:
    [code] = re.findall(r"\b\d{6}\b", text)
    return str(code)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.fixture
def phone(sending: Installation) -> str:
    """The path of John's phone."""
    john = create(sending, "John Doe", ("phone", PHONE), ("email", EMAIL))
    return path_of(sending, john, PHONE)


@pytest.fixture
def email(sending: Installation) -> str:
    john = create(sending, "John Doe", ("email", EMAIL))
    return path_of(sending, john, EMAIL)


# ---------------------------------------------------------------- the way it goes


def test_a_code_goes_out_by_text_and_coming_back_verifies_the_number(
    sending: Installation, twilio: FakeTwilio, phone: str
) -> None:
    sent = verify(sending, phone)
    assert sent.status_code == 202
    assert sent.get_json() == {
        "status": "sent",
        "channel": "sms",
        "sender": "twilio",
        "expires_at": "2026-03-02T12:10:00+00:00",
    }
    [text] = twilio.to(PHONE)
    code = code_in(text)
    sending.clock.advance(minutes=9, seconds=59)

    checked = verify(sending, phone, {"code": f" {code[:3]} {code[3:]}"})

    assert checked.status_code == 200
    assert (checked.get_json()["is_verified"], checked.get_json()["verified_at"]) == (
        True,
        sending.clock.now.isoformat(),
    )
    assert sending.get(phone)["is_verified"] is True
    told = sending.get(f"{phone.partition('/contacts')[0]}/timeline")["items"]
    assert {"contact.verified", "contact.code_sent"} < {each["kind"] for each in told}


def test_a_code_goes_out_by_mail_with_a_link(
    sending: Installation, mail_server: FakeMailServer, email: str
) -> None:
    assert verify(sending, email, {}).get_json()["sender"] == "smtp"
    [mail] = mail_server.to(EMAIL)
    assert mail.message["From"] == "The Kitchen <hello@kitchen.example>"
    assert "https://contacts.example/v/" in mail.body
    assert verify(sending, email, {"code": code_in(mail.body.partition("http")[0])}).status_code == 200


def test_nothing_of_a_code_is_kept_but_a_keyed_hash(
    sending: Installation, twilio: FakeTwilio, phone: str
) -> None:
    verify(sending, phone, {"client": {"ip": "203.0.113.7"}})
    code = code_in(twilio.to(PHONE)[0])
    with sending.runtime.database.reading() as session:
        row = session.scalars(select(VerificationChallenge)).one()
        kept = " ".join(str(getattr(row, column.key)) for column in VerificationChallenge.__table__.columns)
    assert code not in kept
    assert "203.0.113" not in kept
    assert len(row.code_hash) == 64


def test_the_newest_code_is_the_only_one(sending: Installation, twilio: FakeTwilio, phone: str) -> None:
    verify(sending, phone)
    sending.clock.advance(seconds=30)
    verify(sending, phone)
    older, newer = (code_in(each) for each in twilio.to(PHONE))
    if older != newer:
        assert verify(sending, phone, {"code": older}).status_code == 422
    assert verify(sending, phone, {"code": newer}).status_code == 200


# ---------------------------------------------------------------- what nobody gets by trying


def test_wrong_expired_used_locked_and_never_sent_look_the_same(
    sending: Installation, twilio: FakeTwilio, phone: str
) -> None:
    never = verify(sending, phone, {"code": "123456"})
    verify(sending, phone)
    code = code_in(twilio.texts[-1]["Body"])
    answers = [never, *(verify(sending, phone, {"code": wrong(code)}) for _ in range(5))]
    answers.append(verify(sending, phone, {"code": code}))
    sending.clock.advance(minutes=1)
    verify(sending, phone)
    code = code_in(twilio.texts[-1]["Body"])
    sending.clock.advance(minutes=10)
    answers.append(verify(sending, phone, {"code": code}))
    verify(sending, phone)
    code = code_in(twilio.texts[-1]["Body"])
    assert verify(sending, phone, {"code": code}).status_code == 200
    answers.append(verify(sending, phone, {"code": code}))

    told = {(each.status_code, each.get_json()["detail"], str(each.get_json()["errors"])) for each in answers}

    assert told == {(422, CLOSED, str({"code": [CLOSED]}))}


def test_a_code_that_was_never_sent_takes_as_many_writes_as_a_wrong_one(
    sending: Installation, phone: str
) -> None:
    with counted(sending) as never:
        verify(sending, phone, {"code": "123456"})
    verify(sending, phone)
    with counted(sending) as once:
        verify(sending, phone, {"code": "12345"})
    writes = [
        sum(each.startswith(("UPDATE", "INSERT")) for each in statements) for statements in (never, once)
    ]
    assert writes == [1, 1]


def test_the_fifth_attempt_still_counts(sending: Installation, twilio: FakeTwilio, phone: str) -> None:
    verify(sending, phone)
    code = code_in(twilio.to(PHONE)[0])
    for _ in range(4):
        verify(sending, phone, {"code": wrong(code)})
    assert verify(sending, phone, {"code": code}).status_code == 200


def test_a_thousand_wrong_codes_get_nothing(sending: Installation, twilio: FakeTwilio, phone: str) -> None:
    *_, customer_id, _, contact_id = phone.split("/")
    secret, database = sending.runtime.secret_key, sending.runtime.database
    for _ in range(20):
        sending.clock.advance(minutes=11)
        assert verify(sending, phone).status_code == 202
        code = code_in(twilio.texts[-1]["Body"])
        with database.transaction() as session:
            for _ in range(50):
                tried = check_code(
                    session,
                    customer_id,
                    contact_id,
                    wrong(code),
                    actor="key:tests",
                    secret=secret,
                    now=sending.clock(),
                )
                assert tried is None
    assert verify(sending, phone, {"code": code}).status_code == 422
    assert sending.get(phone)["is_verified"] is False
    sending.clock.advance(days=1, minutes=1)
    verify(sending, phone)
    assert verify(sending, phone, {"code": code_in(twilio.texts[-1]["Body"])}).status_code == 200


def test_two_who_bring_the_right_code_at_once_use_it_once(
    sending: Installation, twilio: FakeTwilio, phone: str
) -> None:
    verify(sending, phone)
    code = code_in(twilio.to(PHONE)[0])
    answers = at_once([partial(verify, sending, phone, {"code": code})] * 4)
    assert sorted(each.status_code for each in answers) == [200, 422, 422, 422]
    with sending.runtime.database.snapshot() as session:
        assert check_next(session, after=NOBODY).findings == []


def test_attempts_at_once_are_all_counted(sending: Installation, twilio: FakeTwilio, phone: str) -> None:
    verify(sending, phone)
    code = code_in(twilio.to(PHONE)[0])
    at_once([partial(verify, sending, phone, {"code": wrong(code)})] * 6)
    assert verify(sending, phone, {"code": code}).status_code == 422


def test_a_code_is_of_use_for_its_own_contact_alone(
    sending: Installation, mail_server: FakeMailServer, twilio: FakeTwilio, phone: str
) -> None:
    other = path_of(sending, create(sending, "Jane Doe", ("phone", PHONE)), PHONE)
    verify(sending, phone)
    assert verify(sending, other, {"code": code_in(twilio.to(PHONE)[0])}).status_code == 422


# ---------------------------------------------------------------- limits


def test_five_codes_a_window_for_a_value_whoever_holds_it(
    sending: Installation, twilio: FakeTwilio, phone: str
) -> None:
    other = path_of(sending, create(sending, "Jane Doe", ("phone", PHONE)), PHONE)
    answers = at_once([partial(verify, sending, each) for each in (phone, phone, phone, other, other, other)])
    assert sorted(each.status_code for each in answers) == [202] * 5 + [429]
    assert {each.headers.get("Retry-After") for each in answers if each.status_code == 429} == {"600"}
    assert len(twilio.to(PHONE)) == 5
    sending.clock.advance(minutes=10)
    assert verify(sending, phone).status_code == 202


@pytest.mark.parametrize(
    ("limit", "addresses", "numbers"),
    [
        ("codes_per_key", (None,) * 4, ("91655512", "41555512", "21255512", "30355512")),
        ("codes_per_client", ("203.0.113.7",) * 4, ("91655512", "41555512", "21255512", "30355512")),
        (
            "codes_per_network",
            ("203.0.113.7", "203.0.113.8", "203.0.113.200", "203.0.113.9"),
            ("91655512", "41555512", "21255512", "30355512"),
        ),
        (
            "codes_per_network",
            ("2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1", "2001:db8:0:ff::1"),
            ("91655512", "41555512", "21255512", "30355512"),
        ),
        ("codes_per_number_range", (None,) * 4, ("91655512",) * 4),
    ],
)
def test_there_is_a_limit_for_each_way_to_ask_for_many(
    database_url: str, instagram: FakeInstagram, limit: str, addresses: Any, numbers: Any
) -> None:
    installation = Installation.start(database_url, instagram, **{limit: 3})
    statuses = []
    for place, (address, number) in enumerate(zip(addresses, numbers, strict=True)):
        value = f"+1{number}{place:02}"
        path = path_of(installation, create(installation, "John Doe", ("phone", value)), value)
        asked = {"client": {"ip": address}} if address else None
        statuses.append(verify(installation, path, asked).status_code)
    installation.close()
    assert statuses == [202, 202, 202, 429]


# ---------------------------------------------------------------- providers that fail


@pytest.mark.parametrize(
    ("replies", "drops", "status"),
    [
        ({"RCPT": "550 no such user"}, None, 422),
        ({"RCPT": "451 later"}, None, 503),
        ({"MAIL": "530 authenticate first"}, None, 502),
        ({".": "554 looks like spam"}, None, 502),
        ({}, "EHLO", 503),
        ({}, ".", 502),
    ],
)
def test_a_mail_server_that_fails_is_told_clearly_and_its_code_is_worth_nothing(
    sending: Installation, mail_server: FakeMailServer, email: str, replies: Any, drops: Any, status: int
) -> None:
    mail_server.replies, mail_server.drops = replies, drops
    refused = verify(sending, email)
    assert refused.status_code == status
    assert EMAIL not in refused.text
    for arrived in mail_server.mailbox:
        code = code_in(arrived.body.partition("http")[0])
        assert verify(sending, email, {"code": code}).status_code == 422

    mail_server.replies, mail_server.drops = {}, None
    assert verify(sending, email).status_code == 202


def test_a_failure_does_not_count_unless_the_code_may_be_on_its_way(
    sending: Installation, mail_server: FakeMailServer, email: str
) -> None:
    mail_server.replies = {"MAIL": "451 later"}
    assert {verify(sending, email).status_code for _ in range(8)} == {503}
    mail_server.replies, mail_server.drops = {}, "."
    statuses = [verify(sending, email).status_code for _ in range(6)]
    assert statuses == [502] * 5 + [429]


@pytest.mark.parametrize(
    ("refusal", "status"), [((400, 21211), 422), ((400, 21606), 502), ((429, 20429), 503)]
)
def test_what_twilio_refuses_is_told(
    sending: Installation, twilio: FakeTwilio, phone: str, refusal: Any, status: int
) -> None:
    twilio.refusals[PHONE] = refusal
    refused = verify(sending, phone)
    assert refused.status_code == status
    assert PHONE not in refused.text


def test_twilio_breaking_off_is_told(sending: Installation, twilio: FakeTwilio, phone: str) -> None:
    twilio.hangs_up = True
    assert verify(sending, phone).status_code == 502
    assert verify(sending, phone, {"code": code_in(twilio.to(PHONE)[0])}).status_code == 422


def test_nothing_is_locked_while_a_provider_is_slow_to_answer(
    sending: Installation, twilio: FakeTwilio, phone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, answer = [], twilio.answer

    def answer_late(*asked: Any) -> Any:
        # Nobody could write while a transaction is open on SQLite.
        seen.append(create(sending, "Jane Roe"))
        return answer(*asked)

    monkeypatch.setattr(twilio, "answer", answer_late)
    assert verify(sending, phone).status_code == 202
    assert seen


def test_without_a_provider_the_code_is_shown_on_the_console(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    path = path_of(installation, john, PHONE)
    capsys.readouterr()
    assert verify(installation, path).get_json()["sender"] == "console"
    shown = capsys.readouterr()
    assert "not sent" in shown.out
    assert PHONE not in shown.err
    assert verify(installation, path, {"code": code_in(shown.out.partition("\n\n")[2])}).status_code == 200


# ---------------------------------------------------------------- whom no code is sent to


def test_a_social_contact_cannot_be_verified_by_a_code(sending: Installation) -> None:
    john = create(sending, "John Doe")
    made = sending.call(
        "POST",
        f"/api/v1/customers/{john}/contacts",
        json={"type": "social", "value": "johndoe", "platform": "instagram"},
    ).get_json()
    refused = verify(sending, f"/api/v1/customers/{john}/contacts/{made['id']}")
    assert refused.status_code == 422
    assert "platform" in refused.get_json()["detail"]


@pytest.fixture
def claimed(sending: Installation) -> str:
    """John, who wrote; and somebody who booked and said to be him."""
    sending.instagram.profiles["555001"] = {"name": "John Doe", "username": "johndoe_biz"}
    john = sending.message_resolved("555001", "Call me at (916) 555-9999")["customer_id"]
    booked = sending.book(**FORM)
    assert sending.answer(booked["prompt"], "yes").status_code == 200
    return str(john)


def test_what_a_claim_brought_can_receive_no_code(
    sending: Installation, claimed: str, twilio: FakeTwilio, mail_server: FakeMailServer
) -> None:
    for value in (PHONE, EMAIL):
        assert verify(sending, path_of(sending, claimed, value)).status_code == 409
    assert (twilio.texts, mail_server.mailbox) == ([], [])
    assert verify(sending, path_of(sending, claimed, "+19165559999")).status_code == 202


def test_a_claim_is_carried_through_further_merges(sending: Installation, claimed: str) -> None:
    elsewhere = create(sending, "J. Doe", ("email", "jd@work.example"))
    merge_by_hand(sending, elsewhere, claimed)
    assert verify(sending, path_of(sending, elsewhere, EMAIL)).status_code == 409
    assert verify(sending, path_of(sending, elsewhere, "+19165559999")).status_code == 202


def test_the_person_bears_a_claim_out_by_a_word_of_their_own(sending: Installation, claimed: str) -> None:
    sending.message_resolved("555001", f"By the way, my email is {EMAIL}")
    assert verify(sending, path_of(sending, claimed, EMAIL)).status_code == 202
    assert verify(sending, path_of(sending, claimed, PHONE)).status_code == 409


def test_undoing_the_merge_ends_the_claim(sending: Installation, claimed: str) -> None:
    [merge] = merges(sending)
    undo(sending, merge["id"])
    assert verify(sending, path_of(sending, merge["absorbed_id"], EMAIL)).status_code == 202


def test_what_an_operator_merged_can_receive_a_code(sending: Installation) -> None:
    john, other = create(sending, "John Doe"), create(sending, "John Doe", ("email", EMAIL))
    merge_by_hand(sending, john, other)
    standing = path_of(sending, john, EMAIL)
    sent = verify(sending, standing.replace(john, other))
    assert (sent.status_code, sent.headers["Content-Location"]) == (202, f"{standing}/verify")
    assert verify(sending, path_of(sending, john, EMAIL)).status_code == 202


def test_an_assistants_contact_that_a_prompt_left_can_receive_no_code(sending: Installation) -> None:
    sending.instagram.profiles["555001"] = {"name": "John Doe", "username": "johndoe_biz"}
    john = sending.message_resolved("555001", "Call me at (916) 555-9999")["customer_id"]
    booked = sending.book(**FORM)
    sending.answer(booked["prompt"], "on_behalf")
    assert verify(sending, path_of(sending, john, EMAIL)).status_code == 409
    assert verify(sending, path_of(sending, booked["customer_id"], EMAIL)).status_code == 202


# ---------------------------------------------------------------- the link


def link_in(mail: Any) -> str:
    return str(re.findall(r"https://contacts\.example(/v/\S+)", mail.body)[0])


def test_looking_at_the_link_changes_nothing_and_pressing_its_button_verifies(
    sending: Installation, mail_server: FakeMailServer, email: str
) -> None:
    verify(sending, email)
    link = link_in(mail_server.mailbox[0])
    client = sending.app.test_client()
    for method in ("GET", "HEAD", "GET"):
        looked = client.open(link, method=method)
        assert looked.status_code == 200
        assert looked.headers["Cache-Control"] == "no-store"
    assert EMAIL not in client.get(link).text
    assert sending.get(email)["is_verified"] is False

    pressed = client.post(link, follow_redirects=True)

    assert (pressed.status_code, "confirmed" in pressed.text) == (200, True)
    assert sending.get(email)["is_verified"] is True
    assert client.post(link).status_code == 303
    code = code_in(mail_server.mailbox[0].body.partition("http")[0])
    assert verify(sending, email, {"code": code}).status_code == 422, "the link and the code are one"


def test_a_link_ends_with_its_code(sending: Installation, mail_server: FakeMailServer, email: str) -> None:
    client = sending.app.test_client()
    verify(sending, email)
    sending.clock.advance(minutes=1)
    verify(sending, email)
    older, newer = (link_in(each) for each in mail_server.mailbox)
    assert client.post(older).status_code == 410
    sending.clock.advance(minutes=10)
    assert client.post(newer).status_code == 410
    assert "no longer" in client.get(newer).text
    assert client.post(f"{newer}x").status_code == client.get("/v/x").status_code == 404
    assert sending.get(email)["is_verified"] is False


# ---------------------------------------------------------------- what it is worth


def verified(installation: Installation, twilio: FakeTwilio, path: str) -> None:
    verify(installation, path)
    assert verify(installation, path, {"code": code_in(twilio.texts[-1]["Body"])}).status_code == 200


def provenances(installation: Installation) -> list[str]:
    with installation.runtime.database.reading() as session:
        records = [unpack(packed) for packed in session.scalars(select(MatchRecord.packed))]
    return [phone.provenance for record in records for phone in record.phones]


def test_the_engine_learns_that_a_number_is_verified_until_it_goes_quiet(
    sending: Installation, twilio: FakeTwilio, phone: str
) -> None:
    assert provenances(sending) == ["asserted"]
    verified(sending, twilio, phone)
    assert provenances(sending) == ["verified"]
    sending.clock.advance(days=100)
    sending.book(name="John Doe", phone=PHONE)
    sending.clock.advance(days=100)
    assert lapse_some(sending.runtime) == 0, "it was used"
    sending.clock.advance(days=81)

    assert lapse_some(sending.runtime) == 1

    assert provenances(sending) == ["asserted"]
    shown = sending.get(phone)
    assert (shown["is_verified"], shown["verified_at"]) == (False, None)
    assert lapse_some(sending.runtime) == 0
    with sending.runtime.database.reading() as session:
        assert next_quiet(session, before=sending.clock.now, limit=9) == []


def test_a_verified_number_stays_verified_through_merging_and_undoing(
    sending: Installation, twilio: FakeTwilio, phone: str
) -> None:
    verified(sending, twilio, phone)
    other = create(sending, "Jon Doe", ("phone", PHONE))
    john = phone.split("/")[4]
    merge_id = merge_by_hand(sending, john, other)
    assert sending.get(phone)["is_verified"] is True
    undo(sending, merge_id)
    assert sending.get(phone)["is_verified"] is True
    assert sending.get(path_of(sending, other, PHONE))["is_verified"] is False
