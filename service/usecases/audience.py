"""Who may be sent a campaign, and through which of their contacts; every reason against it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from service.store.campaigns import ReachedCounts
from service.store.consent_ledger import acts_on
from service.store.contacts import best_primary, identity_of
from service.usecases.consent import FLAGS, Channel, State, marketing_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import ConsentEvent, ContactMethod

WEEK = timedelta(days=7)
#: What a campaign on each channel goes to.
TYPES: Mapping[Channel, str] = {Channel.SMS: "phone", Channel.EMAIL: "email"}


class Reason(StrEnum):
    """Why a contact is sent to, or skipped."""

    PRIMARY = "primary"
    """The primary may be sent to."""
    ALLOWED = "allowed"
    """The primary may not, and this one may."""
    UNREADABLE = "unreadable"
    INVALID = "invalid"
    """Messages to it come back."""
    NOT_VERIFIED = "not_verified"
    REVOKED = "revoked"
    """The person, or whoever else has this value, forbade it."""
    NO_CONSENT = "no_consent"
    """Nobody allowed it."""
    TOO_OFTEN = "too_often"
    """The person or the value got as many campaigns as they may in a week."""
    VALUE_TAKEN = "value_taken"
    """The campaign goes there for somebody who has it too."""
    OTHER_CONTACT = "other_contact"
    """The person gets it through another contact."""
    REMOVED = "removed"
    """The contact is gone by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is decided of one contact; no reasons where it is sent to."""

    contact: ContactMethod
    reason: Reason
    obstacles: tuple[Reason, ...] = ()

    @property
    def sends(self) -> bool:
        return not self.obstacles


def decide(
    people: Mapping[str, Sequence[ContactMethod]],
    obstacles: Mapping[str, Sequence[Reason]],
    *,
    taken: Iterable[str],
) -> Iterator[Verdict]:
    """A verdict on every contact of `people` (by customer): one message each, and one to each value, whoever has it.

    `taken` are match values that the campaign goes to already.
    """
    used = set(taken)
    for contacts in people.values():
        free = [each for each in contacts if not obstacles[each.id] and each.match_value not in used]
        primary = next((each for each in free if each.is_primary), None)
        chosen = primary or best_primary(free) or next(iter(free), None)
        for contact in contacts:
            yield _verdict(contact, chosen, obstacles[contact.id], used)
        used.update([chosen.match_value] if chosen is not None else [])


def _verdict(
    contact: ContactMethod, chosen: ContactMethod | None, obstacles: Sequence[Reason], used: set[str]
) -> Verdict:
    if contact is chosen:
        return Verdict(contact=contact, reason=Reason.PRIMARY if contact.is_primary else Reason.ALLOWED)
    found = [*obstacles]
    if contact.match_value in used:
        found.append(Reason.VALUE_TAKEN)
    if not found:
        found.append(Reason.OTHER_CONTACT)
    return Verdict(contact=contact, reason=found[0], obstacles=tuple(found))


def obstacles_to(
    session: Session, contacts: Sequence[ContactMethod], channel: Channel, *, per_week: int, now: datetime
) -> dict[str, list[Reason]]:
    """All that speaks against sending to each contact, by its id; in a fixed number of queries."""
    ledger = acts_on(session, {identity_of(each) for each in contacts}, channel)
    reached = ReachedCounts(session, contacts, now - WEEK)
    found: dict[str, list[Reason]] = {}
    for contact in contacts:
        found[contact.id] = [
            *_health(contact),
            *_consent(contact, channel, ledger[identity_of(contact)]),
            *([Reason.TOO_OFTEN] if reached.of(contact) >= per_week else []),
        ]
    return found


def _health(contact: ContactMethod) -> Iterator[Reason]:
    if not contact.is_normalized:
        yield Reason.UNREADABLE
    elif not contact.is_valid:
        yield Reason.INVALID
    if contact.type == "email" and not contact.is_verified:
        yield Reason.NOT_VERIFIED


def _consent(contact: ContactMethod, channel: Channel, events: Sequence[ConsentEvent]) -> Iterator[Reason]:
    """What the ledger says of the value, and its projection on this row: both must allow it."""
    state = marketing_state(events, channel)
    [flag] = [name for name, opens in FLAGS[contact.type].items() if opens is channel]
    if state is State.REVOKED:
        yield Reason.REVOKED
    elif state is not State.GRANTED or not getattr(contact, flag):
        yield Reason.NO_CONSENT
