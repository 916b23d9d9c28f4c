"""`isthisyou evaluate`: decisions held against the truth, without a database."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from matching.evaluation import LabelledDecision, evaluate
from service.files.labelled_lines import read_decision_line, read_truth_line
from service.files.people import BadLine
from service.files.source import json_lines, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from matching.evaluation import Report, Scores
    from service.files.labelled_lines import Truth
    from service.files.source import Source

    _T = TypeVar("_T")

#: Where nobody looks, nothing is cut off.
_WIDTH_OF_A_PIPE = 200
#: Bad lines that are named: where most are bad, as with the truth of another file, a few show what is wrong.
_MOST_NAMED = 20


@click.command("evaluate")
@click.argument("decisions", metavar="DECISIONS")
@click.argument("truth", metavar="TRUTH")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON, with bins and curve.")
def evaluate_files(decisions: str, truth: str, *, as_json: bool) -> None:
    """Hold DECISIONS, as simulate writes them, against TRUTH: lines of {"event_id","customer_id"|null,"kind"?}.

    Ends with 1 when a line could not be used; the others are evaluated all the same.
    """
    if decisions == truth == "-":
        raise click.BadParameter("only one of the two can be standard input", param_hint="TRUTH")
    stdin = sys.stdin.buffer
    with (
        opened(decisions, stdin, encoding=None, is_json=True) as decided,
        opened(truth, stdin, encoding=None, is_json=True) as told,
    ):
        reading = _Reading()
        truths = reading.truths(told, truth)
        report = evaluate(reading.labelled(decided, decisions, truths))
    if as_json:
        counts = {"undecided": len(truths), "bad_lines": reading.bad_lines}
        click.echo(json.dumps(report.to_dict() | counts, indent=2))
    else:
        _show(report, undecided=len(truths))
    if reading.bad_lines:
        reading.say_the_rest()
        sys.exit(1)


@dataclass
class _Reading:
    """Reads both files; names the first lines that cannot be used, and counts all."""

    bad_lines: int = field(default=0, init=False)

    def truths(self, source: Source, name: str) -> dict[str, Truth]:
        """Who sent each event, by its id."""
        truths: dict[str, Truth] = {}
        for number, each in self._read(source, name, read_truth_line):
            if each.event_id in truths:
                self._complain(name, number, "event_id: the line is not the first of this event")
            else:
                truths[each.event_id] = each
        return truths

    def labelled(self, source: Source, name: str, truths: dict[str, Truth]) -> Iterator[LabelledDecision]:
        """Each decision beside its truth, which is taken out of `truths`: what stays there was never decided."""
        for number, decision in self._read(source, name, read_decision_line):
            truth = truths.pop(decision.event_id, None)
            if truth is None:
                self._complain(
                    name, number, "event_id: the truth has no such event, or it was decided before"
                )
                continue
            yield LabelledDecision(
                kind=truth.kind,
                sender_id=truth.customer_id,
                outcome=decision.outcome,
                linked_id=decision.linked_id,
                candidates=decision.candidates,
            )

    def _read(
        self, source: Source, name: str, read: Callable[[bytes], _T | BadLine]
    ) -> Iterator[tuple[int, _T]]:
        for line in json_lines(source, source.start, 0):
            found = BadLine(reason=line.fault) if line.fault else read(line.raw)
            if isinstance(found, BadLine):
                self._complain(name, line.number, found.reason)
            else:
                yield line.number, found

    def say_the_rest(self) -> None:
        """How many lines were not named."""
        if self.bad_lines > _MOST_NAMED:
            click.echo(f"{self.bad_lines - _MOST_NAMED:,} lines more could not be used", err=True)

    def _complain(self, name: str, number: int, reason: str) -> None:
        self.bad_lines += 1
        if self.bad_lines <= _MOST_NAMED:
            click.echo(f"{name} line {number}: {reason}", err=True)


def _show(report: Report, *, undecided: int) -> None:
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE)
    table = Table("kind", box=None, header_style="bold", row_styles=["", "dim"])
    for head in _HEADS:
        table.add_column(head, justify="right")
    for kind, scores in report.kinds.items():
        table.add_row(kind, *_cells(scores))
    table.add_section()
    table.add_row("all", *_cells(report.overall), style="bold")
    console.print(table)
    for line in _notes(report.overall):
        console.print(line, highlight=False, markup=False)
    if undecided:
        console.print(
            f"{undecided:,} events of the truth have no decision, and count nowhere.", highlight=False
        )


_HEADS = (
    "events",
    "links",
    "wrong",
    "precision",
    "linked",
    "recall",
    "reach",
    "newcomers asked",
    "prompts/1,000",
    "ECE",
    "Brier",
    "log loss",
)


def _cells(scores: Scores) -> tuple[str, ...]:
    calibration = scores.calibration
    return (
        f"{scores.events:,}",
        f"{scores.links:,}",
        f"{scores.links - scores.right_links:,}",
        _percent(scores.link_precision, digits=2),
        _percent(scores.link_share),
        _percent(scores.recall),
        _percent(scores.reach),
        _percent(scores.newcomers_asked_share),
        _number(scores.prompts_per_1000, digits=0),
        _number(calibration.error),
        _number(calibration.brier),
        _number(calibration.log_loss),
    )


def _notes(overall: Scores) -> Iterator[str]:
    """What the columns count, and what is not in them."""
    by_mass = _number(overall.calibration.error_by_mass)
    yield "precision: links that are right. linked: known senders linked rightly. recall: linked rightly, or first candidate."
    yield "reach: linked rightly, or first candidate and asked about. newcomers asked: prompted, or put to review."
    yield f"ECE: of the top probability, 15 bins of equal width; over 15 bins of equal mass it is {by_mass}."


def _percent(share: float | None, *, digits: int = 1) -> str:
    return "-" if share is None else f"{100 * share:.{digits}f} %"


def _number(value: float | None, *, digits: int = 4) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
