"""The four days of John Doe, played through the routes of the application against a database in which there is nobody yet."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from service.campaigning import Outbox
from service.explaining import explanation_table, print_line
from service.messages import unclaimed
from service.providers import demo as direct_message
from service.resolving import take_in
from service.senders.console import ConsoleSender
from service.usecases.consent import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from flask import Flask
    from rich.console import Console

    from service.messages import Mail
    from service.messages import Text as Sms
    from service.runtime import Runtime

_DM = "Hi! I want to book 10 chefs for corporate event.\nCall me at (916) 555-9999"
_FORM = {
    "id": "booking-1",
    "name": "John Doe",
    "phone": "(916) 555-1234",
    "email": "john@gmail.com",
    "consents": {"sms": False, "marketing": True, "text": "Yes, send me the newsletter."},
    "booking": {"id": "booking-1", "starts_at": "2026-06-01T18:00:00-07:00", "guests": 40},
}
_BUSINESS_PHONE, _GMAIL, _WORK = "+19165559999", "john@gmail.com", "john@work.com"
_CALL = {"source": "phone call", "text": "May we text offers to this number? - Yes, please."}
_OFFER = {"channel": "sms", "body": "Dumplings for offices: ten for the price of eight."}
_SECOND_DM = "My email is john@gmail.com, and at the office john@work.com. The newsletter is welcome at both!"
_NEWS = {"channel": "email", "subject": "The new menu", "body": "Spring is here, and so are the dumplings."}
#: An id; its beginning tells it from the others.
_ID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f-]{27}\b")
_SAID = {True: "yes", False: "no"}
_CODE = re.compile(r"\b\d{6}\b")


@dataclass(slots=True, kw_only=True)
class Calendar:
    """The time, which stands still until the next day."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self) -> None:
        self.now += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Postbox:
    """Shows messages as they are shown where no provider is configured, and keeps them: John's mailbox and his phones."""

    messages: list[Mail | Sms] = field(default_factory=list)
    _console: ConsoleSender = field(default_factory=ConsoleSender)

    @property
    def name(self) -> str:
        return self._console.name

    def send(self, message: Mail | Sms, claim: Callable[[], None] = unclaimed) -> str:
        """Show a message; it is never refused."""
        provider_id = self._console.send(message, claim)
        self.messages.append(message)
        return provider_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the story is played: the application with a key of its own, its time, where its messages go, and what shows it all."""

    console: Console
    app: Flask
    runtime: Runtime
    key: str
    calendar: Calendar
    postbox: Postbox

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON is anything
        """Make a request; its answer, also where that is a refusal."""
        with self.app.test_client() as client:
            return client.open(
                path,
                method=method,
                json=body,
                headers={"Authorization": f"Bearer {self.key}"},
                follow_redirects=True,
            ).get_json()

    def say(self, line: str = "") -> None:
        """A line as it is: what people typed is no markup."""
        print_line(self.console, line)

    def show(self, title: str, text: str) -> None:
        shortened = _ID.sub(r"\1…", title)
        self.console.print(Panel(Text(text), title=Text(shortened), title_align="left"))


def tell(stage: Stage) -> None:
    """Tell all four days: what came in, what was decided and why, what is kept and what was sent."""
    customer_id = _first_day(stage)
    for day in (_second_day, _third_day, _fourth_day):
        stage.calendar.turn()
        day(stage, customer_id)


# ---------------------------------------------------------------- who is this?


def _first_day(stage: Stage) -> str:
    stage.console.rule("[bold]Day 1: a message on Instagram")
    event = _receive_message(stage, _DM)
    _show_decision(stage, event["decision"])
    customer_id = str(event["customer_id"])
    _show_customer(stage, customer_id)
    return customer_id


def _second_day(stage: Stage, customer_id: str) -> None:
    stage.console.rule("[bold]Day 2: the booking form")
    booked = _post(stage, "/webhooks/booking-form", _FORM)
    _show_decision(stage, stage.call("GET", f"/api/v1/events/{booked['event_id']}")["decision"])
    prompt = booked["prompt"]
    hints = [f"  {hint['type']}: {hint['value']}" for hint in prompt["candidates"][0]["hints"]]
    stage.show("Is this you?", "\n".join([prompt["question"], *hints]))
    answered = stage.call("POST", f"/api/v1/prompts/{prompt['token']}/answer", {"answer": "yes"})
    stage.say(f"  John says yes: {answered['outcome']}.")
    stage.say(f"  The booking site got {booked['customer_id']}; that id now leads to {customer_id}.\n")
    _show_customer(stage, customer_id)


def _receive_message(stage: Stage, text: str) -> dict[str, Any]:
    """A message from John's account; the event that it is by now."""
    stage.show("@johndoe_biz (John Doe)", text)
    message = direct_message.message(username="johndoe_biz", name="John Doe", text=text)
    event_id = take_in(stage.runtime, message).event_id
    event: dict[str, Any] = stage.call("GET", f"/api/v1/events/{event_id}")
    return event


def _show_decision(stage: Stage, decision: Mapping[str, Any]) -> None:
    stage.say(f"  Decided: {decision['decision']}; someone new: {decision['new_probability']:.1%}")
    if not decision["candidates"]:
        stage.say("  Why: nobody in the base shares a value or a name with this.")
    for candidate in decision["candidates"]:
        stage.console.print(explanation_table(candidate))
        limits = decision["thresholds"]
        stage.say(f"  Linked above {limits['link']:.1%}, asked about above {limits['ask']:.0%}.")
    for cap in decision["caps"]:
        stage.say(f"  And a rule: {cap}.")


