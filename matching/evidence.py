"""All comparisons of one query with one candidate, each piece of evidence counted once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import replace

from matching.blocking import MIN_SKELETON, contact_skeletons, name_skeletons
from matching.comparison import Claim, Outcome, Value, best_outcome
from matching.comparison_library import compare_emails, compare_handles, compare_phones
from matching.explanation import rounded_bits
from matching.model import CONTACTS, DIFFERENT, Field, Level, Model
from matching.name_comparison import compare_names
from matching.normalize.handles import handle_skeleton
from matching.persons import is_whole, person_behind
from matching.records import Email, Handle, LocalPhone, PersonName, Phone, Provenance
from matching.weights import SLIPS, plain_bits, weigh

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from matching.explanation import Feature
    from matching.records import Record
    from matching.weights import Evidence, Surroundings


class Claims(msgspec.Struct, frozen=True, gc=False):
    """A record as comparisons read it: each value once, with its trust."""

    names: tuple[Claim[PersonName], ...]
    phones: tuple[Claim[Phone | LocalPhone], ...]
    emails: tuple[Claim[Email], ...]
    handles: tuple[Claim[Handle], ...]

    @property
    def has_contacts(self) -> bool:
        return bool(self.phones or self.emails or self.handles)

    @property
    def contacts(self) -> dict[Field, tuple[Claim[Any], ...]]:
        return {Field.PHONE: self.phones, Field.EMAIL: self.emails, Field.HANDLE: self.handles}


def claims_of(record: Record, model: Model) -> Claims:
    names, contacts = model.name_trust, model.contact_trust
    return Claims(
        names=_distinct(
            [
                _name_claim(v, record, names[v.provenance])
                for v in record.names
                if len(record.names) == 1 or not any(_completes(each, v) for each in record.names)
            ]
        ),
        phones=_distinct(list(_phone_claims(record, contacts))),
        emails=_distinct(
            [Claim(v.address, v.canonical, v.provenance, contacts[v.provenance], v) for v in record.emails]
        ),
        handles=_distinct(
            [
                Claim(v.value, f"{v.platform}:{v.value}", v.provenance, contacts[v.provenance], v)
                for v in record.handles
            ]
        ),
    )


def _name_claim(name: PersonName, record: Record, trust: float) -> Claim[PersonName]:
    """A name as it is compared; where that is another one than was told, both are shown."""
    person = name if is_whole(name) else person_behind(name, contact_skeletons(record))
    text = name.display
    if person != name:
        parts = f"{person.given} {person.family}".strip().title()
        text = f"{text} ({parts})"
    return Claim(text, name.display, name.provenance, trust, person)


def _completes(full: PersonName, name: PersonName) -> bool:
    """True where one name tells what the other one abbreviates, or a part of which it is: Oscar Dashwood, O. Dashwood, Oscar."""
    if full.family and not name.family:
        return name.given in full.tokens
    parts = (full.given, name.given), (full.family, name.family)
    return parts[0] + parts[1] != (name.given, name.given, name.family, name.family) and all(
        whole == part or (len(part) == 1 and whole.startswith(part)) for whole, part in parts
    )


def _phone_claims(record: Record, trust: Mapping[Provenance, float]) -> Iterator[Claim[Phone | LocalPhone]]:
    for phone in record.phones:
        yield Claim(phone.e164, phone.e164, phone.provenance, trust[phone.provenance], phone)
    for local in record.local_phones or ():
        yield Claim(local.digits, local.digits, local.provenance, trust[local.provenance], local)


class Query(NamedTuple):
    """The claims of a query, with the names that they spell, by skeleton: what every candidate is compared with."""

    claims: Claims
    spellings: Mapping[str, Sequence[Claim[Any]]]


def query_of(record: Record, model: Model) -> Query:
    claims = claims_of(record, model)
    spellings: dict[str, list[Claim[Any]]] = {}
    for skeleton, claim in _spellings(claims):
        spellings.setdefault(skeleton, []).append(claim)
    return Query(claims, spellings)


def gather_evidence(query: Query, candidate: Claims, surroundings: Surroundings) -> tuple[Evidence, ...]:
    """What speaks for and against the candidate, a feature at most once, in the order of `Field`."""
    ranks = surroundings.model.ranks
    names = _name_evidence(query, candidate, surroundings)
    asked = query.claims
    contacts: tuple[tuple[Field, Outcome[Any] | None], ...] = (
        (Field.PHONE, best_outcome(asked.phones, candidate.phones, compare_phones, ranks[Field.PHONE])),
        (Field.EMAIL, best_outcome(asked.emails, candidate.emails, compare_emails, ranks[Field.EMAIL])),
        (Field.HANDLE, best_outcome(asked.handles, candidate.handles, compare_handles, ranks[Field.HANDLE])),
    )
    outcomes = {
        compared: _without_repetition(_no_slip(outcome, compared, surroundings), names, ranks[compared])
        for compared, outcome in contacts
        if outcome
    }
    changes = _changes_of(outcomes)
    for compared, level in _levels_of_changes(changes, surroundings.model).items():
        outcomes[compared] = replace(outcomes[compared], level=level)
    weighed = [
        # New values alone count by their figure for whatever reason they are new: not being their bearers' own is one.
        weigh(outcome, compared, surroundings, trust=1.0 if compared is changes.alone else outcome.trust)
        for compared, outcome in outcomes.items()
    ]
    return (*names.evidence, *weighed)


def _changes_of(outcomes: Mapping[Field, Outcome[Any]]) -> Changes:
    different = {
        compared: _against(outcome.source, plain_bits(outcome))
        for compared, outcome in outcomes.items()
        if outcome.level.level == DIFFERENT
    }
    return _changes(different, len(outcomes))


def _levels_of_changes(changes: Changes, model: Model) -> dict[Field, Level]:
    """The levels of kinds of contact values whose difference counts by a figure of its own."""
    levels = {compared: model.different_too[compared] for compared in changes.too}
    if changes.alone:
        levels[changes.alone] = model.different_alone[changes.alone]
    return levels


def _against(source: Provenance, bits: float) -> tuple[bool, float]:
    """What orders values that speak against a candidate: whether it was merely mentioned, then its bits."""
    return source is Provenance.MENTIONED, bits


class Changes(NamedTuple):
    """The kinds of contact values whose difference counts by a figure of its own.

    `alone` speaks for all that are compared, where none of them agrees, nor nearly: whoever comes with new values alone is
    rarer than one value that changed beside others that did not. `too` are those beside the one that speaks against the
    candidate the most: of somebody with another phone, another address says little more.
    """

    alone: Field | None
    too: tuple[Field, ...]


NO_CHANGES = Changes(None, ())


def changes_among(features: Iterable[Feature]) -> Changes:
    """What changed together, or alone, by an explanation."""
    contacts = [each for each in features if each.feature in CONTACTS]
    different = {
        each.feature: _against(each.source, each.total) for each in contacts if each.level == DIFFERENT
    }
    return _changes(different, len(contacts))


def _changes(different: Mapping[Field, tuple[bool, float]], compared: int) -> Changes:
    """Of `compared` kinds. What was merely mentioned may be anybody's: it speaks for nothing else, and excuses nothing."""
    if not different:
        return NO_CHANGES
    first, *others = sorted(different, key=different.__getitem__)
    is_mentioned, _ = different[first]
    if is_mentioned:
        return NO_CHANGES
    return Changes(first if len(different) == compared else None, tuple(others))


