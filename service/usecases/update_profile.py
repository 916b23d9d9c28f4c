"""A profile that came late: the sender gets their name and handle, and the question who they are is asked again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from matching import Outcome
from service.events import Channel, Profile, Submission
from service.store.clusters import lock_survivor
from service.store.contacts import live_contacts
from service.store.tables import Decision, SocialAccount, SocialIdentity, new_id
from service.usecases.attach import Origin, attach
from service.usecases.identify import describe_decision
from service.usecases.merge import Grounds, merge
from service.usecases.propose import Question, propose
from service.usecases.refresh import record_of_customer, refresh
from service.usecases.understand import understand

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from matching import Decision as EngineDecision
    from matching import Record
    from service.store.tables import Customer
    from service.usecases.resolve import Terms


def update_profile(
    session: Session, identity_id: str, profile: Profile, *, terms: Terms, now: datetime
) -> None:
    """Take what the platform says of a sender now, and decide anew on a customer who was created without it."""
    # Customers are locked before what hangs on them, as everywhere.
    customer = lock_survivor(session, session.get_one(SocialIdentity, identity_id).customer_id)
    identity = session.get_one(SocialIdentity, identity_id, with_for_update=True, populate_existing=True)
    if identity.profile_due_at is None:
        return  # Another worker had the same answer first.
    identity.username, identity.display_name = profile.username, profile.name
    identity.profile_fetched_at, identity.profile_due_at = now, None
    identity.updated_at = now
    _name_and_handle(session, identity, customer, terms, now)
    if _was_created_without_it(session, identity):
        _decide_anew(session, customer, terms, now)


def postpone_profile(session: Session, identity_id: str, *, due_at: datetime | None, now: datetime) -> None:
    """Note that a profile could not be had: ask again at `due_at`, or not before the sender writes again."""
    identity = session.get_one(SocialIdentity, identity_id)
    identity.profile_due_at = due_at
    identity.profile_attempts += 1
    identity.updated_at = now


def _name_and_handle(
    session: Session, identity: SocialIdentity, customer: Customer, terms: Terms, now: datetime
) -> None:
    platform = session.get_one(SocialAccount, identity.social_account_id).platform
    reading = understand(
        Submission(channel=Channel(platform), name=identity.display_name, instagram=identity.username),
        region=terms.region,
    )
    customer.name = customer.name or reading.display_name
    attach(
        session,
        customer.id,
        reading.contacts,
        origin=Origin(customer_id=identity.origin_customer_id, actor=platform),
        now=now,
    )
    refresh(session, customer, now=now)


def _was_created_without_it(session: Session, identity: SocialIdentity) -> bool:
    """True where the sender's own first event made the customer: nobody has judged yet who they are."""
    first = session.scalar(
        select(Decision.outcome)
        .where(Decision.customer_id == identity.origin_customer_id)
        .order_by(Decision.created_at)
        .limit(1)
    )
    return first in {Outcome.CREATED, Outcome.REVIEW} and identity.customer_id == identity.origin_customer_id


def _decide_anew(session: Session, customer: Customer, terms: Terms, now: datetime) -> None:
    record = record_of_customer(session, customer, live_contacts(session, [customer.id]))
    decision = terms.identifier.identify(session, record, channel=Channel.INSTAGRAM, asker_id=customer.id)
    row = _keep(session, customer, record, decision, now)
    if decision.outcome is Outcome.LINKED and decision.customer_id is not None:
        merge(
            session,
            decision.customer_id,
            customer.id,
            grounds=Grounds(proof="none", actor="engine"),
            now=now,
        )
    else:
        quiet = replace(decision, outcome=Outcome.REVIEW)
        propose(
            session,
            Question(
                customer=customer,
                decision_row=row,
                decision=quiet,
                identifier=terms.identifier,
                channel=Channel.INSTAGRAM,
                ttl=terms.prompt_ttl,
            ),
            now=now,
        )


def _keep(
    session: Session, customer: Customer, record: Record, decision: EngineDecision, now: datetime
) -> Decision:
    row = Decision(
        id=new_id(),
        event_id=None,
        customer_id=customer.id,
        outcome=decision.outcome,
        occasion="profile",
        record=msgspec.to_builtins(record),
        explanation=describe_decision(decision),
        model_version=decision.posterior.model_version,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row
