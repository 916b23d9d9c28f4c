"""The best that any threshold over scores gives."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping

Item = TypeVar("Item", bound="Hashable")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Sweep:
    """Precision and recall where their harmonic mean is best."""

    f1: float = 0.0
    precision: float = 0.0
    recall: float = 0.0


def swept(scores: Mapping[Item, float], truth: Collection[Item]) -> Sweep:
    """Sweep the threshold over the scores of what may be true; those of one score are taken, or left, together."""
    best, taken, right = Sweep(), 0, 0
    ordered = sorted(scores.items(), key=lambda item: -item[1])
    for _, equals in groupby(ordered, key=lambda item: item[1]):
        items = [item for item, _ in equals]
        taken += len(items)
        right += sum(item in truth for item in items)
        precision, recall = right / taken, right / len(truth)
        f1 = 2 * right / (taken + len(truth))
        best = max(best, Sweep(f1=f1, precision=precision, recall=recall))
    return best
