"""Names that people give themselves in a message: "Hi, I'm Ana Lopez", "this is John from Acme", "soy Ana"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching import announcements
from matching.frequencies import is_well_known
from matching.known_words import is_family_name, is_given_name, is_ordinary, is_word_and_name
from matching.normalize.names import normalize_name
from matching.normalize.text import fold, plain
from matching.records import PersonName, Provenance
from matching.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MAX_TEXT_LENGTH = 10_000
"""Characters of a message that are read."""

MAX_NAME_WORDS = 6
MAX_SMALL_WORDS = 2
"""Of a name typed in small letters, or where there are no others: "my name is ana lopez looking for" has no other end."""

_WORDS_OF_UNLISTED = 2
"""Of a name that no list has: a given and a family name; more are a sentence with capitals."""

FEWEST_SMALL_LETTERS = 4
"""Of a name typed in small letters that is not common: "i'm sai" may be a slip of the pen."""

_FEWEST_CAPITALS = 3
"""Words of a message typed in capitals only, which then tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The words that stand where a name would, the title before them, and what follows; `partner` is who is named with them."""

    words: tuple[str, ...]
    title: str
    rest: str
    partner: tuple[str, ...] = ()

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(map(fold, self.words))


def find_introductions(text: str, *, own: Sequence[tuple[int, int]] = ()) -> tuple[PersonName, ...]:
    """All the names that the writer takes for themselves, in order, without repeats; provenance MENTIONED.

    `own` is where contacts of the writer's own stand: a name beside one of them is signed with it ("Jessica 916…").
    """
    names: dict[tuple[str, ...], PersonName] = {}
    for candidate in _candidates(_readable(text[:MAX_TEXT_LENGTH], own)):
        name = normalize_name(candidate, provenance=Provenance.MENTIONED)
        if isinstance(name, PersonName):
            names.setdefault(name.tokens, name)
    return tuple(names.values())


def _readable(text: str, own: Sequence[tuple[int, int]]) -> str:
    """Plain text, with a mark on a line of its own for each contact; what is typed in capitals only as if none were."""
    for start, end in reversed(own):
        text = f"{text[:start]}\n{announcements.CONTACT}\n{text[end:]}"
    text = plain(text)
    return text.title() if text.isupper() and len(text.split()) >= _FEWEST_CAPITALS else text


# --- The names in a text ---


def _candidates(text: str) -> Iterator[str]:
    """Yield, in the order of the text, the words that stand where a name would; those before a verb come first."""
    addressed = {fold(match["name"]) for match in announcements.ADDRESSED.finditer(text)}

    def signs(read: _Read) -> bool:
        return read.folded[0] not in addressed and _is_credible_signature(read)

    beliefs: tuple[tuple[re.Pattern[str], Callable[[_Read], bool]], ...] = (
        (announcements.OUTRIGHT, _is_credible_outright),
        (announcements.PERSONAL, _is_credible),
        (announcements.IMPERSONAL, _is_credible_impersonal),
        (announcements.GREETED, _is_credible),
        (announcements.GREETED, _is_credible_short),
        (
            announcements.THIS_IS_FIRST,
            lambda read: _is_credible_unlisted(read, _QUALITY) and not _is_phrase(read),
        ),
        (announcements.SOY_FIRST, lambda read: _is_credible_unlisted(read, _SPANISH_QUALITY)),
        (announcements.IMPERSONAL, _is_credible_in_capitals),
        (announcements.GREETED_IN_PERSON, _is_credible_greeted),
        (announcements.THANKS, signs),
        (announcements.GREETED_LAST, signs),
        (announcements.SIGNED, signs),
        (announcements.ALONE, lambda read: signs(read) and _is_credible_alone(read)),
        (announcements.SIGNED_REQUEST, lambda read: signs(read) and _is_credible_alone(read)),
        (announcements.BESIDE, lambda read: _is_credible_impersonal(read) and _is_all_before_contact(read)),
        (announcements.IN_BUSINESS, _is_credible_whole),
        (
            announcements.NOTHING_ELSE,
            lambda read: _is_credible_whole(read) and is_family_name(read.folded[-1]),
        ),
        (announcements.ASKED_FOR, _is_credible),
        (announcements.PRESENT, _is_credible),
    )
    yield from (next(filter(None, match.groups())) for match in announcements.BEFORE_VERB.finditer(text))
    yield from (f"{match['given']} {match['family']}" for match in announcements.IN_TWO_PARTS.finditer(text))
    starts = [(match.end(), believes) for pattern, believes in beliefs for match in pattern.finditer(text)]
    for start, believes in sorted(starts, key=lambda found: found[0]):
        read = _read_at(text, start)
        if read and not _is_somebody_elses(read) and believes(read):
            yield from _spelled(read)


def _spelled(read: _Read) -> Iterator[str]:
    """The name, with its title where it is of one word; of a couple both, by the family name of the second."""
    shared = read.partner[1:] if len(read.words) == 1 else ()
    words = read.words + shared
    yield f"{read.title} {' '.join(words)}" if len(words) == 1 else " ".join(words)
    if read.partner:
        yield " ".join(read.partner)


# --- Reading words ---

_TITLE = re.compile(
    r"(?:(?:mr|mrs|ms|miss|dr|prof|rev|pastor|father|rabbi|coach|sra?|srta|dra?|lic|ing|avv|chef|herr|frau|mme|m)\b\.?[ ]+)+",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(
    rf"['\"]?(?P<word>(?>{announcements.WORD}))(?![_@\d]|\.[\w.+-]*@)(?P<dot>\.?)(?P<gap>[ ]?)(?P<colon>\s?:)?"
)


def _read_at(text: str, start: int) -> _Read | None:
    """Read the words from `start` on that could be those of one name."""
    title = _TITLE.match(text, start)
    position = title.end() if title else start
    words: list[str] = []
    while len(words) < MAX_NAME_WORDS:
        match = _NEXT_WORD.match(text, position)
        if match is None or not _could_belong(match, words):
            break
        words.append(match["word"] + ("." if _is_initial(match) else ""))
        if _ends_name(match):
            position = match.end("word")
            break
        position = match.end()
    kept = _without_trailing_particles(words)
    if not kept:
        return None
    partner, position = _partner_at(text, position)
    return _Read(words=kept, title=title[0].strip() if title else "", rest=text[position:], partner=partner)


_AND = re.compile(rf"\s?{announcements.JOINED} (?=[A-Z])")


def _partner_at(text: str, position: int) -> tuple[tuple[str, ...], int]:
    """The second of a couple that ends a clause ("we're Tom and Kelly Baker."), and where what follows them begins."""
    joined = _AND.match(text, position)
    read = _read_at(text, joined.end()) if joined else None
    if read is None or not is_given_name(read.folded[0]) or not _END_OF_CLAUSE.match(read.rest):
        return (), position
    return read.words, len(text) - len(read.rest)


def _could_belong(match: re.Match[str], before: Sequence[str]) -> bool:
    word = match["word"]
    if before and (match["colon"] or _is_particle(word)):
        return not match["colon"]
    return not before or _continues(word, before)


def _ends_name(match: re.Match[str]) -> bool:
    """An abbreviation or the end of a sentence; "J.R." and "J. R." go on."""
    return not _is_initial(match) and bool(match["dot"] or not match["gap"])


def _is_initial(match: re.Match[str]) -> bool:
    return bool(match["dot"]) and len(match["word"]) == 1


def _continues(word: str, before: Sequence[str]) -> bool:
    """Say whether a word goes on with a name: in its style, and no other word."""
    folded = fold(word)
    if folded in vocabulary("never_in_names") or (is_ordinary(folded) and not is_family_name(folded)):
        return False
    if _GOES_ON_ELSEWHERE.fullmatch(word):
        return False
    if _is_capitalised(before[0]):
        return word[0].isupper() and folded not in {"will", "may"}
    if len(before) >= MAX_SMALL_WORDS:
        return False
    if _is_without_case(word):
        return _is_without_case(before[0])
    return is_family_name(folded) and not _is_small_word(word, folded)


_GOES_ON_ELSEWHERE = re.compile("है|हैं|हूँ|हूं|و[أان].+")
"""What no name goes on with where words have no capitals: "am" in Hindi, "and I" in Arabic."""


def _is_without_case(word: str) -> bool:
    """True for Arabic, Hindi and the like, where a name looks like any other word."""
    return word.lower() == word.upper()


def _is_small_word(word: str, folded: str) -> bool:
    return word.islower() and (is_ordinary(folded) or is_word_and_name(folded))


def _is_particle(word: str) -> bool:
    """True for the small words inside "Ana de la Cruz"."""
    return word in vocabulary("small_particles")


def _without_trailing_particles(words: Sequence[str]) -> tuple[str, ...]:
    last = next((index for index in range(len(words), 0, -1) if not _is_particle(words[index - 1])), 0)
    return tuple(words[:last])


def _is_capitalised(word: str) -> bool:
    """True for "Ana" and an initial; false for "ana" and "ANA", which tell nothing of the writer's intention."""
    return word[0].isupper() and (len(word.rstrip(".")) == 1 or not word.isupper())


