"""One decision as a picture: from the prior over what each piece of evidence brings to the probability.

Run: .venv/bin/python -m benchmarks.waterfall

A customer books again under a short form of the name, with another phone and the address that is on file. Writes docs/waterfall.svg,
and what it shows into docs/benchmarks.md.
"""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.figure import Figure

from benchmarks.made_up import person
from benchmarks.reporting import DOCS, PAGE, put, save
from matching import Candidate, Population, load_model, score

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matching import ScoredCandidate

CUSTOMERS = 10_000


class Step(NamedTuple):
    """What moves the log-odds of "this customer wrote", and by how many bits."""

    label: str
    bits: float


def decided() -> ScoredCandidate:
    customer = person("Jonathan Doe", "(916) 555-1234", "john.doe.chef@gmail.com")
    query = person("Jon Doe", "916-555-9999", "john.doe.chef@gmail.com")
    population = Population(customers=CUSTOMERS, channel="booking_form", holders={}, missed={})
    candidates = [Candidate(customer_id="john", record=customer)]
    return score(query, candidates, population, load_model()).candidates[0]


def steps(candidate: ScoredCandidate) -> Iterator[Step]:
    explanation = candidate.explanation
    yield Step(f"prior: one of {CUSTOMERS:,}", explanation.prior_bits)
    for feature in explanation.features:
        yield Step(f"{feature.feature}: {feature.label}", feature.bits)
        if feature.tf_bits:
            yield Step(f"{feature.feature}: how rare it is", feature.tf_bits)
    if explanation.lent_bits:
        yield Step("lent by a relative", explanation.lent_bits)
    yield Step("against everybody else", explanation.competition_bits)


def draw(shown: list[Step], probability: float, path: Path) -> None:
    ends = list(accumulate(step.bits for step in shown))
    figure = Figure(figsize=(9, 0.5 * len(shown) + 1.6))
    axes = figure.subplots()
    for place, (step, end) in enumerate(zip(shown, ends, strict=True)):
        colour = "tab:blue" if step.bits > 0 else "tab:red"
        axes.barh(place, step.bits, left=end - step.bits, color=colour)
        axes.annotate(f"{step.bits:+.1f}", (max(end, end - step.bits), place), xytext=(4, -3), textcoords="offset points", fontsize=8)  # fmt: skip
    axes.barh(len(shown), ends[-1], color="tab:grey")
    axes.annotate(f"{ends[-1]:+.1f} bits: {probability:.1%}", (max(ends[-1], 0), len(shown)), xytext=(4, -3), textcoords="offset points", fontsize=8)  # fmt: skip
    axes.set_yticks(range(len(shown) + 1), [*(step.label for step in shown), "posterior"])
    axes.invert_yaxis()
    axes.axvline(0, color="black", linewidth=0.8)
    axes.use_sticky_edges = False
    axes.margins(x=0.12)
    axes.set(xlabel="bits (log2 odds)")
    axes.grid(axis="x", alpha=0.3)
    save(figure, path)


def main() -> None:
    candidate = decided()
    shown = list(steps(candidate))
    odds = math.fsum(step.bits for step in shown)
    draw(shown, candidate.probability, DOCS / "waterfall.svg")
    told = f"Jon Doe, 916-555-9999, john.doe.chef@gmail.com, beside Jonathan Doe, (916) 555-1234, john.doe.chef@gmail.com, in a base of {CUSTOMERS:,}: {odds:+.1f} bits, {candidate.probability:.1%}."
    put(
        [told, "", "![A waterfall of bits from the prior to the posterior](waterfall.svg)"],
        PAGE,
        "waterfall.py",
    )


if __name__ == "__main__":
    main()
