"""Deciding anew who a sender is, once their platform has said what they are called."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from matching import Outcome
from service.events import Channel
from service.store.tables import Decision
from service.usecases.identify import describe_decision, keep_decision
from service.usecases.merge import Grounds, merge
from service.usecases.propose import Question, propose
from service.usecases.refresh import record_of_customer

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from matching import Decision as EngineDecision
    from matching import Record
    from service.store.tables import Customer, SocialIdentity
    from service.usecases.terms import Terms


def reconsider(
    session: Session, identity: SocialIdentity, customer: Customer, *, terms: Terms, now: datetime
) -> None:
    """Merge a customer, or propose them, where the sender's first event made them without a profile."""
    if not _was_created_without_it(session, identity):
        return
    record = record_of_customer(session, customer)
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


def _was_created_without_it(session: Session, identity: SocialIdentity) -> bool:
    """True where the sender's own first event made the customer: nobody has judged yet who they are."""
    first = session.scalar(
        select(Decision.outcome)
        .where(Decision.customer_id == identity.origin_customer_id)
        .order_by(Decision.created_at)
        .limit(1)
    )
    return first in {Outcome.CREATED, Outcome.REVIEW} and identity.customer_id == identity.origin_customer_id


def _keep(
    session: Session, customer: Customer, record: Record, decision: EngineDecision, now: datetime
) -> Decision:
    return keep_decision(
        session,
        Decision(
            event_id=None,
            customer_id=customer.id,
            outcome=decision.outcome,
            occasion="profile",
            record=msgspec.to_builtins(record),
            explanation=describe_decision(decision),
            model_version=decision.posterior.model_version,
            created_at=now,
        ),
    )