# --- Believing ---

_NOT_OF_A_NAME = re.compile(
    r"[ -]?(?:\d+(?:st|nd|rd|th)\b|(?:based|born|raised|bound|style|themed?|inspired|area|made|time|birthday|b-?day"
    r"|night|day|week|weekend|season|eve|vibes?|awards?|bowl|mode|energy|vs|versus|o'?clock|party|wedding|shower|graduation|fan|girl|boy|native|resident|local|certified|approved|turns|turned|is turning|chasing"
    r"|high|and i(?:'m| am)? (?:married|engaged)|and (?:vegan|vegetarian|gluten|kosher|halal|single|married|proud))\b)",
    re.IGNORECASE,
)
"""After a name these make a place or an occasion of it: "I'm Austin based", "it's Max 5th birthday"."""

_GOES_ON_IN_CAPITALS = re.compile(
    r"(?:of\b|(?!(?:I|I'm|Im|Can|Could|Please|Pls|We|Do|Is|Are|Looking|Want|Need|Just|Thanks?|Call|Text|Hi|Hello|How|What|When|My)\b)(?=[A-Z][a-z])(?P<word>[A-Z]\w+))"
)
"""After a name that is a word as well: "I'm Art Director at Acme", "Will Be There", "Dean of Students"; not "I'm Mark Can you"."""

