"""How two parts of names relate: two given names, two family names, or two words whose place is not known.

All are symmetric, and see no more than the two words.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache, lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

import jellyfish
from rapidfuzz.distance import OSA, JaroWinkler

from matching.frequencies import (
    FURTHER_GIVEN,
    given_frequency,
    is_listed,
    is_listed_family,
    is_well_known,
    sexes_differ,
)
from matching.given_names import (
    are_two_names,
    endings_differ,
    is_one_spelling,
    is_short_form,
    is_short_form_elsewhere,
    share_a_formal_name,
)
from matching.normalize.names import SUFFIXES, is_short_for
from matching.vocabulary import table_lines, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matching.records import PersonName

SIMILAR_NAME = 0.9
"""Jaro-Winkler similarity of two words from which they look much the same (the band of Splink's examples)."""

SOUNDALIKE_NAME = 0.8
"""Words of one phonetic code must also look alike to this degree: the code drops vowels (Jane, Juan, John)."""

GARBLED_NAME = 0.7
"""Jaro-Winkler similarity of two words from which one may be the other garbled (the widest band of Splink's)."""

MIN_ALIKE_LENGTH = 5
"""A family name of this length may be another one after two changes, misheard or mistyped (Merkur, Merkel)."""

MOST_CHANGES = 2
"""Letters changed, added, lost or swapped between family names that are alike."""

MIN_JOINED_LENGTH = 8
"""Words written as one (`fridrichbuchenberg`) may be a letter off from this length on."""

MIN_TYPO_LENGTH = 4
"""A word shorter than this is another word after one change (Li, Lu)."""

MIN_GIVEN_SLIP = 6
"""A rare given name shorter than this is another name with another letter (Ravi, Rani); letters may have been swapped."""

MIN_LEFT_OUT = 3
"""Letters of a name of which a vowel that stands alone may have been left out (Omer, Omr)."""

TIMES_AS_COMMON = 40
"""How many times as common the name that was meant is as a slip of it that the census lists (judgement, by its list)."""

MOST_LETTERS_KEPT = 4
"""Letters that are left of a name cut short (Cat Howell, Ernie Rog); who writes more of it mostly writes it all."""

MIN_GIVEN_OF_ITS_OWN = 3
"""From so many letters on, a listed given name tells a man from a woman; of two (Ja, Jo), another name may have been cut short."""

FEWEST_LETTERS_CUT = 2
"""Letters that are missing of a name cut short; a single one is a slip."""

MOST_INITIALS = 3
"""A given name of no more letters may stand for the initials of another one (JC, Jean-Claude)."""


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
    """Given names: alike, but each a name of its own, so that a relative may bear it (Antonio, Antonia). Family names:
    alike, and perhaps one name twice misspelt, or two names."""
    DIFFERENT = 8


ONE_NAME = frozenset({PartRelation.SAME, PartRelation.NICKNAME, PartRelation.PHONETIC})
"""Relations of given names that a person uses side by side."""


def is_one_slip(one: str, other: str, *, min_length: int) -> bool:
    """True where one letter was changed, added, lost, or swapped with its neighbour."""
    if min(len(one), len(other)) < min_length or abs(len(one) - len(other)) > 1:
        return False
    return OSA.distance(one, other, score_cutoff=1) == 1


@lru_cache(maxsize=65_536)
def phonetic_code(word: str) -> str:
    """Metaphone of a folded word; the word itself where its code would be a single letter (Doe, Lee)."""
    code = jellyfish.metaphone(word)
    return code if len(code) > 1 else word


@lru_cache(maxsize=65_536)
def is_roughly(one: str, other: str) -> bool:
    """True where a word may be the other one garbled."""
    return JaroWinkler.similarity(one, other) >= GARBLED_NAME


ABJADS = frozenset({"Arabic", "Hebrew"})
"""Scripts that write no vowels, or few: what is transliterated from them is bare consonants (`khwry` for Khoury)."""

INDIC = frozenset(
    {"Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam"}
)
"""Scripts of India, whose consonants bring an unwritten a with them (`srma` for Sharma)."""

UNTOLD = frozenset({"Han", "Hiragana", "Katakana", "Hangul", "Thai", "Lao", "Khmer", "Myanmar"})
"""Scripts from which a name is seldom transliterated as its bearer spells it in Latin letters: characters have readings in several
languages, kana respell foreign names, and many a bearer goes by an English name."""

_VOWELS = str.maketrans("", "", "aeiouwy ")
_SILENT_H = re.compile("(?<!s)h$|(?<=sh)h$")
"""The h that some write behind a last vowel (Fatimah), and that is none of a last sh."""
_TRANSLITERATED = (
    ("kh", "k"),
    ("gh", "g"),
    ("ch", "sh"),
    ("ph", "f"),
    ("q", "k"),
    ("c", "k"),
    ("z", "s"),
    ("v", "b"),
)


@lru_cache(maxsize=65_536)
def consonants_of(words: str) -> str:
    """The consonants of folded words, by their sound, each once in a row: `mhmd` of Mohammed and of its Arabic spelling."""
    words = _replaced(words, _TRANSLITERATED)
    bare = _SILENT_H.sub("", words.translate(_VOWELS))
    return "".join(letter for place, letter in enumerate(bare) if bare[place - 1 : place] != letter)


_SPELLED_IN_INDIA = (
    ("ee", "i"),
    ("oo", "u"),
    ("sh", "s"),
    ("th", "t"),
    ("dh", "d"),
    ("bh", "b"),
    ("ph", "f"),
    ("ck", "k"),
    ("w", "v"),
    ("z", "j"),
)
"""How Indian names are spelled in Latin letters, and how anyascii transliterates them, made one; in the order in which they are."""
_UNWRITTEN_A = re.compile(r"(?<=[^aeiou])a+(?=[^aeiou])")


@lru_cache(maxsize=65_536)
def indian_sound(word: str) -> str:
    """A folded word without the a's between its consonants, which no Indian script writes: `srma` of Sharma."""
    return _UNWRITTEN_A.sub("", _replaced(word.replace(" ", ""), _SPELLED_IN_INDIA))


_ROMANIZED = (
    ("woo", "u"),
    ("young", "yeong"),
    ("kyung", "gyeong"),
    ("hyung", "hyeong"),
    ("hyun", "hyeon"),
    ("oo", "u"),
    ("ee", "i"),
    ("ui", "i"),
    ("sung", "seong"),
    ("jung", "jeong"),
    ("chul", "cheol"),
    ("suk", "seok"),
    ("sh", "s"),
    ("k", "g"),
    ("t", "d"),
    ("p", "b"),
    ("r", "l"),
)
"""How Koreans spell their names, and how the Revised Romanization does, made one; in the order in which they are."""


@lru_cache(maxsize=65_536)
def korean_sound(given: str) -> str:
    """A Korean given name in Latin letters, by its sound: `jiseong` of Ji-sung and of Jiseong."""
    return _replaced(given, _ROMANIZED)


@lru_cache(maxsize=65_536)
def korean_consonants(given: str) -> str:
    """The consonants of the same, which romanizations agree on more than on vowels."""
    return korean_sound(given).replace("ch", "j").translate(_VOWELS)


_SYLLABLE_OF_KOREA = (
    r"(?:ch|sh|[gkndtrlmbpsjh])?(?:y?(?:eo|ae|oo|ou|[aeou])|w(?:oo|[aeio])|eu|oe|ui|ee|i)(?:ng|[nmklgbp])?"
)
_SYLLABLE_OF_CHINA = r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:[iu]?ang|[iu]?an|i?ong|u?eng|u?en|ing|in|un|uai|i?ao|ai|[iu]?ei|i?ou|i[aeu]|u[aieo]|[aeiou])"
_TWO_SYLLABLES = re.compile(f"(?:{_SYLLABLE_OF_KOREA}){{2}}|(?:{_SYLLABLE_OF_CHINA}){{2}}")
"""A given name as Koreans or Chinese spell theirs: another letter mostly makes another syllable (Hyunwoo, Hyunjoo; Jianming, Jianmin)."""
_ONE_SYLLABLE = re.compile(f"{_SYLLABLE_OF_KOREA}|{_SYLLABLE_OF_CHINA}")
_KOREAN = re.compile(f"(?:{_SYLLABLE_OF_KOREA}){{2}}")

