"""Proposals and prompts: what is open, between whom, and what was judged."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import or_, select

from service.store.clusters import clusters
from service.store.statements import read_rows
from service.store.tables import ContactMethod, Judgement, MatchProposal, Prompt, new_id

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session


#: Type, platform and match value of a contact.
Identity: TypeAlias = "tuple[str, str, str]"

#: A proposal that somebody was unsure of can still be decided.
UNDECIDED = ("pending", "unsure")


def joined_pairs(session: Session, survivor_ids: Collection[str]) -> list[frozenset[str]]:
    """Pairs of `survivor_ids` that an open proposal joins, whichever of their original ids it names."""
    if len(survivor_ids) <= 1:
        return []
    return [
        frozenset(pair) for pair in read_rows(session, _joined_statement(len(survivor_ids)), survivor_ids)
    ]


@cache
def _joined_statement(survivors: int) -> str:
    # SQLite is to go from the few members to their proposals, not through all that are pending: hence CROSS JOIN and the
    # odd status.
    return f"""
        WITH RECURSIVE {clusters(survivors)}
        SELECT CAST(one.survivor AS text), CAST(other.survivor AS text)
        FROM tree AS one CROSS JOIN match_proposals AS proposed CROSS JOIN tree AS other
        WHERE proposed.customer_id = one.member AND proposed.candidate_id = other.member
            AND proposed.status || '' = 'pending'
        """  # noqa: S608 - no value of anybody's is in it


def undecided_proposals_of(session: Session, customer_ids: Collection[str]) -> list[MatchProposal]:
    """Every undecided proposal that names one of `customer_ids`, locked, in one order for everybody."""
    return list(
        session.scalars(
            select(MatchProposal)
            .where(
                MatchProposal.status.in_(UNDECIDED),
                or_(
                    MatchProposal.customer_id.in_(customer_ids), MatchProposal.candidate_id.in_(customer_ids)
                ),
            )
            .order_by(MatchProposal.id)
            .with_for_update()
        )
    )


def prompt_state(prompt: Prompt, *, now: datetime) -> str:
    """open, answered, closed (an operator or another answer decided), or expired (it waits in the review queue)."""
    if prompt.answer is not None:
        return "answered"
    if prompt.closed_at is not None:
        return "closed"
    return "expired" if prompt.expires_at <= now else "open"


def open_prompts_of(session: Session, value: Identity, *, now: datetime) -> list[Prompt]:
    """The questions that can still be answered of whoever brought this contact value."""
    kind, platform, match_value = value
    brought = select(ContactMethod.origin_customer_id).where(
        ContactMethod.type == kind,
        ContactMethod.platform == platform,
        ContactMethod.match_value == match_value,
        ContactMethod.deleted_at.is_(None),
    )
    return list(
        session.scalars(
            select(Prompt).where(
                Prompt.customer_id.in_(brought),
                Prompt.answer.is_(None),
                Prompt.closed_at.is_(None),
                Prompt.expires_at > now,
            )
        )
    )


def remember_not_same(session: Session, one_id: str, other_id: str, *, actor: str, now: datetime) -> None:
    """Append a person's word that two customers are not the same, by their original ids."""
    low_id, high_id = sorted((one_id, other_id))
    session.add(Judgement(id=new_id(), low_id=low_id, high_id=high_id, actor=actor, created_at=now))
    session.flush()


def close_prompts(session: Session, prompt_ids: Collection[str | None], *, now: datetime) -> None:
    """Close those of these prompts that have no candidate left to ask about."""
    session.flush()
    asking = select(MatchProposal.prompt_id).where(
        MatchProposal.prompt_id.in_(prompt_ids), MatchProposal.status == "pending"
    )
    for prompt in session.scalars(
        select(Prompt).where(Prompt.id.in_(set(prompt_ids) - {None}), Prompt.id.not_in(asking))
    ):
        prompt.closed_at = prompt.closed_at or now