_END_OF_CLAUSE = re.compile(r"\s*(?:$|[,.!?;:()\n\d+&=-]|(?:and|from|with|here|i|i'm|im)\b)", re.IGNORECASE)


def _is_somebody_elses(read: _Read) -> bool:
    return any(word.casefold().endswith("'s") for word in read.words)


def _is_credible_outright(read: _Read) -> bool:
    """Any name is believed after "my name is"; a word only where it is a listed name too, and capitalised."""
    first = read.folded[0]
    if _is_capitalised(read.words[0]):
        is_followed = len(read.words) > 1 and not any(map(is_ordinary, read.folded[1:]))
        if is_given_name(first) or is_followed:
            return True
    return not is_ordinary(first) and first not in vocabulary("never_given_names")


def _is_credible(read: _Read) -> bool:
    """One can be anything ("I'm Vegan"): believed are given names, titles, and family names after another word."""
    if _NOT_OF_A_NAME.match(read.rest) or _is_phrase(read) or _is_business(read):
        return False
    if _HAN.match(read.words[0]):
        return len(read.words[0]) in _HAN_NAME_LENGTHS and read.words[0][0] in _HAN_SURNAMES
    if not _is_capitalised(read.words[0]):
        return _is_known_in_small_letters(read) or (_is_titled(read) and is_family_name(read.folded[0]))
    return _is_given(read) or _is_full_name(read) or _is_titled(read)


def _is_phrase(read: _Read) -> bool:
    """A word that is a name as well and goes on as what it says, or a town with its state."""
    first, *others = read.folded
    if others:
        return others[-1] in vocabulary("states") or _OF_A_PLACE.fullmatch(read.words[-1]) is not None
    goes_on = _GOES_ON_IN_CAPITALS.match(read.rest)
    return is_word_and_name(first) and goes_on is not None and _is_word(goes_on["word"])


