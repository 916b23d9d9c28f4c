"""How many who want to hear no more are heard, and how many others are stopped: of sentences that somebody else wrote.

    .venv/bin/python -m benchmarks.wording OPT_OUTS HARMLESS

Each file has a sentence a line, or a JSON object with its `text`. A doubtful message stops marketing: it counts as
honoured among the opt-outs, and as revoked among the harmless.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from service.usecases.wording import Wording, read_wording

STOPPING = {Wording.STOP, Wording.CANCEL, Wording.UNCLEAR, Wording.WRONG_NUMBER}


def main(opt_outs: str, harmless: str) -> None:
    print("| sentences | of | stopped | in doubt |\n|---|---|---|---|")
    missed = [each for each, wording in measured("opt-outs", opt_outs) if wording not in STOPPING]
    revoked = [each for each, wording in measured("harmless", harmless) if wording in STOPPING]
    for heading, sentences in (("Not heard", missed), ("Stopped", revoked)):
        print(f"\n{heading}:", *map(repr, sentences), sep="\n  ")


def measured(name: str, path: str) -> list[tuple[str, Wording | None]]:
    """The sentences of a file with what each is read as; prints their line of the table."""
    read = [(each, read_wording(each)) for each in sentences_of(Path(path))]
    stopped = sum(wording in STOPPING for _, wording in read)
    doubtful = sum(wording is Wording.UNCLEAR for _, wording in read)
    print(f"| {name} | {len(read)} | {stopped / len(read):.1%} | {doubtful / len(read):.1%} |")
    return read


def sentences_of(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] if path.suffix == ".jsonl" else line for line in lines if line.strip()]


if __name__ == "__main__":
    main(*sys.argv[1:])
