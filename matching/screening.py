"""Whom of the customers that keys led to is it worth scoring: where half a name led to them, those whose name fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matching.comparison_library import compare_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matching.blocking import Retrieval
    from matching.model import Model
    from matching.records import Record

MAX_OTHERS = 2
"""Customers who are scored although no more than half their name fits: a posterior over nobody would say less than one over
them."""


def worth_scoring(
    query: Record, retrieval: Retrieval, customers: Mapping[str, Record], model: Model
) -> dict[str, Record]:
    """Those of the customers, whom this retrieval led to, that are worth scoring: in the order that they have."""
    kept: dict[str, Record] = {}
    others = 0
    for key, customer in customers.items():
        if key in retrieval.by_part and not _names_fit(query, customer, model.telling_names):
            others += 1
            if others > MAX_OTHERS:
                continue
        kept[key] = customer
    return kept


def _names_fit(query: Record, customer: Record, telling: frozenset[str]) -> bool:
    return any(compare_names(one, other) in telling for one in query.names for other in customer.names)
