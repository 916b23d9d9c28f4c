"""Who is this? The way from a Record to a decision: keys, candidates, posterior, policy. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import structs

from matching import (
    Candidate,
    Costs,
    Decision,
    Model,
    Population,
    decide,
    score,
    search_keys,
    select_candidates,
    worth_scoring,
)
from service.store.clusters import judged_apart
from service.store.match_index import CustomerCount, load_records, read_blocks
from service.store.proposals import joined_pairs
from service.store.tables import new_id
from service.usecases.set_aside import telling

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from matching import Posterior, Record, Retrieval, ScoredCandidate
    from service.events import Channel
    from service.store.tables import Decision as DecisionRow
    from service.usecases.understand import ContactValue

#: What an explanation says of a candidate that a person ruled out.
NOT_SAME = "a person said that these are two people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """The engine with its settings: the model, the costs, and how many customers there are."""

    model: Model
    costs: Costs
    count: CustomerCount = field(default_factory=CustomerCount)

    def identify(
        self,
        session: Session,
        record: Record,
        *,
        channel: Channel,
        asker_id: str | None = None,
        ours: Sequence[ContactValue] = (),
    ) -> Decision:
        """Decide who `record` is.

        `asker_id` names the customer whom the record already belongs to, if any: never a candidate, and what
        people said of them counts. `ours` are the business's own values, which the sender gave and the record lacks.
        """
        told, notes = telling(session, record, ours)
        retrieval = self._retrieve(session, told, asker_id)
        records = worth_scoring(told, retrieval, load_records(session, retrieval.customer_ids), self.model)
        apart = judged_apart(session, asker_id, records) if asker_id else frozenset[str]()
        posterior = score(
            told,
            _candidates(records, apart),
            self._population(session, channel, retrieval),
            self.model,
            joined=joined_pairs(session, list(records)),
        )
        return decide(_noting(posterior, notes), can_ask=channel.can_ask, costs=self.costs)

    def weigh(self, session: Session, one_id: str, other_id: str, *, channel: Channel) -> ScoredCandidate:
        """How probable it is that two customers, who are both in the index, are one."""
        records = load_records(session, [one_id, other_id])
        told, notes = telling(session, records[one_id])
        retrieval = self._retrieve(session, told, one_id)
        posterior = score(
            told,
            [Candidate(customer_id=other_id, record=records[other_id])],
            self._population(session, channel, retrieval),
            self.model,
        )
        return _noting(posterior, notes).candidates[0]

    def _retrieve(self, session: Session, record: Record, asker_id: str | None) -> Retrieval:
        return select_candidates(read_blocks(session, search_keys(record), without=asker_id))

    def _population(self, session: Session, channel: Channel, retrieval: Retrieval) -> Population:
        return Population(
            customers=self.count.read(session),
            channel=channel.value,
            holders=retrieval.holders,
            missed=retrieval.missed,
        )


def keep_decision(session: Session, row: DecisionRow) -> DecisionRow:
    """Keep a decision with all it takes to replay it."""
    row.id = new_id()
    session.add(row)
    session.flush()
    return row


def describe_decision(decision: Decision) -> dict[str, Any]:
    """A decision with its explanation, as data: what the API shows, and what is kept to be replayed."""
    posterior = decision.posterior
    return {
        "decision": decision.outcome.value,
        "customer_id": decision.customer_id,
        "candidates": [
            {
                "customer_id": each.customer_id,
                "probability": each.probability,
                "explanation": each.explanation.to_dict(),
            }
            for each in posterior.candidates
        ],
        "related_probability": posterior.related_probability,
        "relations": msgspec.to_builtins(posterior.relations),
        "new_probability": posterior.new_probability,
        "namesake_probability": posterior.namesake_probability,
        "unshown_probability": posterior.unshown_probability,
        "new_bits": posterior.new_bits,
        "thresholds": dict(decision.thresholds),
        "caps": list(decision.caps),
        "set_aside": list(posterior.set_aside),
        "counterfactual": decision.counterfactual,
        "model_version": posterior.model_version,
    }


def _noting(posterior: Posterior, notes: tuple[str, ...]) -> Posterior:
    """A posterior that says, also of each candidate, what of the record took no part."""
    if not notes:
        return posterior
    candidates = tuple(
        structs.replace(each, explanation=structs.replace(each.explanation, set_aside=notes))
        for each in posterior.candidates
    )
    return replace(posterior, candidates=candidates, set_aside=notes)


def _candidates(records: dict[str, Record], apart: Collection[str]) -> list[Candidate]:
    return [
        Candidate(
            customer_id=customer_id,
            record=record,
            vetoes=(NOT_SAME,) if customer_id in apart else (),
        )
        for customer_id, record in records.items()
    ]