def _no_slip(outcome: Outcome[Any], compared: Field, surroundings: Surroundings) -> Outcome[Any]:
    """A value that some customer has is no slip of the pen for a neighbouring one."""
    if outcome.level.level not in SLIPS or not surroundings.is_held(compared, outcome.query.identity):
        return outcome
    return replace(outcome, level=surroundings.model.ranks[compared][DIFFERENT][1])


def _distinct(claims: Sequence[Claim[Value]]) -> tuple[Claim[Value], ...]:
    """Each value once, as its most trusted claim has it."""
    if len(claims) <= 1:
        return tuple(claims)
    by_trust = sorted(claims, key=lambda claim: (claim.trust, claim.text, claim.provenance))
    return tuple({claim.identity: claim for claim in by_trust}.values())


class NameEvidence(msgspec.Struct, frozen=True, gc=False):
    """What names say, and the agreements that said it; `told` are the names of either side."""

    evidence: tuple[Evidence, ...]
    named: Outcome[PersonName] | None
    spelled: Outcome[Any] | None
    told: tuple[Sequence[Claim[PersonName]], Sequence[Claim[PersonName]]]

    def are_spelled_by(self, query: str, candidate: str) -> bool:
        """True where the skeleton of either side is a name of that side, or a part of it."""
        return all(
            any(skeleton in (*name_skeletons(claim.value), *claim.value.tokens) for claim in side)
            for skeleton, side in zip((query, candidate), self.told, strict=True)
        )

    def counts(self, skeleton: str) -> bool:
        """True where this skeleton is part of what was counted."""
        if self.spelled and self.spelled.query.identity == skeleton:
            return True
        return self.named is not None and any(
            skeleton in _abbreviations(claim.value) for claim in (self.named.query, self.named.candidate)
        )


