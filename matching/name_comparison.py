"""How two names compare: the level of `model_v1.json` that fits first. Symmetric, and from the two names alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matching.frequencies import is_listed, is_well_known, may_be_family_first, sexes_differ
from matching.known_words import is_given_name
from matching.lone_words import compare_with_word
from matching.name_parts import (
    ABJADS,
    INDIC,
    MIN_GIVEN_SLIP,
    MIN_JOINED_LENGTH,
    ONE_NAME,
    UNTOLD,
    PartRelation,
    are_syllables,
    consonants_of,
    double_family,
    have_other_vowels,
    indian_sound,
    is_korean,
    is_one_korean_name,
    is_one_slip,
    is_respelled_family,
    is_roughly,
    joined_givens,
    korean_consonants,
    korean_sound,
    relate_families,
    relate_givens,
    relate_words,
    suffix_of,
    without_particles,
)
from matching.normalize.names import FAMILY_FIRST_SCRIPTS, is_short_for
from matching.vocabulary import vocabulary
from matching.written_names import (
    differ_in_characters,
    differ_in_letters,
    differ_in_marks,
    family_differs_in_characters,
    given_differs_in_letters,
    may_be_read_as,
    readings_of,
)

if TYPE_CHECKING:
    from matching.records import PersonName

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

_LEVEL_WITH_INITIAL_OF_FAMILY = dict.fromkeys(ONE_NAME, "initial_of_family") | dict.fromkeys(
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
    return compare_with_word(one, other)


# ---------------------------------------------------------------- two whole names

_NOT_ONE_NAME = frozenset({"alike_given", "family_only", "given_only", "different"})
"""Levels of two people's names, which no suffix tells further apart."""


def _compare_full_names(one: PersonName, other: PersonName) -> str:
    level = _compare_parts(one, other)
    if level in _NOT_ONE_NAME:
        return level
    suffix, other_suffix = suffix_of(one), suffix_of(other)
    if suffix == other_suffix:
        return level
    return "namesake" if suffix and other_suffix else "suffix_on_one_side"


def _compare_parts(one: PersonName, other: PersonName) -> str:
    if one.given == other.given and one.family == other.family:
        return _compare_as_written(one, other)
    if one.given == other.family and one.family == other.given:
        return "alike_given" if _are_written_as_two(one, other) else "swapped"
    if one.script == other.script in FAMILY_FIRST_SCRIPTS:
        return _compare_syllables(one, other)
    if one.script == other.script in ABJADS:
        return _compare_letters(one, other)
    if one.script == other.script:
        return _compare_by_relations(one, other)
    return _compare_sounds(one, other) or _compare_across_scripts(one, other)


def _compare_across_scripts(one: PersonName, other: PersonName) -> str:
    """Level of two names of different scripts that do not sound alike."""
    level = _compare_by_relations(one, other)
    is_unread = level in {"garbled", "different"} and not UNTOLD.isdisjoint((one.script, other.script))
    if is_unread and "Hangul" in {one.script, other.script}:
        return _compare_unread_korean(*((one, other) if one.script == "Hangul" else (other, one)))
    return "unread" if is_unread else level


def _compare_unread_korean(korean: PersonName, elsewhere: PersonName) -> str:
    """Level of a name in Hangul that does not read as the other one, which may be an English name beside the Korean one."""
    is_another = any(
        relate_families(family, korean.family) in _ONE_FAMILY_NAME
        and is_korean(given)
        and korean_consonants(given) != korean_consonants(korean.given)
        for family, given in _readings_as_korean(elsewhere)
    )
    return "family_only" if is_another else "unread"


def _compare_as_written(one: PersonName, other: PersonName) -> str:
    """Level of two names whose parts fold to the same letters."""
    if differ_in_characters(one, other):
        return "given_only" if family_differs_in_characters(one, other) else "family_only"
    if _are_written_as_two(one, other) or _has_one_a_syllable_more(one, other):
        return "alike_given"
    are_fitting = _middles_fit(one.middle, other.middle) or is_one_korean_name(
        joined_givens(one), joined_givens(other)
    )
    return "exact" if are_fitting else "namesake"


def _has_one_a_syllable_more(one: PersonName, other: PersonName) -> bool:
    """True for Chen Ling and Chen Wei Ling, whose family name stands first: what looks like a middle name is half of a given name."""
    syllables = (*one.middle, *other.middle, one.family)
    return (
        bool(one.middle) != bool(other.middle)
        and is_respelled_family(one.given)
        and not is_respelled_family(one.family)
        and are_syllables(syllables)
    )


def _are_written_as_two(one: PersonName, other: PersonName) -> bool:
    """True where names whose parts fold to the same letters have other marks, or other letters of their own script."""
    if one.script == other.script in ABJADS:
        return differ_in_letters(one, other)
    return differ_in_marks(one, other)


