"""How right decisions are: made-up people and events, decided by `simulate`, held against the truth by `evaluate`.

Run: .venv/bin/python -m benchmarks.accuracy [--customers N] [--events M] [--seed S] [--known-share P]

Writes tables into docs/benchmarks.md and a picture beside it: the reliability diagram and the precision-recall curve.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from benchmarks.reporting import DOCS, PAGE, put, save

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

#: Another seed than anybody looks at by default: nothing was ever adjusted to these people.
HELD_OUT = 20_261
Report = dict[str, Any]


def measure(options: argparse.Namespace, folder: Path) -> Report:
    """Generate, simulate, evaluate: each by its command."""
    made = ("--customers", "--events", "--seed", "--known-share")
    values = (options.customers, options.events, options.seed, options.known_share)
    flags = [text for pair in zip(made, map(str, values), strict=True) for text in pair]
    run("fixtures.people", *flags, "-o", str(folder))
    return decided(folder)


def decided(folder: Path) -> Report:
    """Decide the events of a folder, and hold the decisions against the truth that lies beside them."""
    customers, events, truth = (str(folder / f"{name}.jsonl") for name in ("customers", "events", "truth"))
    decisions = str(folder / "decisions.jsonl")
    run("service.cli", "simulate", customers, events, "-o", decisions)
    report: Report = json.loads(run("service.cli", "evaluate", decisions, truth, "--json"))
    return report


def run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=DOCS.parent, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - our own commands


# --- What is shown ---


def draw(report: Report, path: Path) -> None:
    """Reliability on the left, precision against recall on the right."""
    figure = Figure(figsize=(10, 4.6))
    reliability, curve = figure.subplots(1, 2)
    _draw_reliability(reliability, report["calibration"])
    _draw_curve(curve, report)
    for axes in (reliability, curve):
        axes.grid(alpha=0.3)
        axes.legend(loc="lower left" if axes is curve else "upper left")
    save(figure, path)


def _draw_reliability(axes: Axes, calibration: Report) -> None:
    axes.plot([0, 1], [0, 1], "--", color="grey", linewidth=1, label="as it should be")
    for bins, style, label in (
        ("bins", "o-", f"bins of equal width, ECE {_number(calibration['error'])}"),
        ("bins_by_mass", "s:", f"of equal mass, {_number(calibration['error_by_mass'])}"),
    ):
        seen = calibration[bins]
        axes.plot(
            [each["mean_probability"] for each in seen],
            [each["share_right"] for each in seen],
            style,
            markersize=4,
            label=label,
        )
    for each in calibration["bins"]:
        place = each["mean_probability"], each["share_right"]
        axes.annotate(f"{each['events']:,}", place, xytext=(4, -10), textcoords="offset points", fontsize=7)
    axes.set(
        xlabel="probability of the best candidate",
        ylabel="share that the best candidate sent",
        title="Reliability",
    )


def _draw_curve(axes: Axes, report: Report) -> None:
    points = report["curve"]
    recalls, precisions = ([each[name] for each in points] for name in ("recall", "precision"))
    axes.step(recalls, precisions, where="post", label="by the probability alone")
    if report["link_share"] is not None and report["link_precision"] is not None:
        linked = "what is linked, by thresholds and rules"
        axes.plot(
            report["link_share"], report["link_precision"], "*", color="tab:red", markersize=12, label=linked
        )
    axes.set(
        xlabel="share of known senders who would be linked",
        ylabel="share of links that are right",
        title="Precision and recall",
        ylim=(min([0.9, *precisions]) - 0.01, 1.005),
    )


def tables(report: Report, made: str) -> list[str]:
    """The figures as Markdown, below a line that says what was `made`."""
    return [
        f"{made}; Python {sys.version_info.major}.{sys.version_info.minor}.",
        "",
        "| figure | all events |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in _figures(report)),
        "",
        "| kind of event | events | linked | wrong links | recall | newcomers asked | prompts/1,000 | ECE |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(kind, scores) for kind, scores in report["kinds"].items()),
    ]


def _figures(report: Report) -> Iterator[tuple[str, str]]:
    calibration = report["calibration"]
    wrong = report["links"] - report["right_links"]
    yield (
        "precision of automatic links",
        f"{_percent(report['link_precision'], digits=2)} ({wrong} of {report['links']:,} wrong)",
    )
    yield "known senders linked", _percent(report["link_share"])
    yield "recall: linked, or first candidate", _percent(report["recall"])
    yield "reach: linked, or first candidate and asked about", _percent(report["reach"])
    yield "newcomers asked", _percent(report["newcomers_asked_share"])
    yield "prompts in 1,000 events", _number(report["prompts_per_1000"], digits=0)
    yield "expected calibration error, equal width", _number(calibration["error"])
    yield "expected calibration error, equal mass", _number(calibration["error_by_mass"])
    yield "Brier score", _number(calibration["brier"])
    yield "log loss, nats", _number(calibration["log_loss"])


def _row(kind: str, scores: Report) -> str:
    cells = (
        f"`{kind}`",
        f"{scores['events']:,}",
        _percent(scores["link_share"]),
        f"{scores['links'] - scores['right_links']}",
        _percent(scores["recall"]),
        _percent(scores["newcomers_asked_share"]),
        f"{scores['prompts_per_1000']:.0f}",
        _number(scores["calibration"]["error"]),
    )
    return f"| {' | '.join(cells)} |"


def _percent(share: float | None, *, digits: int = 1) -> str:
    return "-" if share is None else f"{100 * share:.{digits}f} %"


def _number(value: float | None, *, digits: int = 4) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=HELD_OUT)
    parser.add_argument("--known-share", type=float, default=0.6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = measure(options, Path(folder))
    made = f"{options.customers:,} customers, {options.events:,} events, seed {options.seed}"
    lines = tables(report, f"{made}, {options.known_share:.0%} sent by customers")
    print("\n".join(lines))
    draw(report, DOCS / "accuracy.svg")
    picture = ["", "![Reliability diagram and precision-recall curve](accuracy.svg)"]
    put([*lines, *picture], PAGE, "accuracy.py")


if __name__ == "__main__":
    main()
