"""How two values of one kind compare: each function names the level of `model_v1.json` that fits first.

All are symmetric: comparing a with b is comparing b with a. None sees more than the two values.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from matching.frequencies import is_well_known, may_be_family_first, sexes_differ
from matching.name_parts import (
    ABJADS,
    INDIC,
    MIN_TYPO_LENGTH,
    UNTOLD,
    PartRelation,
    consonants_of,
    double_family,
    indian_sound,
    is_one_slip,
    is_roughly,
    korean_sound,
    relate_families,
    relate_givens,
    relate_words,
    without_particles,
)
from matching.normalize.emails import ROLE_LOCALS, is_public_domain, local_part_at
from matching.normalize.names import FAMILY_FIRST_SCRIPTS
from matching.normalize.phones import Dialled, dialled_as
from matching.normalize.vocabulary import vocabulary
from matching.records import LocalPhone, Phone
from matching.written_names import differ_in_characters, differ_in_marks, family_differs_in_characters

if TYPE_CHECKING:
    from matching.records import Email, Handle, PersonName

MIN_LOCAL_LENGTH = 5
"""The part before an @ says something across domains from this length on (not j@, info@ or john@)."""

MIN_PHONE_LENGTH = 8
"""Shorter numbers (short codes) are too close to each other for a near miss to mean anything."""

MIN_JOINED_LENGTH = 8
"""Words written as one (`fridrichbuchenberg`) may be a letter off from this length on."""

MIN_MOVED_LENGTH = 5
"""A word in another place of the name may be spelled otherwise from this length on (Tang is not Ting)."""

FEWEST_LETTERS_OF_FIRST = 2
FEWEST_LETTERS_OF_SECOND = 2
"""Letters of two given names that are written together (Luz Maria, Luzma; Maria Jose, Majo); Jim is not Ji Min."""

_LEVEL_OF_WORST_PART = {
    PartRelation.SAME: "swapped",  # in their own places they are compared before
    PartRelation.NICKNAME: "nickname",
    PartRelation.INITIAL: "initial",
    PartRelation.PARTIAL: "partial_family",
    PartRelation.PHONETIC: "phonetic",
    PartRelation.TYPO: "typo",
    PartRelation.SIMILAR: "similar",
}

_ONE_NAME = frozenset({PartRelation.SAME, PartRelation.NICKNAME, PartRelation.PHONETIC})
"""Relations of given names that a person uses side by side."""

_LEVEL_WITH_INITIAL_OF_FAMILY = dict.fromkeys(_ONE_NAME, "initial_of_family") | dict.fromkeys(
    (PartRelation.INITIAL, PartRelation.ALIKE), "initials"
)

_ONE_WORD = frozenset({PartRelation.SAME, PartRelation.PHONETIC, PartRelation.TYPO})
"""Relations of two words that are one, spelled twice."""

_ONE_FAMILY_NAME = _ONE_WORD | {PartRelation.ALIKE}
"""Relations of family names that are one, beside a given name that is one."""


def compare_names(one: PersonName, other: PersonName) -> str | None:
    """Level of two names, either of which may be a single word; None where a lone letter is all there is."""
    if one.given and one.family and other.given and other.family:
        return _compare_full_names(one, other)
    return _compare_with_word(one, other)


_LEVEL_OF_DIALLED: dict[Dialled | None, str] = {Dialled.IN_COUNTRY: "national", Dialled.IN_TOWN: "dialled"}


def compare_phones(one: Phone | LocalPhone, other: Phone | LocalPhone) -> str | None:
    """Level of two numbers; None where one lacks its country or area and the other is not dialled so."""
    if isinstance(one, LocalPhone):
        return _LEVEL_OF_DIALLED.get(dialled_as(other.e164, one.digits)) if isinstance(other, Phone) else None
    if isinstance(other, LocalPhone):
        return compare_phones(other, one)
    if one.e164 == other.e164:
        return "exact"
    return "similar" if is_one_slip(one.e164, other.e164, min_length=MIN_PHONE_LENGTH) else "different"


def compare_emails(one: Email, other: Email) -> str:
    if one.canonical == other.canonical:
        return "exact"
    if one.domain == other.domain:
        # Whether the provider takes what follows a plus sign for a tag is not known here.
        is_tagged = one.local.partition("+")[0] == other.local.partition("+")[0]
        is_slip = is_one_slip(one.local, other.local, min_length=MIN_LOCAL_LENGTH)
        return "typo" if is_tagged or is_slip else "different"
    if _is_misspelt(one.domain, other.domain):
        # Gmail's dots are gone from the right address, and still in the misspelt one.
        meant = local_part_at(one.address, other.domain), local_part_at(other.address, one.domain)
        if one.local == other.local or meant[0] == other.local or meant[1] == one.local:
            return "misspelt_domain"
    # Gmail ignores dots, so that none are left of its addresses; elsewhere people keep them (ana.lopez at both).
    local, other_local = one.local.replace(".", ""), other.local.replace(".", "")
    if local != other_local or len(local) < MIN_LOCAL_LENGTH or local in ROLE_LOCALS:
        return "different"
    return "same_local"


def compare_handles(one: Handle, other: Handle) -> str | None:
    """Level of two handles; None where their platforms differ."""
    if one.platform != other.platform:
        return None
    if one.value == other.value:
        return "exact"
    return "lookalike" if one.skeleton and one.skeleton == other.skeleton else "different"


@lru_cache(maxsize=65_536)
def _is_misspelt(one: str, other: str) -> bool:
    """True for a domain and a slip of it; at a well-known provider its name and its ending may have one each."""
    (name, _, ending), (other_name, _, other_ending) = one.partition("."), other.partition(".")
    are_known = is_public_domain(one), is_public_domain(other)
    if all(are_known) and name != other_name:
        return False
    if is_one_slip(one, other, min_length=MIN_TYPO_LENGTH):
        return True
    return (
        any(are_known)
        and is_one_slip(name, other_name, min_length=MIN_TYPO_LENGTH)
        and is_one_slip(ending, other_ending, min_length=0)
    )


# ---------------------------------------------------------------- two whole names

_NOT_ONE_NAME = frozenset({"alike_given", "family_only", "given_only", "different"})
"""Levels of two people's names, which no suffix tells further apart."""


