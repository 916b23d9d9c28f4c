"""What benchmarks share of made-up people."""

from __future__ import annotations

from importlib.resources import files
from random import Random


def seeded(seed: int) -> Random:
    """Chance that is the same for the same seed."""
    return Random(seed)  # noqa: S311 - made-up people, not secrets


def census(rng: Random, kind: str, count: int) -> list[str]:
    """Names (`given` or `family`), drawn as often as people hold them."""
    table = (files("matching") / "data" / f"{kind}_names.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    return rng.choices([row[0] for row in rows], weights=[sum(map(int, row[1:])) for row in rows], k=count)
