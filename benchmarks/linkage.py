"""Linkage sets of others, linked by the product and by Splink: who finds more of the pairs, and fewer that are none?

Run: make benchmark-linkage; or PYTHONPATH=build/splink .venv/bin/python -m benchmarks.linkage FOLDER, where FEBRL's files are.

Both see the same columns. The product decides each event of one file against the customers of the other (`isthisyou simulate`), with
the model as shipped; Splink is trained on each set. Both are swept over their probability, and the best F1 over pairs counts. Of
Splink that of its best set-up: names compared in either way of its documentation, all pairs or the best one of each event.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.accuracy import HELD_OUT, run
from benchmarks.linkage_sets import DIFFICULTIES, febrl, made_by_dupehell
from benchmarks.reporting import PAGE, put
from benchmarks.splink_model import NAME_COMPARISONS, linked
from benchmarks.sweeping import swept

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from benchmarks.linkage_sets import LinkageSet, Person
    from benchmarks.sweeping import Sweep

SIZE = 5_000
PHONE, PHONE_AND_EMAIL = ("phone",), ("phone", "email")

if TYPE_CHECKING:
    Pair = tuple[str, str]
    """Ids of an event and of a customer."""


def best_of_each_event(scores: Mapping[Pair, float]) -> dict[Pair, float]:
    best: dict[str, Pair] = {}
    for pair in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        best.setdefault(pair[0], pair)
    return {pair: scores[pair] for pair in best.values()}


def by_product(linkage_set: LinkageSet, columns: Collection[str], folder: Path) -> dict[Pair, float]:
    """The probabilities of the candidates that `simulate` tells of each event."""
    channel = {"channel": "booking_form"}
    for name, people, more in (
        ("customers", linkage_set.customers, {}),
        ("events", linkage_set.events, channel),
    ):
        lines = (json.dumps(line(person, columns) | more) + "\n" for person in people)
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    customers, events, decisions = (folder / f"{name}.jsonl" for name in ("customers", "events", "decisions"))
    run("service.cli", "simulate", str(customers), str(events), "-o", str(decisions))
    return {
        (decided["event_id"], each["customer_id"]): each["probability"]
        for decided in map(json.loads, decisions.read_text(encoding="utf-8").splitlines())
        for each in decided["candidates"]
    }


def line(person: Person, columns: Collection[str]) -> dict[str, str]:
    values = {
        "name": f"{person.given} {person.family}".strip(),
        "phone": person.phone,
        "email": person.email if "email" in columns else "",
    }
    return {"id": person.id, **{name: value for name, value in values.items() if value}}


def sets(folder: Path, seed: int) -> Iterator[tuple[LinkageSet, tuple[str, ...]]]:
    """Each set with the columns, beside names, that are compared."""
    for difficulty in DIFFICULTIES:
        made = made_by_dupehell(difficulty, size=SIZE, seed=seed)
        yield made, PHONE
        yield made, PHONE_AND_EMAIL
    yield from ((published, PHONE) for published in febrl(folder))


def compared(linkage_set: LinkageSet, columns: tuple[str, ...]) -> str:
    """The row of a set."""
    truth = linkage_set.pairs
    with tempfile.TemporaryDirectory() as folder:
        scores = by_product(linkage_set, columns, Path(folder))
    ours = best_sweep([scores], truth)
    theirs = best_sweep((linked(linkage_set, names, columns=columns) for names in NAME_COMPARISONS), truth)
    cells = (
        linkage_set.name,
        f"names, {', '.join(columns)}",
        f"{len(linkage_set.customers):,}",
        f"{len(linkage_set.events):,}",
        f"{len(truth):,}",
        *map(_cell, (ours, theirs)),
    )
    return f"| {' | '.join(cells)} |"


def best_sweep(ways: Iterable[Mapping[Pair, float]], truth: Collection[Pair]) -> Sweep:
    return max(swept(each, truth) for scores in ways for each in (scores, best_of_each_event(scores)))


def _cell(sweep: Sweep) -> str:
    return f"{sweep.f1:.4f} ({sweep.precision:.3f}, {sweep.recall:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=HELD_OUT)
    options = parser.parse_args()
    lines = [
        f"DupeHell's of seed {options.seed}, {SIZE:,} rows before duplicates of others; F1 (precision, recall) where F1 is best.",
        "",
        "| set | columns | customers | events | pairs | isthisyou, as shipped | Splink, trained on the set |",
        "|---|---|---|---|---|---|---|",
    ]
    for linkage_set, columns in sets(options.folder, options.seed):
        lines.append(compared(linkage_set, columns))
        print(lines[-1], file=sys.stderr, flush=True)
    print("\n".join(lines))
    put(lines, PAGE, "linkage.py")


if __name__ == "__main__":
    main()
