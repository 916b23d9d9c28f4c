"""Past events decided anew by two models, against the base as it is now: which decisions would flip. Writes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from service.events import Profile
from service.store.clusters import survivors_of
from service.store.identities import profiles_of
from service.store.past_events import past_events
from service.usecases.foresee import foresee

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from matching import Decision, Explanation, Outcome, ScoredCandidate
    from service.events import Submission
    from service.store.past_events import PastEvent
    from service.usecases.identify import Identifier

#: Events that are decided together.
BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """Two engines to compare, and how events are read: `readers` by source."""

    current: Identifier
    given: Identifier
    region: str
    readers: Mapping[str, Callable[[Mapping[str, Any]], Submission]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """An event that the given model would decide otherwise, with ids and figures only.

    `candidate_id` is the candidate whose probability changes most; `feature` is what of its evidence does, by `bits`:
    a field, or the prior, or competition.
    """

    event_id: str
    was: Outcome
    becomes: Outcome
    was_linked_to: str | None
    becomes_linked_to: str | None
    candidate_id: str
    was_probability: float
    becomes_probability: float
    feature: str
    bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A batch of events: how many were decided by both models, and left out since a known sender wrote; the flips.

    `last` is the place of the last event, or None at the end.
    """

    decided: int
    left_out: int
    flips: Sequence[Flip]
    last: tuple[datetime, str] | None


def compare_next(
    session: Session,
    shadow: Shadow,
    *,
    behind: tuple[datetime, str] | None,
    since: datetime | None,
    limit: int,
) -> Compared:
    """Decide the next events, newest first, by both models; `session` should see one state of the data."""
    events = past_events(session, behind=behind, since=since, limit=limit)
    weighed = [each for each in events if each.was_weighed]
    submissions = _submissions(session, weighed, shadow)
    askers = _askers(session, weighed)
    flips = [
        flip
        for event in weighed
        if (flip := _compare(session, shadow, event.id, submissions[event.id], askers.get(event.id)))
    ]
    return Compared(
        decided=len(weighed),
        left_out=len(events) - len(weighed),
        flips=flips,
        last=events[-1].place if len(events) == limit else None,
    )


def totals(flips: Sequence[Flip]) -> Counter[str]:
    """How many decisions flip, by what they were and become."""
    return Counter(f"{each.was}->{each.becomes}" for each in flips)


def _submissions(session: Session, events: Sequence[PastEvent], shadow: Shadow) -> dict[str, Submission]:
    """What each event says, by its id; of a sender whom a platform vouches for, with their profile of today."""
    read = {each.id: shadow.readers[each.source](each.payload) for each in events}
    profiles = profiles_of(session, {each.sender for each in read.values() if each.sender})
    return {
        event_id: _with_profile(each, profiles.get(each.sender, Profile()) if each.sender else None)
        for event_id, each in read.items()
    }


def _with_profile(submission: Submission, profile: Profile | None) -> Submission:
    if profile is None:
        return submission
    return replace(submission, name=profile.name, instagram=profile.username)


def _askers(session: Session, events: Sequence[PastEvent]) -> dict[str, str]:
    """The customer that each event has made, while it stands by itself.

    It holds what the event brought, and nothing else can be learnt of it.
    """
    made = {each.id: each.holder_id for each in events if not each.was_linked}
    survivors = survivors_of(session, set(made.values()))
    return {event_id: holder for event_id, holder in made.items() if survivors.get(holder) == holder}


def _compare(
    session: Session, shadow: Shadow, event_id: str, submission: Submission, asker_id: str | None
) -> Flip | None:
    was, becomes = (
        foresee(session, submission, identifier=each, region=shadow.region, asker_id=asker_id)
        for each in (shadow.current, shadow.given)
    )
    if (was.outcome, was.customer_id) == (becomes.outcome, becomes.customer_id):
        return None
    return _flip(event_id, was, becomes)


def _flip(event_id: str, was: Decision, becomes: Decision) -> Flip:
    before, after = _by_id(was), _by_id(becomes)
    moved = max(
        sorted(before.keys() | after.keys()),
        key=lambda each: abs(_probability(after.get(each)) - _probability(before.get(each))),
    )
    feature, bits = _changed_most(before.get(moved), after.get(moved))
    return Flip(
        event_id=event_id,
        was=was.outcome,
        becomes=becomes.outcome,
        was_linked_to=was.customer_id,
        becomes_linked_to=becomes.customer_id,
        candidate_id=moved,
        was_probability=_probability(before.get(moved)),
        becomes_probability=_probability(after.get(moved)),
        feature=feature,
        bits=bits,
    )


def _by_id(decision: Decision) -> dict[str, ScoredCandidate]:
    return {each.customer_id: each for each in decision.posterior.candidates}


def _probability(candidate: ScoredCandidate | None) -> float:
    """That of a twin who was left out for another is 0."""
    return candidate.probability if candidate else 0.0


def _changed_most(was: ScoredCandidate | None, becomes: ScoredCandidate | None) -> tuple[str, float]:
    """What changed by most bits, and by how many."""
    before, after = (_bits(each.explanation) if each else {} for each in (was, becomes))
    changes = {part: after.get(part, 0.0) - before.get(part, 0.0) for part in {**before, **after}}
    return max(changes.items(), key=lambda change: abs(change[1]))


def _bits(explanation: Explanation) -> dict[str, float]:
    features = {each.feature.value: each.total for each in explanation.features}
    return {
        **features,
        "prior": explanation.prior_bits,
        "competition": explanation.competition_bits,
    }
