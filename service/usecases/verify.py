"""Proving who reads a phone or a mailbox: whoever has the code that was sent there brings it back.

A code lives for ten minutes and five attempts, and only the newest one counts. From outside, a code that is wrong, expired, used,
tried too often or was never sent looks the same.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from service.errors import ErrorCode, Refusal
from service.store.challenges import newest_sent, write_as_much, wrong_codes_since
from service.store.tables import ContactMethod, VerificationChallenge, new_id
from service.usecases.holding import hold_contact
from service.usecases.issue_code import PURPOSE, hash_code
from service.usecases.set_verified import set_verified

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.usecases.holding import Held

#: ASVS 6.6, and Twilio Verify's own limit.
MAX_ATTEMPTS = 5
#: NIST SP 800-63B: no more than 100 failures in a row.
MAX_ATTEMPTS_A_DAY = 100


def check_code(  # noqa: PLR0913 - for whom, what, said by whom
    session: Session,
    customer_id: str,
    contact_id: str,
    code: str,
    *,
    actor: str,
    secret: str,
    now: datetime,
) -> ContactMethod | None:
    """Hold a code against the newest one that was sent to a contact, which is verified if it is right; None where not.

    A wrong code is counted, so the transaction must be kept either way.

    Raises:
        Refusal: there is no such contact.
    """
    held = hold_contact(session, customer_id, contact_id)
    challenge = newest_sent(session, [row.id for row in held.rows], purpose=PURPOSE)
    tried = wrong_codes_since(session, now - timedelta(days=1), held.contact.match_value)
    # Compared whether there is a code or none.
    measured = challenge or _nobodys(held.contact)
    is_right = hmac.compare_digest(measured.code_hash, hash_code(measured, _digits(code), secret))
    measured.attempts += 1
    session.flush()
    if challenge is None:
        write_as_much(session, contact_id=held.contact.id)
    is_locked = measured.attempts > MAX_ATTEMPTS or tried >= MAX_ATTEMPTS_A_DAY
    if challenge is None or not is_right or is_locked or not _is_live(challenge, now):
        return None
    return _verify(session, held, challenge, actor=actor, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """What the page behind the link of an email has to say: `open`, `used` or `closed`."""

    state: str
    channel: str


def read_link(session: Session, challenge_id: str, *, now: datetime) -> LinkState:
    """Where the code stands whose link was opened; nothing is changed by looking. No number of wrong codes closes it.

    Raises:
        Refusal: there is no such code.
    """
    challenge = session.get(VerificationChallenge, challenge_id)
    if challenge is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is nothing to confirm here.")
    if challenge.used_at is not None:
        return LinkState(state="used", channel=challenge.type)
    newest = newest_sent(session, [challenge.contact_id], purpose=PURPOSE)
    usable = newest is challenge and _is_live(challenge, now)
    return LinkState(state="open" if usable else "closed", channel=challenge.type)


def follow_link(session: Session, challenge_id: str, *, now: datetime) -> None:
    """The button behind the link of an email was pressed: whoever did reads that mailbox.

    Raises:
        Refusal: it can no longer be used.
    """
    found = session.get(VerificationChallenge, challenge_id)
    contact = session.get(ContactMethod, found.contact_id) if found else None
    if found is None or contact is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is nothing to confirm here.")
    held = hold_contact(session, contact.customer_id, contact.id)
    session.refresh(found)
    state = read_link(session, challenge_id, now=now).state
    if state == "closed":
        raise Refusal(ErrorCode.GONE, "This link can no longer be used. Ask for a new one.")
    if state == "open":
        _verify(session, held, found, actor="person", now=now)


def _digits(code: str) -> str:
    """As people type it: `123 456`."""
    return "".join(code.split()).replace("-", "")


def _nobodys(contact: ContactMethod) -> VerificationChallenge:
    """Something to compare with where no code was sent; never stored."""
    return VerificationChallenge(
        id=new_id(), match_value=contact.match_value, purpose=PURPOSE, code_hash="0" * 64, attempts=0
    )


def _is_live(challenge: VerificationChallenge, now: datetime) -> bool:
    return challenge.used_at is None and now < challenge.expires_at


def _verify(
    session: Session, held: Held, challenge: VerificationChallenge, *, actor: str, now: datetime
) -> ContactMethod:
    challenge.used_at = now
    set_verified(session, held, now, what="contact.verified", actor=actor, now=now)
    return held.contact