_OF_A_PLACE = re.compile(
    r"(?i:ave(?:nue)?|st|street|blvd|boulevard|rd|road|parkway|beach|heights|springs|island|county|square|plaza|mall|airport|university|college)"
    r"|A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[DEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)
"""The last word of a place that begins with a given name: "Madison Ave", "Savannah GA" (not "Yo-Yo MA")."""


_CAPITALISED_WORD = re.compile(r"[A-Z]\w*")

_ALSO_OF_A_PLACE = re.compile(r"park|bridge|halls?|hills?|woods?|fields?|lakes?|ridge|point|grove|center")
"""A family name too, but not where nothing says that a name is told."""


def _is_business(read: _Read) -> bool:
    """True for "Rose Garden Events" and "I'm Paris Hotel": names, and a business behind them."""
    goes_on = _CAPITALISED_WORD.match(read.rest)
    return not vocabulary("businesses").isdisjoint([read.folded[-1], fold(goes_on[0]) if goes_on else ""])


def _is_word(capitalised: str | None) -> bool:
    """True for what goes on as a word would: an ordinary one, or none with a capital at all."""
    return capitalised is None or is_ordinary(fold(capitalised))


_HAN = re.compile("[\u4e00-\u9fff]")
_HAN_NAME_LENGTHS = range(2, 5)
_HAN_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖"
    "邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易武乔贺赖龚文張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭許呂蘇盧蔣賈葉閻鍾鄒陸"
)
"""The commonest Chinese family names, simplified and traditional: "我是王伟" tells a name, "我是老师" a trade."""


def _is_credible_greeted(read: _Read) -> bool:
    """Whoever greets and goes on with two capitalised words, neither of them ordinary, tells a name that no list may have."""
    return (
        len(read.words) == _WORDS_OF_UNLISTED
        and all(map(_is_capitalised, read.words))
        and not any(map(is_ordinary, read.folded))
        and bool(_END_OF_CLAUSE.match(read.rest))
        and not _NOT_OF_A_NAME.match(read.rest)
    )


_QUALITY = re.compile(r"[a-z]+(?:ing|ed|tion|ous|ful|[ai]ble|ly|less|ness|ish|ive|ment|day|shoot|ism|ity|fy)")
_SPANISH_QUALITY = re.compile(r"[a-z]+(?:[aoes]|al|az|or)")
"""How words end that say what somebody or something is, of which no list has all: "soy Salvadoreña", "this is Photoshoot"."""

_SMALL_WORDS_AND_NAMES = frozenset({"an", "my"})
"""Given names of Vietnam that are small words of English: names before a family name only."""

_FEWEST_UNLISTED = 3
"""Letters of a name that no list has and that stands alone."""

_ASKED_OR_CALLED_BACK = re.compile(
    r",\s*(?:right|ok|okay|correct|yes|no|not|isn'?t|but|so|your?|we|our|please call|call us)\b",
    re.IGNORECASE,
)
"""Behind a comma, what is said of a thing, or by a company."""


_ENDS = re.compile(r"\s*(?:\.?\s*$|\.\s|\n)")


def _is_credible_unlisted(read: _Read, quality: re.Pattern[str]) -> bool:
    """After "hi this is" or "soy", and before a comma or an end, any capitalised word is a name unless it is known to be something else."""
    first, *others = read.folded
    is_at_break = _is_before_comma(read) or _ENDS.match(read.rest)
    if not (is_at_break and all(map(_is_capitalised, read.words))) or _is_business(read):
        return False
    if not others:
        return len(first) >= _FEWEST_UNLISTED and not _means_something(first) and not quality.fullmatch(first)
    begins = is_given_name(first) or (first in _SMALL_WORDS_AND_NAMES and not _means_something(others[0]))
    return begins and len(others) == 1 and is_family_name(others[0])


def _is_before_comma(read: _Read) -> bool:
    return read.rest.startswith(",") and not _ASKED_OR_CALLED_BACK.match(read.rest)


def _is_credible_in_capitals(read: _Read) -> bool:
    """A name written in capitals among other words, before a comma: "this is TREVON HARRIS,"; no list may have the first."""
    return _is_before_comma(read) and all(map(str.isupper, read.words)) and _is_full_name(read)


def _means_something(word: str) -> bool:
    return is_ordinary(word) or is_word_and_name(word) or word in vocabulary("never_given_names")


def _is_credible_impersonal(read: _Read) -> bool:
    """It can be anything ("It's Art", "This is Heaven"): a name that is a word as well needs a family name, or where one is from."""
    is_only_a_word = len(read.words) == 1 and is_word_and_name(read.folded[0])
    return _is_credible(read) and not (is_only_a_word and not _is_from_somewhere(read))


_FROM = re.compile(
    r" (?:from|with) (?:(?:church|work|school|class|the (?:office|gym|salon|studio|shop|school|church))\b|(?P<business>[A-Z][\w'&]*(?: [A-Z&][\w'&]*){0,3}))"
)


