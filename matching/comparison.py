"""Comparing what two records hold of one kind: the best of all pairs, with what is needed to weigh it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from matching.records import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matching.model import Level

Value = TypeVar("Value")


class Claim(msgspec.Struct, Generic[Value], frozen=True, gc=False):
    """A value as it enters a comparison: how it is shown, what makes it the same as another, how far it is trusted."""

    text: str
    identity: str
    provenance: Provenance
    trust: float
    value: Value


class Outcome(msgspec.Struct, Generic[Value], frozen=True, gc=False):
    """What a comparison found: its level, the best pair, and among how many pairs it is the best."""

    level: Level
    query: Claim[Value]
    candidate: Claim[Value]
    pairs: int

    @property
    def trust(self) -> float:
        """Chance that both values are their bearers' own."""
        return self.query.trust * self.candidate.trust

    @property
    def source(self) -> Provenance:
        """How the less trusted of the two values reached us; what is on file by import counts as the business's own word."""
        if self.candidate.provenance is Provenance.IMPORTED:
            return self.query.provenance
        weaker = self.candidate if self.candidate.trust < self.query.trust else self.query
        return weaker.provenance


def best_outcome(
    queries: Sequence[Claim[Value]],
    candidates: Sequence[Claim[Value]],
    compare: Callable[[Value, Value], str | None],
    ranks: Mapping[str, tuple[int, Level]],
) -> Outcome[Value] | None:
    """The best level among all pairs, or None where there is nothing to compare: a missing value is no evidence.

    `ranks` gives each level its place, best first. Of two pairs on one level the more trusted one counts, then the
    one that sorts first: the order of values in a record does not matter.
    """
    known = [
        (ranks[level], query, candidate)
        for query in queries
        for candidate in candidates
        if (level := compare(query.value, candidate.value)) is not None
    ]
    if not known:
        return None
    (_, found), query, candidate = min(known, key=_precedence) if len(known) > 1 else known[0]
    return Outcome(found, query, candidate, len(known))


def _precedence(
    pair: tuple[tuple[int, Level], Claim[Value], Claim[Value]],
) -> tuple[int, float, tuple[str, ...]]:
    (rank, _), query, candidate = pair
    order = (query.identity, candidate.identity, query.text, candidate.text)
    return rank, -query.trust * candidate.trust, order
