"""Names that people give themselves in a message: "Hi, I'm Ana Lopez", "this is John from Acme", "soy Ana"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching.cues import PERSON
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
        text = f"{text[:start]}\n{_CONTACT}\n{text[end:]}"
    text = plain(text)
    return text.title() if text.isupper() and len(text.split()) >= _FEWEST_CAPITALS else text


_CONTACT = "=="
"""Stands for a contact: no letter, and nothing that parts or ends a name."""


# --- What announces a name ---

# Letters with their accents, and the vowel signs of Indian scripts.
_WORD = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f]|['-](?=[^\W\d_]))*"
_GREETING = (
    r"(?:(?:hi+|hey+|yo+|hello|hola|good (?:morning|afternoon|evening)|buen[oa]s (?:d[ií]as|tardes|noches)"
    r"|bonjour|hallo|ciao|ol[aá])\b(?: there| all| team| everyone| chef| guys| girl(?:y|ie)?| hun| love| babe| lady| ladies| bro| sis| boo)?[ ,.!]*)"
)

# What follows says outright that it is a name; the last lines are Russian, Greek, Arabic, Hindi, Hebrew and Chinese. "Name is" alone may be a
# dog's, a restaurant's, a daughter's; "mwen rele" is "I call" as well.
_OUTRIGHT = re.compile(
    r"(?:\bmy (?:full |first |real )?name(?:'?s| is|:| =)|\bme llamo|\bmi nombre(?: completo)? es|\bje m'appelle"
    r"|\bmon nom est|\bmeu nome [eé]|\bme chamo|\bmein name ist|\bich hei(?:ß|ss)e|\bmi chiamo|\bil mio nome [eè]"
    r"|\bmijn naam is|\bik heet|\bnazywam się|\bmam na imię|\bjag heter|\bjeg he(?:dder|ter)|\bmitt namn [aä]r|\bnimeni on"
    r"|\ba nevem|\bjmenuji se|\bm[aă] numesc|\bnumele meu este|\b(?:benim )?ad\u0131m|\bismim|\bnama saya|\bako(?: po)? si"
    r"|\bt[eê]n (?:t[oô]i|m[iì]nh|em|anh|ch[iị]) l[aà]|\bm[iì]nh t[eê]n(?: l[aà])?|\b\u043c\u0435\u043d(?:\u044f \u0437\u043e\u0432\u0443\u0442|\u0435 \u0437\u0432\u0430\u0442\u0438)"
    r"|\b\u043c\u043e[\u0435\u0451] \u0438\u043c\u044f|\b\u03bc\u03b5 \u03bb\u03ad\u03bd\u03b5|\u0627\u0633\u0645\u064a"
    r"|\u092e\u0947\u0930\u093e \u0928\u093e\u092e|\bmera naam|\bles? saluda|\ba nombre de|\bnon mwen se|\bmwen rele(?= (?-i:[A-Z]))|\b\u05e7\u05d5\u05e8\u05d0\u05d9\u05dd \u05dc\u05d9|\b\u05e9\u05de\u05d9)\s+"
    r"|\u6211(?:\u53eb|\u7684\u540d\u5b57(?:\u662f|\u53eb))\s*"
    r"|(?:^|\n|[.:;,|][ \t])[ \t]*(?:full |your |customer |client )?(?:name|nombre(?: completo)?|nom|nome)[ \t]*[:=-][ \t]*"
    r"|\bunder the name(?: of)?[ \t]+|\bname (?:for|on) the \w+ is[ \t]+",
    re.IGNORECASE,
)
# What follows may be anything that one can be.
_ROLE = (
    r"(?:(?:the|his|her|their|an?|(?:(?:mr|mrs|ms|dr)\.? )?\w+'s) (?:[\w-]+ )?(?:assistant|secretary|planner|co-?ordinator|manager|e\.?a|p\.?a|owner|chef|bride|groom|host"
    r"|sister|brother|wife|husband|fianc[eé]e?|mom|mum|mother|dad|father|daughter|son|aunt|uncle|cousin|friend),? \(?)?"
)
_PERSONAL = re.compile(
    # "I'm a photographer named Will", "ask for Reggie, that's me", "everyone calls me Jo".
    r"\b(?:i'?m|i am) an? (?:[\w-]+ ){1,2}(?:named|called)\s+"
    rf"|\b(?:i'?m|i am)\s+{_ROLE}"
    r"|\b(?:(?:you can|everyone|everybody|people|(?:my )?friends|they) calls?|calls) me\s+"
    r"|\b(?:(?:put|book|reserve) (?:it|me|us|this|that)|(?:booking|appointment|appt|reservation|table|order)(?:'s| is)?) under\s+(?:my name,? )?"
    r"|\b(?:my|here'?s my|here is my) (?:info|details|contact)(?: is)?[ \t]*[:-][ \t]*|\band I \((?=\w+\))"
    rf"|\b(?:main|si)\s+(?={_WORD}(?: {_WORD})? (?:bol rah[ai]|(?:po )?i?to)\b)"
    rf"|\bask for\s+(?={_WORD}(?: {_WORD})?[ ,(]{{1,3}}(?:that'?s|it'?s) me\b)"
    r"|\b(?:i go by|we'?re|we are|yo soy|soy|somos|les? escribe|[lt]e habla|habla|je suis|moi c'est|ici"
    r"|(?:eu )?sou(?: [oa])?|aqu[ií] [eé](?: [oa])?|(?:merhaba(?:lar)?|selam(?:lar)?|iyi (?:günler|akşamlar))[ ,.!]*ben|ich bin(?: die| der)?|hier spricht|sono|ik ben|jestem|it'?s me(?:,? again)?,?)\s+"
    r"|(?:^|[.!?\n,]\s{0,3}|\bthe )name(?:'s| is)\s+|(?:^|\n)name\s+(?=\w+ \w+,)"
    # "É a Cida", "Hoi, met Sanne": the same words go on with anything inside a sentence.
    r"|(?:^|[.!?,\n]\s{0,3})é [oa]\s+|(?:^|\n)\s{0,3}(?:hoi|hallo|dag|goede\w+)[ ,!]{1,3}(?:je spreekt )?met\s+"
    # Polish: "tu" alone is Spanish and Portuguese, "your"; Vietnamese: "I am", said to an elder
    r"|(?:^|\n)\s{0,3}(?:cześć|hej|hejka|witam|dzień dobry)[ ,!.]{1,3}(?:tu|z tej strony)\s+|(?:^|[.!?,\n]\s{0,3})(?:em|mình|anh|chị) là\s+(?!Việt (?:kiều|Nam)\b)"
    # "I am" in Russian, in Arabic and in Chinese.
    r"|\b\u044f\s+|(?<!\w)[\u0623\u0627]\u0646\u0627\s+|\u6211\u662f\s*",
    re.IGNORECASE,
)
# Japanese and Korean put the verb after the name, without a space. "私は…です" may be anything that one can be, and so may the
# Korean but for family names that begin no other word.
_BEFORE_VERB = re.compile(
    r"안녕하세요[ ,.!~]*(?P<greeted>[김박최윤황권홍][가-힣]{2})(?=(?:입니다|이에요|예요|이?라고))|"
    r"(?:名前は|(?<![\u4e00-\u9fff]))(?P<ja>[\u4e00-\u9fff]{2,6}|[\u30a1-\u30fa\u30fc]{2,10})(?=と(?:申|もう)します)|名前は(?P<named>[\u4e00-\u9fff]{2,6}|[\u30a1-\u30fa\u30fc]{2,10})(?=です)"
    r"|(?:저는|제가|이름은)\s*(?P<ko>[김박최윤황권홍][가-힣]{2})(?=(?:입니다|이에요|예요|이?라고))|이름은\s*(?P<called>[가-힣]{2,4}?)(?=(?:입니다|이에요|예요|이?라고))"
)
_IN_TWO_PARTS = re.compile(
    rf"\b(?:first name|given name|nombre)[ \t]*(?:is|[:=-])?[ \t]*(?P<given>{_WORD})[\s,;|/]{{1,3}}(?:and )?(?:my )?"
    rf"(?:last name|family name|surname|apellidos?)[ \t]*(?:is|[:=-])?[ \t]*(?P<family>{_WORD})",
    re.IGNORECASE,
)
# What follows may be anything at all.
_IMPERSONAL = re.compile(rf"\b(?:this is|it'?s|c'est|hier ist|\u044d\u0442\u043e)\s+{_ROLE}", re.IGNORECASE)
_GREETED = re.compile(rf"^\s*{_GREETING}(?:this is|it'?s)\s+", re.IGNORECASE)
_GREETED_IN_PERSON = re.compile(rf"^\s*{_GREETING}(?:i'?m|i am)\s+", re.IGNORECASE)
_THIS_IS_FIRST = re.compile(rf"^\s*{_GREETING}(?<=[\s,.!])this is\s+", re.IGNORECASE)
_SOY_FIRST = re.compile(rf"^\s*{_GREETING}?(?:yo )?soy\s+", re.IGNORECASE)

_JOINED = r"(?:&|\+|and|y|e|et|und|en|i)"
_END_OF_SIGNATURE = rf"(?={_WORD}\.?(?: (?:[&+] )?{_WORD}\.?){{0,4}}[^\w\n]*(?:\n|\Z))"
_FAMILY_LINE = rf"(?:familia|família|famille|familie|family|fam\.?) {_WORD}(?: {_WORD})?[ \t]*\n[ \t]*"
"""In whose name somebody signs who signs with their own below."""
_GRATITUDE = r"thanks|salamat(?: po)?|thank you|thx|ty|tysm|gracias|merci|obrigad[oa]|danke|grazie|\u0441\u043f\u0430\u0441\u0438\u0431\u043e|\u0434\u044f\u043a\u0443\u044e|bedankt|dzięki|dziękuję"
_TO_WHAT_DEGREE = (
    r"(?: (?:so|very|much|many|a|lot|again|regards|in advance|you|truly|always|mille|schön|cordiales)){0,3}"
)
_CLOSING = (
    r"regards|best(?: wishes)?|cheers|respectfully|take care|talk soon|sincerely|warmly|yours|love|saludos?|atentamente|besos|abrazos?|cordialement|bises|bisous"
    r"|xo(?:xo)?|bien à (?:vous|toi)|à bientôt|abraços?|abs|beijos|bjs|att|atenciosamente|lg|vg|mfg|gr(?:ü|u)(?:ß|ss)en?|saluti|abbraccio|a presto|groet(?:en|jes)?"
    r"|pozdrawiam|\u0441 \u0443\u0432\u0430\u0436\u0435\u043d\u0438\u0435\u043c|\u0437 \u043f\u043e\u0432\u0430\u0433\u043e\u044e"
)
_THANKS = re.compile(
    rf"\b(?:{_GRATITUDE}|{_CLOSING}){_TO_WHAT_DEGREE}[ \t]?(?:[,.!\n—-][ \t]*){{1,6}}(?:{_FAMILY_LINE})?{_END_OF_SIGNATURE}",
    re.IGNORECASE,
)
# Some need no comma: "Danke! LG Sabine".
_GREETED_LAST = re.compile(
    rf"(?:^|\n|[.!?,]\s)\s{{0,3}}(?:lg|vg|(?:(?:liebe|viele|beste) )?gr(?:ü|u)(?:ß|ss)e|groetjes|bisous|bises|bjs|beijos|besos|xo(?:xo)?|pozdrawiam|cordialement|regards|saludos) {_END_OF_SIGNATURE}",
    re.IGNORECASE,
)
# A dash may also begin the last item of a list; "… here" may follow any word.
_SIGNED = re.compile(rf"(?:^|\n|[.!?)])\s{{0,5}}(?:--?|—|~|xo+x?o*)[ \t]?{_END_OF_SIGNATURE}")
# A name that stands for itself at the end: "Are you open on Sunday? Ana"; a single letter's dot ends no sentence.
_ALONE = re.compile(
    rf"(?:(?<!\b[A-Z])[.!?\u2600-\u27bf\U0001f300-\U0001faff]\s{{1,3}}|\n[\s,]{{0,5}})(?={_WORD}(?: [A-Z]\.)?(?: {_WORD}\.?)?[^\w?]*\Z)"
)
# A dash behind the last word of a request: "text me -Ron". After other words, or of somebody else, it is a list, a way or a label:
# "Denver - Jackson", "see my usual stylist today - Jessica".
_LAST_OF_REQUEST = r"pl(?:ea)?s|plz|please|me|back|first|now|asap|again|know|confirm|cancel|reschedule|thanks|thx|porfa|favor|gracias|ll[aá]mame"
_SPEAKS_OF_NAMES = r"s?he|his|her|him|they|stylist|barber|artist|tech|braider|instructor|girl|lady|woman|guy|same|with|by|from|names?|called|spell\w*|writ\w+|says?|saying|engrav\w*|con|nombre|diga"
_SIGNED_REQUEST = re.compile(
    rf"(?:\A|[.!?\n])(?![^.!?\n]{{0,200}}?(?:{PERSON}|\b(?:{_SPEAKS_OF_NAMES})\b))[^.!?\n]{{0,200}}\b(?:{_LAST_OF_REQUEST})[ \t]+(?:--?|—|~)[ \t]?"
    rf"(?={_WORD}(?: {_WORD}\.?)?[^\w?\n]*\Z)",
    re.IGNORECASE,
)
# A whole message that is a name: the answer to "what's your name?"
_NOTHING_ELSE = re.compile(rf"\A\s*(?={_WORD} {_WORD}(?: {_WORD})?[^\w?]*\Z)")
# A name above a part or a company, above a contact: a signature without a closing.
_IN_BUSINESS = re.compile(
    rf"(?:\A\s{{0,5}}|\n[ \t]*\n\s{{0,5}})(?={_WORD}(?: {_WORD}\.?){{1,2}}[ \t]*\n(?:[^\n]{{1,60}}\n){{1,2}}[^\n]{{0,12}}\n?{_CONTACT}\n)"
)
# "Ask for Denise" right behind one's own number.
_ASKED_FOR = re.compile(
    rf"\n{_CONTACT}\n[\s,.]{{0,4}}(?:and |y )?(?:ask for|pregunt\w+ por)\s+", re.IGNORECASE
)
# A name and nothing else before a contact of one's own: "Jessica Smith 512…".
_BESIDE = re.compile(
    rf"(?:\A\s{{0,5}}|[.!?]\s{{1,3}}|\n\s{{0,5}})(?={_WORD}\.?(?: {_WORD}\.?){{0,2}}[\s,:;|(/-]{{0,4}}\n{_CONTACT}\n)"
)
_PRESENT = re.compile(
    rf"(?:^|[\n.!?,])\s{{0,5}}{_GREETING}?(?={_WORD}\.?(?: {_WORD}\.?){{0,2}} (?:here|speaking|calling|aqu[ií]|hier)\b(?! (?:is|are|at|in)\b| ?\?))",
    re.IGNORECASE,
)
# Who is greeted, or thanked by name with an exclamation mark, is us: "Thank you so much, Marco!"
_ADDRESSED = re.compile(
    rf"(?:\b(?:hi|hey|hello|dear|hola|bonjour|hallo|ciao|ol[aá]|oi|querid[oa]|estimad[oa]|good (?:morning|afternoon|evening))[ ,]{{1,2}}(?:(?:chef|mr|mrs|ms|dr)\.?[ ])?"
    rf"|\b(?:{_GRATITUDE}){_TO_WHAT_DEGREE}[ ]?,?[ ](?:(?P<chef>chef)[ ])?(?={_WORD}(?:[ ]{_WORD})?(?(chef)|!)))(?P<name>{_WORD})",
    re.IGNORECASE,
)


def _candidates(text: str) -> Iterator[str]:
    """Yield, in the order of the text, the words that stand where a name would; those before a verb come first."""
    addressed = {fold(match["name"]) for match in _ADDRESSED.finditer(text)}

    def signs(read: _Read) -> bool:
        return read.folded[0] not in addressed and _is_credible_signature(read)

    beliefs: tuple[tuple[re.Pattern[str], Callable[[_Read], bool]], ...] = (
        (_OUTRIGHT, _is_credible_outright),
        (_PERSONAL, _is_credible),
        (_IMPERSONAL, _is_credible_impersonal),
        (_GREETED, _is_credible),
        (_GREETED, _is_credible_short),
        (_THIS_IS_FIRST, lambda read: _is_credible_unlisted(read, _QUALITY) and not _is_phrase(read)),
        (_SOY_FIRST, lambda read: _is_credible_unlisted(read, _SPANISH_QUALITY)),
        (_IMPERSONAL, _is_credible_in_capitals),
        (_GREETED_IN_PERSON, _is_credible_greeted),
        (_THANKS, signs),
        (_GREETED_LAST, signs),
        (_SIGNED, signs),
        (_ALONE, lambda read: signs(read) and _is_credible_alone(read)),
        (_SIGNED_REQUEST, lambda read: signs(read) and _is_credible_alone(read)),
        (_BESIDE, _is_credible_impersonal),
        (_IN_BUSINESS, _is_credible_whole),
        (_NOTHING_ELSE, lambda read: _is_credible_whole(read) and is_family_name(read.folded[-1])),
        (_ASKED_FOR, _is_credible),
        (_PRESENT, _is_credible),
    )
    yield from (next(filter(None, match.groups())) for match in _BEFORE_VERB.finditer(text))
    yield from (f"{match['given']} {match['family']}" for match in _IN_TWO_PARTS.finditer(text))
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
    rf"['\"]?(?P<word>(?>{_WORD}))(?![_@\d]|\.[\w.+-]*@)(?P<dot>\.?)(?P<gap>[ ]?)(?P<colon>\s?:)?"
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


_AND = re.compile(rf"\s?{_JOINED} (?=[A-Z])")


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


def _is_credible_unlisted(read: _Read, quality: re.Pattern[str]) -> bool:
    """After "hi this is" or "soy", and before a comma, any capitalised word is a name unless it is known to be something else."""
    first, *others = read.folded
    if not (_is_before_comma(read) and all(map(_is_capitalised, read.words))) or _is_business(read):
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
    rf"\b(?:x+o?)+\b|{_JOINED} (?:the )?(?:team|family|kids|crew|familia|fam)\b", re.IGNORECASE
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
