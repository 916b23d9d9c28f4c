"""isthisyou evaluate: decisions held against the truth, from files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.command import run

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def decision(
    event_id: str, word: str, *candidates: tuple[str, float], linked: str | None = None
) -> dict[str, Any]:
    listed = [{"customer_id": each, "probability": probability} for each, probability in candidates]
    return {
        "event_id": event_id,
        "decision": word,
        "customer_id": linked,
        "candidates": listed,
        "new_probability": 0,
    }


def truth(event_id: str, customer_id: str | None, kind: str = "typo") -> dict[str, Any]:
    return {"event_id": event_id, "customer_id": customer_id, "kind": kind}


DECISIONS = [
    decision("e1", "linked", ("anne", 0.999), linked="anne"),
    decision("e2", "prompted", ("bea", 0.6)),
    decision("e3", "created"),
    decision("e4", "linked", ("anne", 0.99), linked="anne"),
]
TRUTH = [
    truth("e1", "anne"),
    truth("e2", None, "namesake"),
    truth("e3", None, "namesake"),
    truth("e4", "bea"),
]


def evaluated(folder: Path, decisions: list[Any], truths: list[Any], *options: str) -> Result:
    paths = []
    for name, lines in (("decisions.jsonl", decisions), ("truth.jsonl", truths)):
        texts = [each if isinstance(each, str) else json.dumps(each) for each in lines]
        (folder / name).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        paths.append(str(folder / name))
    return run("evaluate", *paths, *options)


def test_a_row_for_each_kind_and_one_for_all(tmp_path: Path) -> None:
    result = evaluated(tmp_path, DECISIONS, TRUTH)
    assert result.exit_code == 0, result.output
    rows = {line.split()[0]: line.split() for line in result.output.splitlines() if line.strip()}
    assert rows["typo"][1:6] == ["2", "2", "1", "50.00", "%"]
    assert rows["namesake"][1:5] == ["2", "0", "0", "-"]
    assert rows["all"][1:4] == ["4", "2", "1"]
    assert "50.0 %" in result.output
    assert "equal width" in result.output


def test_json_has_every_figure(tmp_path: Path) -> None:
    told = json.loads(evaluated(tmp_path, DECISIONS, TRUTH, "--json").output)
    assert told["link_precision"] == 0.5
    assert told["newcomers_asked_share"] == 0.5
    assert told["prompts_per_1000"] == 250
    assert told["kinds"]["typo"]["recall"] == 0.5
    assert told["calibration"]["count"] == 3
    assert (told["undecided"], told["bad_lines"]) == (0, 0)


def test_an_event_without_a_decision_is_told_and_counts_nowhere(tmp_path: Path) -> None:
    result = evaluated(tmp_path, DECISIONS[:1], TRUTH)
    assert result.exit_code == 0
    assert "3 events of the truth have no decision" in result.output


def test_a_kind_may_be_left_out(tmp_path: Path) -> None:
    told = json.loads(
        evaluated(tmp_path, DECISIONS[:1], [{"event_id": "e1", "customer_id": "anne"}], "--json").output
    )
    assert list(told["kinds"]) == ["other"]


def test_bad_lines_are_told_by_file_number_and_field_and_the_rest_is_evaluated(tmp_path: Path) -> None:
    result = evaluated(
        tmp_path,
        [
            DECISIONS[0],
            {**DECISIONS[1], "decision": "perhaps"},
            {**DECISIONS[0], "event_id": "e3", "customer_id": None},
            {**DECISIONS[1], "candidates": "bea"},
            decision("e2", "prompted", ("bea", 1.5)),
            decision("e2", "prompted", ("bea", 0.1), ("anne", 0.2)),
            {**DECISIONS[1], "candidates": ["bea"]},
            decision("e2", "prompted", ("", 0.5)),
            decision("unheard of", "created"),
            DECISIONS[0],
            "{",
        ],
        [*TRUTH, truth("e1", "bea"), {"event_id": "e5"}, {"customer_id": None}, truth("e6", ""), "[]"],
    )
    assert result.exit_code == 1
    decisions, truths = tmp_path / "decisions.jsonl", tmp_path / "truth.jsonl"
    assert result.stderr.splitlines() == [
        f"{truths} line 5: event_id: the line is not the first of this event",
        f"{truths} line 6: customer_id: is missing; null stands for nobody",
        f"{truths} line 7: event_id: must not be empty",
        f"{truths} line 8: customer_id: must not be empty",
        f"{truths} line 9: this is not a JSON object",
        f"{decisions} line 2: decision: must be one of linked, prompted, review, created, ignored",
        f"{decisions} line 3: customer_id: must not be null where the decision is linked",
        f"{decisions} line 4: candidates: must be a list",
        f"{decisions} line 5: candidates.0.probability: must be a number from 0 to 1",
        f"{decisions} line 6: candidates: must be ordered, the most probable first",
        f"{decisions} line 7: candidates.0: must be an object",
        f"{decisions} line 8: candidates.0.customer_id: must not be empty",
        f"{decisions} line 9: event_id: the truth has no such event, or it was decided before",
        f"{decisions} line 10: event_id: the truth has no such event, or it was decided before",
        f"{decisions} line 11: this is not valid JSON",
    ]
    assert "100.00 %" in result.stdout


@pytest.mark.parametrize("probability", [True, "0.5", None, -0.1, float("nan"), 10**400])
def test_a_probability_is_a_number_from_0_to_1(tmp_path: Path, probability: object) -> None:
    line = {**DECISIONS[1], "candidates": [{"customer_id": "bea", "probability": probability}]}
    result = evaluated(tmp_path, [line], TRUTH)
    assert result.exit_code == 1
    assert "probability: must be a number" in result.stderr or "not valid JSON" in result.stderr


def test_standard_input_can_be_one_of_the_two(tmp_path: Path) -> None:
    evaluated(tmp_path, DECISIONS, TRUTH)
    text = (tmp_path / "decisions.jsonl").read_text(encoding="utf-8")
    result = run("evaluate", "-", str(tmp_path / "truth.jsonl"), "--json", stdin=text)
    assert json.loads(result.output)["events"] == 4
    assert run("evaluate", "-", "-").exit_code == 2


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    result = run("evaluate", str(tmp_path / "none"), str(tmp_path / "none"))
    assert result.exit_code == 1
    assert f"{tmp_path / 'none'} cannot be read: No such file or directory." in result.output
    evaluated(tmp_path, DECISIONS, TRUTH)
    result = run("evaluate", str(tmp_path / "decisions.jsonl"), str(tmp_path / "nothing"))
    assert f"{tmp_path / 'nothing'} cannot be read" in result.output


def test_only_the_first_of_many_bad_lines_are_named(tmp_path: Path) -> None:
    decisions = [decision(f"e{number}", "created") for number in range(100)]
    result = evaluated(tmp_path, decisions, [truth("e0", None)])
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-2:] == [
        f"{tmp_path / 'decisions.jsonl'} line 21: event_id: the truth has no such event, or it was decided before",
        "79 lines more could not be used",
    ]
