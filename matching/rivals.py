"""Which candidates compete on contact values: each holds one of the query's that the other one lacks.

Either they are one customer who was kept twice, or one of the values is not the sender's own: a person should look.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from matching.name_comparison import compare_names
from matching.records import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matching.evidence import Claims
    from matching.model import Field
    from matching.weights import Surroundings

MOST_HOLDERS = 3
"""A value that more customers hold is an office's or an assistant's: whoever else holds it is no rival."""

RELATIVES = frozenset({"namesake", "suffix_on_one_side", "alike_given", "family_only", "family_word"})
"""Levels of two names that share the family name and are not one person's."""


class Holder(NamedTuple):
    """What a candidate holds: every contact value, and those of the query among them."""

    claims: Claims
    values: frozenset[tuple[Field, str]]
    of_query: frozenset[tuple[Field, str]]


def find_rivals(
    query: Claims, candidates: Mapping[str, Claims], surroundings: Surroundings
) -> frozenset[frozenset[str]]:
    """The pairs of candidates that compete, by id; a household that shares values among its members does not."""
    competing = _competing_values(query, surroundings)
    holders = {key: _holder(claims, competing) for key, claims in candidates.items()}
    telling = {key: holder for key, holder in holders.items() if holder.of_query}
    return frozenset(
        frozenset({one, other})
        for one, other in combinations(sorted(telling), 2)
        if _compete(telling[one], telling[other])
    )


def _competing_values(query: Claims, surroundings: Surroundings) -> frozenset[tuple[Field, str]]:
    return frozenset(
        (kind, claim.identity)
        for kind, claims in query.contacts.items()
        for claim in claims
        if claim.provenance is not Provenance.MENTIONED
        and surroundings.holders_of(kind, claim.identity) <= MOST_HOLDERS
    )


def _holder(claims: Claims, competing: frozenset[tuple[Field, str]]) -> Holder:
    values = frozenset((kind, claim.identity) for kind, held in claims.contacts.items() for claim in held)
    return Holder(claims, values, values & competing)


def _compete(one: Holder, other: Holder) -> bool:
    each_has_its_own = one.of_query - other.of_query and other.of_query - one.of_query
    return bool(each_has_its_own) and not _are_household(one, other)


def _are_household(one: Holder, other: Holder) -> bool:
    """True where the two share a contact value, or bear names as relatives do."""
    if one.values & other.values:
        return True
    levels = {compare_names(a.value, b.value) for a in one.claims.names for b in other.claims.names}
    return not RELATIVES.isdisjoint(levels)
