"""Putting a doubtful decision before a person: proposals, and a prompt where the channel can ask."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from matching import Outcome
from service.errors import ErrorCode, Refusal
from service.store.clusters import judged_apart
from service.store.contacts import live_contacts
from service.store.proposals import joined_pairs, prompt_state
from service.store.tables import Customer, MatchProposal, Prompt, new_id
from service.usecases.hints import masked_hints

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session

    from matching import Decision as EngineDecision
    from matching import ScoredCandidate
    from service.events import Channel
    from service.store.tables import Decision
    from service.usecases.identify import Identifier

QUESTION = "We may know you already. Is this you?"
ANSWERS = ("yes", "no", "on_behalf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be asked: of whom, on which decision, and until when it can be answered."""

    customer: Customer
    decision_row: Decision
    decision: EngineDecision
    identifier: Identifier
    channel: Channel
    ttl: timedelta


def propose(session: Session, question: Question, *, now: datetime) -> Prompt | None:
    """Keep a proposal for every candidate worth asking about; with a prompt where the decision is to ask."""
    asked = _not_yet_proposed(session, question)
    prompt = None
    if question.decision.outcome is Outcome.PROMPTED and asked:
        prompt = _open_prompt(session, question, now)
    proposals = [_proposal(question, each, now, customer_id=question.customer.id) for each in asked]
    session.add_all(proposals)
    if prompt is not None:
        _put_hints(session, prompt, proposals, asker_name=question.customer.name)
    _propose_rivals(session, question, now)
    session.flush()
    return prompt


def describe_prompt(prompt: Prompt, proposals: Iterable[MatchProposal]) -> dict[str, Any]:
    """A prompt as its asker sees it, without its token."""
    return {
        "expires_at": prompt.expires_at.isoformat(),
        "question": QUESTION,
        "proof": "claim",
        "answers": list(ANSWERS),
        "candidates": [
            {"key": each.prompt_key, "hints": (each.hints or {}).get("items", [])} for each in proposals
        ],
    }


def read_prompt(session: Session, prompt_id: str, *, now: datetime) -> dict[str, Any]:
    """A prompt with its state; what it shows of the candidates is gone once it cannot be answered.

    Raises:
        Refusal: there is no such prompt.
    """
    prompt = session.get(Prompt, prompt_id)
    if prompt is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no such question.")
    state = prompt_state(prompt, now=now)
    proposals = proposals_of(session, prompt.id) if state == "open" else []
    return {
        "state": state,
        **describe_prompt(prompt, [each for each in proposals if each.status == "pending"]),
        "expires_at": prompt.expires_at,
        "answer": prompt.answer,
        "answers": list(ANSWERS) if state == "open" else [],
    }


def proposals_of(session: Session, prompt_id: str) -> list[MatchProposal]:
    """The candidates of a prompt, in the order in which they are shown."""
    return list(
        session.scalars(
            select(MatchProposal)
            .where(MatchProposal.prompt_id == prompt_id)
            .order_by(MatchProposal.prompt_key)
        )
    )


def _not_yet_proposed(session: Session, question: Question) -> list[ScoredCandidate]:
    asked = question.decision.asked
    pairs = joined_pairs(session, [question.customer.id, *(each.customer_id for each in asked)])
    return [each for each in asked if frozenset({question.customer.id, each.customer_id}) not in pairs]


def _open_prompt(session: Session, question: Question, now: datetime) -> Prompt:
    prompt = Prompt(
        id=new_id(),
        event_id=question.decision_row.event_id,
        customer_id=question.customer.id,
        expires_at=now + question.ttl,
        created_at=now,
    )
    session.add(prompt)
    session.flush()
    return prompt


def _proposal(
    question: Question, candidate: ScoredCandidate, now: datetime, *, customer_id: str
) -> MatchProposal:
    return MatchProposal(
        id=new_id(),
        customer_id=customer_id,
        candidate_id=candidate.customer_id,
        decision_id=question.decision_row.id,
        probability=candidate.probability,
        explanation=candidate.explanation.to_dict(),
        status="pending",
        created_at=now,
    )


def _put_hints(
    session: Session, prompt: Prompt, proposals: list[MatchProposal], *, asker_name: str | None
) -> None:
    contacts = live_contacts(session, [each.candidate_id for each in proposals])
    for number, proposal in enumerate(proposals, start=1):
        candidate = session.get_one(Customer, proposal.candidate_id)
        proposal.prompt_id = prompt.id
        proposal.prompt_key = str(number)
        own = [each for each in contacts if each.customer_id == candidate.id]
        proposal.hints = {"items": masked_hints(candidate.name, own, asker_name=asker_name)}


def _propose_rivals(session: Session, question: Question, now: datetime) -> None:
    """Two customers who compete on contact values may be one person: they are proposed to each other as well."""
    rivals = sorted(question.decision.rivals)
    joined = joined_pairs(session, rivals)
    for one, other in combinations(rivals, 2):
        if frozenset({one, other}) not in joined and not judged_apart(session, one, [other]):
            weighed = question.identifier.weigh(session, one, other, channel=question.channel)
            session.add(_proposal(question, weighed, now, customer_id=one))
