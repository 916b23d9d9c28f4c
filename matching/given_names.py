"""Whether two given names are one name: spellings and short forms, told from names that are merely alike.

People of one household bear names that are alike (Antonio and Antonia, Molly and Polly), and share a phone.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import combinations

from matching.frequencies import is_well_known
from matching.normalize.names import (
    is_short_for,
    names_across_languages,
    nicknames_of,
    short_forms_elsewhere,
)
from matching.vocabulary import table_lines

_SOUNDS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^ye", "e"),
        (r"x", "ks"),
        (r"ph|pf", "f"),
        (r"ch(?=r)|ck|c(?![eiyh])", "k"),
        (r"c(?=[eiy])", "s"),
        (r"th", "t"),
        (r"oo", "u"),
        (r"(?<=[aeiou])h(?![aeiou])", ""),
        (r"(.)\1e$", r"\1"),
        (r"(ie|ey|ee|y)$", "i"),
        (r"y", "i"),
        (r"([^o])\1", r"\1"),
    )
)
"""How English spells one sound in several ways, in the order in which they are made one."""

_FEW_VOWELS = 2
"""A name of no more groups of vowels needs its last e (Jane is not Jan); a longer one does not (Caroline)."""


_ENDINGS_OF_WOMEN = frozenset(map(frozenset, (("", "ne"), ("", "na"), ("c", "que"))))
"""Behind what two names share: Fabien and Fabienne, Ivan and Ivanna, Dominic and Dominique, which sound alike in English."""
_ENDINGS = _ENDINGS_OF_WOMEN.union(
    map(frozenset, combinations("aeiou", 2)),
    map(frozenset, (
        ("", "a"), ("", "i"), ("", "le"), ("", "ka"), ("", "ko"), ("", "ia"), ("", "ina"), ("o", "ko"), ("ek", "ka"),
        ("il", "ela"), ("is", "iki"), ("os", "a"), ("os", "ia"), ("usz", "ia"), ("y", "ia"), ("z", "a"), ("n", "a"), ("it", "ot"),
    )),
)  # fmt: skip
"""The same, where no rule of spelling makes them one: Naoki and Naoko, Vasant and Vasanti, Radek and Radka."""


def are_two_names(one: str, other: str) -> bool:
    """True where two folded given names are each commonly given by itself, though they sound alike or share a short form."""
    return frozenset({one, other}) in _names_of_their_own() or _rests(one, other) in _ENDINGS_OF_WOMEN


def endings_differ(one: str, other: str) -> bool:
    """True where the ends of two folded given names, else the same, make them a man's and a woman's, or two siblings'."""
    return _rests(one, other) in _ENDINGS


def _rests(one: str, other: str) -> frozenset[str]:
    pairs = enumerate(zip(one, other, strict=False))
    shared = next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
    return frozenset({one[shared:], other[shared:]})


def is_one_spelling(one: str, other: str) -> bool:
    """True where two folded given names are spellings of one: Sara and Sarah, Jon and John, Stephen and Steven."""
    return _spelling_of(one) == _spelling_of(other) and not are_two_names(one, other)


def is_short_form(one: str, other: str) -> bool:
    """True where one of two folded given names is plainly a short form of the other, or both are of a third one.

    Two short forms that are well known are two people sooner (Molly, Polly), unless one is made of the other (Kate,
    Katie).
    """
    if are_two_names(one, other):
        return False
    if is_short_for(one, other) or is_short_for(other, one) or is_short_form_elsewhere(one, other):
        return True
    if are_one_name_elsewhere(one, other) or not share_a_formal_name(one, other):
        return False
    return not (is_well_known(one) and is_well_known(other)) or _is_diminutive(*sorted((one, other), key=len))


def share_a_formal_name(one: str, other: str) -> bool:
    """True where the tables give one folded given name as a short form of the other, or both as those of a third one, or as one name."""
    return (
        other in nicknames_of(one)
        or is_short_form_elsewhere(one, other)
        or are_one_name_elsewhere(one, other)
    )


def are_one_name_elsewhere(one: str, other: str) -> bool:
    """True for Juan and John: one name in two languages, of which a relative may bear the other."""
    group = _groups_by_name().get(one)
    return group is not None and other in group


@cache
def _groups_by_name() -> dict[str, frozenset[str]]:
    return {name: group for group in names_across_languages() for name in group}


def is_short_form_elsewhere(one: str, other: str) -> bool:
    """True for Sasha and Aleksandr: a short form of another language, in any spelling, though English may take it for the other sex's."""
    spelled = _spelling_of(one), _spelling_of(other)
    return spelled in _short_forms_elsewhere() or spelled[::-1] in _short_forms_elsewhere()


@cache
def _short_forms_elsewhere() -> frozenset[tuple[str, str]]:
    return frozenset((_spelling_of(formal), _spelling_of(short)) for formal, short in short_forms_elsewhere())


def _is_diminutive(short: str, long: str) -> bool:
    """True for Bob and Bobby, Kate and Katie."""
    return re.fullmatch(rf"{re.escape(short.removesuffix('e'))}.?(?:y|ie|ey|i)", long) is not None


@lru_cache(maxsize=65_536)
def _spelling_of(given: str) -> str:
    sound = _sound_of(given)
    return _listed_spellings().get(sound, sound)


def _sound_of(given: str) -> str:
    for pattern, replacement in _SOUNDS:
        given = pattern.sub(replacement, given)
    groups = len(re.findall("[aeiou]+", given))
    return given.removesuffix("e") if groups > _FEW_VOWELS else given


@cache
def _listed_spellings() -> dict[str, str]:
    """The sound of every spelling of a group, with the group's first spelling."""
    groups = [line.split() for line in table_lines("given_name_spellings.txt")]
    return {_sound_of(spelling): group[0] for group in groups for spelling in group}


@cache
def _names_of_their_own() -> frozenset[frozenset[str]]:
    rows = (line.partition(":") for line in table_lines("names_of_their_own.txt"))
    return frozenset(frozenset({formal, short}) for formal, _, shorts in rows for short in shorts.split())
