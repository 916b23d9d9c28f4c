"""Personal names: taken apart for comparison, and made presentable for people."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from anyascii import anyascii
from nicknames import name_triplets

from matching.normalize.text import plain
from matching.records import PersonName, Provenance, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_NAME_LENGTH = 200
"""Characters of a field that are looked at."""

MAX_WORDS = 8
"""Words of a name that are kept; what follows is a description."""

TITLES = frozenset(
    "mr mrs ms miss mx dr doctor prof professor sir dame rev reverend fr father sr sra srta dra senor senora"
    " senorita herr frau mme mlle monsieur madame sig signora dott chef coach".split()
)
_TITLES_BEFORE_FAMILY = TITLES - {"miss", "chef", "coach", "sir", "dame", "father", "fr"}
"""After these, a single word is a family name: "Mr. Smith", but "Chef Ana"."""

SUFFIXES = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "2nd": "ii", "iii": "iii", "3rd": "iii",
    "iv": "iv", "4th": "iv",
}  # fmt: skip
"""Words after a name that tell father from son, as typed -> as compared."""

CREDENTIALS = frozenset(
    "md phd dds dmd esq mba cpa rn pa np jd dvm pe rd llc inc ma ba bs msc bsc lmft lcsw rdn lpn".split()
)

PARTICLES = frozenset(
    "de del de la las los da das do dos di della degli van von vom der den ter ten zu zur bin ibn al el le du des"
    " st san santa y e d".split()
)
"""Words that belong to the family name that follows them."""

DOUBLE_SURNAMES = frozenset(
    "aguilar alonso alvarez arias barrera bautista cabrera calderon campos cardenas carrillo castillo castro cervantes"
    " chavez contreras correa cortes cortez cruz delgado diaz dominguez duran escobar espinosa espinoza estrada"
    " fernandez figueroa flores fuentes gallegos garcia garza gil gomez gonzales gonzalez guerrero guevara gutierrez"
    " guzman hernandez herrera ibarra iglesias jimenez juarez lara leon lopez lozano lucero luna maldonado marin"
    " marquez martin martinez medina mejia melendez mendez mendoza mercado meza miranda molina montes montoya morales"
    " moreno munoz murillo navarro nunez ochoa ojeda olivares orozco ortega ortiz pacheco padilla palacios paredes"
    " pena peralta perez pineda ponce prieto quintero ramirez ramos rangel reyes rios rivas rivera robles rodriguez"
    " rojas romero rosales rosas rubio ruiz salas salazar salinas sanchez sandoval santana santiago santos serrano"
    " sierra silva solis soto suarez tapia torres trejo trevino trujillo valdez valencia valenzuela vargas vasquez"
    " vazquez vega velasco velasquez velazquez vera villa villanueva villarreal zamora zavala zuniga".split()
)
"""Family names that commonly stand before a second one (father's, then mother's)."""

OCCUPATIONS = frozenset(
    "chef baker cook caterer catering photographer photography videographer artist actor actress model musician singer"
    " dj producer writer author designer stylist makeup mua realtor realty broker agent coach trainer fitness yoga"
    " teacher nurse doctor lawyer attorney engineer developer founder cofounder ceo owner director manager"
    " entrepreneur creator blogger vlogger influencer consultant planner events studio official mom dad mama wife"
    " husband traveler travel foodie food lifestyle ugc nyc la sf usa private personal professional".split()
)
"""Words of an Instagram display name that tell what somebody does or where, not what they are called."""

_PLACEHOLDERS = frozenset(
    {
        "", "n a", "none", "null", "nil", "unknown", "anonymous", "undefined", "guest", "test", "testing",
        "instagram user", "facebook user", "instagrammer", "no name", "noname", "name", "first name", "customer",
        "xxx", "asdf",
    }
)  # fmt: skip

_NO_LETTERS = Rejected(code="name_no_letters", detail="A name needs at least one letter.")
_PLACEHOLDER = Rejected(code="name_placeholder", detail="This stands for a name that was not given.")
_AN_ADDRESS = Rejected(code="name_is_an_address", detail="This is an address, not a name.")

_ADDRESS = re.compile(r"\S@\S|https?://|www\.|^\s*@", re.IGNORECASE)


def fold(text: str) -> str:
    """Reduce to ASCII: lower-case letters, digits and single spaces. "O'Neil-García" becomes "oneil garcia"."""
    ascii_text = anyascii(_spaced_syllables(plain(text))).lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"['`]", "", ascii_text)).split())


def normalize_name(raw: str, *, provenance: Provenance) -> PersonName | Rejected:
    """Take a name apart, as typed into a form or shown on a profile, with all that people put around it.

    Handles titles, suffixes, "Doe, John", capitals only, decoration ("✨ John Doe ✨ | Chef"), particles and double
    surnames. One word alone is a given name, but after "Mr." a family name. Where two people share the field
    ("John & Jane Doe"), the first is taken.
    """
    text = plain(raw[:MAX_NAME_LENGTH])
    if _ADDRESS.search(text):
        return _AN_ADDRESS
    if not any(map(str.isalpha, text)):
        return _NO_LETTERS
    words = _words(text)
    if not fold(" ".join(words)):
        return _NO_LETTERS
    if fold(" ".join(words)) in _PLACEHOLDERS:
        return _PLACEHOLDER
    return _taken_apart(words, provenance)


# --- From a field to the words of one name ---

_HARD_SEPARATOR = re.compile(r"[|•·∙⋅~/\\\n\r\t*_=+<>{}—:;]+|\s[-–]\s|\s\.\s|\.{2,}")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\S)'[^']+'(?!\S)")
_COUPLE = re.compile(r"\s+(?:&|and|und|et)\s+|\s*&\s*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['.\u0300-\u036f-])*")
_EMPTY_INITIAL = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_])")


def _words(text: str) -> list[str]:
    """Pick the words of the one name in a field, in the order given name first."""
    outside = _QUOTED.sub(" ", _BRACKETED.sub(" ", text))
    kept = outside if any(map(str.isalpha, outside)) else re.sub(r"[()\[\]\"]", " ", text)
    segments = [segment for segment in _HARD_SEPARATOR.split(kept) if any(map(str.isalpha, segment))]
    best = max(segments, key=_resemblance, default="")  # the first of equals
    return _reordered(_one_person(_undecorated(best)))[:MAX_WORDS]


def _resemblance(segment: str) -> int:
    """How much a segment looks like a name: 2 for two to four words, 1 for other numbers, 0 for an occupation."""
    folded = fold(segment).split()
    described = [word for word in folded if word in OCCUPATIONS and word not in TITLES]
    if described or not folded or (len(folded) == 1 and folded[0] in OCCUPATIONS):
        return 0
    return 2 if len(folded) in range(2, 5) else 1


def _undecorated(segment: str) -> str:
    """Take the part before an emoji, or both parts where the emoji stands between two single words."""
    parts = [part.strip() for part in re.split(r"[^\w\s'\"’.,&\u0300-\u036f-]+", segment)]
    parts = [part for part in parts if any(map(str.isalpha, part))]
    single = [part for part in parts if " " not in part and fold(part) not in OCCUPATIONS]
    return " ".join(single[:2]) if parts and len(single) == len(parts) else next(iter(parts), "")


def _one_person(segment: str) -> str:
    """Take "John Doe" out of "John & Jane Doe"."""
    first, *others = _COUPLE.split(segment, maxsplit=1)
    second = _WORD.findall(others[0]) if others else []
    if not others or not _WORD.findall(first):
        return segment
    alone = len(_WORD.findall(first)) == 1 and len(second) > 1
    return f"{first} {second[-1]}" if alone else first


def _reordered(segment: str) -> list[str]:
    """Put "Doe, John" in order; drop what follows the comma where that is a description."""
    before, *rest = [_name_words(part) for part in segment.split(",")]
    suffixes = [word for part in rest for word in part if _is_suffix(word)]
    others = [[word for word in part if not _is_suffix(word)] for part in rest]
    given = next((part for part in others if part), [])
    if not before:
        return given + suffixes
    if given and _is_family_alone(before) and not any(fold(word) in OCCUPATIONS - TITLES for word in given):
        return given + before + suffixes
    return before + suffixes


def _is_family_alone(words: Sequence[str]) -> bool:
    content = [fold(word) for word in words if fold(word) not in PARTICLES]
    return len(content) == 1 or (len(content) == 2 and content[0] in DOUBLE_SURNAMES)  # noqa: PLR2004 - two surnames


def _is_suffix(word: str) -> bool:
    compact = _compact(word)
    return compact in SUFFIXES or compact in CREDENTIALS


def _compact(word: str) -> str:
    return fold(word).replace(" ", "")


def _name_words(part: str) -> list[str]:
    """Split into words; "J.R." becomes two initials, a hyphen stays inside its word."""
    spaced = part if any(_is_suffix(word) for word in part.split()) else _EMPTY_INITIAL.sub(". ", part)
    words = (match.strip("-'") for match in _WORD.findall(spaced))
    return [word for word in words if fold(word)]


# --- From the words to the parts ---


def _taken_apart(words: list[str], provenance: Provenance) -> PersonName | Rejected:
    title, untitled = _without_title(words)
    core, suffix = _without_suffix(untitled)
    shown = _presentable(core)
    given, middle, family = _parts(core)
    if not given and not family:
        return _NO_LETTERS
    if title in _TITLES_BEFORE_FAMILY and not family:
        given, family = "", given
        shown = [*_presentable(words[:1]), *shown]
    return PersonName(
        display=" ".join([*shown, *([_SHOWN_SUFFIX[suffix]] if suffix else [])]),
        given=given,
        family=family,
        middle=middle,
        suffix=suffix,
        tokens=tuple(token for word in core for token in fold(word).split()),
        script=_script("".join(core)),
        provenance=provenance,
    )


_SHOWN_SUFFIX = {"jr": "Jr.", "sr": "Sr.", "ii": "II", "iii": "III", "iv": "IV"}


def _without_title(words: list[str]) -> tuple[str, list[str]]:
    """Drop the titles at the front, unless nothing is left; the last of them tells what follows."""
    title = ""
    rest = words
    while len(rest) > 1 and _compact(rest[0]) in TITLES:
        title, rest = _compact(rest[0]), rest[1:]
    return title, rest


def _without_suffix(words: list[str]) -> tuple[list[str], str]:
    """Drop suffixes and degrees at the end; a lone "Ma" or "Junior" is a name."""
    suffix = ""
    rest = words
    while len(rest) > _FEWEST_BEFORE_SUFFIX and _is_suffix(rest[-1]):
        suffix, rest = SUFFIXES.get(_compact(rest[-1]), suffix), rest[:-1]
    return rest, suffix


_FEWEST_BEFORE_SUFFIX = 2
"""Words that a name keeps: "Ana Ma" is a whole name."""


def _parts(words: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """Tell given name, middle names and family name apart; all folded."""
    if _is_family_first("".join(words)):
        return _family_first(words)
    folded = [fold(word) for word in words]
    start = _family_start(folded)
    middle = tuple(token for word in folded[1:start] for token in word.split())
    return folded[0], middle, " ".join(folded[start:])


def _family_start(folded: Sequence[str]) -> int:
    """Where the family name starts; never before the second word."""
    start = max(len(folded) - 1, 1)
    joined_by_and = start > 2 and folded[start - 1] in {"y", "e"}  # noqa: PLR2004 - a given and a family name before it
    if joined_by_and or (start > 1 and folded[start - 1] in DOUBLE_SURNAMES):
        start -= 2 if joined_by_and else 1
    while start > 1 and folded[start - 1] in PARTICLES:
        start -= 1
    return start


_COMPOUND_SURNAMES = frozenset(
    {"欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "남궁", "황보", "제갈", "선우"}
)
_FAMILY_FIRST_SCRIPTS = frozenset({"Han", "Hangul"})


def _is_family_first(word: str) -> bool:
    return _script(word) in _FAMILY_FIRST_SCRIPTS


def _family_first(words: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """Chinese and Korean names: the family name is the first word, or the first syllable of a single word."""
    if len(words) > 1:
        return _compact("".join(words[1:])), (), _compact(words[0])
    word = words[0]
    length = 2 if word[:2] in _COMPOUND_SURNAMES and len(word) > 2 else 1  # noqa: PLR2004 - syllables
    if len(word) == length:
        return _compact(word), (), ""
    return _compact(word[length:]), (), _compact(word[:length])


def _spaced_syllables(text: str) -> str:
    """Put spaces around ideographs, which transliterate to one syllable each."""
    return re.sub(r"([\u3400-\u9fff])", r" \1 ", text)


_SCRIPT_NAMES = {"Cjk": "Han", "Fullwidth": "Latin", "Halfwidth": "Katakana"}


def _script(text: str) -> str:
    """Name the script that most letters are in, as Unicode does: Latin, Cyrillic, Arabic, Han, Hangul, …"""
    names = (unicodedata.name(letter, "").split(" ")[0].title() for letter in text if letter.isalpha())
    counted = Counter(_SCRIPT_NAMES.get(name, name) for name in names if name)
    return counted.most_common(1)[0][0] if counted else "Latin"


# --- How people should read it ---

_LOWER_IN_NAMES = PARTICLES - {"st", "san", "santa", "d", "le", "al", "el"}
_VOWELS = frozenset("aeiouy")


def _presentable(words: Sequence[str]) -> list[str]:
    """Keep capitals as typed, unless there are no others: then write as names are written."""
    typed = " ".join(words)
    letters = [letter for letter in typed if letter.isalpha()]
    shouted = typed.isupper() and len(letters) > 1
    if not shouted and not typed.islower():
        return list(words)
    return [_title_case(word, is_first=index == 0) for index, word in enumerate(words)]


def _title_case(word: str, *, is_first: bool) -> str:
    lower = word.lower()
    if not is_first and lower in _LOWER_IN_NAMES:
        return lower
    if _is_initials(lower):
        return word.upper()
    return plain("-".join("'".join(_pieces(part.split("'"))) for part in lower.split("-")))


def _pieces(pieces: Sequence[str]) -> Iterable[str]:
    """Capitalize O'Neil and D'Angelo on both sides of the apostrophe, Ma'ayan on one."""
    for index, piece in enumerate(pieces):
        follows_prefix = index > 0 and len(pieces[index - 1]) == 1
        yield _capitalized(piece) if index == 0 or follows_prefix else piece