MIN_KOREAN_LENGTH = 6
"""Letters from which a given name that is spelled as a Korean one is one: Karin and Tina are spelled so too."""


@lru_cache(maxsize=65_536)
def is_korean(given: str) -> bool:
    """True for a given name of two syllables as Koreans spell them, in one word or in two, which is not common elsewhere."""
    return _KOREAN.fullmatch(given.replace(" ", "")) is not None and not is_well_known(given)


@lru_cache(maxsize=65_536)
def is_one_korean_name(one: str, other: str) -> bool:
    """True for two romanizations of one Korean given name (Junghee, Jeong-hui)."""
    joined, other_joined = one.replace(" ", ""), other.replace(" ", "")
    return (
        min(len(joined), len(other_joined)) >= MIN_KOREAN_LENGTH
        and one[0] == other[0]
        and korean_sound(joined) == korean_sound(other_joined)
        and is_korean(one)
        and is_korean(other)
    )


def _replaced(word: str, replacements: Iterable[tuple[str, str]]) -> str:
    for spelled, sound in replacements:
        word = word.replace(spelled, sound)
    return word


# ---------------------------------------------------------------- given names


@lru_cache(maxsize=65_536)
def relate_givens(one: str, other: str) -> PartRelation:
    """How two folded given names relate; a compound one (Jean Claude) is also its first name alone, or its initials.

    Of two names that are alike, one may be a spelling or a short form of the other, or a slip of the pen. Else each is a
    name of its own, and another person's.
    """
    if not one or not other:
        return PartRelation.DIFFERENT
    if one == other:
        return PartRelation.SAME
    if 1 in (len(one), len(other)):
        return PartRelation.INITIAL if one[0] == other[0] else PartRelation.DIFFERENT
    if is_one_korean_name(one, other):
        return PartRelation.PHONETIC
    if " " in one + other:
        return _relate_compound_givens(
            *sorted((one.split(), other.split()), key=lambda words: (len(words), words))
        )
    return _relate_different_givens(one, other)