_SPELLED_ANEW = frozenset({"phonetic", "typo", "similar", "initial"})
"""Levels of one name with another letter, which in Arabic and in Hebrew makes another name: few vowels are written (حسن, حسين)."""


def _compare_letters(one: PersonName, other: PersonName) -> str:
    """Level of two Arabic or two Hebrew names."""
    if not differ_in_letters(one, other):
        return "phonetic"
    level = _compare_by_relations(one, other)
    return "alike_given" if level in _SPELLED_ANEW and given_differs_in_letters(one, other) else level


def _compare_syllables(one: PersonName, other: PersonName) -> str:
    """Level of two Chinese or two Korean names: one syllable more or another one is another name, however alike it is in Latin letters."""
    if one.family == other.family:
        return "family_only"
    return "given_only" if one.given == other.given else "different"


def _compare_by_relations(one: PersonName, other: PersonName) -> str:
    given = _relate_given(one, other)
    family = _relate_family(one, other)
    if given in _ONE_WORD and family is not PartRelation.SAME and _may_share_family_first(one, other):
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
    if given in ONE_NAME and family is PartRelation.ALIKE:
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
    if last is PartRelation.PHONETIC and have_other_vowels(*words) and not is_respelled_family(one.given):
        behind = last  # Friedrich Lindenberg and Lindenburg: vowels tell given names apart, of which these may be none
    if behind >= PartRelation.ALIKE and (" " in words[0] or " " in words[1]):
        behind = min(behind, relate_givens(*map(without_particles, words)))
    if behind < PartRelation.ALIKE:
        return _level_of(max(behind, last if last < PartRelation.ALIKE else behind), first)
    is_half = behind is PartRelation.ALIKE and are_syllables(" ".join(words).split())  # Wei and Wei Ling
    return "alike_given" if last <= PartRelation.ALIKE or is_half else None


def _may_be_family_first(name: PersonName) -> bool:
    return name.script not in FAMILY_FIRST_SCRIPTS and may_be_family_first(name.given, name.family)


def _may_share_family_first(one: PersonName, other: PersonName) -> bool:
    """Of a first word that both have, and that is a family name of China or Korea, one name tells that it may stand first (Lee Young-ho, Lee Young-hee)."""
    if one.given == other.given and is_respelled_family(one.given):
        return _may_be_family_first(one) or _may_be_family_first(other)
    return _may_be_family_first(one) and _may_be_family_first(other)


def _behind_first(name: PersonName) -> str:
    return " ".join((*name.middle, name.family)) if name.middle else name.family


def _compare_sounds(one: PersonName, other: PersonName) -> str | None:
    """Level of two names of different scripts that are spellings of one sound, of which a name of few letters tells enough."""
    scripts = {one.script, other.script}
    if "Hangul" in scripts:
        korean, elsewhere = (one, other) if one.script == "Hangul" else (other, one)
        return "phonetic" if _reads_as_korean(elsewhere, korean) else None
    if not INDIC.isdisjoint(scripts):
        return "phonetic" if _sound_indian(one, other) else None
    if ABJADS.isdisjoint(scripts):
        return None
    return _compare_consonants(*((one, other) if one.script in ABJADS else (other, one)))


def _sound_indian(one: PersonName, other: PersonName) -> bool:
    sounds, others = ([indian_sound(part) for part in (name.given, name.family)] for name in (one, other))
    return others in (sounds, sounds[::-1])


def _compare_consonants(written: PersonName, read: PersonName) -> str | None:
    """Level of a name in Arabic or Hebrew letters and one with the same consonants, in either order; None where they differ.

    The words may be parted elsewhere (Abdullah, `bd llh`). Where the vowels that are written differ, a relative may bear the name.
    """
    parts = [
        (given, without_particles(family))
        for given, family in ((read.given, read.family), (read.family, read.given))
    ]
    readings = readings_of(written)
    for given, family in parts:
        if any(_is_consonants_of(reading, (given, family)) for reading in readings):
            return "phonetic" if may_be_read_as(written, given, family) else "alike_given"
    are_parted_elsewhere = len(written.tokens) != len(read.tokens)
    if are_parted_elsewhere and consonants_of("".join(written.tokens)) == consonants_of("".join(read.tokens)):
        has_same_given = consonants_of(written.given) == consonants_of(read.given)
        is_another = has_same_given and not may_be_read_as(written, read.given)
        return "alike_given" if is_another else "phonetic"
    return None


