"""Driving one event from the inbox to its end: claim it, ask for its sender's profile, resolve it, or give it back.

Both entry points do this: the form's route inline, since its sender waits, and the worker for all the rest.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from service.errors import raised_at
from service.events import Channel, Profile
from service.providers.profiles import Failed, Found
from service.runtime import READERS
from service.store import inbox
from service.store.identities import find_identity
from service.usecases.receive import receive
from service.usecases.resolve import Arrival, resolve

if TYPE_CHECKING:
    from datetime import datetime

    from service.events import InboundEvent, Submission
    from service.runtime import Runtime
    from service.store.inbox import ClaimedEvent, Receipt
    from service.usecases.resolve import Resolution

log = structlog.get_logger(__name__)

#: How soon a profile that could not be had is asked for again, while its message waits.
PROFILE_RETRY = timedelta(seconds=0.5)
#: How soon after that.
LATE_PROFILE_RETRY = timedelta(seconds=10)


def take_in(runtime: Runtime, event: InboundEvent) -> Receipt:
    """Store an event whose sender waits, and resolve it at once; a redelivery is left to whoever had it first."""
    now = runtime.clock()
    with runtime.database.transaction() as session:
        receipt = receive(session, [event], now=now)[0]
        # Claimed in the same transaction, or a worker would take it from under the one who waits for it.
        claimed = (
            inbox.claim(session, receipt.event_id, owner=runtime.owner, now=now) if receipt.is_new else None
        )
    if claimed is not None:
        resolve_claimed(runtime, claimed)
    return receipt


def resolve_claimed(runtime: Runtime, event: ClaimedEvent) -> Resolution | None:
    """Resolve an event that this process claimed; None when it was given back, to be tried again later."""
    try:
        submission = READERS[event.source](event.payload)
        profile, due_at = _profile_of(runtime, submission, event)
        now = runtime.clock()
        if due_at is not None and now < _deadline(runtime, event):
            with runtime.database.transaction() as session:
                inbox.postpone(session, event, until=now + PROFILE_RETRY)
            return None
        arrival = Arrival(event=event, submission=submission, profile=profile, profile_due_at=due_at)
        with runtime.database.transaction() as session:
            resolution = resolve(session, arrival, terms=runtime.terms, now=now)
    except Exception as error:  # noqa: BLE001 - whatever it is, the event is given back and counted
        _give_back(runtime, event, error)
        return None
    if resolution is not None:
        log.info("event.resolved", event_id=event.id, source=event.source, outcome=resolution.outcome)
    return resolution


def _profile_of(
    runtime: Runtime, submission: Submission, event: ClaimedEvent
) -> tuple[Profile | None, datetime | None]:
    """The sender's profile where it is not known yet, or when to ask for it again. Asked outside any transaction."""
    if submission.sender is not None and submission.instagram is not None:
        # A message of the demo brings its sender's profile along.
        return Profile(username=submission.instagram, name=submission.name), None
    if runtime.profiles is None or submission.sender is None or submission.channel is not Channel.INSTAGRAM:
        return None, None
    with runtime.database.reading() as session:
        identity = find_identity(session, submission.sender)
        if identity is not None and identity.profile_fetched_at is not None:
            return None, None
    answer = runtime.profiles.fetch(submission.sender.sender_id)
    if isinstance(answer, Found):
        return answer.profile, None
    log.warning("profile.missing", event_id=event.id, reason=answer.reason.value)
    retry = isinstance(answer, Failed)
    return None, runtime.clock() + LATE_PROFILE_RETRY if retry else None


def _deadline(runtime: Runtime, event: ClaimedEvent) -> datetime:
    """Until when a message waits for its sender's profile."""
    return event.received_at + timedelta(seconds=runtime.settings.instagram_profile_wait)


def _give_back(runtime: Runtime, event: ClaimedEvent, error: Exception) -> None:
    # The class alone: an error's text may quote what a person typed.
    code = type(error).__name__
    log.error(
        "event.failed",
        event_id=event.id,
        source=event.source,
        attempt=event.attempts,
        error=code,
        where=raised_at(error),
    )
    with runtime.database.transaction() as session:
        inbox.fail(session, event, error=code, now=runtime.clock())