def _relate_compound_givens(shorter: list[str], longer: list[str]) -> PartRelation:
    """Jean and Jean Claude are one man's; Jean Pierre and Jean Claude are not."""
    if "".join(shorter) == "".join(longer):
        return PartRelation.PHONETIC
    if is_short_for(" ".join(shorter), " ".join(longer)):
        return PartRelation.NICKNAME  # Chema and José María
    if _are_initials("".join(shorter), longer):
        return PartRelation.INITIAL
    relations = [relate_givens(*pair) for pair in zip(shorter, longer, strict=False)]
    worst = max(relations)
    if are_syllables(longer) and len(shorter) < len(longer):
        return max(worst, PartRelation.ALIKE)  # Wei and Wei Ling
    return worst if len(shorter) == len(longer) else max(worst, PartRelation.NICKNAME)


def _are_initials(letters: str, words: list[str]) -> bool:
    return len(letters) <= MOST_INITIALS and letters == "".join(word[0] for word in words)


def _is_cut_short(one: str, other: str) -> bool:
    """True where of one name only the first letters are written, or the first one alone."""
    shorter, longer = sorted((one, other), key=len)
    is_first_letter = len(shorter) == 1 < len(longer)
    is_beginning = len(shorter) <= MOST_LETTERS_KEPT and len(longer) - len(shorter) >= FEWEST_LETTERS_CUT
    return longer.startswith(shorter) and (is_first_letter or is_beginning)


def _relate_different_givens(one: str, other: str) -> PartRelation:
    in_table = share_a_formal_name(one, other)
    shorter = min(one, other, key=len)
    is_cut_short = _is_cut_short(one, other)
    if is_cut_short and not in_table and len(shorter) < MIN_GIVEN_OF_ITS_OWN:
        return PartRelation.ALIKE if is_listed(shorter) else PartRelation.INITIAL
    if sexes_differ(one, other) and not is_short_form_elsewhere(one, other):
        return PartRelation.ALIKE if in_table else PartRelation.DIFFERENT
    if is_one_spelling(one, other):
        return PartRelation.PHONETIC
    if in_table:
        return PartRelation.NICKNAME if is_short_form(one, other) else PartRelation.ALIKE
    if is_cut_short:
        # A listed name (Ann) is as likely a relative's as another name (Annette) cut short.
        is_another = is_listed(shorter) or _is_a_syllable_less(one, other)
        return PartRelation.ALIKE if is_another else PartRelation.INITIAL
    return _relate_by_looks(one, other)


def _relate_by_looks(one: str, other: str) -> PartRelation:
    relation = _relate_spellings(one, other)
    if _is_listed_slip(one, other):
        return PartRelation.SIMILAR
    if is_well_known(one) and is_well_known(other):
        return PartRelation.ALIKE if relation is PartRelation.PHONETIC else PartRelation.DIFFERENT
    if relation is PartRelation.DIFFERENT:
        return relation
    if relation is PartRelation.PHONETIC and have_other_vowels(one, other):
        return PartRelation.ALIKE
    is_no_slip = relation is not PartRelation.PHONETIC and not _may_be_slip(one, other)
    return PartRelation.ALIKE if is_no_slip or _are_two_names(one, other) else relation


