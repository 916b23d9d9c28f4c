"""Lines of events against a base that stays as it is: what would be decided of each, and what it tells of the known share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from matching.prior_estimation import sighting_of
from service.files.event_lines import FileEvent, read_event_line
from service.store.imports import external_ids_of
from service.usecases.foresee import foresee

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from matching import Decision, Posterior, ScoredCandidate
    from matching.prior_estimation import Sighting
    from service.files.people import BadLine
    from service.usecases.identify import Identifier

#: Candidates that are told of each event.
MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """An event and what would be decided of it."""

    event: FileEvent
    decision: Decision


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A line of the decisions, with the event and the outcome that it tells."""

    event_id: str
    outcome: str
    line: bytes


def foresee_lines(
    session: Session, lines: Sequence[bytes], *, identifier: Identifier, region: str
) -> Iterator[Foreseen | BadLine]:
    """What would be decided of the event in each line, each by itself."""
    for line in lines:
        event = read_event_line(line)
        if isinstance(event, FileEvent):
            decision = foresee(session, event.submission, identifier=identifier, region=region)
            yield Foreseen(event=event, decision=decision)
        else:
            yield event


def decision_lines(
    session: Session, lines: Sequence[bytes], *, identifier: Identifier, region: str
) -> list[DecisionLine | str]:
    """The line of each decision, with the customers' ids as their file has them; or what is wrong with the event's.

    `new_probability` is that of none of the customers; `related_probability` is the part of it that belongs to
    somebody of a household or office. What belongs to customers of whom an event shows nothing is in no line.
    """
    foreseen = list(foresee_lines(session, lines, identifier=identifier, region=region))
    told = {
        customer_id
        for each in foreseen
        if isinstance(each, Foreseen)
        for customer_id in _customers_in(each.decision)
    }
    ids = external_ids_of(session, list(told))
    return [_decision_line(each, ids) if isinstance(each, Foreseen) else each.reason for each in foreseen]


def sightings(
    session: Session, lines: Sequence[bytes], *, identifier: Identifier, region: str
) -> list[Sighting]:
    """What each event tells of how many senders are known; a line that cannot be read tells nothing."""
    foreseen = foresee_lines(session, lines, identifier=identifier, region=region)
    customers = identifier.count.read(session)
    return [
        sighting_of(
            each.decision.posterior,
            identifier.model,
            channel=each.event.submission.channel.value,
            customers=customers,
        )
        for each in foreseen
        if isinstance(each, Foreseen)
    ]


def _customers_in(decision: Decision) -> list[str]:
    linked = [decision.customer_id] if decision.customer_id else []
    return [each.customer_id for each in _shown(decision.posterior)] + linked


def _shown(posterior: Posterior) -> Sequence[ScoredCandidate]:
    return posterior.candidates[:MOST_CANDIDATES]


def _decision_line(foreseen: Foreseen, ids: dict[str, str]) -> DecisionLine:
    decision = foreseen.decision
    posterior = decision.posterior
    line = {
        "event_id": foreseen.event.id,
        "decision": decision.outcome.value,
        "customer_id": ids[decision.customer_id] if decision.customer_id else None,
        "candidates": [
            {"customer_id": ids[each.customer_id], "probability": each.probability}
            for each in _shown(posterior)
        ],
        "related_probability": posterior.related_probability,
        "new_probability": posterior.new_probability
        - posterior.unshown_probability
        + posterior.related_probability,
    }
    return DecisionLine(foreseen.event.id, decision.outcome.value, msgspec.json.encode(line) + b"\n")
