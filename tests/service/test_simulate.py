"""isthisyou simulate: events decided against customers, with no server and nobody's database."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from matching import load_model
from matching.model import dump_model
from tests.service.command import COMMAND, environment, run

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def customer(number: object, name: str, **contacts: str) -> dict[str, Any]:
    kinds = {
        "phone": ("phone", {}),
        "email": ("email", {}),
        "instagram": ("social", {"platform": "instagram"}),
    }
    listed = [
        {"type": kinds[field][0], "value": value, **kinds[field][1]} for field, value in contacts.items()
    ]
    return {"id": number, "name": name, "contacts": listed}


OTTO = customer("otto", "Otto Zwingli", phone="(415) 555-2671", email="otto.zwingli@example.com")
JANE = customer("jane", "Jane Doe", phone="(916) 555-1234", instagram="jane.doe_")


EVERY_FIELD_WRONG = (
    "name: must be a text",
    "text: longer than 10000 characters",
    "id: must not be empty",
    "channel: must be one of instagram, facebook, sms, whatsapp, rcs, email, booking_form",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def written(path: Path, lines: list[Any]) -> Path:
    texts = [each if isinstance(each, str) else json.dumps(each) for each in lines]
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def simulate(
    folder: Path, customers: list[Any], events: list[Any], *, status: int = 0, **variables: str
) -> tuple[list[dict[str, Any]], Result]:
    output = folder / "decisions.jsonl"
    arguments = [
        "simulate",
        str(written(folder / "customers.jsonl", customers)),
        str(written(folder / "events.jsonl", events)),
        "-o",
        str(output),
    ]
    result = run(*arguments, **variables)
    assert result.exit_code == status, result.output
    return [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()], result


def test_it_goes_by_the_model_in_use(folder: Path) -> None:
    shipped = load_model()
    names = shipped.comparisons[0]
    exact, *others = names.levels
    changed = replace(names, levels=(replace(exact, m=1e-9), *others))
    path = folder / "model.json"
    path.write_bytes(
        dump_model(replace(shipped, version="2", comparisons=(changed, *shipped.comparisons[1:])))
    )
    known = customer("otto", "Otto Zwingli", phone="(415) 555-2671")
    event = {"id": "a", "channel": "booking_form", "name": "Otto Zwingli", "phone": "(916) 555-8800"}
    outcomes = [
        simulate(folder, [known], [event], **variables)[0][0]["decision"]
        for variables in ({}, {"model_file": str(path)})
    ]
    assert outcomes == ["prompted", "created"]


def test_a_line_for_every_event_in_their_order_with_the_ids_of_the_files(folder: Path) -> None:
    decisions, _ = simulate(
        folder,
        [OTTO, JANE],
        [
            {"id": "b", "channel": "booking_form", "name": "Otto Zwingli", "phone": "415 555 2671"},
            {"id": "a", "channel": "sms", "phone": "+14155550000", "text": "hello"},
        ],
    )
    assert [each["event_id"] for each in decisions] == ["b", "a"]
    otto, stranger = decisions
    assert (otto["decision"], otto["customer_id"]) == ("linked", "otto")
    assert otto["candidates"][0] == {"customer_id": "otto", "probability": pytest.approx(1, abs=0.01)}
    assert (stranger["decision"], stranger["customer_id"], stranger["candidates"]) == ("created", None, [])
    assert stranger["new_probability"] == 1


def test_a_form_can_ask_and_a_message_waits_for_review(folder: Path) -> None:
    crowd = [customer(f"c{number}", f"Q{number}x Z{number}w") for number in range(200)]
    told = {"name": "Otto Zwingli", "email": "otto.zwingli@other.example"}
    decisions, _ = simulate(
        folder,
        [OTTO, *crowd],
        [
            {"id": 1, "channel": "booking_form", **told},
            {"id": 2, "channel": "instagram", "name": "Otto Zwingli", "instagram": "otto.zwingli"},
        ],
    )
    assert [each["decision"] for each in decisions] == ["prompted", "review"]
    assert all(each["candidates"][0]["customer_id"] == "otto" for each in decisions)
    assert [each["event_id"] for each in decisions] == ["1", "2"]


def test_a_handle_proves_more_on_instagram_than_in_a_form(folder: Path) -> None:
    told = {"instagram": "@jane.doe_"}
    decisions, _ = simulate(
        folder,
        [JANE],
        [{"id": "dm", "channel": "instagram", **told}, {"id": "form", "channel": "booking_form", **told}],
    )
    vouched, typed = (each["candidates"][0]["probability"] for each in decisions)
    assert vouched > typed > 0.99


def test_what_is_written_in_a_text_counts(folder: Path) -> None:
    decisions, _ = simulate(
        folder,
        [OTTO],
        [
            {
                "id": "dm",
                "channel": "instagram",
                "text": "I'm Otto Zwingli, my cell is 415 555 2671",
            }
        ],
    )
    assert decisions[0]["customer_id"] == "otto"


def test_customers_who_are_alike_stay_several(folder: Path) -> None:
    twin = {**OTTO, "id": "twin"}
    decisions, _ = simulate(
        folder,
        [OTTO, twin, customer("wife", "Berta Zwingli", phone="(415) 555-2671")],
        [{"id": 1, "channel": "booking_form", "name": "Otto Zwingli", "phone": "415 555 2671"}],
    )
    assert decisions[0]["decision"] == "review"
    best, second, third = (each["customer_id"] for each in decisions[0]["candidates"])
    assert ({best, second}, third) == ({"otto", "twin"}, "wife")


def test_at_most_five_candidates_are_told_best_first(folder: Path) -> None:
    namesakes = [customer(f"n{number}", "Otto Zwingli") for number in range(8)]
    decisions, _ = simulate(folder, namesakes, [{"id": 1, "channel": "booking_form", "name": "Otto Zwingli"}])
    probabilities = [each["probability"] for each in decisions[0]["candidates"]]
    assert len(probabilities) == 5
    assert probabilities == sorted(probabilities, reverse=True)


def test_the_order_of_the_lines_does_not_matter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.simulating.SAMPLE", 5)
    customers = [
        customer(f"c{number}", f"Otto Zwingli{number % 20}", phone=f"+1415555{number:04}")
        for number in range(60)
    ]
    events = [
        {
            "id": f"e{number}",
            "channel": "booking_form",
            "name": f"Otto Zwingli{number % 25}",
            "phone": f"+1415555{number * 3:04}",
        }
        for number in range(40)
    ]
    decisions, _ = simulate(folder, customers, events)
    reversed_decisions, _ = simulate(folder, customers[::-1], events[::-1])
    assert any(len(each["candidates"]) > 1 for each in decisions)
    assert reversed_decisions == decisions[::-1]


def test_an_event_changes_nothing_for_the_next(folder: Path) -> None:
    event = {"channel": "booking_form", "name": "Nora Newcomer", "email": "nora@example.com"}
    decisions, _ = simulate(folder, [OTTO], [{"id": 1, **event}, {"id": 2, **event}])
    assert [each["decision"] for each in decisions] == ["created", "created"]


def test_bad_lines_are_told_by_number_and_field_and_the_rest_goes_on(folder: Path) -> None:
    decisions, result = simulate(
        folder,
        [OTTO, {**JANE, "contacts": [{"type": "fax", "value": "1"}]}, {"name": "No Id"}, "{"],
        [
            {"id": "good", "channel": "booking_form", "name": "Otto Zwingli", "phone": "415 555 2671"},
            {"id": "", "channel": "carrier_pigeon", "name": ["Secret"], "text": "x" * 10_001},
            "nonsense",
            ["a list"],
            "",
            {"channel": "sms"},
        ],
        status=1,
    )
    assert [each["event_id"] for each in decisions] == ["good"]
    told = result.stderr.splitlines()
    customers, events = folder / "customers.jsonl", folder / "events.jsonl"
    assert told[:7] == [
        f"{customers} line 2: contacts.0.type: must be one of phone, email, social",
        f"{customers} line 3: id: must not be empty, nor start with row:",
        f"{customers} line 4: this is not valid JSON",
        f"{events} line 2: {'; '.join(EVERY_FIELD_WRONG)}",
        f"{events} line 3: this is not valid JSON",
        f"{events} line 4: this is not a JSON object",
        f"{events} line 6: id: must not be empty",
    ]
    assert told[-1] == "7 lines could not be read"
    assert "Secret" not in result.output


def test_an_event_is_decided_once(folder: Path) -> None:
    event = {"id": "e1", "channel": "booking_form", "name": "Otto Zwingli"}
    lines, result = simulate(folder, [OTTO], [event, {**event, "id": "e2"}, event], status=1)
    assert [line["event_id"] for line in lines] == ["e1", "e2"]
    assert "events.jsonl line 3: id: the line is not the first of this event" in result.stderr
    assert "2 events against 1 customers" in result.stderr


def test_whoever_says_wrong_number_is_not_its_holder(folder: Path) -> None:
    """As when such a text comes in: the number proves nothing then."""
    texts = ("on my way", "I'm not Otto, he changed his number", "Hola, no soy Otto, este número ya es mío")
    events = [
        {"id": str(place), "channel": "sms", "phone": "+14155552671", "text": text}
        for place, text in enumerate(texts)
    ]
    decisions, _ = simulate(folder, [customer("otto", "Otto Zwingli", phone="(415) 555-2671")], events)
    assert [each["decision"] for each in decisions] == ["review", "created", "created"]


def test_a_customer_is_taken_once(folder: Path) -> None:
    """Else the second line's contacts would be taken for the first one's."""
    again = customer("otto", "Ezra Plum", email="ezra@plum.example")
    events = [
        {"id": "e1", "channel": "booking_form", "name": "Otto Zwingli", "phone": "(415) 555-2671"},
        {"id": "e2", "channel": "booking_form", "name": "Ezra Plum", "email": "ezra@plum.example"},
    ]
    first = customer("otto", "Otto Zwingli", phone="(415) 555-2671")
    decisions, result = simulate(folder, [first, again], events, status=1)
    assert [each["decision"] for each in decisions] == ["linked", "created"]
    assert "customers.jsonl line 2: id: the line is not the first of this customer" in result.stderr


def test_what_cannot_be_read_as_a_contact_is_no_bad_line(folder: Path) -> None:
    decisions, _ = simulate(
        folder,
        [customer("otto", "Otto Zwingli", phone="(415) 555-2671", email="nowhere")],
        [
            {
                "id": 1,
                "channel": "booking_form",
                "name": "Otto Zwingli",
                "phone": "415 555 2671",
                "email": "no",
            }
        ],
    )
    assert decisions[0]["customer_id"] == "otto"


def test_no_database_and_no_setting_of_the_installation_is_touched(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / ".env").write_text("ISTHISYOU_DATABASE_URL=sqlite:///theirs.db\nISTHISYOU_DEMO=perhaps\n")
    event = {"id": 1, "channel": "booking_form", "name": "Otto Zwingli", "phone": "415 555 2671"}
    before = set(folder.iterdir())
    decisions, _ = simulate(folder, [OTTO], [event], database_url="mysql://nobody@nowhere/")
    assert decisions[0]["customer_id"] == "otto"
    made = {path.name for path in set(folder.iterdir()) - before}
    assert made == {"customers.jsonl", "events.jsonl", "decisions.jsonl"}


def test_costs_and_region_are_the_installations(folder: Path) -> None:
    event = {"id": 1, "channel": "booking_form", "name": "Otto Zwingli", "phone": "030 901820"}
    decisions, _ = simulate(
        folder, [customer("otto", "Otto Zwingli", phone="+4930901820")], [event], default_region="de"
    )
    assert decisions[0]["customer_id"] == "otto"
    decisions, _ = simulate(
        folder,
        [customer("otto", "Otto Zwingli", phone="+4930901820")],
        [event],
        default_region="de",
        cost_wrong_link="1e12",
    )
    assert decisions[0]["decision"] == "prompted"


def test_an_output_that_is_an_input_is_refused(folder: Path) -> None:
    path = str(written(folder / "both.jsonl", [OTTO]))
    result = run("simulate", path, path, "-o", path)
    assert result.exit_code == 2
    assert written(folder / "again.jsonl", [OTTO]).read_text() == (folder / "both.jsonl").read_text()


def test_an_output_that_cannot_be_written_is_said_in_a_sentence(folder: Path) -> None:
    path = str(written(folder / "one.jsonl", [OTTO]))
    result = run("simulate", path, path, "-o", str(folder / "no" / "where"))
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_many_events_are_decided_by_several_processes_the_same_every_time(folder: Path) -> None:
    customers = [
        customer(f"c{number}", f"Otto Zwingli{number:03}", phone=f"+1415555{number:04}")
        for number in range(300)
    ]
    events = [
        {
            "id": f"e{number}",
            "channel": ("booking_form", "sms")[number % 2],
            "phone": f"+1415555{number % 600:04}",
            "name": f"Otto Zwingli{number % 600:03}",
            "text": "." * 400,
        }
        for number in range(700)
    ]
    paths = [
        str(written(folder / f"{name}.jsonl", lines))
        for name, lines in (("customers", customers), ("events", events))
    ]
    outputs = []
    for name in ("first", "second"):
        finished = subprocess.run(  # noqa: S603 - our own command
            [*COMMAND, "simulate", *paths, "-o", str(folder / name)],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=100,
            check=True,
        )
        assert "senders known, as estimated: booking_form" in finished.stderr
        outputs.append((folder / name).read_text(encoding="utf-8"))
    assert outputs[0] == outputs[1]
    decisions = [json.loads(line) for line in outputs[0].splitlines()]
    assert [each["event_id"] for each in decisions] == [each["id"] for each in events]
    known = [
        each["customer_id"] for each, event in zip(decisions, range(700), strict=True) if event % 600 < 300
    ]
    assert sum(each is not None for each in known) > 0.9 * len(known)
