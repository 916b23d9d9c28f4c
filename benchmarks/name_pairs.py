"""Pairs of person names that others labelled: which score tells the same person from another, by the names alone?

Run: .venv/bin/python -m benchmarks.name_pairs PAIRS

PAIRS is a CSV file with the columns `name1`, `name2` and `is_match` (true or false), and perhaps `schema`, of which only the
rows of a Person count: nomenklatura's contrib/name_bench/cases.csv is such a file. Each score's threshold is swept, and its best F1 counts:
of the bits that names bring a candidate in `matching.score`, and of two scores of rapidfuzz over the folded names. Writes a table into
docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from benchmarks.reporting import PAGE, put
from benchmarks.sweeping import swept
from matching import (
    Candidate,
    PersonName,
    Population,
    Provenance,
    Record,
    load_model,
    normalize_name,
    score,
)
from matching.normalize.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Pair = tuple[str, str]

CUSTOMERS = 10_000
UNREADABLE = -100.0
"""Bits of a pair of which one is no name."""


def name_bits(left: str, right: str) -> float:
    """What the name `left` in an event says of a customer called `right`."""
    names = [normalize_name(each, provenance=Provenance.ASSERTED) for each in (left, right)]
    query, candidate = (Record(names=(each,)) if isinstance(each, PersonName) else None for each in names)
    if query is None or candidate is None:
        return UNREADABLE
    population = Population(customers=CUSTOMERS, channel="booking_form")
    scored = score(query, [Candidate(customer_id="1", record=candidate)], population, load_model())
    return scored.candidates[0].explanation.name_bits


SCORES: Mapping[str, Callable[[str, str], float]] = {
    "isthisyou, as shipped": name_bits,
    "Jaro-Winkler": lambda left, right: JaroWinkler.similarity(fold(left), fold(right)),
    "token_sort_ratio": lambda left, right: fuzz.token_sort_ratio(fold(left), fold(right)),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    labelled = dict(_read(parser.parse_args().pairs))
    same = {pair for pair, is_match in labelled.items() if is_match}
    lines = [
        f"{len(labelled)} pairs of person names, of which {len(same)} are one person's; F1 (precision, recall) where F1 is best.",
        "",
        "| score | F1 |",
        "|---|---|",
    ]
    for name, compare in SCORES.items():
        best = swept({pair: compare(*pair) for pair in labelled}, same)
        lines.append(f"| {name} | {best.f1:.3f} ({best.precision:.3f}, {best.recall:.3f}) |")
    print("\n".join(lines))
    put(lines, PAGE, "name_pairs.py")


def _read(path: Path) -> list[tuple[Pair, bool]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            ((row["name1"], row["name2"]), row["is_match"].casefold() == "true")
            for row in csv.DictReader(file)
            if row.get("schema", "Person") == "Person"
        ]


if __name__ == "__main__":
    main()