def _is_consonants_of(reading: tuple[str, str], parts: tuple[str, str]) -> bool:
    (given, family), (other_given, other_family) = (
        [consonants_of(without_particles(part)) for part in each] for each in (reading, parts)
    )
    # The article is written as part of the word: `lmsry` is El Masry.
    is_family = family.removeprefix("l") == other_family.removeprefix("l")
    return "" not in (given, family) and given == other_given and is_family


def _reads_as_korean(name: PersonName, korean: PersonName) -> bool:
    """True where the words are the Korean name in Latin letters, however it is romanized, with the family name first or last."""
    return any(
        relate_families(family, korean.family) in _ONE_FAMILY_NAME
        and korean_sound(given) == korean_sound(joined_givens(korean))
        for family, given in _readings_as_korean(name)
    )


def _readings_as_korean(name: PersonName) -> tuple[tuple[str, str], ...]:
    """Family and given name, the family name first or last."""
    first, *rest = name.tokens
    *start, last = name.tokens
    return (first, "".join(rest)), (last, "".join(start))


def _is_korean_turned_round(one: PersonName, other: PersonName) -> bool:
    """True where two names in Latin letters are one Korean name, in another order and romanization (Lee Sung Ho, Seong-ho Yi)."""
    return any(
        is_respelled_family(b.family) and is_korean(joined_givens(b)) and _reads_as_korean(a, b)
        for a, b in ((one, other), (other, one))
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
    if given in ONE_NAME:
        return "given_only"
    return _compare_crosswise(one, other) or ("garbled" if _are_garbled(one, other) else "different")


def _compare_crosswise(one: PersonName, other: PersonName) -> str | None:
    """Level of names of which one has the family name first (Bob Smith, Smith Robert); None where they do not fit so.

    Where either may have it first, what they share is taken for the family name: relatives share that, so that the given
    names have to tell.
    """
    if _is_korean_turned_round(one, other):
        return "phonetic"
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
        # "Maria Jose" is not her husband Jose, nor is "Jose Maria" Maria; Omar Khalid Saeed is the son of Khalid Saeed.
        is_anothers = sexes_differ(one.given, other.given) or any(
            map(is_given_name, (one.family, other.family))
        )
        return PartRelation.ALIKE if is_anothers else PartRelation.NICKNAME
    if one.given != other.given:
        joined, other_joined = joined_givens(one), joined_givens(other)
        if joined == other_joined or is_one_korean_name(joined, other_joined):
            return PartRelation.PHONETIC  # Fang Han and Fanghan
        if _is_short_for_both(one, other) or _is_short_for_both(other, one):
            return PartRelation.NICKNAME
        if _are_initials_of(one, other) or _are_initials_of(other, one):
            return PartRelation.INITIAL
    return relate_givens(one.given, other.given)


def _is_short_for_both(one: PersonName, other: PersonName) -> bool:
    """True for a name that stands for two given names, or for the second of them."""
    return _is_drawn_together(one, other) or (
        not one.middle and (_is_listed_for_both(one, other) or _is_short_for_middle(one, other))
    )


def _is_listed_for_both(one: PersonName, other: PersonName) -> bool:
    return is_short_for(one.given, " ".join((other.given, *other.middle)))  # Chema is José María


def _is_short_for_middle(one: PersonName, other: PersonName) -> bool:
    """True for Mike and John Michael, not for Pepe and Maria Jose."""
    return any(
        len(middle) > 1
        and relate_givens(one.given, middle) is PartRelation.NICKNAME
        and not sexes_differ(other.given, middle)
        for middle in other.middle
    )


def _are_initials_of(one: PersonName, other: PersonName) -> bool:
    """True for JC and Juan Carlos, not for Al and Anna Lee; what has no vowels is no name, though the census may list it."""
    if one.middle or one.given != "".join(word[0] for word in (other.given, *other.middle)):
        return False
    return not is_listed(one.given) or set("aeiouy").isdisjoint(one.given)


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
    """False where both have middle names, of which none is the other's: Ji Won and Ji Woo, Maria del Carmen and Maria del Rosario."""
    if one == other:
        return True
    words, others = (
        tuple(word for word in each if word not in vocabulary("particles")) for each in (one, other)
    )
    return not (words and others) or any(_is_one_middle(a, b) for a in words for b in others)


def _is_one_middle(one: str, other: str) -> bool:
    return relate_givens(one, other) <= PartRelation.PHONETIC or is_one_slip(
        one, other, min_length=MIN_GIVEN_SLIP
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
    """Each word once, without initials and the particles of a family name (Van Anh is no Anh, nor is Bao Van, nor Soo-bin Soo)."""
    particles = vocabulary("particles")
    return [
        word
        for word in dict.fromkeys(name.tokens)
        if len(word) > 1 and (word not in particles or word == name.tokens[-1] or word in name.given.split())
    ]
