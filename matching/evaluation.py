"""How good decisions are, held against the truth: links, questions, and whether probabilities mean what they say.

Expected calibration error as by Naeini, Cooper & Hauskrecht (2015), with 15 bins, of equal width (the one to quote) and of
equal mass (which shows what one crowded bin hides: nearly all probabilities are close to 0 or 1).
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from matching.decisions import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BINS = 15

MOST_POINTS = 400
"""Points of a curve: more than a picture can show."""

_NEAREST_TO_CERTAIN = 1e-15


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledDecision:
    """A decision of an event, and who sent it: `sender_id` is None for somebody new. Candidates are best first."""

    kind: str
    sender_id: str | None
    outcome: Outcome
    linked_id: str | None
    candidates: Sequence[tuple[str, float]]


class Bin(NamedTuple):
    """Top probabilities between two bounds: how many, their mean, and the share whose candidate was the sender."""

    lower: float
    upper: float
    events: int
    mean_probability: float
    share_right: float


class CurvePoint(NamedTuple):
    """Were every best candidate of this probability or more linked, whatever else the policy asks."""

    probability: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How far top probabilities can be believed, over `count` events that had a candidate; None where there is none.

    `error` is the expected calibration error over bins of equal width, `error_by_mass` over bins of equal mass. Brier score
    and log loss (in nats) are those of "the best candidate sent it".
    """

    count: int
    error: float | None
    error_by_mass: float | None
    brier: float | None
    log_loss: float | None
    bins: tuple[Bin, ...]
    bins_by_mass: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Counts over some events, and the figures that follow; a figure is None where there is nothing to divide by.

    `found` counts senders who were linked rightly, or are the first candidate; `reached` those of them who were linked or
    asked about. `asked` counts prompts and reviews.
    """

    events: int
    known: int
    links: int
    right_links: int
    found: int
    reached: int
    prompts: int
    asked: int
    newcomers_asked: int
    calibration: Calibration

    @property
    def newcomers(self) -> int:
        return self.events - self.known

    @property
    def link_precision(self) -> float | None:
        """Share of automatic links that are right."""
        return _share(self.right_links, self.links)

    @property
    def recall(self) -> float | None:
        """Share of known senders who were linked rightly or are the first candidate."""
        return _share(self.found, self.known)

    @property
    def reach(self) -> float | None:
        """Share of known senders who were linked rightly, or asked about first."""
        return _share(self.reached, self.known)

    @property
    def link_share(self) -> float | None:
        """Share of known senders who were linked rightly."""
        return _share(self.right_links, self.known)

    @property
    def newcomers_asked_share(self) -> float | None:
        """Share of newcomers who were prompted or put to review."""
        return _share(self.newcomers_asked, self.newcomers)

    @property
    def prompts_per_1000(self) -> float | None:
        """Prompts in 1,000 events."""
        return 1_000 * self.prompts / self.events if self.events else None

    def to_dict(self) -> dict[str, Any]:
        """Counts and figures, ready for `json.dumps`."""
        calibration = self.calibration
        return {
            **{name: getattr(self, name) for name in (*_COUNTS, *_FIGURES)},
            "calibration": {
                "count": calibration.count,
                "error": calibration.error,
                "error_by_mass": calibration.error_by_mass,
                "brier": calibration.brier,
                "log_loss": calibration.log_loss,
                "bins": [each._asdict() for each in calibration.bins],
                "bins_by_mass": [each._asdict() for each in calibration.bins_by_mass],
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Scores of all events, and of each kind by its name; `curve` runs from the surest links to all."""

    overall: Scores
    kinds: Mapping[str, Scores]
    curve: tuple[CurvePoint, ...]

    def to_dict(self) -> dict[str, Any]:
        """The report, ready for `json.dumps`."""
        return {
            **self.overall.to_dict(),
            "kinds": {kind: scores.to_dict() for kind, scores in self.kinds.items()},
            "curve": [each._asdict() for each in self.curve],
        }


def evaluate(decisions: Iterable[LabelledDecision]) -> Report:
    """Score decisions as they come: what is kept of each is nine bytes."""
    tallies: dict[str, _Tally] = {}
    for decision in decisions:
        tallies.setdefault(decision.kind, _Tally()).add(decision)
    overall = _Tally()
    for tally in tallies.values():
        overall.take(tally)
    return Report(
        overall=overall.scores(),
        kinds={kind: tallies[kind].scores() for kind in sorted(tallies)},
        curve=_curve(overall.top, overall.known),
    )


# ---------------------------------------------------------------- counting


@dataclass(slots=True)
class _Top:
    """Top probabilities, and for each whether the best candidate was the sender."""

    probabilities: array[float] = field(default_factory=lambda: array("d"))
    right: array[int] = field(default_factory=lambda: array("b"))

    def __len__(self) -> int:
        return len(self.right)