def _compare_full_names(one: PersonName, other: PersonName) -> str:
    level = _compare_parts(one, other)
    if one.suffix == other.suffix or level in _NOT_ONE_NAME:
        return level
    return "namesake" if one.suffix and other.suffix else "suffix_on_one_side"


def _compare_parts(one: PersonName, other: PersonName) -> str:
    if one.given == other.given and one.family == other.family:
        return _compare_as_written(one, other)
    if one.given == other.family and one.family == other.given:
        return "alike_given" if differ_in_marks(one, other) else "swapped"
    if one.script == other.script in FAMILY_FIRST_SCRIPTS:
        return _compare_syllables(one, other)
    if one.script == other.script:
        return _compare_by_relations(one, other)
    if _sound_the_same(one, other):
        return "phonetic"
    level = _compare_by_relations(one, other)
    is_unread = level in {"garbled", "different"} and not UNTOLD.isdisjoint((one.script, other.script))
    return "unread" if is_unread else level


def _compare_as_written(one: PersonName, other: PersonName) -> str:
    """Level of two names whose parts fold to the same letters."""
    if differ_in_characters(one, other):
        return "given_only" if family_differs_in_characters(one, other) else "family_only"
    if differ_in_marks(one, other):
        return "alike_given"
    return "exact" if _middles_fit(one.middle, other.middle) else "namesake"


def _compare_syllables(one: PersonName, other: PersonName) -> str:
    """Level of two Chinese or two Korean names: one syllable more or another one is another name, however alike it is in Latin letters."""
    if one.family == other.family:
        return "family_only"
    return "given_only" if one.given == other.given else "different"


def _compare_by_relations(one: PersonName, other: PersonName) -> str:
    given = _relate_given(one, other)
    family = _relate_family(one, other)
    if (
        given in _ONE_WORD
        and family is not PartRelation.SAME
        and _may_be_family_first(one)
        and _may_be_family_first(other)
    ):
        level = _compare_behind_family_name(one, other, given, family)
    elif family is PartRelation.PARTIAL and given < PartRelation.ALIKE and _each_has_more(one, other):
        level = "alike_family"
    else:
        level = _level_of(given, family)
    return level or _compare_when_a_part_differs(one, other, given, family)


def _relate_family(one: PersonName, other: PersonName) -> PartRelation:
    """How the family names relate, where what was taken for a middle name may be the first of two: Carla Mendivil Arrieta."""
    relation = relate_families(one.family, other.family)
    if relation <= PartRelation.ALIKE or not (one.middle or other.middle):
        return relation
    relations = {
        relate_families(a, b)
        for a in (one.family, double_family(one))
        for b in (other.family, double_family(other))
    }
    return PartRelation.PARTIAL if PartRelation.PARTIAL in relations else relation


def _level_of(given: PartRelation, family: PartRelation) -> str | None:
    """Level of names whose parts relate so; None where they are not one person's, nor nearly."""
    worst = max(given, family)
    if family is PartRelation.INITIAL:
        return _LEVEL_WITH_INITIAL_OF_FAMILY.get(given)
    if worst < PartRelation.ALIKE:
        return _LEVEL_OF_WORST_PART[worst]
    if given in _ONE_NAME and family is PartRelation.ALIKE:
        return "alike_family"
    return "alike_given" if given is PartRelation.ALIKE > family else None


