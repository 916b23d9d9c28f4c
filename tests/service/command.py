"""The `isthisyou` command for tests: in this process, or what starts it in one of its own where that is what is tested."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import structlog
from click.testing import CliRunner

from service.cli import main

if TYPE_CHECKING:
    from click.testing import Result

COMMAND = [sys.executable, "-m", "service.cli"]


def run(*arguments: str, stdin: str | bytes | None = None, **variables: str) -> Result:
    """Run the command with these settings and no others; importing it anew would take a second each time."""
    unset = dict.fromkeys(_settings())
    try:
        return CliRunner(env={**unset, **_named(variables)}).invoke(main, arguments, input=stdin)
    finally:
        # It logs to a standard error that is now gone.
        structlog.reset_defaults()


def environment(**variables: str) -> dict[str, str]:
    """The environment of a process that is to have these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if name not in _settings()}  # noqa: TID251
    return {**kept, **_named(variables)}


def _settings() -> set[str]:
    return {name for name in os.environ if name.startswith("ISTHISYOU_")}  # noqa: TID251


def _named(variables: dict[str, str]) -> dict[str, str]:
    return {f"ISTHISYOU_{name.upper()}": value for name, value in variables.items()}
