"""An operator's decision on a proposal: merge, not the same, or unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.errors import ErrorCode, Refusal
from service.store.clusters import lock_survivors
from service.store.proposals import close_prompts
from service.store.tables import MatchProposal, Prompt
from service.usecases.merge import Grounds, merge
from service.usecases.tell_apart import tell_apart

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def judge(
    session: Session, proposal_id: str, *, verdict: str, note: str | None, actor: str, now: datetime
) -> MatchProposal:
    """Decide a proposal by `verdict` (merge, not_same, unsure); closes the prompt that asks the same.

    Raises:
        Refusal: there is no such proposal, or someone decided before.
    """
    proposal = _lock(session, proposal_id)
    if proposal.status not in {"pending", "unsure"}:
        raise Refusal(ErrorCode.CONFLICT, f"This proposal is decided already: {proposal.status}.")
    if verdict == "merge":
        grounds = Grounds(proof="operator", actor=actor, proposal_id=proposal.id, note=note)
        merge(session, proposal.candidate_id, proposal.customer_id, grounds=grounds, now=now)
    if verdict == "not_same":
        tell_apart(session, proposal.customer_id, proposal.candidate_id, actor=actor, now=now)
    proposal.status = {"merge": "merged"}.get(verdict, verdict)
    proposal.decided_at, proposal.decided_by, proposal.note = now, actor, note
    close_prompts(session, [proposal.prompt_id], now=now)
    return proposal


def _lock(session: Session, proposal_id: str) -> MatchProposal:
    """Lock the values and then the rows of its customers, its prompt and then the proposal: in the order in which an answer and a merge lock them."""
    proposal = session.get(MatchProposal, proposal_id)
    if proposal is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no proposal with this id.")
    lock_survivors(session, [proposal.customer_id, proposal.candidate_id], with_values=True)
    if proposal.prompt_id is not None:
        session.get_one(Prompt, proposal.prompt_id, with_for_update=True, populate_existing=True)
    return session.get_one(MatchProposal, proposal_id, with_for_update=True, populate_existing=True)
