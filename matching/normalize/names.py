"""Personal names: out of a field or a profile, taken apart for comparison; and the short forms of given names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from nicknames import name_triplets

from matching.frequencies import family_frequency, given_frequency
from matching.normalize.display import NUMERALS, joins_surnames, presentable
from matching.normalize.japanese import read_japanese
from matching.normalize.text import fold, plain
from matching.records import PersonName, Provenance, Rejected
from matching.vocabulary import table_lines, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_NAME_LENGTH = 200
"""Characters of a field that are looked at."""

MAX_WORDS = 8
"""Words of a name that are kept; what follows is a description."""

SUFFIXES = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "2nd": "ii", "iii": "iii", "3rd": "iii",
    "iv": "iv", "4th": "iv",
}  # fmt: skip
"""Words after a name that tell father from son, as typed -> as compared."""

_NO_LETTERS = Rejected(code="name_no_letters", detail="A name needs at least one letter.")
_PLACEHOLDER = Rejected(code="name_placeholder", detail="This stands for a name that was not given.")
_ONLY_INITIALS = Rejected(code="name_only_initials", detail="Initials alone are no name.")
_AN_ADDRESS = Rejected(code="name_is_an_address", detail="This is an address, not a name.")

_ADDRESS = re.compile(r"\S@\S|https?://|www\.|^\s*@", re.IGNORECASE)


def normalize_name(raw: str, *, provenance: Provenance) -> PersonName | Rejected:
    """Take a name apart, as typed into a form or shown on a profile, with all that people put around it.

    Handles titles, suffixes, "Doe, John", capitals only, decoration ("✨ John Doe ✨ | Chef"), particles and double
    surnames. One word alone is a given name, but after "Mr." a family name. Where two people share the field
    ("John & Jane Doe"), the first is taken.
    """
    if _is_ordinary(raw):
        return _taken_apart(raw.split(), provenance)
    text = _one_line(_ORNAMENT.sub("\u2726", plain(raw[:MAX_NAME_LENGTH])))
    if _ADDRESS.search(text):
        return _AN_ADDRESS
    words = _words_of_one_name(text)
    if _is_placeholder(text) or _is_placeholder(" ".join(words)):
        return _PLACEHOLDER
    if not words:
        return _NO_LETTERS
    name = _taken_apart(words, provenance)
    return name if any(len(token) > 1 for token in name.tokens) else _ONLY_INITIALS


_TWO_WORDS = re.compile(r"([A-Za-z]{2,40}) ([A-Za-z]{2,40})")


def _is_ordinary(raw: str) -> bool:
    """True for two words as most of a base has them: nothing needs to be cleared away before they are taken apart."""
    found = _TWO_WORDS.fullmatch(raw)
    if found is None:
        return False
    first, second = found[1].lower(), found[2].lower()
    return (
        _NO_WORD_OF_A_NAME.isdisjoint((first, second))
        and first not in vocabulary("titles")
        and f"{first}_{second}" not in vocabulary("placeholders")
    )


def _one_line(text: str) -> str:
    """A name that was broken over two lines, whole; what stands below a whole name stays apart from it."""
    text = text.replace("\t", " ")
    first, *_ = text.strip().splitlines() or [""]
    return " ".join(text.split()) if len(first.split()) == 1 else text


def _is_placeholder(text: str) -> bool:
    return fold(text).replace(" ", "_") in vocabulary("placeholders")


# --- From a field to the words of one name ---

_HARD_SEPARATOR = re.compile(r"[|•·∙⋅~/\\\n\r*=+<>{}—:;]+|\s-\s|\s\.\s|\.{2,}")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\S)'[^']+'(?!\S)")
_NO_WORD_OF_A_NAME = frozenset({"", "and", "und", "et"})
_PRONOUNS = re.compile(
    r"\b(?:he|she|they)\s?/\s?(?:him|his|hers?|them|they)\b"  # he/him, she/they
    r"(?:\s?/\s?(?:his|hers|theirs))?",  # she/her/hers
    re.IGNORECASE,
)
_COUPLE = re.compile(r"\s+(?:and|und|et)\s+|\s*&\s*", re.IGNORECASE)
_MARKS = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u102b-\u103e"
    r"\u17b4-\u17d3"
)
"""Accents, and the vowel signs of Hebrew, Arabic, the scripts of India, Thai, Lao, Burmese and Khmer, which `\\w` leaves out."""
_WORD = re.compile(rf"[^\W\d_](?:[^\W_]|[{_MARKS}]|['.-](?=[^\W_])|\.)*")
_INITIALS_TOGETHER = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_])")
_NOT_IN_NAMES = re.compile(rf"[^\w\s'.,&{_MARKS}-]+")


_ORNAMENT = re.compile(
    r"[\u025e\u029a\u1700-\u177f\u1950-\u1c7f\ua000-\ua4cf\ua500-\ua63f\ua6a0-\ua6ff\ua840-\uabff"
    r"\U00010000-\U0001d3ff\U0001e000-\U0001edff]"
)
"""Letters that people put around their names as pictures (turned e's for wings, Yi, Vai, hieroglyphs, cuneiform): nearly nobody's name
is written in them. Small capitals and the mathematical alphabets, which names are written in, are elsewhere."""


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _words_of_one_name(text: str) -> list[str]:
    """Pick the words of the one name in a field, given name first; none where there is no name."""
    text = _PRONOUNS.sub("|", text)
    outside = _QUOTED.sub(" ", _BRACKETED.sub(" ", text))
    kept = outside if _has_letters(outside) else re.sub(r"[()\[\]]", " ", text)
    spaced = re.sub(r"[_\"]", " ", kept)
    segments = [segment for segment in _HARD_SEPARATOR.split(spaced) if _has_letters(segment)]
    if segments and all(map(_names_a_business, segments)):
        segments += [found[1:-1] for found in _BRACKETED.findall(text) if _has_letters(found)]
    best = max(segments, key=_resemblance, default="")  # the first of equals
    words = _without_lone_letters(_reordered(_one_person(_of_another(_undecorated(best)))))[:MAX_WORDS]
    return _JOINED_WORDS.sub(r"\1 \2", words[0]).split() if len(words) == 1 else words


_JOINED_WORDS = re.compile(r"^(?!Mac|Van|Von|Des|Der|Del)([A-Z][a-z]{2,})([A-Z][a-z]{2,})$")
"""Two words typed as one: RamiMakhlouf, but not MacDonald nor LeBron."""


def _names_a_business(segment: str) -> bool:
    return not vocabulary("businesses").isdisjoint(fold(segment).split())


def _resemblance(segment: str) -> int:
    """How much a segment looks like a name: 0 with an occupation or a business in it, 2 for two to four words, else 1."""
    words = fold(segment).split()
    if (
        not words
        or _names_a_business(segment)
        or not _descriptions().isdisjoint(words)
        or vocabulary("occupations").issuperset(words)
    ):
        return 0
    return 2 if len(words) in range(2, 5) else 1


def _undecorated(segment: str) -> str:
    """Take the part before an emoji, or both parts where the emoji stands between two single words."""
    parts = [part.strip() for part in _NOT_IN_NAMES.split(segment) if _has_letters(part)]
    single = [part for part in parts if " " not in part and fold(part) not in vocabulary("occupations")]
    return " ".join(single[:2]) if len(single) == len(parts) else parts[0]


_RELATIVE = (
    r"(?:mom|mum|mother|dad|father|parent|wife|husband|partner|son|daughter|sister|brother|friend|fianc[eé]e?|girlfriend|boyfriend|assistant|secretary|boss|manager"
    r"|madre|padre|mam[aá]|pap[aá]|hij[oa]|espos[oa]|herman[oa]|m[eè]re|p[eè]re|fille|fils|femme|mari|mutter|vater|tochter|sohn|frau|mann)"
)
_NAMES_TOO = r"(?:mari|mann|frau|boss)\b"
"""Relatives that are names or titles before a particle: Mari de la Cruz, Frau von Stein."""
_RELATIVE_OF = re.compile(
    rf".*['\u2019]s\s+({_RELATIVE})\b\W*(.*)|((?!{_NAMES_TOO}){_RELATIVE})\s+(?:of|to|for|de|von|du|del)\s.*",
    re.IGNORECASE,
)


def _of_another(segment: str) -> str:
    """Of "Maria Doe's assistant Tom" take Tom, and of "Maria Doe's mom" or "mother of Maria Doe" the word that is left: it is not Maria."""
    match = _RELATIVE_OF.fullmatch(segment.strip())
    return next(filter(None, (match[2], match[1], match[3]))) if match else segment


def _one_person(segment: str) -> str:
    """Take "John Doe" out of "John & Jane Doe"."""
    first, *others = [part for part in _COUPLE.split(segment) if _WORD.search(part)] or [segment]
    family_of_both = _WORD.findall("".join(others[-1:]))[1:]
    alone = len(_WORD.findall(first)) == 1
    return " ".join([first, *family_of_both[-1:]]) if alone else first


def _reordered(segment: str) -> list[str]:
    """Put "Doe, John" in order; drop what follows the comma where that is a description."""
    before, *after = [_name_words(part) for part in segment.split(",")]
    if after and len(before) > 1 and _is_suffix(before[-1]):
        after.append([before.pop()])
    suffixes = [word for part in after for word in part if _is_suffix(word)]
    others = [[word for word in part if not _is_suffix(word)] for part in after]
    given = next((part for part in others if part), [])
    if not before:
        return given + suffixes
    if _is_family_alone(before) and not _is_description(given):
        return given + before + suffixes
    return before + suffixes


def _is_family_alone(words: Sequence[str]) -> bool:
    """True for "Doe", "de la Cruz", "García Márquez" and "Smith Jones" before a comma; false for "John Doe"."""
    content = [fold(word) for word in words if fold(word) not in vocabulary("particles")]
    match content:
        case [] | [_]:
            return True
        case [first, _]:
            is_family_name = family_frequency(first) > given_frequency(first)
            return first in vocabulary("double_surnames") or is_family_name
        case _:
            return False


def _is_description(words: Iterable[str]) -> bool:
    return any(fold(word) in _descriptions() for word in words)


@cache
def _descriptions() -> frozenset[str]:
    """Words that say what somebody does; a title may stand in a name."""
    return vocabulary("occupations") - vocabulary("titles")


_FEWEST_BESIDE_IDEOGRAPH = 2
"""Words of a name beside which a lone ideograph is a picture; beside a single one it may be the family name (Ana \u738b)."""


def _without_lone_letters(words: list[str]) -> list[str]:
    """Drop the smile of "Ana Diaz \u30c4" and the heart of "\u10e6 Ana Diaz": a letter of another script than the name."""
    if not words:
        return words
    core, _suffix = _without_suffix(_without_title(words)[1])
    script = _script("".join(core))
    kept = [word for word in words if len(word) > 1 or _script(word) == script]
    if len(kept) < _FEWEST_BESIDE_IDEOGRAPH:
        kept = [word for word in words if len(word) > 1 or _script(word) in {script, *FAMILY_FIRST_SCRIPTS}]
    return kept


def _is_suffix(word: str) -> bool:
    return _compact(word) in SUFFIXES or _compact(word) in vocabulary("credentials")


def _compact(word: str) -> str:
    return fold(word).replace(" ", "")


def _name_words(part: str) -> list[str]:
    """Split into words; "J.R." becomes two initials, a hyphen stays inside its word."""
    found = (match.rstrip("-'") for match in _WORD.findall(part))
    words = (word for typed in found for word in _initials_apart(typed))
    return [word for word in words if fold(word) not in _NO_WORD_OF_A_NAME]


def _initials_apart(word: str) -> list[str]:
    return [word] if _is_suffix(word) else _INITIALS_TOGETHER.sub(". ", word).split()


# --- From the words to the parts ---

_SHOWN_SUFFIX = {"": [], "jr": ["Jr."], "sr": ["Sr."]} | {numeral: [numeral.upper()] for numeral in NUMERALS}
_FEWEST_BEFORE_SUFFIX = 2
"""Words that a name keeps: "Ana Ma" is a whole name."""


def _taken_apart(words: Sequence[str], provenance: Provenance) -> PersonName:
    title, untitled = _without_title(words)
    core, suffix = _without_suffix(untitled)
    japanese = read_japanese(" ".join(core))
    given, middle, family = (japanese.given, (), japanese.family) if japanese else _parts(core)
    read = (family, given) if japanese else core
    family_alone = not family and title in vocabulary("titles") - vocabulary("titles_before_given")
    # The title that makes a single word a family name is shown, so that the name reads the same again.
    shown = [*(words[:1] if family_alone else []), *core]
    return PersonName(
        display=" ".join([*presentable(shown), *_SHOWN_SUFFIX[suffix]]),
        given="" if family_alone else given,
        family=given if family_alone else family,
        middle=middle,
        suffix=suffix,
        tokens=tuple(token for word in read for token in fold(word).split()),
        script=_script("".join(core)),
        provenance=provenance,
    )


def _without_title(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Drop the titles at the front, unless nothing is left; the first of them is returned."""
    count = next((index for index, word in enumerate(words) if not _is_title(word)), len(words) - 1)
    return (_compact(words[0]) if count else ""), words[count:]


def _is_title(word: str) -> bool:
    """False for a word of another script that folds to one (Omar in Arabic letters is `mr`)."""
    return _compact(word) in vocabulary("titles") and _script(word) == "Latin"


def _without_suffix(words: Sequence[str]) -> tuple[Sequence[str], str]:
    """Drop suffixes and degrees at the end; a lone "Junior" is a name."""
    suffix = ""
    while len(words) > _FEWEST_BEFORE_SUFFIX and _is_suffix(words[-1]):
        suffix, words = SUFFIXES.get(_compact(words[-1]), suffix), words[:-1]
    return words, suffix


def _parts(words: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """Tell given name, middle names and family name apart; all folded."""
    if _script("".join(words)) in FAMILY_FIRST_SCRIPTS:
        return _family_first_parts(words)
    folded = [fold(word) for word in words]
    start = _family_start(words)
    middle = tuple(token for word in folded[1:start] for token in word.split())
    return folded[0], middle, " ".join(folded[start:])


def _family_start(words: Sequence[str]) -> int:
    """Where the family name starts; never before the second word."""
    folded = [fold(word) for word in words]
    start = max(len(words) - 1, 1)
    if start > 1 and _joins_surnames(words, start - 1):
        start -= 2
    elif folded[start - 1] in vocabulary("double_surnames"):
        start -= 1
    while start > 1 and folded[start - 1] in vocabulary("particles"):
        start -= 1
    return max(start, 1)


def _joins_surnames(words: Sequence[str], at: int) -> bool:
    """True for the y of "Ortega y Gasset", false for the initial of "Maria Y. Lopez"."""
    typed = "".join(words)
    if typed.islower() or typed.isupper():
        return joins_surnames(words[at], before=words[at - 1])
    return words[at] in vocabulary("joining_letters")


FAMILY_FIRST_SCRIPTS = frozenset({"Han", "Hangul"})
"""Scripts in which every name has its family name first, so that its parts are told apart for certain."""

_COMPOUND_SURNAMES = re.compile("(?:欧阳|歐陽|司马|司馬|诸葛|諸葛|上官|남궁|황보|제갈|선우)(?=.)")


def _family_first_parts(words: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """Chinese and Korean names: the family name is the first word, or the first syllable of a single word."""
    if len(words) > 1:
        return _compact("".join(words[1:])), (), _compact(words[0])
    word = words[0]
    compound = _COMPOUND_SURNAMES.match(word)
    length = len(compound[0]) if compound else 1
    given, family = _compact(word[length:]), _compact(word[:length])
    return (given, (), family) if given else (family, (), "")


_SCRIPT_NAMES = {"Cjk": "Han", "Fullwidth": "Latin", "Halfwidth": "Katakana"}


def _script(text: str) -> str:
    """Name the script that most letters are in, by Unicode's names: Latin, Cyrillic, Arabic, Han, Hangul and so on."""
    if text.isascii():
        return "Latin"
    names = (unicodedata.name(letter, "").split(" ")[0].title() for letter in text if letter.isalpha())
    counted = Counter(_SCRIPT_NAMES.get(name, name) for name in names if name)
    return counted.most_common(1)[0][0] if counted else "Latin"


# --- Short forms of given names ---

_MISTAKEN = frozenset(
    {("robert", "bill"), ("robert", "billy"), ("bill", "robert"), ("billy", "robert"), ("bob", "robert")}
)
"""Pairs (formal, short) of the `nicknames` table, version 1.0.1, that would make Bill a Bob."""


@lru_cache(maxsize=65_536)
def nicknames_of(given: str) -> frozenset[str]:
    """All the folded names that share a formal name with this one: bob for robert, robert and rob for bob.

    Empty for an unknown name. Source: the `nicknames` package (English), and a table of short forms in other languages.
    """
    formal_names, short_forms = _nickname_tables()
    name = fold(given)
    formal = formal_names.get(name, frozenset())
    siblings = (short_forms[formal_name] for formal_name in formal)
    return frozenset().union(short_forms.get(name, frozenset()), formal, *siblings) - {name}


def is_short_for(short: str, formal: str) -> bool:
    """True where the table gives the one folded name as a short form of the other."""
    return short in _nickname_tables()[1].get(formal, frozenset())


@cache
def _nickname_tables() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Short form -> formal names, and formal name -> short forms."""
    pairs = {*_english_pairs(), *short_forms_elsewhere()} - _MISTAKEN
    return _grouped((short, formal) for formal, short in pairs), _grouped(pairs)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    grouped: dict[str, set[str]] = {}
    for key, value in pairs:
        grouped.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in grouped.items()}


def _english_pairs() -> Iterator[tuple[str, str]]:
    for formal, _has_nickname, short in name_triplets():
        yield fold(formal), fold(short)


@cache
def short_forms_elsewhere() -> frozenset[tuple[str, str]]:
    """The pairs, formal name and short form, of the tables for other languages, which the English table lacks."""
    lines = (line.partition(":") for line in table_lines("nicknames_more.txt"))
    pairs = {(fold(formal), fold(short)) for formal, _, shorts in lines for short in shorts.split()}
    in_groups = {
        (name, short) for names, shorts in _names_across_languages() for name in names for short in shorts
    }
    return frozenset(pairs | (in_groups - {*_english_pairs()}))


def names_across_languages() -> list[frozenset[str]]:
    """Groups of one given name as several languages have it: Juan, John, Ivan."""
    return [names for names, _ in _names_across_languages()]


@cache
def _names_across_languages() -> tuple[tuple[frozenset[str], tuple[str, ...]], ...]:
    """The table of such groups, each with the short forms of all its names."""
    lines = (line.partition(":") for line in table_lines("given_names_across_languages.txt"))
    return tuple((frozenset(names.split()), tuple(shorts.split())) for names, _, shorts in lines)
