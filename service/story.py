"""`isthisyou demo`: the days of John Doe, played through the real use cases against a fresh database."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.panel import Panel
from rich.table import Table

from service.explaining import explanation_table
from service.providers import booking_form
from service.providers import demo as direct_message
from service.resolving import take_in
from service.store import reading
from service.usecases.answer import answer
from service.usecases.propose import proposals_of
from service.usecases.understand import complaints_about

if TYPE_CHECKING:
    from rich.console import Console

    from service.runtime import Runtime

_DM = "Hi! I want to book 10 chefs for corporate event.\nCall me at (916) 555-9999"
_FORM = {
    "id": "booking-1",
    "name": "John Doe",
    "phone": "(916) 555-1234",
    "email": "john@gmail.com",
    "booking": {"id": "booking-1", "starts_at": "2026-06-01T18:00:00-07:00", "guests": 40},
}


def tell(console: Console, runtime: Runtime) -> None:
    """Tell days 1 and 2: what came in, what was decided and why, and what is kept."""
    _first_day(console, runtime)
    _second_day(console, runtime)


def _first_day(console: Console, runtime: Runtime) -> None:
    console.rule("[bold]Day 1: a message on Instagram")
    console.print(Panel(_DM, title="@johndoe_biz (John Doe)", title_align="left"))
    event_id = take_in(
        runtime, direct_message.message(username="johndoe_biz", name="John Doe", text=_DM)
    ).event_id
    event = _show_decision(console, runtime, event_id)
    _show_customer(console, runtime, event["customer_id"])


def _second_day(console: Console, runtime: Runtime) -> None:
    console.rule("[bold]Day 2: the booking form")
    console.print(Panel(json.dumps(_FORM, indent=2), title="POST /webhooks/booking-form", title_align="left"))
    check = partial(complaints_about, region=runtime.settings.default_region)
    form = booking_form.parse(json.dumps(_FORM).encode(), delivery_id=None, check=check)
    event_id = take_in(runtime, form).event_id
    event = _show_decision(console, runtime, event_id)
    prompt_id = _show_question(console, runtime, event_id)
    with runtime.database.transaction() as session:
        answered = answer(session, prompt_id, word="yes", candidate_key=None, now=runtime.clock())
    console.print(f"  John says [bold]yes[/]: {answered.outcome}.")
    console.print(
        f"  The booking site got {event['customer_id']}; that id now leads to {answered.customer_id}.\n"
    )
    _show_customer(console, runtime, answered.customer_id)


def _show_decision(console: Console, runtime: Runtime, event_id: str) -> dict[str, Any]:
    with runtime.database.reading() as session:
        event = reading.event_view(session, reading.find_event(session, event_id))
    decision = event["decision"]
    console.print(
        f"  Decided: [bold]{decision['decision']}[/]; someone new: {decision['new_probability']:.1%}"
    )
    if not decision["candidates"]:
        console.print("  Why: nobody in the base shares a value or a name with this.")
    for candidate in decision["candidates"]:
        console.print(explanation_table(candidate))
        limits = decision["thresholds"]
        console.print(f"  Linked above {limits['link']:.1%}, asked about above {limits['ask']:.0%}.")
    for cap in decision["caps"]:
        console.print(f"  And a rule: {cap}.")
    return event


def _show_question(console: Console, runtime: Runtime, event_id: str) -> str:
    with runtime.database.reading() as session:
        prompt = (reading.find_event(session, event_id).answer or {})["prompt"]
        hints = (proposals_of(session, prompt["id"])[0].hints or {})["items"]
    lines = [f"[bold]{prompt['question']}[/]", *(f"  {hint['type']}: {hint['value']}" for hint in hints)]
    console.print(Panel("\n".join(lines), title="Is this you?", title_align="left"))
    return str(prompt["id"])


def _show_customer(console: Console, runtime: Runtime, customer_id: str) -> None:
    with runtime.database.reading() as session:
        customer = reading.survivor_or_refuse(session, customer_id)
        contacts = reading.contacts_view(session, customer)["contacts"]
    table = Table(title=f"{customer.name} ({customer.id})", title_justify="left")
    for heading in ("contact", "value", "label", "primary", "why this label"):
        table.add_column(heading)
    for contact in (each for kind in contacts.values() for each in kind):
        primary = "yes" if contact["is_primary"] else "no"
        table.add_row(
            contact["platform"] or contact["type"],
            contact["value"],
            contact["label"],
            primary,
            contact["label_reason"],
        )
    console.print(table)