# ---------------------------------------------------------------- what may be sent?


def _third_day(stage: Stage, customer_id: str) -> None:
    stage.console.rule("[bold]Day 3: an offer by SMS")
    stage.say(
        "  John booked without allowing texts to his own phone. Called at the office, he allows them there,"
    )
    stage.say("  and whoever called writes that down with what was asked and answered:")
    _allow(stage, customer_id, _BUSINESS_PHONE, can_sms=True, evidence=_CALL)
    _run_campaign(stage, customer_id, _OFFER)


def _fourth_day(stage: Stage, customer_id: str) -> None:
    stage.console.rule("[bold]Day 4: a newsletter by email")
    stage.say(f"  It goes to verified addresses only. Does John read {_GMAIL}? A code could tell:")
    verify = f"{_path_of(stage, customer_id, _GMAIL)}/verify"
    refused = _post(stage, verify)
    stage.say(f"  -> {refused['status']}: {refused['detail']}")
    stage.say(
        "  So far a form said so, and a yes that nobody but its sender bears out. Then John's own account writes:"
    )
    event = _receive_message(stage, _SECOND_DM)
    stage.say(f"  {event['outcome']}, by rule: {event['decision']['sentence']}.")
    _show_customer(stage, customer_id)
    stage.say("  What he allows at the office, somebody writes down, and now the code may go:")
    evidence = {"source": "instagram", "text": _SECOND_DM}
    _allow(stage, customer_id, _WORK, can_marketing=True, evidence=evidence)
    _verify(stage, verify)
    _run_campaign(stage, customer_id, _NEWS)


def _verify(stage: Stage, path: str) -> None:
    """Send a code, read it where it went, and bring it back."""
    sent = _post(stage, path)
    stage.say(f"  -> {sent['status']}. John looks into his mailbox, and types what he reads there:")
    [code] = _CODE.findall(stage.postbox.messages[-1].body)
    verified = _post(stage, path, {"code": code})
    stage.say(f"  -> {verified['value']}, verified: {_SAID[verified['is_verified']]}\n")


def _allow(stage: Stage, customer_id: str, value: str, **change: Any) -> None:  # noqa: ANN401 - JSON is anything
    path = _path_of(stage, customer_id, value)
    changed = _request(stage, "PATCH", path, change)
    flags = [f"{name}: {_SAID[changed[name]]}" for name in change if name.startswith("can_")]
    stage.say(f"  -> {changed['value']}, {', '.join(flags)}")


def _run_campaign(stage: Stage, customer_id: str, draft: Mapping[str, Any]) -> None:
    made = _post(stage, "/api/v1/campaigns", draft)
    path = f"/api/v1/campaigns/{made['id']}"
    contacts = {each["id"]: each for each in _contacts(stage, customer_id)}
    _show_recipients(stage, stage.call("GET", f"{path}/recipients")["items"], contacts)
    outbox = Outbox(stage.runtime, Channel(draft["channel"]))
    while outbox.advance() is not None:
        pass
    progress = stage.call("GET", path)["progress"]
    stage.say(f"\n  Handed over: {progress['sent']}; skipped: {progress['skipped']}.\n")


def _show_recipients(
    stage: Stage, recipients: list[dict[str, Any]], contacts: Mapping[str, Mapping[str, Any]]
) -> None:
    table = _table("Who gets it, and why others do not")
    for heading in ("contact", "label", "primary", "verified", "allowed", "decision", "reason"):
        table.add_column(heading, no_wrap=heading in {"contact", "reason"})
    for recipient in recipients:
        contact = contacts[recipient["contact_id"]]
        allowed = contact["can_sms" if contact["type"] == "phone" else "can_marketing"]
        flags = (contact["is_primary"], contact["is_verified"], allowed)
        reasons = ", ".join(recipient["reasons"] or [recipient["reason"]])
        table.add_row(
            contact["value"],
            contact["label"],
            *(_SAID[flag] for flag in flags),
            recipient["decision"],
            reasons,
        )
    stage.console.print(table)


# ---------------------------------------------------------------- what is kept?


def _show_customer(stage: Stage, customer_id: str) -> None:
    customer = stage.call("GET", f"/api/v1/customers/{customer_id}")
    table = _table(f"{customer['name']} ({customer_id})")
    for heading in ("contact", "value", "label", "primary", "why this label"):
        table.add_column(heading)
    for contact in _contacts(stage, customer_id):
        table.add_row(
            contact["platform"] or contact["type"],
            contact["value"],
            contact["label"],
            _SAID[contact["is_primary"]],
            contact["label_reason"],
        )
    stage.console.print(table)


def _contacts(stage: Stage, customer_id: str) -> Iterator[dict[str, Any]]:
    lists = stage.call("GET", f"/api/v1/customers/{customer_id}/contacts")["contacts"]
    return (each for kind in lists.values() for each in kind)


def _path_of(stage: Stage, customer_id: str, value: str) -> str:
    [contact] = [each for each in _contacts(stage, customer_id) if each["value"] == value]
    return f"/api/v1/customers/{customer_id}/contacts/{contact['id']}"


def _post(stage: Stage, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON is anything
    return _request(stage, "POST", path, body)


def _request(stage: Stage, method: str, path: str, body: Mapping[str, Any] | None) -> Any:  # noqa: ANN401 - as above
    """Show a request and make it; its answer."""
    stage.show(f"{method} {path}", json.dumps(body, indent=2) if body else "(no body)")
    return stage.call(method, path, body)


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left")
