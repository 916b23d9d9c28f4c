"""How two values of one kind compare: each function names the level of `model_v1.json` that fits first.

All are symmetric: comparing a with b is comparing b with a. None sees more than the two values.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import jellyfish
from rapidfuzz.distance import OSA, JaroWinkler

from matching.frequencies import is_well_known, sexes_differ
from matching.normalize.names import nicknames_of

if TYPE_CHECKING:
    from matching.records import Email, Handle, PersonName, Phone

SIMILAR_NAME = 0.9
"""Jaro-Winkler similarity of two words from which they look much the same (the band of Splink's examples)."""

SOUNDALIKE_NAME = 0.8
"""Words of one phonetic code must also look alike to this degree: the code drops vowels (Jane, Juan, John)."""

MIN_TYPO_LENGTH = 4
"""A word shorter than this is another word after one change (Li, Lu)."""

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
    DIFFERENT = 7


_LEVEL_OF_WORST_PART = {
    PartRelation.NICKNAME: "nickname",
    PartRelation.INITIAL: "initial",
    PartRelation.PARTIAL: "partial_family",
    PartRelation.PHONETIC: "phonetic",
    PartRelation.TYPO: "typo",
    PartRelation.SIMILAR: "similar",
}


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
    if one.given == other.given and one.family == other.family:
        return "namesake" if _is_namesake(one, other) else "exact"
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
    return "given_only" if given <= PartRelation.NICKNAME else "different"


def _is_namesake(one: PersonName, other: PersonName) -> bool:
    if one.suffix and other.suffix and one.suffix != other.suffix:
        return True
    return bool(one.middle and other.middle) and not _middles_fit(one.middle, other.middle)


def _middles_fit(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return any(
        a.startswith(b) or b.startswith(a) or is_one_slip(a, b, min_length=3) for a in one for b in other
    )


def _compare_with_word(one: PersonName, other: PersonName) -> str | None:
    if "".join(one.tokens) == "".join(other.tokens) and one.family + other.family:
        return "exact"
    given = relate_givens(one.given, other.given)
    if given <= PartRelation.NICKNAME:
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

    A near miss of a well-known name that is well known itself is another name (Tim, Jim), and so is the form of the
    other sex (Daniel, Daniela), however alike they look.
    """
    if not one or not other:
        return PartRelation.DIFFERENT
    if one == other:
        return PartRelation.SAME
    if other in nicknames_of(one) or one in nicknames_of(other):
        return PartRelation.NICKNAME
    if 1 in (len(one), len(other)):
        return PartRelation.INITIAL if one[0] == other[0] else PartRelation.DIFFERENT
    if sexes_differ(one, other):
        return PartRelation.DIFFERENT
    return _relate_spellings(one, other, may_be_slip=not (is_well_known(one) and is_well_known(other)))


@lru_cache(maxsize=65_536)
def relate_families(one: str, other: str) -> PartRelation:
    """How two folded family names relate; a double name shares a part with either half."""
    if one == other:
        return PartRelation.SAME
    if one.replace(" ", "") == other.replace(" ", ""):
        return PartRelation.PHONETIC
    if _share_a_part(one.split(), other.split()):
        return PartRelation.PARTIAL
    return _relate_spellings(one, other, may_be_slip=True)


def _share_a_part(one: list[str], other: list[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(longer) > 1 and any(len(word) >= MIN_TYPO_LENGTH and word in longer for word in shorter)


def _relate_spellings(one: str, other: str, *, may_be_slip: bool) -> PartRelation:
    similarity = JaroWinkler.similarity(one, other)
    if similarity >= SOUNDALIKE_NAME and phonetic_code(one) == phonetic_code(other):
        return PartRelation.PHONETIC
    if may_be_slip and is_one_slip(one, other, min_length=MIN_TYPO_LENGTH):
        return PartRelation.TYPO
    return PartRelation.SIMILAR if may_be_slip and similarity >= SIMILAR_NAME else PartRelation.DIFFERENT


@lru_cache(maxsize=65_536)
def phonetic_code(word: str) -> str:
    """Metaphone of a folded word; the word itself where its code would be a single letter (Doe, Lee)."""
    code = jellyfish.metaphone(word)
    return code if len(code) > 1 else word
