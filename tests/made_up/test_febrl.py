"""FEBRL's records as the product's files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.febrl import write_files

if TYPE_CHECKING:
    from pathlib import Path


def record(rec_id: str, given: str, surname: str, number: str) -> dict[str, str]:
    return {"rec_id": rec_id, "given_name": given, "surname": surname, "soc_sec_id": number}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_second_person_is_a_customer_and_every_duplicate_comes_twice(tmp_path: Path) -> None:
    write_files(
        [
            record("rec-10-org", "courtney", "painter", "4066625"),
            record("rec-11-org", "charles", "green", "4365168"),
        ],
        [record("rec-11-dup-0", "charls", "green", ""), record("rec-10-dup-0", "", "painter", "406662")],
        tmp_path,
    )
    assert lines(tmp_path / "customers.jsonl") == [
        {"id": "10", "name": "Courtney Painter", "phone": "+61414066625"}
    ]
    events, truth = lines(tmp_path / "events.jsonl"), lines(tmp_path / "truth.jsonl")
    assert [(each["customer_id"], each["kind"]) for each in truth] == [
        (None, "name"),
        (None, "name_and_number"),
        ("10", "name"),
        ("10", "name_and_number"),
    ]
    assert [each["id"] for each in events] == [each["event_id"] for each in truth]
    assert [each["name"] for each in events] == ["Charls Green", "Charls Green", "Painter", "Painter"]
    assert all("phone" not in each for each in events), "what is no number is left out"
