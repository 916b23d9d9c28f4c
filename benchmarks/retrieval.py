"""Does the bounded retrieval find whom scoring everybody would find? Made-up people, each event decided both ways.

Run: make benchmark-retrieval; or .venv/bin/python -m benchmarks.retrieval [--customers N] [--events M] [--seed S]

An event is scored against every customer of the base; those whom that would link, or ask about, are looked for among the
candidates that block keys lead to, with the caps of the product. Writes a table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from benchmarks.accuracy import HELD_OUT, run
from benchmarks.import_speed import migrated, time_import
from benchmarks.reporting import PAGE, put
from matching import (
    Candidate,
    Costs,
    Population,
    decide,
    load_model,
    score,
    search_keys,
    select_candidates,
    unpack,
    worth_scoring,
)
from service.files.event_lines import FileEvent, read_event_line
from service.store.match_index import read_blocks
from service.store.session import Database
from service.store.tables import MatchRecord
from service.usecases.understand import understand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from matching import Decision, Record
    from service.events import Submission

REGION = "US"


@dataclass(slots=True)
class Found:
    """Of the customers whom scoring everybody links or asks about: how many, and how many are read and scored as well."""

    events: int = 0
    wanted: int = 0
    retrieved: int = 0
    scored: int = 0
    alike: int = 0


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Found]:
    """What was found, by kind of event, and of all."""
    made = {"--customers": options.customers, "--events": options.events, "--seed": options.seed}
    run("fixtures.people", *(str(each) for pair in made.items() for each in pair), "-o", str(folder))
    base = migrated(folder / "base.db")
    time_import(folder / "customers.jsonl", f"sqlite:///{base}")
    truths = map(json.loads, (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines())
    kinds = {truth["event_id"]: truth["kind"] for truth in truths}
    lines = (folder / "events.jsonl").read_bytes().splitlines()
    found = {"all": Found(), **{kind: Found() for kind in sorted(set(kinds.values()))}}
    database = Database(f"sqlite:///{base}")
    with database.reading() as session:
        everybody = {key: unpack(packed) for key, packed in session.execute(select(MatchRecord.customer_id, MatchRecord.packed))}  # fmt: skip
        for event in map(read_event_line, lines):
            if isinstance(event, FileEvent):
                compare(session, event.submission, everybody, [found["all"], found[kinds[event.id]]])
    database.dispose()
    return found


def compare(
    session: Session, submission: Submission, everybody: Mapping[str, Record], tallies: list[Found]
) -> None:
    """Decide one event both ways, and count what the bounded way found of what the other one wants."""
    record = understand(submission, region=REGION).record
    model = load_model()
    retrieval = select_candidates(read_blocks(session, search_keys(record)))
    read = {key: everybody[key] for key in retrieval.customer_ids}
    scored = worth_scoring(record, retrieval, read, model)

    def decided(customers: Mapping[str, Record], missed: Mapping[int, int]) -> Decision:
        channel = submission.channel
        population = Population(
            customers=len(everybody), channel=channel.value, holders=retrieval.holders, missed=missed
        )
        candidates = [Candidate(customer_id=key, record=each) for key, each in customers.items()]
        posterior = score(record, candidates, population, model)
        return decide(posterior, can_ask=channel.can_ask, costs=Costs())

    exhaustive, bounded = decided(everybody, {}), decided(scored, retrieval.missed)
    wanted = customers_of(exhaustive)
    for tally in tallies:
        tally.events += 1
        tally.wanted += len(wanted)
        tally.retrieved += len(wanted & read.keys())
        tally.scored += len(wanted & scored.keys())
        tally.alike += exhaustive.outcome is bounded.outcome and wanted == customers_of(bounded)


def customers_of(decision: Decision) -> set[str]:
    """Whom a decision links or asks about."""
    linked = {decision.customer_id} if decision.customer_id else set()
    return linked | {each.customer_id for each in decision.asked}


def table(found: Mapping[str, Found], made: str) -> Iterator[str]:
    yield f"{made}, each scored against every customer."
    yield ""
    yield "| kind of event | events | linked or asked about by scoring everybody | retrieved | scored | decided alike |"
    yield "|---|---|---|---|---|---|"
    for kind, each in found.items():
        shares = (_share(each.retrieved, each.wanted), _share(each.scored, each.wanted), _share(each.alike, each.events))  # fmt: skip
        yield f"| `{kind}` | {each.events:,} | {each.wanted:,} | {' | '.join(shares)} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}".replace("%", " %") if whole else "-"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=HELD_OUT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(options, Path(folder))
    made = f"{options.customers:,} customers, {options.events:,} events, seed {options.seed}"
    lines = list(table(found, made))
    print("\n".join(lines))
    put(lines, PAGE, "retrieval.py")


if __name__ == "__main__":
    main()
