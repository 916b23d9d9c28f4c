"""How two values of one kind compare: each function names the level of `model_v1.json` that fits first.

All are symmetric: comparing a with b is comparing b with a. None sees more than the two values.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import jellyfish
from rapidfuzz.distance import OSA, JaroWinkler

from matching.frequencies import is_listed, is_well_known, sexes_differ
from matching.given_names import is_one_spelling, is_short_form
from matching.normalize.names import nicknames_of

if TYPE_CHECKING:
    from matching.records import Email, Handle, PersonName, Phone

SIMILAR_NAME = 0.9
"""Jaro-Winkler similarity of two words from which they look much the same (the band of Splink's examples)."""

SOUNDALIKE_NAME = 0.8
"""Words of one phonetic code must also look alike to this degree: the code drops vowels (Jane, Juan, John)."""

MIN_TYPO_LENGTH = 4
"""A word shorter than this is another word after one change (Li, Lu)."""

MIN_GIVEN_SLIP = 6
"""A rare given name shorter than this is another name with another letter (Ravi, Rani); letters may have been swapped."""

MIN_LOCAL_LENGTH = 5
"""The part before an @ says something across domains from this length on (not j@, info@ or john@)."""

MIN_PHONE_LENGTH = 8
"""Shorter numbers (short codes) are too close to each other for a near miss to mean anything."""

ROLE_LOCALS = frozenset(
    {
        "admin", "billing", "booking", "bookings", "contact", "events", "hello", "hola", "info", "kontakt", "mail",
        "marketing", "noreply", "office", "orders", "reservations", "reservas", "sales", "support", "team", "ventas",
    }
)  # fmt: skip
"""Addresses of an office, not of a person: the same one at another domain says nothing."""


class PartRelation(IntEnum):
    """How two given names, or two family names, relate: closest first."""

    SAME = 0
    NICKNAME = 1
    INITIAL = 2
    PARTIAL = 3
    PHONETIC = 4
    TYPO = 5
    SIMILAR = 6
    ALIKE = 7
    """Given names only: alike, but each a name of its own, so that a relative may bear it (Antonio, Antonia)."""
    DIFFERENT = 8


_LEVEL_OF_WORST_PART = {
    PartRelation.NICKNAME: "nickname",
    PartRelation.INITIAL: "initial",
    PartRelation.PARTIAL: "partial_family",
    PartRelation.PHONETIC: "phonetic",
    PartRelation.TYPO: "typo",
    PartRelation.SIMILAR: "similar",
    PartRelation.ALIKE: "alike_given",
}

_ONE_NAME = frozenset({PartRelation.SAME, PartRelation.NICKNAME, PartRelation.PHONETIC})
"""Relations of given names that a person uses side by side."""


def compare_names(one: PersonName, other: PersonName) -> str | None:
    """Level of two names, either of which may be a single word; None where a lone letter is all there is."""
    if one.given and one.family and other.given and other.family:
        return _compare_full_names(one, other)
    return _compare_with_word(one, other)


def compare_phones(one: Phone, other: Phone) -> str:
    if one.e164 == other.e164:
        return "exact"
    return "similar" if is_one_slip(one.e164, other.e164, min_length=MIN_PHONE_LENGTH) else "different"


def compare_emails(one: Email, other: Email) -> str:
    if one.canonical == other.canonical:
        return "exact"
    if one.local == other.local:
        return _compare_domains(one, other)
    if one.domain == other.domain and is_one_slip(one.local, other.local, min_length=MIN_LOCAL_LENGTH):
        return "typo"
    return "different"


def compare_handles(one: Handle, other: Handle) -> str | None:
    """Level of two handles; None where their platforms differ."""
    if one.platform != other.platform:
        return None
    if one.value == other.value:
        return "exact"
    return "lookalike" if one.skeleton and one.skeleton == other.skeleton else "different"


def is_one_slip(one: str, other: str, *, min_length: int) -> bool:
    """True where one letter was changed, added, lost, or swapped with its neighbour."""
    if min(len(one), len(other)) < min_length or abs(len(one) - len(other)) > 1:
        return False
    return OSA.distance(one, other, score_cutoff=1) == 1


def _compare_domains(one: Email, other: Email) -> str:
    if is_one_slip(one.domain, other.domain, min_length=MIN_TYPO_LENGTH):
        return "misspelt_domain"
    if len(one.local) < MIN_LOCAL_LENGTH or one.local in ROLE_LOCALS:
        return "different"
    return "same_local"


def _compare_full_names(one: PersonName, other: PersonName) -> str:
    level = _compare_parts(one, other)
    if one.suffix == other.suffix or level in _NOT_ONE_NAME:
        return level
    return "namesake" if one.suffix and other.suffix else "suffix_on_one_side"


_NOT_ONE_NAME = frozenset({"alike_given", "family_only", "given_only", "different"})


def _compare_parts(one: PersonName, other: PersonName) -> str:
    if one.given == other.given and one.family == other.family:
        return "exact" if _middles_fit(one.middle, other.middle) else "namesake"
    if one.given == other.family and one.family == other.given:
        return "swapped"
    given = _relate_given(one, other)
    family = relate_families(one.family, other.family)
    if PartRelation.DIFFERENT not in (given, family):
        return _LEVEL_OF_WORST_PART[max(given, family)]
    return _compare_when_a_part_differs(one, other, given, family)


def _compare_when_a_part_differs(
    one: PersonName, other: PersonName, given: PartRelation, family: PartRelation
) -> str:
    if "".join(one.tokens) == "".join(other.tokens) != "":
        return "partial_family"
    if family <= PartRelation.PARTIAL:
        return "family_only"
    return "given_only" if given in _ONE_NAME else "different"


def _middles_fit(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not (one and other) or any(
        a.startswith(b) or b.startswith(a) or is_one_slip(a, b, min_length=3) for a in one for b in other
    )


def _compare_with_word(one: PersonName, other: PersonName) -> str | None:
    if "".join(one.tokens) == "".join(other.tokens) and one.family + other.family:
        return "exact"
    given = relate_givens(one.given, other.given)
    if given in _ONE_NAME:
        return "given_word"
    if {one.given, one.family} & {other.given, other.family} - {""}:
        return "family_word"
    if given is PartRelation.INITIAL:
        return None
    return "other_given_word" if _both_are_given_names(one, other) else "word_differs"


def _both_are_given_names(one: PersonName, other: PersonName) -> bool:
    return is_well_known(one.given) and is_well_known(other.given)


def _relate_given(one: PersonName, other: PersonName) -> PartRelation:
    if one.given in other.middle or other.given in one.middle:
        return PartRelation.NICKNAME
    return relate_givens(one.given, other.given)


@lru_cache(maxsize=65_536)
def relate_givens(one: str, other: str) -> PartRelation:
    """How two folded given names relate.

    Of two names that are alike, one may be a spelling or a short form of the other, or a slip of the pen. Else each is a
    name of its own, and another person's.
    """
    if not one or not other:
        return PartRelation.DIFFERENT
    if one == other:
        return PartRelation.SAME
    if 1 in (len(one), len(other)):
        return PartRelation.INITIAL if one[0] == other[0] else PartRelation.DIFFERENT
    return _relate_different_givens(one, other)


def _relate_different_givens(one: str, other: str) -> PartRelation:
    in_table = other in nicknames_of(one) or one in nicknames_of(other)
    if sexes_differ(one, other):
        return PartRelation.ALIKE if in_table else PartRelation.DIFFERENT
    if is_one_spelling(one, other):
        return PartRelation.PHONETIC
    if in_table:
        return PartRelation.NICKNAME if is_short_form(one, other) else PartRelation.ALIKE
    return _relate_by_looks(one, other)


def _relate_by_looks(one: str, other: str) -> PartRelation:
    relation = _relate_spellings(one, other)
    if is_well_known(one) and is_well_known(other):
        return PartRelation.ALIKE if relation is PartRelation.PHONETIC else PartRelation.DIFFERENT
    if relation is PartRelation.DIFFERENT:
        return relation
    is_no_slip = relation is not PartRelation.PHONETIC and not _may_be_slip(one, other)
    return PartRelation.ALIKE if is_no_slip or _are_two_names(one, other) else relation


def _are_two_names(one: str, other: str) -> bool:
    """True where both are names, or where the last vowel tells the sexes apart (Bogdan, Bogdana)."""
    if is_listed(one) and is_listed(other):
        return True
    return {one[-1], other[-1]} == {"a", "o"} or one + "a" == other or other + "a" == one


def _may_be_slip(one: str, other: str) -> bool:
    """False where the first letter differs (Amit, Sumit), on which slips seldom fall, or a letter of a short rare name."""
    if one[0] != other[0]:
        return False
    is_long = min(len(one), len(other)) >= MIN_GIVEN_SLIP
    return is_long or sorted(one) == sorted(other) or is_well_known(one) or is_well_known(other)


@lru_cache(maxsize=65_536)
def relate_families(one: str, other: str) -> PartRelation:
    """How two folded family names relate; a double name shares a part with either half."""
    if one == other:
        return PartRelation.SAME
    if one.replace(" ", "") == other.replace(" ", ""):
        return PartRelation.PHONETIC
    if _share_a_part(one.split(), other.split()):
        return PartRelation.PARTIAL
    return _relate_spellings(one, other)


def _share_a_part(one: list[str], other: list[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(longer) > 1 and any(len(word) >= MIN_TYPO_LENGTH and word in longer for word in shorter)


def _relate_spellings(one: str, other: str) -> PartRelation:
    similarity = JaroWinkler.similarity(one, other)
    if similarity >= SOUNDALIKE_NAME and phonetic_code(one) == phonetic_code(other):
        return PartRelation.PHONETIC
    if is_one_slip(one, other, min_length=MIN_TYPO_LENGTH):
        return PartRelation.TYPO
    return PartRelation.SIMILAR if similarity >= SIMILAR_NAME else PartRelation.DIFFERENT


@lru_cache(maxsize=65_536)
def phonetic_code(word: str) -> str:
    """Metaphone of a folded word; the word itself where its code would be a single letter (Doe, Lee)."""
    code = jellyfish.metaphone(word)
    return code if len(code) > 1 else word
