"""Remembering that two customers are not the same, and answering every open question that this answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store.clusters import members_of, survivors_of
from service.store.proposals import close_prompts, remember_not_same, undecided_proposals_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def tell_apart(session: Session, one_id: str, other_id: str, *, actor: str, now: datetime) -> None:
    """Remember a person's word on two customers; nobody is asked about the same two, by whichever of their ids."""
    remember_not_same(session, one_id, other_id, actor=actor, now=now)
    clusters = members_of(session, set(survivors_of(session, [one_id, other_id]).values()))
    prompts = set()
    for proposal in undecided_proposals_of(session, clusters):
        sides = {clusters.get(proposal.customer_id), clusters.get(proposal.candidate_id)}
        if None not in sides and len(sides) > 1:
            proposal.status, proposal.decided_at, proposal.decided_by = "not_same", now, actor
            prompts.add(proposal.prompt_id)
    close_prompts(session, prompts, now=now)
