"""`isthisyou demo`: the four days, told whole."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from rich.console import Console

from service.commands.telling import play
from service.config import Settings
from tests.service.command import run

if TYPE_CHECKING:
    import pytest

DAYS = {
    "Day 1: a message on Instagram": ("@johndoe_biz", "Decided: created", "+19165559999"),
    "Day 2: the booking form": ("Decided: prompted", "names alone never link", "John D.", "merged"),
    "Day 3: an offer by SMS": ("phone call", "+19165559999, can_sms: yes", "Handed over: 1; skipped: 1."),
    "Day 4: a newsletter by email": (
        "-> 409: ",
        "instagram vouches for this sender",
        "john@gmail.com, verified: yes",
        "Handed over: 1; skipped: 1.",
    ),
}
#: Contact, label, primary, verified, allowed, decision and reason.
DECIDED = {
    "+19165559999": "business yes no yes send primary",
    "+19165551234": "personal no no no skip no_consent",
    "john@gmail.com": "personal yes yes yes send primary",
    "john@work.com": "business no no yes skip not_verified",
}


def test_the_demo_tells_all_four_days_in_their_order() -> None:
    told = run("demo")
    assert told.exit_code == 0, told.stderr
    sentences = [sentence for title, said in DAYS.items() for sentence in (title, *said)]
    _assert_in_order(told.stdout, sentences)


def test_the_story_is_the_same_on_both_databases_and_leaves_a_sound_one(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = io.StringIO()
    play(Console(file=shown, width=120), Settings(database_url=database_url, public_url="https://a.example"))

    assert _decided(shown.getvalue()) == DECIDED
    sent = capsys.readouterr().out
    assert re.findall("^To: (.*)$", sent, re.MULTILINE) == [
        "+19165559999",
        "john@gmail.com",
        "john@gmail.com",
    ], "the offer, the code, the newsletter"
    assert run("check", database_url=database_url).stdout == "2 customers checked, 0 findings.\n"


def _decided(told: str) -> dict[str, str]:
    """What the tables say of each contact that was considered."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in told.splitlines()]
    return {row[0]: " ".join(row[1:]) for row in rows if {"send", "skip"} & set(row)}


def _assert_in_order(told: str, sentences: list[str]) -> None:
    place = 0
    for sentence in sentences:
        found = told.find(sentence, place)
        assert found >= 0, f"{sentence!r} is not told, or not in its place"
        place = found