@dataclass(slots=True)
class _Tally:
    """Counts that grow."""

    events: int = 0
    known: int = 0
    links: int = 0
    right_links: int = 0
    found: int = 0
    reached: int = 0
    prompts: int = 0
    asked: int = 0
    newcomers_asked: int = 0
    top: _Top = field(default_factory=_Top)

    def add(self, decision: LabelledDecision) -> None:
        is_known = decision.sender_id is not None
        is_link = decision.outcome is Outcome.LINKED
        is_right_link = is_link and is_known and decision.linked_id == decision.sender_id
        is_asked = decision.outcome in {Outcome.PROMPTED, Outcome.REVIEW}
        is_first = bool(decision.candidates) and decision.candidates[0][0] == decision.sender_id
        self.events += 1
        self.known += is_known
        self.links += is_link
        self.right_links += is_right_link
        self.found += is_right_link or is_first
        self.reached += is_right_link or (is_first and is_asked)
        self.prompts += decision.outcome is Outcome.PROMPTED
        self.asked += is_asked
        self.newcomers_asked += is_asked and not is_known
        if decision.candidates:
            self.top.probabilities.append(decision.candidates[0][1])
            self.top.right.append(is_first)

    def take(self, other: _Tally) -> None:
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.top.probabilities.extend(other.top.probabilities)
        self.top.right.extend(other.top.right)

    def scores(self) -> Scores:
        counts = {name: getattr(self, name) for name in _COUNTS}
        return Scores(**counts, calibration=_calibration(self.top))


_COUNTS = (
    "events",
    "known",
    "links",
    "right_links",
    "found",
    "reached",
    "prompts",
    "asked",
    "newcomers_asked",
)
_FIGURES = ("link_precision", "link_share", "recall", "reach", "newcomers_asked_share", "prompts_per_1000")


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


# ---------------------------------------------------------------- calibration


def _calibration(top: _Top) -> Calibration:
    order = sorted(range(len(top)), key=top.probabilities.__getitem__)
    by_width, by_mass = _bins_of_equal_width(top, order), _bins_of_equal_mass(top, order)
    return Calibration(
        count=len(top),
        error=_expected_error(by_width),
        error_by_mass=_expected_error(by_mass),
        brier=_mean(
            (probability - right) ** 2
            for probability, right in zip(top.probabilities, top.right, strict=True)
        ),
        log_loss=_mean(
            _surprise(probability if right else 1 - probability)
            for probability, right in zip(top.probabilities, top.right, strict=True)
        ),
        bins=by_width,
        bins_by_mass=by_mass,
    )


def _bins_of_equal_width(top: _Top, order: Sequence[int]) -> tuple[Bin, ...]:
    """The bins that hold anything; the last one takes in 1."""
    members: dict[int, list[int]] = {}
    for place in order:
        members.setdefault(min(int(top.probabilities[place] * BINS), BINS - 1), []).append(place)
    return tuple(
        _bin(top, places, number / BINS, (number + 1) / BINS) for number, places in sorted(members.items())
    )


def _bins_of_equal_mass(top: _Top, order: Sequence[int]) -> tuple[Bin, ...]:
    """As many events in each, within one; events of one probability stay in the order in which they came."""
    cuts = [len(order) * number // BINS for number in range(BINS + 1)]
    filled = [order[start:end] for start, end in pairwise(cuts) if end > start]
    return tuple(
        _bin(top, places, top.probabilities[places[0]], top.probabilities[places[-1]]) for places in filled
    )


def _bin(top: _Top, places: Sequence[int], lower: float, upper: float) -> Bin:
    return Bin(
        lower=lower,
        upper=upper,
        events=len(places),
        mean_probability=math.fsum(top.probabilities[place] for place in places) / len(places),
        share_right=sum(top.right[place] for place in places) / len(places),
    )


def _expected_error(bins: Sequence[Bin]) -> float | None:
    count = sum(each.events for each in bins)
    off = math.fsum(each.events * abs(each.mean_probability - each.share_right) for each in bins)
    return off / count if count else None


def _surprise(probability: float) -> float:
    return -math.log(max(probability, _NEAREST_TO_CERTAIN))


def _mean(values: Iterable[float]) -> float | None:
    kept = array("d", values)
    return math.fsum(kept) / len(kept) if kept else None


# ---------------------------------------------------------------- precision and recall


def _curve(top: _Top, known: int) -> tuple[CurvePoint, ...]:
    """Precision and recall after each probability that occurs, the highest first; thinned out evenly where there are many."""
    if not known:
        return ()
    order = sorted(range(len(top)), key=top.probabilities.__getitem__, reverse=True)
    points: list[CurvePoint] = []
    taken = right = 0
    for probability, places in groupby(order, key=top.probabilities.__getitem__):
        group = list(places)
        taken += len(group)
        right += sum(top.right[place] for place in group)
        points.append(CurvePoint(probability, right / taken, right / known))
    step = max(math.ceil(len(points) / MOST_POINTS), 1)
    return tuple(points[::-step][::-1])