def _abbreviations(name: PersonName) -> tuple[str, ...]:
    """What handles and addresses make of a name: all of it, a part, or a part and an initial (kjohnson, johnk)."""
    given, family = name.given, name.family.replace(" ", "")
    short = (given[0] + family, given + family[0], family + given[0]) if given and family else ()
    return (*name_skeletons(name), *name.tokens, *short)


def _name_evidence(query: Query, candidate: Claims, surroundings: Surroundings) -> NameEvidence:
    """The comparison of names, and of the names that handles and addresses spell.

    Where both speak for the candidate they are two views of one name: the second adds only what it says beyond the first.
    """
    ranks = surroundings.model.ranks
    told = query.claims.names, candidate.names
    named = best_outcome(*told, compare_names, ranks[Field.NAME])
    pairs = _spelling_alike(query, candidate)
    spelled = _most_trusted(pairs, ranks[Field.SKELETON]["same"][1])
    name = weigh(named, Field.NAME, surroundings, trust=named.trust) if named else None
    if named and spelled and _repeats_a_part(spelled, named):
        spelled = None
    skeleton = weigh(spelled, Field.SKELETON, surroundings, trust=spelled.trust) if spelled else None
    agrees = name is not None and name.feature.total > 0
    if name and skeleton and agrees:
        skeleton = _beyond(name, skeleton) or _of_user_name(_user_names(pairs, told), surroundings)
    evidence = tuple(each for each in (name, skeleton) if each)
    return NameEvidence(evidence, named if agrees else None, spelled, told)


_OF_A_PART = frozenset({"given_only", "family_only", "alike_given", "alike_family"})
"""Levels of two people's names that have a part in common."""


_OF_NAMESAKES = frozenset({"namesake", "suffix_on_one_side"})
"""Levels of names that a father and a son bear: what spells them tells neither from the other."""


def _repeats_a_part(spelled: Outcome[Any], named: Outcome[PersonName]) -> bool:
    """True where a handle and an address spell no more than what two names share (@the.kristina, kristina93@), who are two sooner."""
    if named.level.level in _OF_NAMESAKES:
        return True
    if named.level.level not in _OF_A_PART or any(
        isinstance(claim.value, PersonName) for claim in (spelled.query, spelled.candidate)
    ):
        return False
    shared = set(named.query.value.tokens).intersection(named.candidate.value.tokens)
    return any(word in spelled.query.identity for word in shared)


def _beyond(name: Evidence, skeleton: Evidence) -> Evidence | None:
    if skeleton.feature.total <= name.feature.total:
        return None
    tf_bits = rounded_bits(skeleton.feature.tf_bits - name.feature.total)
    return replace(
        skeleton,
        feature=replace(skeleton.feature, tf_bits=tf_bits),
        kin_bits=skeleton.kin_bits - name.kin_bits,
    )


def _of_user_name(pairs: Sequence[_Pair], surroundings: Surroundings) -> Evidence | None:
    level = surroundings.model.ranks[Field.SKELETON]["same_user_name"][1]
    outcome = _most_trusted(pairs, level)
    return weigh(outcome, Field.SKELETON, surroundings, trust=outcome.trust) if outcome else None


_Pair = tuple[Claim[Any], Claim[Any]]


def _spelling_alike(query: Query, candidate: Claims) -> list[_Pair]:
    """The pairs of a name on one side and a handle or an address of another kind on the other side that spells it, or of two such contacts.

    A contact value that both sides hold is counted as that, and says nothing of names. Nor is an initial spelled, where
    there are names to compare.
    """
    return [
        (replace(asked, identity=skeleton), claim)
        for skeleton, claim in _spellings(candidate)
        for asked in query.spellings.get(skeleton, ())
        if _origin(asked.value) != _origin(claim.value)
        and not _is_spent(asked, candidate, query.claims)
        and not _is_spent(claim, query.claims, candidate)
    ]


