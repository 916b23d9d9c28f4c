"""Decisions and truth as JSON lines: what `simulate` writes, and `{"event_id","customer_id"|null,"kind"?}`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matching import Outcome
from service.files.json_lines import WrongFieldError, object_in, text_of
from service.files.people import BadLine

#: What an event without a kind counts as.
NO_KIND = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Who sent an event; `customer_id` is None for somebody new."""

    event_id: str
    customer_id: str | None
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDecision:
    """What was decided of an event, as a line tells it; candidates are best first, `linked_id` is there where it was linked."""

    event_id: str
    outcome: Outcome
    linked_id: str | None
    candidates: tuple[tuple[str, float], ...]


def read_truth_line(raw: bytes) -> Truth | BadLine:
    """What a line says, or what is wrong with it."""
    line = object_in(raw)
    if isinstance(line, BadLine):
        return line
    try:
        return Truth(
            event_id=_needed(line, "event_id"),
            customer_id=_customer_in(line),
            kind=text_of(line, "kind") or NO_KIND,
        )
    except WrongFieldError as wrong:
        return BadLine(reason=str(wrong))


def read_decision_line(raw: bytes) -> WrittenDecision | BadLine:
    """What a line says, or what is wrong with it."""
    line = object_in(raw)
    if isinstance(line, BadLine):
        return line
    try:
        return _decision(line)
    except WrongFieldError as wrong:
        return BadLine(reason=str(wrong))


def _decision(line: dict[str, Any]) -> WrittenDecision:
    outcome = text_of(line, "decision")
    if outcome not in set(Outcome):
        raise WrongFieldError(f"decision: must be one of {', '.join(Outcome)}")
    linked_id = _customer_in(line) if outcome == Outcome.LINKED else None
    if outcome == Outcome.LINKED and linked_id is None:
        raise WrongFieldError("customer_id: must not be null where the decision is linked")
    listed = line.get("candidates")
    if not isinstance(listed, list):
        raise WrongFieldError("candidates: must be a list")
    candidates = tuple(_candidate(each, f"candidates.{place}") for place, each in enumerate(listed))
    if any(one[1] < other[1] for one, other in pairwise(candidates)):
        raise WrongFieldError("candidates: must be ordered, the most probable first")
    return WrittenDecision(
        event_id=_needed(line, "event_id"),
        outcome=Outcome(outcome),
        linked_id=linked_id,
        candidates=candidates,
    )


def _candidate(listed: object, field: str) -> tuple[str, float]:
    if not isinstance(listed, dict):
        raise WrongFieldError(f"{field}: must be an object")
    probability = listed.get("probability")
    if isinstance(probability, bool) or not isinstance(probability, int | float) or not 0 <= probability <= 1:
        raise WrongFieldError(f"{field}.probability: must be a number from 0 to 1")
    return _needed(listed, "customer_id", field), float(probability)


def _customer_in(line: dict[str, Any]) -> str | None:
    """The customer's id; null is somebody new, but it must be said."""
    if "customer_id" not in line:
        raise WrongFieldError("customer_id: is missing; null stands for nobody")
    return None if line["customer_id"] is None else _needed(line, "customer_id")


def _needed(fields: dict[str, Any], name: str, within: str = "") -> str:
    value = text_of(fields, name, within)
    if not value:
        raise WrongFieldError(f"{within}.{name}: must not be empty".lstrip("."))
    return value
