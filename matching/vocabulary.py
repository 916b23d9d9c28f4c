"""Word lists that normalizing and extraction go by, read once from `vocabulary.toml`; each is explained there."""

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
