"""isthisyou explain: a decision as a person reads it, and replayed from what is stored."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from click.testing import CliRunner
from sqlalchemy import select

from service.cli import main
from service.store.tables import Decision

if TYPE_CHECKING:
    from click.testing import Result

    from tests.service.installation import Installation

AGREES = "Replayed from what is stored: bits, probabilities and outcome agree."
JOHN = {"name": "John Doe", "phone": "(916) 555-1234", "email": "john@gmail.com"}


def explained(installation: Installation, event_id: str, *, status: int = 0) -> str:
    result = asked(installation, event_id)
    assert result.exit_code == status, result.output
    return result.output


def asked(installation: Installation, event_id: str) -> Result:
    variables = {"ISTHISYOU_DATABASE_URL": installation.runtime.database.url}
    return CliRunner(env=variables).invoke(main, ["explain", event_id])


def test_a_question_is_explained_in_bits_that_add_up(installation: Installation) -> None:
    first = installation.book(**JOHN)
    second = installation.book(name="John Doe", phone="(916) 555-9999")
    told = explained(installation, second["event_id"])
    assert "decided: prompted" in told
    assert f"candidate {first['customer_id']}" in told
    for words in ("prior", "same given and family name", "different phone numbers", "total", "competition"):
        assert words in told
    assert "+19165559999" in told
    assert "not compared: email, handle" in told
    assert "Linked above 99.50 %, asked about above 25.00 %." in told
    assert "And a rule: names alone never link." in told
    assert "It would link if" in told
    assert AGREES in told


def test_bars_go_to_the_right_for_and_to_the_left_against(installation: Installation) -> None:
    installation.book(**JOHN)
    told = explained(installation, installation.book(name="John Doe", phone="(916) 555-9999")["event_id"])
    lines = {
        line.split()[1]: line for line in told.splitlines() if line.startswith("│") and len(line.split()) > 1
    }
    assert "│█" in lines["name"]
    assert "█│" in lines["prior"]


def test_a_link_is_explained(installation: Installation) -> None:
    installation.book(**JOHN)
    told = explained(installation, installation.book(**JOHN)["event_id"])
    assert "decided: linked" in told
    assert "same phone number" in told
    assert AGREES in told


def test_a_household_behind_a_phone_is_told(installation: Installation) -> None:
    installation.book(**JOHN)
    installation.book(name="Bob Roe", email="bob@roe.example")
    event = installation.book(name="Mary Doe", phone=JOHN["phone"], email="bob@roe.example")
    told = explained(installation, event["event_id"])
    assert "a relative or colleague of theirs" in told
    assert AGREES in told


def test_nobody_to_compare_with_is_said(installation: Installation) -> None:
    told = explained(installation, installation.book(**JOHN)["event_id"])
    assert "decided: created" in told
    assert "Nobody in the base shares a value or a name with this." in told
    assert AGREES in told


def test_many_candidates_are_summed_up(installation: Installation) -> None:
    for number in range(12):
        contact = {"type": "email", "value": f"j{number}@mail{number}.example"}
        installation.call("POST", "/api/v1/customers", json={"name": "John Doe", "contacts": [contact]})
    told = explained(installation, installation.book(name="John Doe", email="other@else.example")["event_id"])
    assert told.count("candidate ") == 3
    assert "2 more customers" in told


def test_somebody_elses_number_is_told(installation: Installation) -> None:
    installation.instagram.profiles["7"] = {"name": "Ann Lee", "username": "ann.lee"}
    event = installation.message_resolved("7", "Call me at (916) 555-7777 or my husband's: (916) 555-8888")
    told = explained(installation, event["id"])
    assert "Somebody else's, and not used: phone +19165558888" in told


def test_a_known_sender_needs_no_weighing(installation: Installation) -> None:
    installation.instagram.profiles["7"] = {"name": "Ann Lee", "username": "ann.lee"}
    installation.message_resolved("7", "hello")
    told = explained(installation, installation.message_resolved("7", "hello again")["id"])
    assert "Rule 0: instagram vouches for this sender, who is known." in told
    assert "total" not in told


def test_what_a_known_sender_brought_is_weighed_beside(installation: Installation) -> None:
    installation.book(**JOHN)
    installation.instagram.profiles["7"] = {"name": "John Doe", "username": "somebody77"}
    installation.message_resolved("7", "hello")
    told = explained(installation, installation.message_resolved("7", "my number is (916) 555-1234")["id"])
    assert "Rule 0" in told
    assert "as a stranger's" in told
    assert "same phone number" in told
    assert AGREES in told


def test_an_event_that_carries_nothing_is_explained_in_a_sentence(installation: Installation) -> None:
    item = {
        "sender": {"id": "7"},
        "recipient": {"id": "17841400000000001"},
        "timestamp": 1,
        "read": {"mid": "m"},
    }
    document = {
        "object": "instagram",
        "entry": [{"id": "17841400000000001", "time": 1, "messaging": [item]}],
    }
    event_id = installation.deliver(document).get_json()["events"][0]
    installation.drain()
    assert "It was ignored: it carries nothing to resolve" in explained(installation, event_id)


def test_an_event_that_waits_is_explained_in_a_sentence(installation: Installation) -> None:
    event_id = installation.message("7", "hello").get_json()["events"][0]
    assert "nothing was decided yet" in explained(installation, event_id)


def test_an_unknown_event_is_a_clear_error(installation: Installation) -> None:
    unknown = asked(installation, str(uuid.uuid4()))
    assert unknown.exit_code == 1
    assert "Error: There is no event with this id." in unknown.output
    malformed = asked(installation, "booking-1")
    assert malformed.exit_code == 2
    assert "EVENT" in malformed.output


def test_a_decision_that_was_tampered_with_does_not_agree(installation: Installation) -> None:
    installation.book(**JOHN)
    event_id = installation.book(**JOHN)["event_id"]
    with installation.runtime.database.transaction() as session:
        row = session.scalars(select(Decision).where(Decision.event_id == event_id)).one()
        changed = {**row.explanation, "new_probability": 0.4}
        row.explanation = changed
    told = explained(installation, event_id, status=1)
    assert "it does not agree" in told
    assert "not to 1" in told