def _compare_behind_family_name(
    one: PersonName, other: PersonName, first: PartRelation, last: PartRelation
) -> str | None:
    """Level of names that share a first word which may be the family name (Kim Minjun, Kim Minji).

    What stands behind it is compared as given names and as family names, and the more distant relation counts: sisters
    have alike given names more often than one woman has alike family names.
    """
    words = _behind_first(one), _behind_first(other)
    behind = relate_givens(*words)
    if behind >= PartRelation.ALIKE and (" " in words[0] or " " in words[1]):
        behind = min(behind, relate_givens(*map(without_particles, words)))
    if behind < PartRelation.ALIKE:
        return _level_of(max(behind, last if last < PartRelation.ALIKE else behind), first)
    return "alike_given" if last <= PartRelation.ALIKE else None


def _may_be_family_first(name: PersonName) -> bool:
    return name.script not in FAMILY_FIRST_SCRIPTS and may_be_family_first(name.given, name.family)


def _behind_first(name: PersonName) -> str:
    return " ".join((*name.middle, name.family)) if name.middle else name.family


def _sound_the_same(one: PersonName, other: PersonName) -> bool:
    """True where two names of different scripts are spellings of one sound, of which a name of few letters tells enough."""
    scripts = {one.script, other.script}
    if "Hangul" in scripts:
        korean, elsewhere = (one, other) if one.script == "Hangul" else (other, one)
        return _reads_as_korean(elsewhere, korean)
    if not INDIC.isdisjoint(scripts):
        return _sound_indian(one, other)
    return not ABJADS.isdisjoint(scripts) and _have_the_same_consonants(one, other)


def _sound_indian(one: PersonName, other: PersonName) -> bool:
    sounds, others = ([indian_sound(part) for part in (name.given, name.family)] for name in (one, other))
    return others in (sounds, sounds[::-1])


def _have_the_same_consonants(one: PersonName, other: PersonName) -> bool:
    """In either order, or where the words are parted elsewhere (Abdullah, `bd llh`)."""
    (given, family), sounds = (
        [consonants_of(without_particles(part)) for part in (name.given, name.family)]
        for name in (one, other)
    )
    if "" in (given, family):
        return False
    # The article is written as part of the word: `lmsry` is El Masry.
    in_parts = any(
        given == other_given and family.removeprefix("l") == other_family.removeprefix("l")
        for other_given, other_family in (sounds, sounds[::-1])
    )
    return in_parts or consonants_of("".join(one.tokens)) == consonants_of("".join(other.tokens))


def _reads_as_korean(name: PersonName, korean: PersonName) -> bool:
    """True where the words are the Korean name in Latin letters, however it is romanized, with the family name first or last."""
    first, *rest = name.tokens
    *start, last = name.tokens
    return any(
        relate_families(family, korean.family) in _ONE_FAMILY_NAME
        and korean_sound("".join(given)) == korean_sound(korean.given)
        for family, given in ((first, rest), (last, start))
    )


def _compare_when_a_part_differs(
    one: PersonName, other: PersonName, given: PartRelation, family: PartRelation
) -> str:
    """The parts as they stand are not one person's; perhaps they stand in other places."""
    joined, other_joined = "".join(one.tokens), "".join(other.tokens)
    if joined == other_joined != "":
        return "partial_family"
    if (
        given is PartRelation.SAME
        and len(one.tokens) != len(other.tokens)
        and is_one_slip(joined, other_joined, min_length=MIN_JOINED_LENGTH)
    ):
        return "typo"  # Tommy Gre ne
    if _is_rearranged(one, other):
        return "rearranged"
    if family <= PartRelation.PARTIAL and family is not PartRelation.INITIAL:
        return "family_only"
    if given in _ONE_NAME:
        return "given_only"
    return _compare_crosswise(one, other) or ("garbled" if _are_garbled(one, other) else "different")


def _compare_crosswise(one: PersonName, other: PersonName) -> str | None:
    """Level of names of which one has the family name first (Bob Smith, Smith Robert); None where they do not fit so.

    Where either may have it first, what they share is taken for the family name: relatives share that, so that the given
    names have to tell.
    """
    # Of the parts that changed places seldom both have another first letter, and this is cheap to see.
    if one.given[0] != other.family[0] and one.family[0] != other.given[0]:
        return None
    readings = [
        (relate_givens(" ".join((a.given, *a.middle)), _behind_first(b)), relate_families(a.family, b.given))
        for a, b in ((one, other), (other, one))
        if _may_be_family_first(b)
    ]
    return _level_of(*min(readings, key=lambda reading: (reading[1], -reading[0]))) if readings else None


