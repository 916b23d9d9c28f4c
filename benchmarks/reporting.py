"""Where benchmarks tell: figures between the marks of a script in docs/benchmarks.md, and pictures beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "benchmarks.md"


def put(lines: Iterable[str], path: Path, mark: str) -> None:
    """Put lines between the marks of a script in a Markdown file."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, _, rest = path.read_text(encoding="utf-8").partition(begin)
    path.write_text(before + "\n".join([begin, *lines, end]) + rest.partition(end)[2], encoding="utf-8")


def save(figure: Figure, path: Path) -> None:
    """Write a picture: the same one from the same figures, so that it changes only with them."""
    figure.tight_layout()
    with mpl.rc_context({"svg.hashsalt": "isthisyou"}):
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
