"""Double opt-in: a mailbox is asked by email, and only the button behind the link grants."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from service.app import create_app
from tests.service.installation import PUBLIC_URL
from tests.service.review_desk import create

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.fakes.smtp_server import FakeMailServer
    from tests.service.installation import Installation

EMAIL, PHONE = "john@gmail.com", "+19165551234"
WISH = {"text": "Yes, send me the newsletter of The Kitchen.", "form_version": "7", "page": "/news"}


def contact(installation: Installation, customer_id: str, value: str = EMAIL) -> Any:
    [found] = [each for (_, held), each in installation.contacts(customer_id).items() if held == value]
    return found


def ask(installation: Installation, customer_id: str, value: str = EMAIL, **wish: Any) -> TestResponse:
    path = f"/api/v1/customers/{customer_id}/contacts/{contact(installation, customer_id, value)['id']}"
    return installation.call("POST", f"{path}/ask-consent", json={**WISH, **wish})


def change(installation: Installation, customer_id: str, **body: Any) -> TestResponse:
    path = f"/api/v1/customers/{customer_id}/contacts/{contact(installation, customer_id)['id']}"
    return installation.call("PATCH", path, json=body)


def state(installation: Installation, customer_id: str) -> str:
    states = installation.get(f"/api/v1/customers/{customer_id}/consents")["states"]
    [found] = [
        each["state"] for each in states if (each["channel"], each["purpose"]) == ("email", "marketing")
    ]
    return str(found)


def link_in(mail_server: FakeMailServer) -> str:
    found = re.search(rf"{re.escape(PUBLIC_URL)}(/c/\S+)", mail_server.to(EMAIL)[-1].body)
    assert found is not None
    return found[1]


def press(installation: Installation, link: str) -> TestResponse:
    with installation.app.test_client() as client:
        return client.post(
            link, headers={"User-Agent": "a browser"}, environ_base={"REMOTE_ADDR": "198.51.100.7"}
        )


def look(installation: Installation, link: str) -> TestResponse:
    with installation.app.test_client() as client:
        return client.get(link)


@pytest.fixture
def john(sending: Installation) -> str:
    return create(sending, "John Doe", ("email", EMAIL), ("phone", PHONE))


def test_a_mailbox_is_pending_until_its_button_is_pressed(
    sending: Installation, john: str, mail_server: FakeMailServer
) -> None:
    asked = ask(sending, john)
    assert asked.status_code == 202, asked.text
    assert (asked.get_json()["state"], asked.get_json()["sender"]) == ("pending", "smtp")
    assert state(sending, john) == "pending"
    assert not contact(sending, john)["can_marketing"]
    assert WISH["text"] in mail_server.to(EMAIL)[0].body

    link = link_in(mail_server)
    for _ in range(2):
        page = look(sending, link)
        assert (page.status_code, page.mimetype) == (200, "text/html")
        assert WISH["text"] in page.text
        assert state(sending, john) == "pending", "scanners look at every link"

    sending.clock.advance(hours=1)
    for _ in range(2):
        assert press(sending, link).status_code == 303
    assert state(sending, john) == "granted"
    assert contact(sending, john)["can_marketing"]
    assert "you agreed" in look(sending, link).text
    granted, requested = sending.get(f"/api/v1/customers/{john}/consents")["items"]
    assert (requested["action"], requested["form_version"], requested["actor"]) == (
        "request",
        "7",
        "key:tests",
    )
    assert requested["evidence"]["page"] == "/news"
    assert (granted["action"], granted["actor_kind"], granted["text"]) == ("grant", "person", WISH["text"])
    assert (granted["ip"], granted["user_agent"]) == ("198.51.100.7", "a browser")


@pytest.mark.parametrize(("proxies", "address"), [(0, None), (1, "198.51.100.7"), (2, "203.0.113.66")])
def test_whose_press_it_was_is_told_by_proxies_of_ours_alone(
    sending: Installation, john: str, mail_server: FakeMailServer, proxies: int, address: str | None
) -> None:
    ask(sending, john)
    sending.clock.advance(hours=1)
    behind = replace(sending.runtime, settings=replace(sending.runtime.settings, trusted_proxies=proxies))
    with create_app(behind).test_client() as client:
        client.post(
            link_in(mail_server), headers={"X-Forwarded-For": "192.0.2.1, 203.0.113.66, 198.51.100.7"}
        )
    granted = sending.get(f"/api/v1/customers/{john}/consents")["items"][0]
    assert (granted["action"], granted["ip"]) == ("grant", address)


def test_a_revocation_after_the_question_ends_it(
    sending: Installation, john: str, mail_server: FakeMailServer
) -> None:
    ask(sending, john)
    sending.clock.advance(hours=1)
    change(sending, john, can_marketing=False)
    sending.clock.advance(hours=1)
    assert press(sending, link_in(mail_server)).status_code == 410
    assert state(sending, john) == "revoked"
    assert ask(sending, john).status_code == 409, "whoever revoked is not asked again"
    assert len(mail_server.mailbox) == 1


def test_a_link_grants_once_and_not_again_after_a_later_revocation(
    sending: Installation, john: str, mail_server: FakeMailServer
) -> None:
    ask(sending, john)
    link = link_in(mail_server)
    sending.clock.advance(hours=1)
    press(sending, link)
    assert ask(sending, john).status_code == 409, "it is granted"
    sending.clock.advance(hours=1)
    change(sending, john, can_marketing=False)
    sending.clock.advance(hours=1)
    assert press(sending, link).status_code == 410
    assert state(sending, john) == "revoked"


def test_a_link_lives_for_a_week_and_a_mailbox_is_asked_once_a_day(
    sending: Installation, john: str, mail_server: FakeMailServer
) -> None:
    ask(sending, john)
    old = link_in(mail_server)
    sending.clock.advance(hours=23)
    assert ask(sending, john).status_code == 409
    sending.clock.advance(hours=2)
    assert ask(sending, john).status_code == 202
    new = link_in(mail_server)
    sending.clock.advance(days=6, hours=23)
    assert "no longer" in look(sending, old).text
    assert press(sending, old).status_code == 410
    assert press(sending, new).status_code == 303
    assert state(sending, john) == "granted"


def test_a_token_that_is_not_ours_opens_nothing(sending: Installation, john: str) -> None:
    other = sending.runtime.token("verification", john)
    for token in ("nonsense", other, sending.runtime.token("consent", john)):
        assert look(sending, f"/c/{token}").status_code == 404
        assert press(sending, f"/c/{token}").status_code == 404


def test_only_an_email_is_asked_and_for_something(sending: Installation, john: str) -> None:
    refused = ask(sending, john, PHONE)
    assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"contact_id"})
    for text in ("", " ", None, 1):
        refused = ask(sending, john, text=text)
        assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"text"})
    assert state(sending, john) == "unknown"


@pytest.mark.parametrize(("reply", "status"), [("550 no such mailbox", 422), ("451 try later", 503)])
def test_a_question_that_was_not_sent_does_not_wait(
    sending: Installation, john: str, mail_server: FakeMailServer, reply: str, status: int
) -> None:
    mail_server.replies["RCPT"] = reply
    assert ask(sending, john).status_code == status
    assert state(sending, john) == "unknown"
    mail_server.replies.clear()
    sending.clock.advance(seconds=1)
    assert ask(sending, john).status_code == 202
    sending.clock.advance(seconds=1)
    assert press(sending, link_in(mail_server)).status_code == 303
