"""isthisyou shadow: what another model would have decided of past events, and nothing written."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from matching import load_model
from matching.model import Field, dump_model
from service.commands import shadowing, training
from service.store.tables import Base
from tests.service.command import run
from tests.service.review_desk import merges, undo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from click.testing import Result

    from service.store.session import Database
    from tests.service.installation import Installation

MODEL = load_model()
JOHN = {"name": "John Doe", "phone": "(916) 555-1234"}
ROBERT = {"name": "Robert Colden", "phone": "(212) 555-4400"}
JOHN_ELSEWHERE = {"name": "John Doe", "phone": "(415) 555-8877"}


def model_with(path: Path, m: Mapping[tuple[Field, str], float]) -> Path:
    """The shipped model under another name, with another m of some levels."""
    comparisons = tuple(
        replace(
            each,
            levels=tuple(
                replace(level, m=m.get((each.feature, level.level), level.m)) for level in each.levels
            ),
        )
        for each in MODEL.comparisons
    )
    path.write_bytes(dump_model(replace(MODEL, version="2", comparisons=comparisons)))
    return path


@pytest.fixture
def phones_prove_nothing(tmp_path: Path) -> Path:
    return model_with(tmp_path / "model.json", {(Field.PHONE, "exact"): 1e-12})


@pytest.fixture
def names_prove_nothing(tmp_path: Path) -> Path:
    return model_with(tmp_path / "model.json", {(Field.NAME, "exact"): 1e-9})


def shadow(installation: Installation, model: Path, *arguments: str, **variables: str) -> Result:
    database_url = installation.runtime.database.url
    result = run("shadow", str(model), *arguments, database_url=database_url, **variables)
    assert result.exit_code == 0, result.output
    return result


def flips(
    installation: Installation, model: Path, *arguments: str
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """The flips by event id, and the totals."""
    lines = shadow(installation, model, "--json", *arguments).stdout.splitlines()
    *found, last = [json.loads(line) for line in lines]
    return {each["event_id"]: each for each in found}, last["totals"]


def everything(database: Database) -> dict[str, list[Any]]:
    with database.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table))))
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def events(installation: Installation) -> dict[str, Any]:
    """John, John with another phone, Robert, and Robert again as Bob, an hour apart."""
    booked = {}
    for name, form in {
        "first": JOHN,
        "elsewhere": JOHN_ELSEWHERE,
        "robert": ROBERT,
        "bob": {**ROBERT, "name": "Bob Colden"},
    }.items():
        booked[name] = installation.book(**form)
        installation.clock.advance(hours=1)
    outcomes = [each["outcome"] for each in booked.values()]
    assert outcomes == ["created", "prompted", "created", "linked"]
    return booked


def test_exactly_the_decisions_that_would_flip_are_listed(
    installation: Installation, events: dict[str, Any], names_prove_nothing: Path
) -> None:
    """Each John is a candidate of the other, and neither of itself."""
    found, totals = flips(installation, names_prove_nothing)
    assert found.keys() == {events[each]["event_id"] for each in ("first", "elsewhere")}
    assert totals == {"decided": 4, "left_out": 0, "same": 2, "flips": {"prompted->created": 2}}
    flip = found[events["elsewhere"]["event_id"]]
    assert (flip["was"], flip["becomes"]) == ("prompted", "created")
    assert flip["was_linked_to"] is flip["becomes_linked_to"] is None
    assert flip["candidate_id"] == events["first"]["customer_id"]
    assert flip["was_probability"] > 0.25 > flip["becomes_probability"]
    assert flip["feature"] == "name"
    assert flip["bits"] < -5


def test_a_link_that_would_be_asked_about_is_listed_and_nobody_is_linked_to_what_they_made(
    installation: Installation, events: dict[str, Any], phones_prove_nothing: Path
) -> None:
    found, _ = flips(installation, phones_prove_nothing)
    assert found.keys() == {events["bob"]["event_id"]}, "Robert's own customer is no candidate of his"
    flip = found[events["bob"]["event_id"]]
    assert (flip["was"], flip["was_linked_to"]) == ("linked", events["robert"]["customer_id"])
    assert flip["becomes"] != "linked"


def test_the_model_in_use_flips_nothing(
    installation: Installation, events: dict[str, Any], tmp_path: Path
) -> None:
    path = model_with(tmp_path / "same.json", {})
    told = shadow(installation, path).stdout
    assert told == "4 events decided by model 1 and by 2: 4 the same, 0 flip.\n"


def test_it_is_the_model_in_use_that_is_compared_with(
    installation: Installation, events: dict[str, Any], names_prove_nothing: Path, tmp_path: Path
) -> None:
    shipped = model_with(tmp_path / "shipped.json", {})
    told = shadow(installation, shipped, model_file=str(names_prove_nothing)).stdout
    assert "created -> prompted: 2" in told


def test_nothing_is_written(
    installation: Installation, events: dict[str, Any], names_prove_nothing: Path
) -> None:
    before = everything(installation.runtime.database)
    flips(installation, names_prove_nothing)
    assert everything(installation.runtime.database) == before


def test_a_person_reads_ids_and_figures_and_no_names(
    installation: Installation, events: dict[str, Any], names_prove_nothing: Path
) -> None:
    told = shadow(installation, names_prove_nothing).output
    line = next(each for each in told.splitlines() if each.startswith(events["elsewhere"]["event_id"]))
    assert f"prompted -> created   {events['first']['customer_id']}" in line
    assert "  name -" in line
    assert "4 events decided by model 1 and by 2: 2 the same, 2 flip." in told
    assert "  prompted -> created: 2" in told
    for personal in ("Doe", "Colden", "9165551234", "4155558877"):
        assert personal not in told


def test_a_merged_asker_is_their_survivor(
    installation: Installation, events: dict[str, Any], names_prove_nothing: Path
) -> None:
    """What the second booking brought is John's own by now."""
    assert installation.answer(events["elsewhere"]["prompt"], "yes").status_code == 200
    found, _ = flips(installation, names_prove_nothing)
    flip = found[events["elsewhere"]["event_id"]]
    assert (flip["was"], flip["was_linked_to"]) == ("linked", events["first"]["customer_id"])