_SOUNDS_OF_VOWELS = (
    (re.compile("^[yw]"), ""),
    (re.compile("[ae][iy](?![aeou])"), "i"),
    (re.compile("au|o[uyie]|ue"), "o"),
    (re.compile("[ey]"), "i"),
    (re.compile("[uw]"), "o"),
    (re.compile("[^aio]+"), "."),
    (re.compile(r"(.)\1+"), r"\1"),
)
"""Vowels that are spelled for each other, made one, in the order in which they are; a point stands for the consonants between."""


@lru_cache(maxsize=65_536)
def _vowels_of(given: str) -> str:
    """`.a.i.` of Hamid and of Hamed, `.a.a.` of Hamad."""
    for pattern, sound in _SOUNDS_OF_VOWELS:
        given = pattern.sub(sound, given)
    return given


_VOWELS_OF_TWO_NAMES = frozenset(map(frozenset, ("ae", "ai", "ao", "au", "ay", "eo", "eu", "oy")))
"""Vowels far enough apart on the keyboard, and to the ear, for two names to differ in them alone."""


def have_other_vowels(one: str, other: str) -> bool:
    """True for two rare names that sound alike only as phonetic codes have no vowels (Takeshi, Takashi)."""
    if max(map(given_frequency, (one, other))) > FURTHER_GIVEN or _vowels_of(one) == _vowels_of(other):
        return False
    return not _may_be_mistyped(one, other)


