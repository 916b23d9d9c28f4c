"""Who wrote? Probabilities that add up to 1.

They are of every candidate, of somebody of a household or office behind a shared value, and of someone new.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from matching.blocking import KeyKind, block_key, block_keys, name_skeletons
from matching.evidence import changes_among, claims_of, gather_evidence, query_of
from matching.explanation import Explanation, log2_odds, rounded_bits
from matching.model import DIFFERENT, OF_NAMES, Field
from matching.persons import is_whole
from matching.rivals import find_rivals
from matching.weights import (
    KIND_OF_FIELD,
    Surroundings,
    exact_bits,
    exact_name_bits,
    household_prior,
    spelled_bits,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from matching.evidence import Claims, Query
    from matching.model import Level, Model
    from matching.records import Record
    from matching.weights import Evidence

MAX_BITS = 1000.0
"""Beyond this a weight no longer fits a float."""

UNSHOWN_BEHIND_NAME = 0.25
"""How much rarer it is that a customer shows nothing of themselves under a whole name, which mostly is the one that we have (judgement)."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A customer to score. `vetoes` are sentences; a candidate that has one is explained, and has probability 0."""

    customer_id: str
    record: Record
    vetoes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """What surrounds the candidates: the number of customers, the channel, and what retrieval counted and missed."""

    customers: int
    channel: str
    holders: Mapping[int, int] = field(default_factory=dict)
    missed: Mapping[int, int] = field(default_factory=dict)


class ScoredCandidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A candidate with its probability. `stands_for` names the twins that an open proposal joins to it."""

    customer_id: str
    probability: float
    explanation: Explanation
    stands_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Somebody of the household or office of these customers, who share a value of this kind, wrote.

    `bears_name`: the name of the query is that of one of them sooner than a relative's.
    """

    customer_ids: tuple[str, ...]
    kind: Field
    probability: float
    bears_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Probabilities of all hypotheses; candidates best first, equals by id.

    `new_bits` is the log2 of what someone new weighs, namesakes and unread customers included, beside a mere stranger.
    `unshown_probability` is the part of someone new that belongs to customers of whom the query shows nothing.
    `rivals` are the pairs of candidates that compete on contact values, whatever their probabilities; `set_aside` says
    what of the query took no part, and why.
    """

    candidates: tuple[ScoredCandidate, ...]
    related_probability: float
    new_probability: float
    namesake_probability: float
    new_bits: float
    relations: tuple[Relation, ...]
    model_version: str
    rivals: frozenset[frozenset[str]] = frozenset()
    set_aside: tuple[str, ...] = ()
    unshown_probability: float = 0.0


class Scored(msgspec.Struct, frozen=True, gc=False):
    """A candidate with its evidence, before it competes; `lent_bits` are those of the twins whose place it takes as well."""

    candidate: Candidate
    evidence: tuple[Evidence, ...]
    prior_bits: float
    total_bits: float
    is_elsewhere: bool
    joined: tuple[str, ...] = ()
    lent_bits: float = 0.0

    @property
    def holds_value(self) -> bool:
        """True where the candidate holds a contact value of the query."""
        return any(item.is_contact_agreement for item in self.evidence)

    @property
    def name_bits(self) -> float:
        return math.fsum(item.feature.total for item in self.evidence if item.feature.feature in OF_NAMES)

    @property
    def kin_name_bits(self) -> float:
        return math.fsum(item.kin_bits for item in self.evidence if item.feature.feature in OF_NAMES)

    @property
    def bears_name(self) -> bool:
        """True where the name of the query is the candidate's sooner than a relative's."""
        return self.name_bits > self.kin_name_bits


class Prior(NamedTuple):
    """Chance that the sender is a given customer; the log2 odds of that against none whom blocking could have found.

    `elsewhere_bits` are those odds where the customer would write with no kind of contact value that we have of them.
    `namesake` is the chance that somebody new is the namesake of a given customer, `unshown` that a stranger, to what we
    have, is a customer who shows nothing of it.
    """

    each: float
    bits: float
    elsewhere_bits: float
    namesake: float
    unshown: float


class Group(NamedTuple):
    """Candidates who hold the same contact values of the query; `bits` weigh "somebody else behind those values wrote".

    `lent_bits` are what it brings a relative that one of them lent those values, and `kinship` is the chance that whoever
    bears the name of the query is a relative; `bears_name` as in `Relation`.
    """

    members: tuple[str, ...]
    kind: Field
    bits: float
    lent_bits: float
    kinship: float
    bears_name: bool


class Household(NamedTuple):
    """Groups that have members in common; whoever is in none of them belongs to it with the chance `kinship`."""

    members: set[str]
    groups: tuple[Group, ...]
    kinship: float


class Unknown(NamedTuple):
    """Weights of whoever is none of the candidates, beside a mere stranger's: customers who were not read, and namesakes.

    `unshown` is the part of that stranger's which belongs to customers who show nothing of themselves.
    """

    missed: float
    namesakes: float
    unshown: float


def score(
    query: Record,
    candidates: Sequence[Candidate],
    population: Population,
    model: Model,
    *,
    joined: Sequence[Collection[str]] = (),
) -> Posterior:
    """The posterior over candidates, relations and someone new.

    `joined` are sets of customers whom an open proposal takes for one person. Of each set one member competes with the
    contacts of all, and stands for the others, which are left out: a twin takes nothing from its twin, and counts as no
    further holder.
    """
    sets = _merged(joined)
    asked = query_of(query, model)
    prior = _prior(population, model, tells_name=any(is_whole(name.value) for name in asked.claims.names))
    surroundings = _surroundings(_counting_once(population, candidates, sets), model)
    scored = [_score_candidate(asked, candidate, prior, surroundings) for candidate in candidates]
    competing = [
        _pooled(twins, asked, prior, surroundings) if len(twins) > 1 else twins[0]
        for twins in _sets_of(scored, sets, model)
    ]
    groups = _groups(competing, prior, surroundings)
    missed = _missed_weight(asked, population, prior, surroundings)
    namesakes = math.fsum(_namesake_weight(one, prior) for one in competing)
    posterior = _normalized(competing, groups, Unknown(missed, namesakes, prior.unshown), model)
    return replace(posterior, rivals=find_rivals(asked.claims, _holders(competing, model), surroundings))


# ---------------------------------------------------------------- the prior


def _prior(population: Population, model: Model, *, tells_name: bool) -> Prior:
    """P(known) = known_share * N / (N + half_saturation), spread over N customers; blocking finds `recall` of them."""
    channel = model.prior_of(population.channel)
    customers = max(population.customers, 1)
    each = channel.known_share / (customers + channel.half_saturation)
    new = 1 - model.recall * each * customers
    unshown = each * customers * channel.unshown * (UNSHOWN_BEHIND_NAME if tells_name else 1.0)
    return Prior(
        each,
        rounded_bits(math.log2(each / new)),
        rounded_bits(math.log2(each * channel.elsewhere_factor / new)),
        model.namesake_chance(population.channel, customers),
        unshown / (1 - each * customers + unshown),
    )


def _surroundings(population: Population, model: Model) -> Surroundings:
    customers = max(population.customers, 1)
    prior = model.prior_of(population.channel)
    return Surroundings(
        model=model,
        customers=customers,
        scale=customers + prior.half_saturation,
        holders=population.holders,
        kin_factors=prior.kin_factors,
    )


# ---------------------------------------------------------------- evidence of one candidate


def _score_candidate(query: Query, candidate: Candidate, prior: Prior, surroundings: Surroundings) -> Scored:
    claims = claims_of(candidate.record, surroundings.model)
    evidence = gather_evidence(query, claims, surroundings)
    is_elsewhere = claims.has_contacts and all(item.feature.feature in OF_NAMES for item in evidence)
    prior_bits = prior.elsewhere_bits if is_elsewhere else prior.bits
    total = rounded_bits(prior_bits + math.fsum(item.feature.total for item in evidence))
    return Scored(candidate, evidence, prior_bits, total, is_elsewhere)


def _holders(competing: Sequence[Scored], model: Model) -> dict[str, Claims]:
    """What the candidates hold who agree on a contact value, and whom no veto rules out."""
    return {
        one.candidate.customer_id: claims_of(one.candidate.record, model)
        for one in competing
        if not one.candidate.vetoes and one.holds_value
    }


# ---------------------------------------------------------------- customers whom an open proposal joins


def _counting_once(
    population: Population, candidates: Sequence[Candidate], sets: Sequence[Collection[str]]
) -> Population:
    """The population with each set of twins as one holder of what several of them have."""
    if not sets:
        return population
    holders = dict(population.holders)
    records = {candidate.customer_id: candidate.record for candidate in candidates}
    for ids in sets:
        keys = Counter(key.hash for each in ids if each in records for key in block_keys(records[each]))
        for key, twins in keys.items():
            if key in holders:
                holders[key] = max(holders[key] - twins + 1, 1)
    return replace(population, holders=holders)


def _sets_of(
    scored: Sequence[Scored], sets: Sequence[Collection[str]], model: Model
) -> list[tuple[Scored, ...]]:
    """The candidates with their twins, the one who is to stand for them first.

    That is one who is not vetoed, who holds a value of the query, and of those the one whose name comes closest: an event
    that is sent again goes to the customer whom it made before.
    """
    if not sets:
        return [(one,) for one in scored]
    set_of = {customer: min(ids) for ids in sets for customer in ids}
    ranks = model.ranks[Field.NAME]
    twins: dict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        customer = one.candidate.customer_id
        twins[set_of.get(customer, customer)].append(one)
    return [tuple(sorted(each, key=lambda one: _fitness(one, ranks))) for each in twins.values()]


def _fitness(one: Scored, ranks: Mapping[str, tuple[int, Level]]) -> tuple[bool, bool, int, float, str]:
    named = next((item.feature.level for item in one.evidence if item.feature.feature is Field.NAME), None)
    return (
        bool(one.candidate.vetoes),
        not one.holds_value,
        ranks[named][0] if named else len(ranks),
        -one.total_bits,
        one.candidate.customer_id,
    )


def _pooled(twins: Sequence[Scored], query: Query, prior: Prior, surroundings: Surroundings) -> Scored:
    """The first of the twins with the contacts of all, but for those who are vetoed, and as likely to write as all of them."""
    first = twins[0].candidate
    records = [one.candidate.record for one in twins if not one.candidate.vetoes] or [first.record]
    record = msgspec.structs.replace(
        first.record,
        phones=tuple(value for each in records for value in each.phones),
        emails=tuple(value for each in records for value in each.emails),
        handles=tuple(value for each in records for value in each.handles),
    )
    pooled = msgspec.structs.replace(first, record=record)
    joined = tuple(one.candidate.customer_id for one in twins[1:])
    scored = _score_candidate(query, pooled, prior, surroundings)
    return msgspec.structs.replace(scored, joined=joined, lent_bits=math.log2(len(records)))


def _merged(joined: Sequence[Collection[str]]) -> list[set[str]]:
    """Sets that share a member, as one set."""
    merged: list[set[str]] = []
    for ids in joined:
        touching = [group for group in merged if not group.isdisjoint(ids)]
        merged = [group for group in merged if group.isdisjoint(ids)]
        merged.append(set(ids).union(*touching))
    return merged


# ---------------------------------------------------------------- the other hypotheses


def _groups(scored: Sequence[Scored], prior: Prior, surroundings: Surroundings) -> list[Group]:
    """One hypothesis for every set of candidates that shares contact values of the query."""
    sharers: dict[tuple[Field, str], list[Scored]] = {}
    for one in scored:
        for item in one.evidence:
            if item.may_be_shared:
                sharers.setdefault((item.feature.feature, item.identity), []).append(one)
    sharing: dict[tuple[str, ...], list[Scored]] = {}
    values: dict[tuple[str, ...], list[tuple[Field, str]]] = {}
    for value, sharers_of_value in sharers.items():
        members = tuple(sorted(one.candidate.customer_id for one in sharers_of_value))
        sharing[members] = sharers_of_value
        values.setdefault(members, []).append(value)
    return [_group(sharing[members], values[members], prior, surroundings) for members in sorted(values)]


def _group(
    sharing: Sequence[Scored], values: Sequence[tuple[Field, str]], prior: Prior, surroundings: Surroundings
) -> Group:
    """Weigh "a relative or colleague wrote" against "someone new".

    The rest of the query is compared with the member who resembles it most, and the name with the member whose name does:
    whoever bears the very name of a member is that member sooner than one more relative of the others. However many
    newcomers of a channel are relatives, hardly one of them bears it.
    """
    closest = min(sharing, key=lambda one: (-one.total_bits, one.candidate.customer_id))
    alike = min(sharing, key=lambda one: (-one.name_bits, one.candidate.customer_id))
    factors: Mapping[Field, float] = {} if alike.bears_name else surroundings.kin_factors
    belongs, kind = max(
        (household_prior(kind, identity, surroundings, factor=factors.get(kind, 1.0)), kind)
        for kind, identity in values
    )
    contacts = [item for item in closest.evidence if item.feature.feature not in OF_NAMES]
    shared = {kind for kind, _ in values}
    return Group(
        members=tuple(sorted(one.candidate.customer_id for one in sharing)),
        kind=kind,
        bits=math.log2(belongs) + alike.kin_name_bits + math.fsum(item.kin_bits for item in contacts),
        lent_bits=math.fsum(item.kin_bits for item in contacts if item.feature.feature in shared),
        kinship=_kinship(alike, values, prior, surroundings),
        bears_name=alike.bears_name,
    )


def _kinship(
    one: Scored, values: Sequence[tuple[Field, str]], prior: Prior, surroundings: Surroundings
) -> float:
    """Chance that whoever bears the name of the query is a relative or colleague of this holder of its values.

    The names tell, and how usual that is of customers: how many newcomers of the channel are relatives does not matter.
    """
    belongs = max(household_prior(*value, surroundings, factor=1.0) for value in values)
    kin = belongs * math.exp2(min(one.kin_name_bits, MAX_BITS))
    same = math.exp2(min(prior.bits + one.name_bits, MAX_BITS))
    return kin / (kin + same + 1)


def _households(groups: Sequence[Group]) -> list[Household]:
    households = []
    for members in _merged([group.members for group in groups]):
        own = tuple(group for group in groups if group.members[0] in members)
        households.append(Household(members, own, max(group.kinship for group in own)))
    return households


def _missed_weight(query: Query, population: Population, prior: Prior, surroundings: Surroundings) -> float:
    """Weight of customers who share a key and were not read, as if each agreed on that alone.

    Half a name that was not read weighs nothing: those behind it mostly bear another name. Nor does a name that a handle
    spells, where the sender has told one: whoever bears that was read before.
    """
    if not population.missed:
        return 0.0
    bits = _bits_by_key(query, surroundings)
    return math.fsum(
        count * math.exp2(min(prior.bits + bits[key], MAX_BITS))
        for key, count in population.missed.items()
        if key in bits
    )


def _bits_by_key(query: Query, surroundings: Surroundings) -> dict[int, float]:
    """Bits that an agreement behind a key brings, by the hash of the key."""
    bits = {
        block_key(KIND_OF_FIELD[compared], claim.identity).hash: exact_bits(
            compared, claim.identity, surroundings
        )
        for compared, claims in query.claims.contacts.items()
        for claim in claims
    }
    spelled = (
        {each: exact_name_bits(name.value, surroundings) for name in query.claims.names for each in name_skeletons(name.value)}
        or {skeleton: spelled_bits(skeleton, surroundings) for skeleton in query.spellings}
    )  # fmt: skip
    return bits | {
        block_key(KeyKind.NAME_SKELETON, skeleton).hash: each for skeleton, each in spelled.items()
    }


def _namesake_weight(one: Scored, prior: Prior) -> float:
    """Weigh "somebody new who bears this customer's name": the name as if it were theirs, the rest as of any stranger."""
    return prior.namesake * math.exp2(min(one.name_bits, MAX_BITS))


# ---------------------------------------------------------------- all together


def _normalized(
    competing: Sequence[Scored], groups: Sequence[Group], unknown: Unknown, model: Model
) -> Posterior:
    """Divide one certainty among the hypotheses; all weights are relative to "a mere stranger", whose own is 1."""
    households = _households(groups)
    lent = [
        math.fsum((one.lent_bits, *(_lent_bits(one, household, model) for household in households)))
        for one in competing
    ]
    weights = [_weight_of(one, bits) for one, bits in zip(competing, lent, strict=True)]
    kin = [math.exp2(min(group.bits, MAX_BITS)) for group in groups]
    new = 1 + unknown.missed + unknown.namesakes
    whole = math.fsum((*weights, *kin, new))
    candidates = [
        _explained(one, bits, weight / whole)
        for one, bits, weight in zip(competing, lent, weights, strict=True)
    ]
    relations = [
        Relation(
            customer_ids=group.members,
            kind=group.kind,
            probability=weight / whole,
            bears_name=group.bears_name,
        )
        for group, weight in zip(groups, kin, strict=True)
    ]
    return Posterior(
        candidates=tuple(sorted(candidates, key=_best_first)),
        related_probability=math.fsum(kin) / whole,
        new_probability=new / whole,
        namesake_probability=unknown.namesakes / whole,
        new_bits=math.log2(new),
        unshown_probability=unknown.unshown / whole,
        relations=tuple(
            sorted(relations, key=lambda relation: (-relation.probability, relation.customer_ids))
        ),
        model_version=model.version,
    )


def _weight_of(one: Scored, lent_bits: float) -> float:
    return 0.0 if one.candidate.vetoes else math.exp2(min(one.total_bits + lent_bits, MAX_BITS))


def _lent_bits(one: Scored, household: Household, model: Model) -> float:
    """What it brings a candidate that others of the household lent their values: a wife writes from her husband's phone.

    Whoever shares a value with one of them is of their household, and whoever does not may be. They lend to one who bears
    the name of the query, where they do not: else they wrote themselves. So do strangers to the holder of another value.
    A value that was lent is no new one: who brings nothing else has not come with new values alone.
    """
    customer_id = one.candidate.customer_id
    is_member = customer_id in household.members
    any_name = not is_member and one.holds_value
    lending = [
        group.lent_bits + _bits_back(one, group.kind, model)
        for group in household.groups
        if customer_id not in group.members and (any_name or (not group.bears_name and one.bears_name))
    ]
    if not lending:
        return 0.0
    if is_member:
        return math.fsum(_bits_of_loan(1, bits) for bits in lending)
    return _bits_of_loan(household.kinship, math.fsum(lending))


def _bits_back(one: Scored, lent: Field, model: Model) -> float:
    """What another value of this kind took from a candidate beyond an ordinary change, where it counts for new values alone."""
    alone = changes_among(item.feature for item in one.evidence).alone
    if alone is not lent:
        return 0.0
    return max(math.log2(model.ranks[lent][DIFFERENT][1].m / model.all_new), 0.0)


def _bits_of_loan(chance: float, bits: float) -> float:
    return math.log2(1 + chance * math.exp2(min(bits, MAX_BITS)))


def _best_first(candidate: ScoredCandidate) -> tuple[float, float, str]:
    return -candidate.probability, -candidate.explanation.total_bits, candidate.customer_id


def _explained(one: Scored, lent_bits: float, probability: float) -> ScoredCandidate:
    features = tuple(item.feature for item in one.evidence)
    competition = 0.0 if one.candidate.vetoes else rounded_bits(log2_odds(probability) - one.total_bits)
    explanation = Explanation(
        prior_bits=one.prior_bits,
        features=features,
        vetoes=one.candidate.vetoes,
        missing=_missing(frozenset([feature.feature for feature in features])),
        total_bits=one.total_bits,
        lent_bits=lent_bits,
        is_elsewhere=one.is_elsewhere,
        competition_bits=competition,
        probability=probability,
    )
    return ScoredCandidate(
        customer_id=one.candidate.customer_id,
        probability=probability,
        explanation=explanation,
        stands_for=one.joined,
    )


@cache
def _missing(compared: frozenset[Field]) -> tuple[str, ...]:
    return tuple(each.value for each in Field if each not in compared and each is not Field.SKELETON)