def _are_garbled(one: PersonName, other: PersonName) -> bool:
    """True where either part may be what the other was meant to be, several letters off (Jenjiber Beagwwll).

    Two given names that many people bear are two people's.
    """
    if is_well_known(one.given) and is_well_known(other.given):
        return False
    return is_roughly(one.given, other.given) and is_roughly(one.family, other.family)


def _each_has_more(one: PersonName, other: PersonName) -> bool:
    """True where beyond what two names share each has a word that the other lacks (Cortés Domínguez, Bermúdez Domínguez)."""
    words, others = (set(_telling_words(name)) - {*name.given.split()} for name in (one, other))
    return bool(words - others and others - words)


def _relate_given(one: PersonName, other: PersonName) -> PartRelation:
    if not (one.middle or other.middle):
        return relate_givens(one.given, other.given)
    if _goes_by_middle_name(one, other) or _goes_by_middle_name(other, one):
        # "Maria Jose" is not her husband Jose, nor is "Jose Maria" Maria.
        return PartRelation.ALIKE if sexes_differ(one.given, other.given) else PartRelation.NICKNAME
    if one.given != other.given:
        if _joined_givens(one) == _joined_givens(other):
            return PartRelation.PHONETIC  # Fang Han and Fanghan
        if _is_drawn_together(one, other) or _is_drawn_together(other, one):
            return PartRelation.NICKNAME
    return relate_givens(one.given, other.given)


def _joined_givens(name: PersonName) -> str:
    return "".join((name.given, *name.middle))


def _is_drawn_together(one: PersonName, other: PersonName) -> bool:
    """True for Juanma and Juan Manuel, Majo and Maria Jose: the beginnings of two given names, written as one."""
    first, second = other.given, "".join(other.middle)
    return any(
        first.startswith(one.given[:cut]) and second.startswith(one.given[cut:])
        for cut in range(FEWEST_LETTERS_OF_FIRST, len(one.given) - FEWEST_LETTERS_OF_SECOND + 1)
    )


def _goes_by_middle_name(one: PersonName, other: PersonName) -> bool:
    """True for Michael and John Michael, not for Duc Manh and Minh Duc."""
    return one.given in other.middle and {*one.middle} <= {other.given, *other.middle, other.given[0]}


def _middles_fit(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not (one and other) or any(
        a.startswith(b) or b.startswith(a) or is_one_slip(a, b, min_length=3) for a in one for b in other
    )


def _is_rearranged(one: PersonName, other: PersonName) -> bool:
    """True where every word of the shorter name is one of the longer name's, in another place, or spelled otherwise.

    One of its initials has to fit what the longer name has beyond those words: J. García López is no Helen García López.
    """
    (shorter, initials), (longer, other_initials) = sorted(
        ((_telling_words(name), _initials(name)) for name in (one, other)),
        key=lambda words: (len(words[0]), words),
    )
    # A moved word seldom has another first letter, and this is cheap to see.
    # One word alone is no name.
    if len(shorter) <= 1 or not {word[0] for word in shorter} <= {word[0] for word in longer}:
        return False
    for word in shorter:
        found = next((place for place, each in enumerate(longer) if _is_one_word(word, each)), None)
        if found is None:
            return False
        del longer[found]
    beyond = (*longer, *other_initials)
    return not (initials and beyond) or any(word.startswith(initials) for word in beyond)


def _initials(name: PersonName) -> tuple[str, ...]:
    return tuple(word for word in name.tokens if len(word) == 1 and word not in vocabulary("particles"))


def _is_one_word(one: str, other: str) -> bool:
    if min(len(one), len(other)) < MIN_MOVED_LENGTH:
        return one == other
    return relate_words(one, other) in _ONE_WORD


def _telling_words(name: PersonName) -> list[str]:
    """Each word once, without initials and the particles of a family name (Van Anh is no Anh, nor is Bao Van)."""
    particles = vocabulary("particles")
    return [
        word
        for word in dict.fromkeys(name.tokens)
        if len(word) > 1 and (word not in particles or word == name.family or word in name.given.split())
    ]


# ---------------------------------------------------------------- a single word


def _compare_with_word(one: PersonName, other: PersonName) -> str | None:
    joined, other_joined = "".join(one.tokens), "".join(other.tokens)
    if one.family + other.family and joined == other_joined:
        return "exact"
    given = relate_givens(one.given, other.given)
    if given in _ONE_NAME:
        return "given_word"
    if {one.given, one.family} & {other.given, other.family} - {""}:
        return "family_word"
    if one.family + other.family and is_one_slip(joined, other_joined, min_length=MIN_JOINED_LENGTH):
        return "typo"
    if given is PartRelation.INITIAL:
        return None
    return "other_given_word" if _both_are_given_names(one, other) else "word_differs"


def _both_are_given_names(one: PersonName, other: PersonName) -> bool:
    return is_well_known(one.given) and is_well_known(other.given)
