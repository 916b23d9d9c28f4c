"""What to do with a posterior: link, ask, review or create, from stated costs and a few rules that bits cannot lift."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from matching.explanation import log2_odds
from matching.model import CONTACTS, Field
from matching.records import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matching.explanation import Feature
    from matching.scoring import Posterior, ScoredCandidate

MOST_ASKED = 3
"""Candidates in one prompt; more than three would be a quiz on who our customers are."""

RIVAL_FLOOR = 0.05
"""A customer that agrees on a contact value competes with another one from this probability on."""

FITTING_NAMES = frozenset(
    {
        "exact", "swapped", "rearranged", "nickname", "initial", "partial_family", "phonetic", "typo", "similar",
        "alike_family", "initial_of_family", "initials", "given_word",
    }
)  # fmt: skip
"""Levels at which a name supports a contact value."""

ALIKE_NAMES = frozenset({"alike_given", "garbled", "word_differs"})
"""Levels at which it may well be another name, much alike, or nobody can tell whose (Mom): a shared phone or email fits a relative as well."""

RELATIVES_NAMES = ALIKE_NAMES | {"suffix_on_one_side", "suffix_beside_word"}
"""Levels at which a relative may well bear the name: a shared phone then fits the relative as well. (One in ten
bears the holder's initial, which the probabilities know.)"""

OTHER_GIVEN_NAMES = frozenset(
    {"family_only", "family_word", "namesake", "other_given_word", "unread", "different"}
)
"""Levels at which whoever shares a contact value may well be somebody else of the household."""

_VOUCHED = frozenset({Provenance.PLATFORM, Provenance.VERIFIED})


class Cap(NamedTuple):
    """A rule that keeps a match from linking, and what would lift it."""

    rule: str
    remedy: str


NAMES_ALONE = Cap("names alone never link", "a phone, email or handle agreed as well")
ONLY_MENTIONED = Cap(
    "a value that was only mentioned does not link without a fitting name",
    "the value were verified, or a fitting name came with it",
)
ONLY_TYPED_HANDLE = Cap(
    "a handle is public: typed without a fitting name, it does not link",
    "the platform vouched for the handle, or a fitting name came with it",
)
OTHER_GIVEN_NAME = Cap(
    "a shared contact value with another given name does not link", "the given name were the same"
)
PERHAPS_A_RELATIVE = Cap(
    "a shared phone does not link a name that a relative may bear (a suffix on one side, another name much alike, a garbled one, a single word that does not fit); nor a shared email one of the latter three",
    "another contact value agreed as well, or the whole name",
)
TWO_ABOVE_THE_BAR = Cap("two customers above the bar do not link", "only one of them were above it")


class Outcome(StrEnum):
    """What becomes of an inbound contact; `ignored` is for events that carry nothing, which never get here."""

    LINKED = "linked"
    PROMPTED = "prompted"
    REVIEW = "review"
    CREATED = "created"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What mistakes cost, in questions: a wrong link is two hundred times as bad as a needless question.

    The thresholds follow: link where the expected cost of a wrong link is below that of asking, ask where the expected
    cost of missing a match is above it.
    """

    wrong_link: float = 200.0
    missed_match: float = 4.0
    question: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.question < min(self.wrong_link, self.missed_match):
            raise ValueError("a question must cost something, and less than a wrong link or a missed match")

    @property
    def link_above(self) -> float:
        return 1 - self.question / self.wrong_link

    @property
    def ask_above(self) -> float:
        return self.question / self.missed_match


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do, and why.

    `customer_id` is set when linked. `asked` are the candidates of a prompt, or the ones to propose for review. `rivals`
    are customers who compete on contact values and might be one person: to be proposed to each other as well. `caps` are
    the rules that kept a match from linking; `counterfactual` says what would have changed the outcome.
    """

    outcome: Outcome
    customer_id: str | None = None
    asked: tuple[ScoredCandidate, ...] = ()
    rivals: tuple[str, ...] = ()
    thresholds: Mapping[str, float]
    counterfactual: str | None = None
    caps: tuple[str, ...] = ()
    posterior: Posterior


def decide(posterior: Posterior, *, can_ask: bool, costs: Costs) -> Decision:
    """Choose the cheapest outcome in expectation, within the rules."""
    thresholds = {"link": costs.link_above, "ask": costs.ask_above}
    likely = [candidate for candidate in posterior.candidates if candidate.probability > costs.ask_above]
    contenders = _contenders(posterior, costs)
    caps = _caps(likely, costs) if likely else ()
    outcome = _outcome(likely, contenders, caps, can_ask=can_ask, costs=costs)
    asked = {Outcome.REVIEW: contenders or likely, Outcome.PROMPTED: likely}.get(outcome, [])
    return Decision(
        outcome=outcome,
        customer_id=likely[0].customer_id if outcome is Outcome.LINKED else None,
        asked=tuple(asked[:MOST_ASKED]),
        rivals=_rivals(posterior, contenders),
        thresholds=thresholds,
        counterfactual=_counterfactual(posterior, outcome, caps, costs),
        caps=tuple(cap.rule for cap in caps),
        posterior=posterior,
    )


def _outcome(
    likely: list[ScoredCandidate],
    contenders: list[ScoredCandidate],
    caps: tuple[Cap, ...],
    *,
    can_ask: bool,
    costs: Costs,
) -> Outcome:
    if likely and likely[0].probability > costs.link_above and not caps and not contenders:
        return Outcome.LINKED
    if contenders:
        return Outcome.REVIEW
    if not likely:
        return Outcome.CREATED
    return Outcome.PROMPTED if can_ask else Outcome.REVIEW


# ---------------------------------------------------------------- rivals


def _contenders(posterior: Posterior, costs: Costs) -> list[ScoredCandidate]:
    """The candidates that compete on contact values: none, or at least two.

    One of them must be likely, or, where they may be one customer kept several times, all of them together.
    """
    rivals = _rivals_on_values(posterior)
    if math.fsum(one.probability for one in rivals) > costs.ask_above:
        return rivals
    holding = [
        candidate
        for candidate in posterior.candidates
        if candidate.probability >= RIVAL_FLOOR and _agreed_contacts(candidate)
    ]
    pairs = list(combinations(holding, 2))
    if not pairs:
        return []
    are_one = any(_may_be_one(*pair) for pair in pairs)
    together = math.fsum(one.probability for one in holding) if are_one else holding[0].probability
    return holding if together > costs.ask_above else []


def _rivals_on_values(posterior: Posterior) -> list[ScoredCandidate]:
    """The likeliest candidate that has a rival on contact values, with those that are rivals of all before them."""
    rivals: list[ScoredCandidate] = []
    contested = frozenset[str]().union(*posterior.rivals)
    for one in posterior.candidates:
        pairs = {frozenset({one.customer_id, other.customer_id}) for other in rivals}
        if one.customer_id in contested and pairs <= posterior.rivals:
            rivals.append(one)
    return rivals


def _rivals(posterior: Posterior, contenders: list[ScoredCandidate]) -> tuple[str, ...]:
    rivals = {
        candidate.customer_id
        for one, other in combinations(contenders, 2)
        if frozenset({one.customer_id, other.customer_id}) in posterior.rivals or _may_be_one(one, other)
        for candidate in (one, other)
    }
    return tuple(sorted(rivals))


def _may_be_one(one: ScoredCandidate, other: ScoredCandidate) -> bool:
    """False for a household: two who share one value, and whose names do not both fit."""
    values_differ = _agreed_values(one) != _agreed_values(other)
    return values_differ or (_name_fits(one) and _name_fits(other))


# ---------------------------------------------------------------- caps


def _caps(likely: list[ScoredCandidate], costs: Costs) -> tuple[Cap, ...]:
    """The rules that keep the best candidate from being linked, however many bits it has."""
    best = likely[0]
    contacts = _agreed_contacts(best)
    if not contacts:
        return (NAMES_ALONE,)
    name = best.explanation.feature(Field.NAME)
    unsupported = not _name_fits(best)
    applies = {
        ONLY_MENTIONED: unsupported
        and not _is_spelled(best)
        and all(each.source is Provenance.MENTIONED for each in contacts),
        ONLY_TYPED_HANDLE: unsupported and all(_is_typed_handle(each) for each in contacts),
        OTHER_GIVEN_NAME: name is not None and _is_another_given_name(name, contacts),
        PERHAPS_A_RELATIVE: name is not None and _fits_a_relative(name, contacts),
        TWO_ABOVE_THE_BAR: any(each.probability > costs.link_above for each in likely[1:]),
    }
    return tuple(cap for cap, is_met in applies.items() if is_met)


def _is_spelled(candidate: ScoredCandidate) -> bool:
    """True where nobody told a name, and the sender's handle or address, not one from the text, spells the candidate's."""
    spelled = candidate.explanation.feature(Field.SKELETON)
    is_told = candidate.explanation.feature(Field.NAME) is not None
    return not is_told and spelled is not None and spelled.source is not Provenance.MENTIONED


def _is_another_given_name(name: Feature, contacts: list[Feature]) -> bool:
    """False for the family name alone on the customer's own account, as a business bears it: an account is of one person."""
    is_on_account = any(each.feature is Field.HANDLE and each.source in _VOUCHED for each in contacts)
    return name.level in OTHER_GIVEN_NAMES and not (name.level == "family_word" and is_on_account)


def _fits_a_relative(name: Feature, contacts: list[Feature]) -> bool:
    """True where the name may be a relative's, and they share all that agrees."""
    shared = {contact.feature for contact in contacts}
    return (shared == {Field.PHONE} and name.level in RELATIVES_NAMES) or (
        shared == {Field.EMAIL} and name.level in ALIKE_NAMES
    )


def _is_typed_handle(contact: Feature) -> bool:
    return contact.feature is Field.HANDLE and contact.source not in _VOUCHED


def _agreed_contacts(candidate: ScoredCandidate) -> list[Feature]:
    return [
        feature
        for feature in candidate.explanation.features
        if feature.feature in CONTACTS
        and feature.total > 0
        and (feature.level == "exact" or _is_national(feature, candidate))
    ]


def _is_national(contact: Feature, candidate: ScoredCandidate) -> bool:
    """True for a whole number without its country: in which country it was meant, the name has to tell."""
    return contact.level == "national" and _name_fits(candidate)


def _agreed_values(candidate: ScoredCandidate) -> set[tuple[Field, str]]:
    return {(contact.feature, contact.query_value) for contact in _agreed_contacts(candidate)}


def _name_fits(candidate: ScoredCandidate) -> bool:
    name = candidate.explanation.feature(Field.NAME)
    return name is not None and name.level in FITTING_NAMES


# ---------------------------------------------------------------- what would have changed the outcome


def _counterfactual(
    posterior: Posterior, outcome: Outcome, caps: tuple[Cap, ...], costs: Costs
) -> str | None:
    if not posterior.candidates or posterior.candidates[0].explanation.vetoes:
        return None
    best = posterior.candidates[0]
    if outcome is Outcome.LINKED:
        return _what_carries(best, costs)
    if outcome is Outcome.CREATED:
        return _what_is_lacking(best, costs.ask_above, "ask")
    if caps:
        return f"would link if {caps[0].remedy}"
    if best.probability > costs.link_above:
        return "would link if no other customer held a contact value"
    return _what_is_lacking(best, costs.link_above, "link")


def _what_carries(best: ScoredCandidate, costs: Costs) -> str | None:
    strongest = max(best.explanation.features, key=lambda feature: feature.total)
    if _probability_without(best, strongest) > costs.link_above:
        return None
    return f"would not link without the {strongest.feature} ({strongest.label})"


def _what_is_lacking(best: ScoredCandidate, bar: float, verb: str) -> str:
    features = best.explanation.features
    for feature in sorted(features, key=lambda feature: feature.total):
        if feature.total < 0 and _probability_without(best, feature) > bar:
            return f"would {verb} if the {feature.feature} were not compared ({feature.label})"
    if any(contact.source is Provenance.MENTIONED for contact in _agreed_contacts(best)):
        return f"would need {_bits_short(best, bar)} more bits to {verb}, such as from a verified value"
    return f"would need {_bits_short(best, bar)} more bits to {verb}"


def _bits_short(best: ScoredCandidate, bar: float) -> float:
    return math.ceil(10 * (log2_odds(bar) - log2_odds(best.probability))) / 10


def _probability_without(best: ScoredCandidate, feature: Feature) -> float:
    """The probability had this feature been missing, all competitors left as they are."""
    return 1 / (1 + math.exp2(feature.total - log2_odds(best.probability)))
