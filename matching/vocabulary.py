"""Word lists and tables in `matching/data`. The lists of `vocabulary.toml`, each explained there, are read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def vocabulary(name: str) -> frozenset[str]:
    """One list of folded words, by its name in the file."""
    return frozenset(word for line in _lists()[name] for word in line.split())


@cache
def _lists() -> dict[str, list[str]]:
    table = files("matching") / "data" / "vocabulary.toml"
    return tomllib.loads(table.read_text(encoding="utf-8"))


def table_lines(file_name: str) -> list[str]:
    """The lines of a table in `data/` that are no comments."""
    text = (files("matching") / "data" / file_name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]
