"""What the accuracy benchmark writes of a report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.accuracy import draw, tables
from benchmarks.reporting import put
from matching import Outcome
from matching.evaluation import LabelledDecision, evaluate

if TYPE_CHECKING:
    from pathlib import Path

MADE = "1,000 customers, 3 events"
LINKED = LabelledDecision(
    kind="same_value",
    sender_id="anne",
    outcome=Outcome.LINKED,
    linked_id="anne",
    candidates=[("anne", 0.999)],
)
ASKED = LabelledDecision(
    kind="namesake", sender_id=None, outcome=Outcome.PROMPTED, linked_id=None, candidates=[("anne", 0.5)]
)


def reported(*decisions: LabelledDecision) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(json.dumps(evaluate(decisions).to_dict()))
    return report


def test_tables_have_the_figures_of_all_and_of_each_kind() -> None:
    lines = tables(reported(LINKED, ASKED), MADE)
    assert lines[0].startswith(f"{MADE}; Python 3.")
    assert "| precision of automatic links | 100.00 % (0 of 1 wrong) |" in lines
    assert "| `namesake` | 1 | - | 0 | - | 100.0 % | 1000 | 0.5000 |" in lines
    assert "| `same_value` | 1 | 100.0 % | 0 | 100.0 % | - | 0 | 0.0010 |" in lines


@pytest.mark.parametrize("decisions", [(LINKED, ASKED), (ASKED,), ()])
def test_every_report_can_be_drawn_and_told(decisions: tuple[LabelledDecision, ...], tmp_path: Path) -> None:
    report = reported(*decisions)
    draw(report, tmp_path / "picture.svg")
    assert b"<svg" in (tmp_path / "picture.svg").read_bytes()
    assert tables(report, MADE)


def test_what_stands_between_the_marks_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "before\n<!-- accuracy.py: begin -->\nold\n<!-- accuracy.py: end -->\nafter\n", encoding="utf-8"
    )
    put(["new"], page, "accuracy.py")
    once = page.read_text(encoding="utf-8")
    put(["new"], page, "accuracy.py")
    assert page.read_text(encoding="utf-8") == once
    assert once.startswith("before\n")
    assert once.endswith("\nafter\n")
    assert "new" in once
    assert "old" not in once
