"""An installation to play with in tests: the real application on a real database, with a clock that tests move."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from service.app import build_runtime, create_app
from service.config import Settings
from service.senders.smtp import SmtpSender
from service.senders.twilio import TwilioSender
from service.usecases.api_keys import create_key
from service.worker import work_once
from tests.service.signing import hub_signature, twilio_signature

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from service.runtime import Runtime
    from tests.fakes.instagram_api import FakeInstagram

APP_SECRET = "sesame"
ACCOUNT = "17841400000000001"
AUTH_TOKEN = "twelve monkeys"
ACCOUNT_SID = "AC00000000000000000000000000000001"
OUR_NUMBER = "+15005550006"
PUBLIC_URL = "https://contacts.example"
_numbers = itertools.count(1)


@dataclass
class Clock:
    """The time, which stands still until a test moves it."""

    now: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **delta: float) -> None:
        self.now += timedelta(**delta)


_apps: dict[bool, Flask] = {}


def _app(runtime: Runtime) -> Flask:
    """One that serves the runtime: made once, since its routes and their document are the same for all of them.

    It serves the installation that was started last.
    """
    demo = runtime.settings.demo
    if demo not in _apps:
        _apps[demo] = create_app(runtime)
    _apps[demo].extensions["isthisyou"] = runtime
    return _apps[demo]


@dataclass
class Installation:
    """The service as its clients see it, and a way to let its worker run."""

    runtime: Runtime
    app: Flask
    key: str
    clock: Clock
    instagram: FakeInstagram

    @classmethod
    def start(cls, database_url: str, instagram: FakeInstagram, **overrides: Any) -> Installation:
        defaults: dict[str, Any] = {
            "instagram_app_secret": (APP_SECRET,),
            "instagram_verify_token": "a token of ours",
            "instagram_access_token": "IGA-token",
            "instagram_api_url": instagram.url,
            "webhook_secret": ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",),
            "twilio_auth_token": AUTH_TOKEN,
            "twilio_account_sid": ACCOUNT_SID,
            "public_url": PUBLIC_URL,
        }
        settings = Settings(database_url=database_url, **{**defaults, **overrides})
        clock = Clock()
        runtime = build_runtime(settings, owner="test", clock=clock)
        with runtime.database.transaction() as session:
            _, key = create_key(session, "tests", now=clock())
        return cls(runtime=runtime, app=_app(runtime), key=key, clock=clock, instagram=instagram)

    def close(self) -> None:
        if self.runtime.profiles is not None:
            self.runtime.profiles.close()
        for sender in (self.runtime.mail, self.runtime.texts):
            if isinstance(sender, SmtpSender | TwilioSender):
                sender.close()
        self.runtime.database.dispose()

    # ------------------------------------------------------------ as a client

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}", **more.pop("headers", {})}
        with self.app.test_client() as client:
            return client.open(path, method=method, headers=headers, **more)

    def get(self, path: str, **query: Any) -> Any:
        response = self.call("GET", path, query_string=query, follow_redirects=True)
        assert response.status_code == 200, response.text
        return response.get_json()

    def book(self, **form: Any) -> Any:
        """Post the booking form and return its answer; every form is a submission of its own unless it has an id."""
        response = self.call("POST", "/webhooks/booking-form", json={"id": f"form-{next(_numbers)}", **form})
        assert response.status_code == 200, response.text
        return response.get_json()

    def answer(self, prompt: dict[str, Any], word: str, **more: Any) -> TestResponse:
        with self.app.test_client() as client:
            return client.post(f"/api/v1/prompts/{prompt['token']}/answer", json={"answer": word, **more})

    def contacts(self, customer_id: str) -> dict[tuple[str, str], dict[str, Any]]:
        """A customer's contact methods by type and value."""
        lists = self.get(f"/api/v1/customers/{customer_id}/contacts")["contacts"]
        return {(each["type"], each["value"]): each for kind in lists.values() for each in kind}

    # ------------------------------------------------------------ as Meta

    def message(self, sender: str, text: str, *, mid: str | None = None, **more: Any) -> TestResponse:
        """Deliver a direct message, signed."""
        item = {
            "sender": {"id": sender},
            "recipient": {"id": ACCOUNT},
            "timestamp": int(self.clock.now.timestamp() * 1000),
            "message": {"mid": mid or f"mid-{next(_numbers)}", "text": text, **more},
        }
        return self.deliver(
            {"object": "instagram", "entry": [{"id": ACCOUNT, "time": 1, "messaging": [item]}]}
        )

    def deliver(self, document: Any, *, secret: str = APP_SECRET) -> TestResponse:
        body = json.dumps(document).replace("/", "\\/").encode()
        with self.app.test_client() as client:
            return client.post(
                "/webhooks/instagram",
                data=body,
                headers={
                    "X-Hub-Signature-256": hub_signature(body, secret),
                    "Content-Type": "application/json",
                },
            )

    # ------------------------------------------------------------ as Twilio

    def text(
        self, number: str, text: str, *, sid: str | None = None, token: str = AUTH_TOKEN, **more: str
    ) -> TestResponse:
        """Deliver a text message, signed."""
        form = {
            "MessageSid": sid or f"SM{next(_numbers):032}",
            "AccountSid": ACCOUNT_SID,
            "From": number,
            "To": OUR_NUMBER,
            "Body": text,
            "NumMedia": "0",
            "SmsStatus": "received",
            **more,
        }
        path = "/webhooks/twilio/sms"
        signature = twilio_signature(f"{PUBLIC_URL}{path}", form.items(), token)
        with self.app.test_client() as client:
            return client.post(path, data=form, headers={"X-Twilio-Signature": signature})

    def reply(self, number: str, text: str, **more: str) -> str | None:
        """Deliver a text message and return what it is answered with."""
        response = self.text(number, text, **more)
        assert (response.status_code, response.mimetype) == (200, "text/xml"), response.text
        found = ET.fromstring(response.text).find("Message")  # noqa: S314 - our own answer
        return None if found is None else found.text

    def drain(self) -> None:
        """Let the worker do all that is due."""
        while work_once(self.runtime):
            pass

    def message_resolved(self, sender: str, text: str, **more: Any) -> Any:
        """Deliver a message, let the worker run, and return the event as the API shows it."""
        response = self.message(sender, text, **more)
        assert response.status_code == 200, response.text
        self.drain()
        return self.get(f"/api/v1/events/{response.get_json()['events'][0]}")
