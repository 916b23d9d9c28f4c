"""isthisyou train: a model from the installation's own decisions and answers; and the setting that puts it to use."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from matching import load_model
from matching.model import Field, dump_model, parse_model
from service.config import Settings, SettingsError
from service.store.tables import Decision
from tests.service.command import run
from tests.service.review_desk import decide, merges, proposals, undo

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from matching import Model
    from matching.model import Level
    from tests.service.installation import Installation

MODEL = load_model()
GIVEN = ("Ana", "Bertha", "Clement", "Dorothy", "Ernest", "Felicia", "Gilbert", "Harriet", "Irving", "Joyce")
FAMILY = (
    "Ashburn",
    "Birkcombe",
    "Colden",
    "Dunfield",
    "Elpgate",
    "Fairhurst",
    "Hadmere",
    "Jesridge",
    "Kelstead",
)
JOHN = {"name": "John Doe", "phone": "(916) 555-1234", "email": "john@gmail.com"}


def train(installation: Installation, *arguments: str, status: int = 0, **variables: str) -> Result:
    result = run("train", *arguments, database_url=installation.runtime.database.url, **variables)
    assert result.exit_code == status, result.output
    return result


def trained(installation: Installation, path: Path, *arguments: str) -> tuple[Model, str]:
    result = train(installation, "-o", str(path), *arguments)
    return parse_model(path.read_bytes()), result.output


def level(model: Model, feature: Field, name: str) -> Level:
    levels = next(each.levels for each in model.comparisons if each.feature is feature)
    return next(each for each in levels if each.level == name)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.json"


def answered(installation: Installation, word: str, number: int = 0) -> Any:
    """John books, and books again with another phone; asked whether that is him, he says `word`."""
    name = f"John {FAMILY[number]}"
    installation.book(name=name, phone=f"(916) 555-11{number:02}")
    asked = installation.book(name=name, phone=f"(415) 555-88{number:02}")
    assert asked["outcome"] == "prompted"
    response = installation.answer(asked["prompt"], word)
    assert response.status_code == 200, response.text
    return asked


def test_those_who_said_yes_with_another_phone_make_another_phone_less_telling(
    installation: Installation, path: Path
) -> None:
    for number in range(3):
        answered(installation, "yes", number)
    model, told = trained(installation, path)
    assert "6 events and 3 answers" in told
    assert level(model, Field.PHONE, "different").m > level(MODEL, Field.PHONE, "different").m
    assert level(model, Field.PHONE, "exact").m < level(MODEL, Field.PHONE, "exact").m
    assert level(model, Field.NAME, "exact").m > level(MODEL, Field.NAME, "exact").m
    assert any(
        line.split()[:3] == ["m", "phone:", "different"] and line.endswith("3.0 of 3.0 pairs")
        for line in told.splitlines()
    )


def test_those_who_said_no_teach_nothing_of_one_person(installation: Installation, path: Path) -> None:
    answered(installation, "no")
    model, told = trained(installation, path)
    assert "2 events and 1 answers" in told
    assert level(model, Field.PHONE, "different").m == pytest.approx(level(MODEL, Field.PHONE, "different").m)


def test_an_operators_merge_counts_as_a_yes(installation: Installation, path: Path) -> None:
    installation.book(**JOHN)
    installation.book(name="John Doe", phone="(916) 555-9999")
    assert decide(installation, proposals(installation)[0], "merge").status_code == 200
    model, told = trained(installation, path)
    assert "1 answers" in told
    assert level(model, Field.PHONE, "different").m > level(MODEL, Field.PHONE, "different").m


def test_links_raise_the_share_of_known_senders_and_of_values_that_are_kept(
    installation: Installation, path: Path
) -> None:
    installation.book(**JOHN)
    for _ in range(25):
        assert installation.book(**JOHN)["outcome"] == "linked"
    model, told = trained(installation, path)
    assert model.prior_of("booking_form").known_share > MODEL.prior_of("booking_form").known_share
    assert model.prior_of("sms") == MODEL.prior_of("sms")
    assert level(model, Field.EMAIL, "exact").m > level(MODEL, Field.EMAIL, "exact").m
    assert "known_share" in told
    assert "Too little data: booking_form: 26 events are few" in told


def test_newcomers_lower_the_share_of_known_senders(installation: Installation, path: Path) -> None:
    for number in range(25):
        name = f"{GIVEN[number % 10]} {FAMILY[number % 9]}"
        installation.book(name=name, phone=f"(916) 555-{number * 1237 % 10_000:04}")
    model, _ = trained(installation, path)
    assert model.prior_of("booking_form").known_share < MODEL.prior_of("booking_form").known_share


def test_a_link_that_was_undone_teaches_nothing_of_one_person(installation: Installation, path: Path) -> None:
    installation.book(**JOHN)
    installation.book(**JOHN)
    before, _ = trained(installation, path)
    assert undo(installation, merges(installation, "link")[0]["id"]).status_code == 200
    after, told = trained(installation, path, "--force")
    assert "1 answers" in told
    assert level(before, Field.PHONE, "exact").m > level(after, Field.PHONE, "exact").m
    assert level(after, Field.PHONE, "exact").m == pytest.approx(level(MODEL, Field.PHONE, "exact").m)


def test_what_a_known_sender_brought_counts_once_somebody_has_answered(
    installation: Installation, path: Path
) -> None:
    installation.book(**JOHN)
    installation.instagram.profiles["7"] = {"name": None, "username": "somebody77"}
    installation.message_resolved("7", "hello")
    installation.message_resolved("7", "my number is (916) 555-1234")
    assert decide(installation, proposals(installation)[0], "merge").status_code == 200
    _, told = trained(installation, path)
    assert "2 events and 1 answers" in told, "the second message was Rule 0's, its proposal a pair of its own"


def test_events_of_every_channel_teach_of_their_own(installation: Installation, path: Path) -> None:
    installation.instagram.profiles["7"] = {"name": "Ann Lee", "username": "ann.lee"}
    installation.message_resolved("7", "hello")
    installation.text("+19165550177", "hello")
    installation.drain()
    _, told = trained(installation, path)
    assert "instagram: 1 events are few" in told
    assert "sms: 1 events are few" in told


def test_only_the_newest_events_count(installation: Installation, path: Path) -> None:
    answered(installation, "yes", 0)
    installation.clock.advance(days=1)
    installation.book(name="Mary Roe", phone="(916) 555-7777")
    _, told = trained(installation, path, "--events", "1")
    assert "1 events and 0 answers" in told


def test_decisions_of_another_model_tell_of_levels_alone(installation: Installation, path: Path) -> None:
    answered(installation, "yes")
    with installation.runtime.database.transaction() as session:
        for row in session.scalars(select(Decision)):
            row.explanation = {**row.explanation, "model_version": "0"}
    model, told = trained(installation, path)
    assert "2 events were decided by another model than 1" in told
    assert model.priors == MODEL.priors
    assert level(model, Field.PHONE, "different").m > level(MODEL, Field.PHONE, "different").m


def test_what_changes_nothing_is_said_to(installation: Installation) -> None:
    installation.book(**JOHN)
    with installation.runtime.database.transaction() as session:
        row = session.scalars(select(Decision)).one()
        row.explanation = {**row.explanation, "model_version": "0"}
    assert "Nothing changes." in train(installation).output


def test_without_a_file_it_only_shows(installation: Installation, tmp_path: Path) -> None:
    answered(installation, "yes")
    told = train(installation).output
    assert "before" in told
    assert " is in " not in told


def test_a_file_is_written_over_only_when_forced(installation: Installation, path: Path) -> None:
    answered(installation, "yes")
    path.write_text("mine", encoding="utf-8")
    refused = train(installation, "-o", str(path), status=2)
    assert "--force" in refused.output
    assert path.read_text(encoding="utf-8") == "mine"
    assert trained(installation, path, "--force")[0].version.startswith("1+trained-")
    assert [each.name for each in path.parent.glob("model.json*")] == ["model.json"]


def test_a_file_that_cannot_be_written_is_a_clear_error(installation: Installation, tmp_path: Path) -> None:
    answered(installation, "yes")
    result = train(installation, "-o", str(tmp_path / "nowhere" / "model.json"), status=1)
    assert "cannot be written: No such file or directory" in result.output


def test_an_installation_without_events_has_nothing_to_learn_from(
    installation: Installation, path: Path
) -> None:
    result = train(installation, "-o", str(path), status=1)
    assert "There is nothing to learn from" in result.output
    assert not path.exists()


# ---------------------------------------------------------------- putting it to use


def test_a_trained_model_decides_and_is_named_in_every_decision(
    installation: Installation, path: Path
) -> None:
    answered(installation, "yes")
    model, _ = trained(installation, path)
    settings = Settings.from_variables({"ISTHISYOU_MODEL_FILE": str(path)})
    assert settings.model == model
    started = type(installation).start(
        installation.runtime.database.url, installation.instagram, model_file=settings.model_file
    )
    event_id = started.book(**JOHN)["event_id"]
    assert started.get(f"/api/v1/events/{event_id}")["decision"]["model_version"] == model.version
    started.close()


def test_training_goes_on_from_the_model_in_use(installation: Installation, path: Path) -> None:
    answered(installation, "yes")
    path.write_bytes(dump_model(replace(MODEL, version="mine+trained-before")))
    told = train(installation, "-o", str(path), "--force", model_file=str(path)).output
    assert parse_model(path.read_bytes()).version.startswith("mine+trained-2")
    assert "2 events were decided by another model than mine+trained-before" in told


def test_without_a_file_the_shipped_model_is_used() -> None:
    assert Settings.from_variables({}).model is MODEL


def test_a_model_that_cannot_be_used_is_refused_at_the_start(tmp_path: Path) -> None:
    figures = json.loads(dump_model(MODEL))
    figures["comparisons"][0]["levels"][0]["m"] = 1.5
    cases = {
        "missing": (None, "must name a file that can be read: No such file"),
        "text": (b"not json", "must name a model: JSON is malformed"),
        "partial": (b'{"version": "2"}', "must name a model: Object missing required field"),
        "impossible": (json.dumps(figures).encode(), "m, u and kin of 'exact' must be probabilities"),
        "nameless": (dump_model(replace(MODEL, version="")), "a version of 1 to 64 characters"),
        "long": (dump_model(replace(MODEL, version="1" * 65)), "a version of 1 to 64 characters"),
        "disguised": (dump_model(replace(MODEL, recall=0.5)), "'1' is the shipped one"),
    }
    for name, (text, complaint) in cases.items():
        path = tmp_path / name
        if text is not None:
            path.write_bytes(text)
        with pytest.raises(SettingsError, match="ISTHISYOU_MODEL_FILE must name") as caught:
            Settings.from_variables({"ISTHISYOU_MODEL_FILE": str(path)})
        assert complaint in str(caught.value), name
