"""Answering "Is this you?": yes merges, no is remembered, "I'm booking for them" attaches an assistant's contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching import Label, LabelName, Provenance
from service.errors import ErrorCode, Refusal
from service.store.clusters import lock_survivor, lock_survivors
from service.store.contacts import BY_PROMPT, live_contacts
from service.store.proposals import prompt_state
from service.store.tables import MatchProposal, Prompt
from service.usecases.attach import Origin, attach
from service.usecases.merge import Grounds, merge
from service.usecases.propose import ANSWERS, proposals_of
from service.usecases.refresh import refresh
from service.usecases.tell_apart import tell_apart
from service.usecases.understand import ContactValue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

#: Who answers a prompt: whoever holds its token.
PERSON = "person"
_OUTCOMES = {"yes": "merged", "no": "declined", "on_behalf": "on_behalf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How an answer ended, and the customer that the asker is now."""

    outcome: str
    customer_id: str


def answer(
    session: Session, prompt_id: str, *, word: str, candidate_key: str | None, now: datetime
) -> Answered:
    """Take the answer `word` (yes, no, on_behalf) to a prompt. The same answer again changes nothing.

    Raises:
        Refusal: there is no such prompt; it was answered otherwise, decided or expired; or the candidate is not named.
    """
    if word not in ANSWERS:
        raise Refusal(
            ErrorCode.INVALID, "Answer yes, no or on_behalf.", fields={"answer": ["Not an answer."]}
        )
    prompt = _lock(session, prompt_id)
    if prompt.answer is not None:
        return _repeat(session, prompt, word)
    _refuse_unless_open(prompt, now)
    proposals = [each for each in proposals_of(session, prompt.id) if each.status == "pending"]
    if word == "no":
        _decline(session, prompt, proposals, now)
    else:
        chosen = _choose(proposals, candidate_key)
        _CHOICES[word](session, prompt, chosen, now)
        _drop_the_others(proposals, chosen, now)
    prompt.answer, prompt.answered_at = word, now
    session.flush()
    return _repeat(session, prompt, word)


def _lock(session: Session, prompt_id: str) -> Prompt:
    """Lock the customers of a prompt, and then the prompt: in the order in which a merge locks them."""
    prompt = session.get(Prompt, prompt_id)
    if prompt is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no such question.")
    candidates = [each.candidate_id for each in proposals_of(session, prompt_id)]
    # A yes carries stops to them, and an assistant's contacts get rows of their own.
    lock_survivors(session, [prompt.customer_id, *candidates], with_values=True)
    session.expire_all()
    return session.get_one(Prompt, prompt_id, with_for_update=True, populate_existing=True)


def _repeat(session: Session, prompt: Prompt, word: str) -> Answered:
    if prompt.answer != word:
        raise Refusal(ErrorCode.CONFLICT, "This question has been answered already.")
    statuses = {each.status for each in proposals_of(session, prompt.id)}
    if word == "yes" and "merged" not in statuses:
        raise Refusal(ErrorCode.GONE, "What this answer did has been undone.")
    customer = lock_survivor(session, prompt.customer_id)
    return Answered(outcome=_OUTCOMES[word], customer_id=customer.id)


def _refuse_unless_open(prompt: Prompt, now: datetime) -> None:
    state = prompt_state(prompt, now=now)
    if state == "expired":
        raise Refusal(ErrorCode.GONE, "The time to answer this question has passed.")
    if state != "open":
        raise Refusal(ErrorCode.GONE, "This question need not be answered any more.")


def _choose(proposals: Sequence[MatchProposal], key: str | None) -> MatchProposal:
    if key is None and len(proposals) == 1:
        return proposals[0]
    for proposal in proposals:
        if proposal.prompt_key == key:
            return proposal
    complaint = "Choose one of the candidates." if key is None else "There is no such candidate."
    raise Refusal(ErrorCode.INVALID, complaint, fields={"candidate": [complaint]})


def _accept(session: Session, prompt: Prompt, proposal: MatchProposal, now: datetime) -> None:
    merge(
        session,
        proposal.candidate_id,
        prompt.customer_id,
        grounds=Grounds(proof="claim", actor=PERSON, event_id=prompt.event_id, proposal_id=proposal.id),
        now=now,
    )


def _decline(session: Session, prompt: Prompt, proposals: Sequence[MatchProposal], now: datetime) -> None:
    for proposal in proposals:
        _close(proposal, "not_same", now)
        tell_apart(session, prompt.customer_id, proposal.candidate_id, actor=PERSON, now=now)


def _act_for(session: Session, prompt: Prompt, proposal: MatchProposal, now: datetime) -> None:
    """The asker is somebody else, who acts for the candidate: their phone and email are ways to reach an assistant."""
    locked = lock_survivors(session, [proposal.candidate_id, prompt.customer_id])
    candidate, asker = locked[proposal.candidate_id], locked[prompt.customer_id]
    contacts = [each for each in live_contacts(session, [asker.id]) if each.type != "social"]
    attach(
        session,
        candidate.id,
        [_assistant_contact(contact.value, contact.match_value, contact.type) for contact in contacts],
        origin=Origin(customer_id=candidate.id, actor=BY_PROMPT),
        now=now,
    )
    refresh(session, candidate, now=now)
    _decline(session, prompt, [proposal], now)


#: What becomes of the one candidate that an answer chooses.
_CHOICES = {"yes": _accept, "on_behalf": _act_for}


def _assistant_contact(value: str, match_value: str, kind: str) -> ContactValue:
    return ContactValue(
        type=kind,
        value=value,
        match_value=match_value,
        label=Label(label=LabelName.ASSISTANT, reason="somebody who books for them said so"),
        provenance=Provenance.ASSERTED,
    )


def _drop_the_others(proposals: Sequence[MatchProposal], chosen: MatchProposal, now: datetime) -> None:
    for proposal in proposals:
        if proposal is not chosen and proposal.status == "pending":
            _close(proposal, "withdrawn", now)


def _close(proposal: MatchProposal, status: str, now: datetime) -> None:
    proposal.status, proposal.decided_at, proposal.decided_by = status, now, PERSON