def test_an_event_whose_link_was_undone_has_a_customer_of_its_own(
    installation: Installation, events: dict[str, Any], phones_prove_nothing: Path
) -> None:
    assert undo(installation, merges(installation, "link")[0]["id"]).status_code == 200
    found, _ = flips(installation, phones_prove_nothing)
    assert events["bob"]["event_id"] not in found, "a person has said that these are two"


def test_a_known_sender_is_left_out_and_a_new_one_is_called_as_their_profile_says(
    installation: Installation, names_prove_nothing: Path
) -> None:
    installation.book(**JOHN)
    installation.instagram.profiles["7"] = {"name": "John Doe", "username": "somebody77"}
    first = installation.message_resolved("7", "hello")
    assert first["outcome"] == "review"
    installation.message_resolved("7", "hello again")
    found, totals = flips(installation, names_prove_nothing)
    assert (found[first["id"]]["was"], found[first["id"]]["becomes"]) == ("review", "created")
    assert found[first["id"]]["feature"] == "name"
    assert totals["left_out"] == 1
    assert "1 events of known senders were left out" in shadow(installation, names_prove_nothing).stdout


def test_since_and_limit_bound_what_is_decided_anew(
    installation: Installation, events: dict[str, Any], names_prove_nothing: Path
) -> None:
    assert flips(installation, names_prove_nothing, "--limit", "1")[1]["decided"] == 1
    found, totals = flips(installation, names_prove_nothing, "--since", "2026-03-02T12:30:00")
    assert totals["decided"] == 3
    assert found.keys() == {events["elsewhere"]["event_id"]}
    assert flips(installation, names_prove_nothing, "--since", "2026-03-04")[1]["decided"] == 0


@pytest.mark.parametrize("size", [1, 2, 3])
def test_however_few_are_decided_together_each_is_decided_once(
    size: int,
    installation: Installation,
    events: dict[str, Any],
    names_prove_nothing: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = (
        flips(installation, names_prove_nothing),
        run("train", database_url=installation.runtime.database.url),
    )
    monkeypatch.setattr(shadowing, "BATCH", size)
    monkeypatch.setattr(training, "BATCH", size)
    in_parts = (
        flips(installation, names_prove_nothing),
        run("train", database_url=installation.runtime.database.url),
    )
    assert in_parts[0] == whole[0]
    assert in_parts[1].output == whole[1].output


def test_a_file_that_is_no_model_is_a_clear_error(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    url = installation.runtime.database.url
    missing = run("shadow", str(path), database_url=url)
    assert missing.exit_code == 2
    assert "MODEL: must name a file that can be read: No such file" in missing.output
    path.write_text("{}", encoding="utf-8")
    assert "MODEL: must name a model: Object missing" in run("shadow", str(path), database_url=url).output