def _capitalized(word: str) -> str:
    if word.startswith("mc") and len(word) > len("mcab"):
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def _is_initials(lower: str) -> bool:
    """True for "jd", "aj" and "iii"; false for "Ng" and "Li"."""
    if SUFFIXES.get(lower) == lower:
        return lower not in {"jr", "sr"}
    return len(lower) == 2 and lower != "ng" and (lower[1] == "j" or not _VOWELS & set(anyascii(lower)))  # noqa: PLR2004


# --- Nicknames ---

_IMPLAUSIBLE = frozenset({("bill", "robert"), ("robert", "bill")})


def nicknames_of(given: str) -> frozenset[str]:
    """All the folded names that share a formal name with this one: bob for robert, robert and rob for bob.

    Empty for an unknown name. Source: the `nicknames` package (English), and a table of short forms in other languages.
    """
    formal_names, short_forms = _nickname_tables()
    name = fold(given)
    formal = formal_names.get(name, frozenset())
    siblings = (short_forms[formal_name] for formal_name in formal)
    return frozenset().union(short_forms.get(name, frozenset()), formal, *siblings) - {name}


@cache
def _nickname_tables() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Short form -> formal names, and formal name -> short forms."""
    formal_names: dict[str, set[str]] = {}
    short_forms: dict[str, set[str]] = {}
    for formal, short in _nickname_pairs():
        formal_names.setdefault(short, set()).add(formal)
        short_forms.setdefault(formal, set()).add(short)
    return _frozen(formal_names), _frozen(short_forms)


def _frozen(table: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(values) for key, values in table.items()}


def _nickname_pairs() -> Iterable[tuple[str, str]]:
    for formal, relationship, short in name_triplets():
        if relationship == "has_nickname":
            yield fold(formal), fold(short)
    yield from _further_pairs()


def _further_pairs() -> Iterable[tuple[str, str]]:
    """Read the table that adds other languages: a formal name, a colon, its short forms."""
    table = resources.files("matching") / "data" / "nicknames_more.txt"
    for line in table.read_text(encoding="utf-8").splitlines():
        formal, colon, shorts = line.partition(":")
        if colon and not line.startswith("#"):
            yield from ((fold(formal), fold(short)) for short in shorts.split())