def _may_be_mistyped(one: str, other: str) -> bool:
    """True where letters were swapped, where there is one more or less, but for a short name (Loan, Lan), or another one that is no vowel of another name."""
    if sorted(one) == sorted(other):
        return True
    if len(one) == len(other):
        differing = [frozenset(pair) for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
        return (
            len(differing) == 1
            and differing[0] not in _VOWELS_OF_TWO_NAMES
            and not _are_syllables(one, other)
        )
    fewest = MIN_TYPO_LENGTH if _vowels_of(one).count(".") == _vowels_of(other).count(".") else MIN_LEFT_OUT
    return is_one_slip(one, other, min_length=fewest)


def _is_listed_slip(one: str, other: str) -> bool:
    """True for a slip that is frequent enough for the census to list it (Patrica, Kimberely), beside the name that was meant.

    It may be somebody's name all the same: a relative's would have to be that rare, and alike.
    """
    rarer, commoner = sorted(map(given_frequency, (one, other)))
    return (
        one[0] == other[0]
        and is_listed(one)
        and is_listed(other)
        and is_one_slip(one, other, min_length=MIN_GIVEN_SLIP)
        and rarer * TIMES_AS_COMMON <= commoner
        and not endings_differ(one, other)
        and not are_two_names(one, other)
    )


def _are_two_names(one: str, other: str) -> bool:
    """True where both are names, or where the ending tells two people apart (Bogdan, Bogdana; Haruki, Haruka)."""
    are_listed = is_listed(one) and is_listed(other)
    return are_listed or are_two_names(one, other) or endings_differ(one, other)


def _may_be_slip(one: str, other: str) -> bool:
    """False where the first letter differs (Amit, Sumit), on which slips seldom fall but for one: eSrgio.

    Of rare names, also where several letters differ (Xiaoming, Xiaohong), one of a short name, or one of a syllable.
    """
    is_known = is_well_known(one) or is_well_known(other)
    if one[0] != other[0]:
        return is_known and one[:2] == other[1::-1] and one[2:] == other[2:]
    if is_known:
        return True
    is_slip = is_one_slip(one, other, min_length=MIN_GIVEN_SLIP) and not _are_syllables(one, other)
    return sorted(one) == sorted(other) or is_slip


def _is_a_syllable_less(one: str, other: str) -> bool:
    """True for Xin and Xinying, which are two Chinese names: none is written by its first syllable."""
    shorter, longer = sorted((one, other), key=len)
    return are_syllables((shorter, longer.removeprefix(shorter)))


def are_syllables(words: Iterable[str]) -> bool:
    """True for words that are a syllable each of a Chinese or a Korean given name."""
    return all(map(_ONE_SYLLABLE.fullmatch, words))


def _are_syllables(one: str, other: str) -> bool:
    return _TWO_SYLLABLES.fullmatch(one) is not None and _TWO_SYLLABLES.fullmatch(other) is not None


# ---------------------------------------------------------------- family names


@lru_cache(maxsize=65_536)
def relate_families(one: str, other: str) -> PartRelation:
    """How two folded family names relate; a double name shares a part with either half, and particles may be left out.

    The first letters of one, where they are no name themselves, may stand for it (Sarah M., Sarah Morris).
    """
    if one == other:
        return PartRelation.SAME
    if _is_cut_short(one, other) and not is_listed_family(min(one, other, key=len)):
        return PartRelation.INITIAL
    if one.replace(" ", "") == other.replace(" ", ""):
        return PartRelation.PHONETIC
    if _share_a_part(one.split(), other.split()):
        return PartRelation.PARTIAL
    core, other_core = without_particles(one), without_particles(other)
    if core == other_core:
        return PartRelation.PARTIAL
    return _relate_different_families(core, other_core)


def _relate_different_families(one: str, other: str) -> PartRelation:
    if is_respelled_family(one) and is_respelled_family(other):
        # Two names, however alike: Zhang and Zheng, Zhou and Zhao. Who writes Chen is seldom a Tan as well.
        are_one = frozenset({one, other}) in _spelled_otherwise()
        return PartRelation.ALIKE if are_one else PartRelation.DIFFERENT
    relation = _relate_spellings(one, other)
    is_alike = relation is PartRelation.DIFFERENT and _is_nearly(one, other)
    return PartRelation.ALIKE if is_alike else relation


@cache
def _spelled_otherwise() -> frozenset[frozenset[str]]:
    """Pairs of the table of romanizations that do not look alike (Zhang, Cheung)."""
    groups = (line.split() for line in table_lines("family_name_spellings.txt"))
    return frozenset(frozenset(pair) for group in groups for pair in combinations(group, 2))


@cache
def _romanizations() -> frozenset[str]:
    return frozenset().union(*_spelled_otherwise())


def is_respelled_family(family: str) -> bool:
    """True for a Chinese or Korean family name that is romanized in several ways."""
    return family in _romanizations()


def _is_nearly(one: str, other: str) -> bool:
    """True for names two letters apart."""
    if min(len(one), len(other)) < MIN_ALIKE_LENGTH or one[0] != other[0]:
        return False
    return OSA.distance(one, other, score_cutoff=MOST_CHANGES) <= MOST_CHANGES


def without_particles(family: str) -> str:
    """`cruz` of "de la cruz"; the last word is none (Bao Van)."""
    *before, last = family.split() or [""]
    return " ".join([*(word for word in before if word not in vocabulary("particles")), last])


def _share_a_part(one: list[str], other: list[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(longer) > 1 and any(len(word) >= MIN_TYPO_LENGTH and word in longer for word in shorter)


def double_family(name: PersonName) -> str:
    """The family name, behind the last middle name where that may be the first of two: Carla Mendivil Arrieta, not John Michael Doe."""
    *_, last = name.middle or ("",)
    return f"{last} {name.family}" if len(last) > 1 and not is_well_known(last) else name.family


_READ_AS_FAMILY = SUFFIXES | {"hijo": "jr", "filho": "jr"}
"""Words that tell a father from a son, and that are read as the end of a family name: Juan Jr., Juan Rodríguez hijo."""


def suffix_of(name: PersonName) -> str:
    """What tells a father from a son behind a name; empty where nothing does."""
    return name.suffix or _READ_AS_FAMILY.get(name.family.rpartition(" ")[2], "")


def joined_givens(name: PersonName) -> str:
    """The given and middle names as one word, folded."""
    return "".join((name.given, *name.middle)).replace(" ", "")


# ---------------------------------------------------------------- words whose place is not known


@lru_cache(maxsize=65_536)
def relate_words(one: str, other: str) -> PartRelation:
    """How a word relates to one that stands elsewhere in the other name: the more distant of the two readings."""
    return max(relate_givens(one, other), relate_families(one, other))


def _relate_spellings(one: str, other: str) -> PartRelation:
    similarity = JaroWinkler.similarity(one, other)
    if similarity >= SOUNDALIKE_NAME and phonetic_code(one) == phonetic_code(other):
        return PartRelation.PHONETIC
    if is_one_slip(one, other, min_length=MIN_TYPO_LENGTH):
        return PartRelation.TYPO
    return PartRelation.SIMILAR if similarity >= SIMILAR_NAME else PartRelation.DIFFERENT
