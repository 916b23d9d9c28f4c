"""How a name that is a single word compares with another name: the level of `model_v1.json` that fits first."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from matching.frequencies import is_listed, is_listed_family, is_well_known
from matching.known_words import is_given_name
from matching.name_parts import (
    MIN_JOINED_LENGTH,
    MIN_TYPO_LENGTH,
    ONE_NAME,
    PartRelation,
    is_one_slip,
    joined_givens,
    relate_givens,
    suffix_of,
)
from matching.normalize.text import fold
from matching.vocabulary import vocabulary

if TYPE_CHECKING:
    from matching.records import PersonName

_SPELLED_OTHERWISE = frozenset({PartRelation.TYPO, PartRelation.SIMILAR})
"""Relations of given names of which one may be a slip of the other."""

_BESIDE_SUFFIX = {
    "exact": "suffix_on_one_side",
    "partial_family": "suffix_on_one_side",
    "typo": "suffix_on_one_side",
    "given_word": "suffix_beside_word",
}
"""Levels of one name where one side alone tells father from son, by the level that fits so far."""


def compare_with_word(one: PersonName, other: PersonName) -> str | None:
    """Level of two names of which one has no given or no family name; None where a lone letter is all there is."""
    level = _compare_word(one, other)
    if level in _BESIDE_SUFFIX and suffix_of(one) != suffix_of(other):
        return _BESIDE_SUFFIX[level]
    return "family_word" if level in {"exact", "typo"} and _titles_differ(one, other) else level


def _compare_word(one: PersonName, other: PersonName) -> str | None:
    joined = _compare_joined(one, other)
    if joined:
        return joined
    given = relate_givens(one.given, other.given)
    has_both_givens = joined_givens(one) == joined_givens(other) != ""  # Mariajose and Maria Jose
    if given in ONE_NAME or has_both_givens or _is_slip_of_given(one, other, given):
        return "given_word"
    if {one.given, one.family} & {other.given, other.family} - {""}:
        return "family_word"
    if given is PartRelation.INITIAL:
        return None
    return "other_given_word" if _are_two_given_names(one, other, given) else "word_differs"


def _compare_joined(one: PersonName, other: PersonName) -> str | None:
    """Level where the word is the whole other name, written as one word, or most of it."""
    if not one.family + other.family:
        return None
    forms, other_forms = _joined_forms(one), _joined_forms(other)
    if forms & other_forms:
        return "exact"
    if _is_with_one_family(one, other) or _is_with_one_family(other, one):
        return "partial_family"
    is_slip = any(is_one_slip(*pair, min_length=MIN_JOINED_LENGTH) for pair in product(forms, other_forms))
    return "typo" if is_slip else None


def _titles_differ(one: PersonName, other: PersonName) -> bool:
    """True for Mr. and Mrs. Johnson, whose given names nobody told: a couple, with a phone in common."""
    titles = {_title_of(one), _title_of(other)}
    return not (
        titles.isdisjoint(vocabulary("titles_of_men")) or titles.isdisjoint(vocabulary("titles_of_women"))
    )


def _title_of(name: PersonName) -> str:
    """The title before a family name alone, which is shown with it."""
    return "" if name.given else fold(name.display.partition(" ")[0])


def _joined_forms(name: PersonName) -> set[str]:
    """The whole name written as one word; the middle names may be left out (robertofishman of Roberto Anthony Fishman)."""
    return {"".join(name.tokens), (name.given + name.family).replace(" ", "")}


def _is_with_one_family(word: PersonName, name: PersonName) -> bool:
    """True for danielarivera and Daniela Rivera Guerrero."""
    return name.given != "" and any(word.given == name.given + family for family in name.family.split())


def _is_slip_of_given(one: PersonName, other: PersonName, given: PartRelation) -> bool:
    """True for Robetro and Roberto, not for two words that merely begin alike, nor for a family name (Marin and Maria)."""
    return (
        given in _SPELLED_OTHERWISE
        and is_one_slip(one.given, other.given, min_length=MIN_TYPO_LENGTH)
        and not any(is_listed_family(word) and not is_listed(word) for word in (one.given, other.given))
    )


def _are_two_given_names(one: PersonName, other: PersonName, given: PartRelation) -> bool:
    """True for two listed names; of rare ones that are alike, one may be the other, spelled otherwise."""
    is_told = given is PartRelation.DIFFERENT or is_well_known(one.given) or is_well_known(other.given)
    return is_told and is_given_name(one.given) and is_given_name(other.given)