def _user_names(pairs: Iterable[_Pair], told: Iterable[Sequence[Claim[PersonName]]]) -> list[_Pair]:
    """Those of two contacts that are one user name, and more than their bearers' names: scott83 of scott83@, not scott.london."""
    made_of_names = {short for claims in told for claim in claims for short in _abbreviations(claim.value)}
    return [
        (asked, claim)
        for asked, claim in pairs
        if not isinstance(asked.value, PersonName)
        and not isinstance(claim.value, PersonName)
        and (user_name := _user_name(asked.value)) == _user_name(claim.value)
        and user_name not in made_of_names
    ]


def _user_name(value: Email | Handle) -> str:
    """As it is typed, but for separators."""
    return (value.value if isinstance(value, Handle) else value.local).translate(_NO_SEPARATORS)


FEWEST_DIGITS = 2
"""Of a number beside a name that says more than the name."""

_NO_SEPARATORS = str.maketrans("", "", "._-")


def _most_trusted(pairs: Sequence[_Pair], level: Level) -> Outcome[Any] | None:
    if not pairs:
        return None
    asked, claim = min(pairs, key=_by_trust)
    return Outcome(level, asked, claim, 1)


def _is_spent(spelled: Claim[Any], others: Claims, own: Claims) -> bool:
    """True where what spells a name has been counted: the other side holds it too, or it is an initial among names."""
    if isinstance(spelled.value, PersonName):
        return _is_initial(spelled.value) and bool(others.names and own.names)
    held = others.handles if isinstance(spelled.value, Handle) else others.emails
    return any(claim.identity == spelled.identity for claim in held)


def _is_initial(name: PersonName) -> bool:
    return len(name.given) == 1


def _by_trust(pair: _Pair) -> tuple[float, str, str]:
    asked, claim = pair
    return -asked.trust * claim.trust, asked.text, claim.text


def _spellings(claims: Claims) -> Iterator[tuple[str, Claim[Any]]]:
    """The values of a record that spell a name, each after its skeleton; a short one (`john`) is no name."""
    for name in claims.names:
        for skeleton in name_skeletons(name.value):
            if len(skeleton) >= MIN_SKELETON:
                yield skeleton, name
    contacts: tuple[Claim[Any], ...] = (*claims.handles, *claims.emails)
    for contact in contacts:
        skeleton = _skeleton_of(contact.value)
        if len(skeleton) >= MIN_SKELETON:
            yield skeleton, contact


def _origin(value: PersonName | Email | Handle) -> str:
    return value.platform if isinstance(value, Handle) else type(value).__name__


def _without_repetition(
    outcome: Outcome[Any], names: NameEvidence, ranks: Mapping[str, tuple[int, Level]]
) -> Outcome[Any]:
    """Handles or addresses that agree only in the name, which was compared before, on the level that says so."""
    level = outcome.level.level
    if level not in {"lookalike", "same_local", "typo"}:
        return outcome
    one, other = (_skeleton_of(claim.value) for claim in (outcome.query, outcome.candidate))
    if level == "typo":
        # janebrownlow@ and janetbrownlow@ are no slip where one is Jane's and the other Janet's; jane82@ and jane81@ are two Janes'.
        repeated = "same_local_from_name" if one == other else DIFFERENT
        return replace(outcome, level=ranks[repeated][1]) if names.are_spelled_by(one, other) else outcome
    # The same number beside it (scott83@ at two providers) is more than the name; an account that looks alike may be meant to.
    is_more = level == "same_local" and len(re.sub(r"\D", "", outcome.query.value.local)) >= FEWEST_DIGITS
    is_repeated = names.counts(one) and not is_more
    return replace(outcome, level=ranks[f"{level}_from_name"][1]) if is_repeated else outcome


def _skeleton_of(value: Email | Handle) -> str:
    return value.skeleton if isinstance(value, Handle) else local_skeleton(value.local)


@lru_cache(maxsize=65_536)
def local_skeleton(local: str) -> str:
    return handle_skeleton(local)
