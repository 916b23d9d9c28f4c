"""Whom of the customers that keys led to is it worth scoring: where half a name led to them, those whose name fits."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from matching.name_comparison import compare_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matching.blocking import Retrieval
    from matching.model import Model
    from matching.records import Record


def worth_scoring(
    query: Record, retrieval: Retrieval, customers: Mapping[str, Record], model: Model
) -> dict[str, Record]:
    """Those of the customers, whom this retrieval led to, that are worth scoring; where none is, the first of them."""
    worth = {
        key: customer
        for key, customer in customers.items()
        if key not in retrieval.by_part or _names_fit(query, customer, model.telling_names)
    }
    return worth or dict(islice(customers.items(), 1))


def _names_fit(query: Record, customer: Record, telling: frozenset[str]) -> bool:
    return any(compare_names(one, other) in telling for one in query.names for other in customer.names)
