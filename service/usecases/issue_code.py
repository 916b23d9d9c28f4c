"""Making a code that is to prove who reads a phone or a mailbox: for whom one can be made, and how many.

Sending it is up to whoever calls, outside of any transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from service.errors import ErrorCode, Refusal
from service.store.audit import record_change
from service.store.challenges import sends_since
from service.store.claims import carries_claim
from service.store.consent_ledger import events_of_values
from service.store.contacts import identity_of
from service.store.locks import lock_values
from service.store.tables import ContactMethod, VerificationChallenge, new_id
from service.usecases.consent import TRANSACTIONAL, Channel, State, state_on
from service.usecases.holding import hold_contact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.usecases.holding import Held

CODE_LIFE = timedelta(minutes=10)
CODE_DIGITS = 6
#: What a right code does.
PURPOSE = "contact"
#: As Twilio Verify has it.
SENDS_PER_VALUE = 5
WINDOW = timedelta(minutes=10)
#: The last digits of a number that tell the numbers of a range apart.
_OWN_DIGITS = 4
#: What is one household's or one machine's, of each version of IP.
_NETWORK_BITS = {4: 24, 6: 56}
CHANNELS: Mapping[str, Channel] = {"phone": Channel.SMS, "email": Channel.EMAIL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks for a code: an API key, and the address of the person's own machine where the key's holder tells it."""

    api_key_id: str
    actor: str
    client_ip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLimits:
    """How many codes may be asked for in `WINDOW` by one key, for one client and network, to one range of numbers."""

    per_key: int
    per_client: int
    per_network: int
    per_number_range: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A code that is to be sent. It is kept nowhere else."""

    challenge_id: str
    customer_id: str
    contact_id: str
    channel: Channel
    to: str
    code: str = field(repr=False)
    expires_at: datetime


def issue_code(  # noqa: PLR0913 - for whom, asked by whom, within which limits
    session: Session,
    customer_id: str,
    contact_id: str,
    *,
    asker: Asker,
    limits: SendLimits,
    secret: str,
    now: datetime,
) -> IssuedCode:
    """Make a code for a contact. It counts from now on, and can be used once `mark_sent` says that it is out.

    Raises:
        Refusal: there is no such contact; no code can go there; it is only claimed; its person wants no messages; too many.
    """
    row = session.get(ContactMethod, contact_id)
    counted = _counted(row, asker, secret) if row is not None else {}
    # Two who ask at once for the same value, or the same asker twice, take turns.
    lock_values(session, [identity_of(row)] if row else [], keys=_lock_keys(counted))
    held = hold_contact(session, customer_id, contact_id)
    channel = _channel_or_refuse(session, held)
    _refuse_too_many(session, counted, limits, now)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    challenge = VerificationChallenge(
        id=new_id(),
        contact_id=held.contact.id,
        type=held.contact.type,
        purpose=PURPOSE,
        attempts=0,
        created_at=now,
        expires_at=now + CODE_LIFE,
        **counted,
    )
    challenge.code_hash = hash_code(challenge, code, secret)
    session.add(challenge)
    session.flush()
    return IssuedCode(
        challenge_id=challenge.id,
        customer_id=held.customer.id,
        contact_id=held.contact.id,
        channel=channel,
        to=held.contact.value,
        code=code,
        expires_at=challenge.expires_at,
    )


def mark_sent(session: Session, challenge_id: str, *, actor: str, now: datetime) -> None:
    """The provider took the code: from now on it can be used."""
    challenge = session.get_one(VerificationChallenge, challenge_id)
    challenge.sent_at = now
    contact = session.get_one(ContactMethod, challenge.contact_id)
    record_change(
        session,
        "contact.code_sent",
        actor=actor,
        now=now,
        customer_id=contact.origin_customer_id,
        contact_id=contact.id,
    )


def mark_failed(session: Session, challenge_id: str, *, now: datetime) -> None:
    """The provider did not take the code: it can never be used, and does not count."""
    session.get_one(VerificationChallenge, challenge_id).failed_at = now


# ---------------------------------------------------------------- who may be sent one


def _channel_or_refuse(session: Session, held: Held) -> Channel:
    contact = held.contact
    channel = CHANNELS.get(contact.type)
    if channel is None:
        raise _invalid("A social contact cannot be verified by a code; the platform vouches for it.")
    if not contact.is_normalized:
        raise _invalid("This value could not be read, so no code can be sent to it.")
    if not contact.is_valid:
        raise _invalid("Messages to this contact come back, so no code is sent to it.")
    if carries_claim(session, held.customer.id, held.rows):
        raise Refusal(
            ErrorCode.CONFLICT,
            "Nobody but the one who said so has borne out that this contact is this customer's: it can receive no code.",
        )
    events = events_of_values(session, {identity_of(contact)})[identity_of(contact)]
    if state_on(events, channel, TRANSACTIONAL) is State.REVOKED:
        raise Refusal(ErrorCode.CONFLICT, "This person asked for no more messages there.")
    return channel


def _invalid(complaint: str) -> Refusal:
    return Refusal(ErrorCode.INVALID, complaint, fields={"contact_id": [complaint]})


def _refuse_too_many(session: Session, counted: Mapping[str, str], limits: SendLimits, now: datetime) -> None:
    allowed = {
        "match_value": SENDS_PER_VALUE,
        "api_key_id": limits.per_key,
        "client": limits.per_client,
        "network": limits.per_network,
        "number_range": limits.per_number_range,
    }
    sent = sends_since(session, now - WINDOW, counted)
    if any(count >= allowed[name] for name, count in sent.items()):
        raise Refusal(
            ErrorCode.TOO_MANY, "Too many codes were asked for. Wait ten minutes.", retry_after=WINDOW
        )


def _counted(contact: ContactMethod, asker: Asker, secret: str) -> dict[str, str]:
    """What a code counts against, by column. Addresses are kept as keyed hashes: equal or not is all that is asked."""
    counted = {"match_value": contact.match_value, "api_key_id": asker.api_key_id}
    if asker.client_ip is not None:
        address = ip_address(asker.client_ip)
        network = ip_network((address, _NETWORK_BITS[address.version]), strict=False)
        counted["client"] = _keyed(secret, "client", str(address))
        counted["network"] = _keyed(secret, "network", str(network))
    if contact.type == "phone":
        counted["number_range"] = _keyed(secret, "range", contact.match_value[:-_OWN_DIGITS])
    return counted


def _lock_keys(counted: Mapping[str, str]) -> Iterable[int]:
    for name, value in counted.items():
        digest = hashlib.blake2b(f"codes:{name}:{value}".encode(), digest_size=8).digest()
        yield int.from_bytes(digest, signed=True)


# ---------------------------------------------------------------- what is kept of it


def hash_code(challenge: VerificationChallenge, code: str, secret: str) -> str:
    """Keyed, or a million codes would be tried in a second; bound to one challenge, value and purpose."""
    return _keyed(secret, "code", challenge.id, challenge.match_value, challenge.purpose, code)


def _keyed(secret: str, *parts: str) -> str:
    return hmac.new(secret.encode(), "\0".join(("verification", *parts)).encode(), hashlib.sha256).hexdigest()
