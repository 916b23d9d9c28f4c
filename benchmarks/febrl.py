"""An outside set: FEBRL's 5,000 made-up Australians, each with a spoilt duplicate, whom we neither drew nor spoilt.

Run: make benchmark-febrl; or .venv/bin/python -m benchmarks.febrl FOLDER, where dataset4a.csv and dataset4b.csv are.

Every second person is a customer; the duplicates of all are events, so that half of them are newcomers. FEBRL has no phones:
the social security number, which is spoilt as the names are, stands for one. Of the rest of a record (address, date of birth)
the product knows nothing. Source: Christen, "Febrl: an open source data cleaning, deduplication and record linkage system" (2008).
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.accuracy import decided, tables
from benchmarks.reporting import PAGE, put

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Row = dict[str, str]
_DIGITS = 7


def write_files(originals: Iterable[Row], duplicates: Iterable[Row], folder: Path) -> None:
    """Write customers, events and truth: each duplicate once with its name alone, and once with the number too."""
    customers = [_customer(row) for row in originals if _is_customer(row)]
    events = [event for row in duplicates for event in _events(row)]
    for name, lines in (
        ("customers", customers),
        ("events", [event for event, _ in events]),
        ("truth", [truth for _, truth in events]),
    ):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


def _customer(row: Row) -> dict[str, object]:
    return {"id": _person(row), "name": _name(row), **_phone(row)}


def _events(row: Row) -> Iterator[tuple[dict[str, str], dict[str, str | None]]]:
    sender = _person(row) if _is_customer(row) else None
    told = {"name": {"name": _name(row)}, "name_and_number": {"name": _name(row), **_phone(row)}}
    for kind, fields in told.items():
        event_id = f"{row['rec_id']}-{kind}"
        yield (
            {"id": event_id, "channel": "booking_form", **fields},
            {"event_id": event_id, "customer_id": sender, "kind": kind},
        )


def _person(row: Row) -> str:
    """`1070` of `rec-1070-org` and `rec-1070-dup-0`."""
    return row["rec_id"].split("-")[1]


def _is_customer(row: Row) -> bool:
    return int(_person(row)) % 2 == 0


def _name(row: Row) -> str:
    return f"{row['given_name']} {row['surname']}".strip().title()


def _phone(row: Row) -> dict[str, str]:
    """The number as an Australian mobile's; none where it is spoilt beyond that."""
    digits = row["soc_sec_id"]
    return {"phone": f"+6141{digits}"} if re.fullmatch(rf"\d{{{_DIGITS}}}", digits) else {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    source = parser.parse_args().folder
    with (
        tempfile.TemporaryDirectory() as folder,
        (source / "dataset4a.csv").open(encoding="utf-8", newline="") as originals,
        (source / "dataset4b.csv").open(encoding="utf-8", newline="") as duplicates,
    ):
        read = (csv.DictReader(file, skipinitialspace=True) for file in (originals, duplicates))
        write_files(*read, folder=Path(folder))
        report = decided(Path(folder))
    lines = tables(report, "FEBRL's data set 4: 2,500 of its 5,000 people are customers")
    print("\n".join(lines))
    put(lines, PAGE, "febrl.py")


if __name__ == "__main__":
    main()