def _is_from_somewhere(read: _Read) -> bool:
    """True for "Hope from church" and "Joy with Blue Door Realty"; what is from Mexico may be a thing."""
    origin = _FROM.match(f" {read.rest}")
    if origin is None or not _is_capitalised(read.words[0]):
        return False
    return not origin["business"] or not vocabulary("businesses").isdisjoint(fold(origin["business"]).split())


_SHORTENED = frozenset({"min", "sun", "thu"})
"""What else short names are in a message: the time."""

_ENDS_SHORTLY = re.compile(r"[ ]*(?:[.!\n]|,(?![ ]*(?:not|but|isn'?t)\b)|$)")


def _is_credible_short(read: _Read) -> bool:
    """Whoever greets may tell a name in small letters, however short ("hey its bri!!")."""
    is_name = _is_small_given(read) and read.folded[0] not in _SHORTENED
    return is_name and _ENDS_SHORTLY.match(read.rest) is not None


_ENDEARMENTS = frozenset(
    {"linda", "bella", "reina", "nena", "corazon", "queen", "bonita", "cielo", "dulce", "amor"}
)
"""Names that one calls others by, in small letters: "gracias, bella"."""

_BEHIND_SIGNATURE = re.compile(
    rf"^, (?:{announcements.PARTS})\b|\b(?:x+o?)+\b|{announcements.JOINED} (?:the )?(?:team|family|kids|crew|familia|fam)\b",
    re.IGNORECASE,
)
"""Kisses, and those in whose name one signs as well."""


def _is_credible_signature(read: _Read) -> bool:
    """A signature is a name and nothing else to the end of its line, but for kisses."""
    line = read.rest.partition("\n")[0]
    if read.words[0] in _ENDEARMENTS or re.search(r"\w", _BEHIND_SIGNATURE.sub("", line)):
        return False
    return _is_credible(read) or _is_small_given(read)


def _is_credible_alone(read: _Read) -> bool:
    """Nothing announces it: a capitalised given name that is no word, alone or before a word that is none either."""
    first, *others = read.folded
    return (
        _is_capitalised(read.words[0])
        and is_given_name(first)
        and not is_word_and_name(first)
        and not any(map(is_ordinary, others))
    )


def _is_all_before_contact(read: _Read) -> bool:
    """True for "Ana Diaz 916…" and "Ana, cell: 916…", not for "Ana referred me (916…)"."""
    return announcements.BEFORE_CONTACT.match(read.rest) is not None


def _is_credible_whole(read: _Read) -> bool:
    """A given name and another word, neither of which means anything else, with nothing else on the line."""
    return (
        _is_credible_alone(read)
        and len(read.words) > 1
        and not re.search(r"\w", read.rest.partition("\n")[0])
        and not _is_business(read)
        and not _is_phrase(read)
        and not _ALSO_OF_A_PLACE.fullmatch(read.folded[-1])
    )


def _is_given(read: _Read) -> bool:
    """A given name; one that is a word as well only alone or with a family name that is none ("Will Do")."""
    first, *others = read.folded
    if is_word_and_name(first) and others:
        return not all(map(is_ordinary, others))
    return is_given_name(first)


def _is_titled(read: _Read) -> bool:
    return bool(read.title) and read.title.casefold() != "chef" and not is_ordinary(read.folded[0])


def _is_full_name(read: _Read) -> bool:
    """A capitalised word that is no ordinary one, or an initial, and a family name that is none either."""
    first, *others = read.folded
    if not _is_initial_of_name(read.words[0]) and (
        is_ordinary(first) or first in vocabulary("never_given_names")
    ):
        return False
    return any(is_family_name(word) and not is_ordinary(word) for word in others)


def _is_initial_of_name(word: str) -> bool:
    return word.endswith(".")


def _is_small_given(read: _Read) -> bool:
    """A given name in small letters, however short ("thanks! - meg"), that is no other word."""
    return len(read.words) == 1 and is_given_name(read.folded[0]) and not is_word_and_name(read.folded[0])


def _is_known_in_small_letters(read: _Read) -> bool:
    first = read.folded[0]
    if not is_given_name(first):
        return False
    if is_word_and_name(first):
        return len(read.words) > 1 or (is_well_known(first) and bool(_END_OF_CLAUSE.match(read.rest)))
    return is_well_known(first) or len(first) >= FEWEST_SMALL_LETTERS
