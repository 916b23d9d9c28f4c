"""Names that people give themselves in a message: "Hi, I'm Ana Lopez", "this is John from Acme", "soy Ana"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matching.frequencies import UNSEEN_FAMILY, UNSEEN_GIVEN, family_frequency, given_frequency, is_well_known
from matching.normalize.names import nicknames_of, normalize_name
from matching.normalize.text import fold, plain
from matching.normalize.vocabulary import vocabulary
from matching.records import PersonName, Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Admission = Callable[[str, Sequence[str]], bool]
    """Says whether a word continues a name of which the words so far are given."""

MAX_TEXT_LENGTH = 10_000
"""Characters of a message that are read."""

MAX_NAME_WORDS = 6
MAX_SMALL_WORDS = 2
"""Of a name typed in small letters: "my name is ana lopez looking for" has no other end."""

_WORD = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]|['-](?=[^\W\d_]))*"

# What follows says outright that it is a name.
_OUTRIGHT = re.compile(
    r"\b(?:my (?:full )?name(?:'?s| is|:)|name is|me llamo|mi nombre es|je m'appelle|mon nom est"
    r"|meu nome [eé]|me chamo|mein name ist|ich hei(?:ß|ss)e|mi chiamo|il mio nome [eè])\s+"
    r"|(?:^|\n)[ \t]*(?:full |your )?(?:name|nombre|nom|nome)[ \t]*:[ \t]*",
    re.IGNORECASE,
)
# What follows may be anything.
_PERHAPS = re.compile(
    r"\b(?:i'?m|i am|this is|it'?s|soy|habla|les? escribe|je suis|c'est|sou [oa]|aqui [eé] [oa]|ich bin|hier ist|sono)\s+",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks|thank you|thx|regards|best|cheers|sincerely|warmly|love|gracias|saludos|merci|cordialement|obrigad[oa]"
    r"|gr(?:ü|u)(?:ß|ss)e|grazie)(?: (?:so much|a lot|again|regards|wishes|in advance|you))?[ \t]*[,.!\n-]\s{0,5}"
    rf"(?={_WORD}\.?(?: {_WORD}\.?){{0,3}}\s{{0,5}}\Z)",
    re.IGNORECASE,
)
# A dash may also begin the last item of a list; "… here" may follow any word.
_SIGNED = re.compile(
    rf"(?:^|\n|[.!?)])\s{{0,5}}(?:--?|—|~|xo+x?o*)[ \t]?(?={_WORD}\.?(?: {_WORD}\.?){{0,3}}\s{{0,5}}\Z)"
)
_GREETING = r"(?:(?:hi|hey|hello|hola|good (?:morning|afternoon|evening)|buen[oa]s (?:d[ií]as|tardes|noches)|bonjour|hallo|ciao|ol[aá])\b(?: there| all| team| everyone)?[ ,.!]*)?"
_PRESENT = re.compile(
    rf"(?:^|[\n.!?])\s{{0,5}}{_GREETING}(?={_WORD}(?: {_WORD}){{0,2}} (?:here|aqu[ií]|hier)\b(?! (?:is|are|at|in)\b))",
    re.IGNORECASE,
)

_TITLE = re.compile(r"(?:(?:mr|mrs|ms|dr|prof|sr|sra|chef)\b\.?[ ]+)+", re.IGNORECASE)
_NEXT_WORD = re.compile(rf"(?P<word>{_WORD})(?P<dot>\.?)(?P<gap>[ ]?)")


def find_introductions(text: str) -> tuple[PersonName, ...]:
    """All the names that the writer takes for themselves, in order, without repeats; provenance MENTIONED."""
    names: dict[tuple[str, ...], PersonName] = {}
    for candidate in _candidates(plain(text[:MAX_TEXT_LENGTH])):
        name = normalize_name(candidate, provenance=Provenance.MENTIONED)
        if isinstance(name, PersonName):
            names.setdefault(name.tokens, name)
    return tuple(names.values())


def _candidates(text: str) -> Iterator[str]:
    """Yield, in the order of the text, the words that stand where a name would; '' where there are none."""
    admissions: tuple[tuple[re.Pattern[str], Admission], ...] = (
        (_OUTRIGHT, _is_named_outright),
        (_PERHAPS, _is_name_like),
        (_THANKS, _is_name_like),
        (_SIGNED, _is_known_name),
        (_PRESENT, _is_known_name),
    )
    starts = [(match.end(), admits) for pattern, admits in admissions for match in pattern.finditer(text)]
    for start, admits in sorted(starts, key=lambda found: found[0]):
        yield _name_at(text, start, admits)


def _name_at(text: str, start: int, admits: Admission) -> str:
    """Read the name that begins at `start`; '' where there is none, or it is somebody else's ("I'm Ana's mother")."""
    title = _TITLE.match(text, start)
    position = title.end() if title else start
    words: list[str] = []
    while len(words) < MAX_NAME_WORDS:
        match = _NEXT_WORD.match(text, position)
        if match is None or not (admits(match["word"], words) or _is_particle(match["word"], words)):
            break
        words.append(match["word"])
        position = match.end()
        if not match["gap"] or (match["dot"] and len(match["word"]) > 1):
            break
    return _name_of(words)


def _name_of(words: list[str]) -> str:
    if any(word.casefold().endswith("'s") for word in words):
        return ""
    last = next((index for index in range(len(words), 0, -1) if not _is_particle(words[index - 1], words)), 0)
    return " ".join(words[:last])


def _is_particle(word: str, before: Sequence[str]) -> bool:
    """True for the small words inside "Ana de la Cruz"; never for the first word."""
    return bool(before) and word in vocabulary("small_particles")


def _is_named_outright(word: str, before: Sequence[str]) -> bool:
    """Admit anything that is not plainly another word; small letters only after small letters, and two at most."""
    if fold(word) in vocabulary("never_in_names"):
        return False
    if not before:
        return True
    return word[0].isupper() or (before[0][0].islower() and len(before) < MAX_SMALL_WORDS)


def _is_name_like(word: str, before: Sequence[str]) -> bool:
    """Admit capitalised words that are no other words; in small letters or capitals only, well-known names."""
    if fold(word) in vocabulary("never_in_names"):
        return False
    return _continues(word, before) if before else _begins(word)


def _is_known_name(word: str, before: Sequence[str]) -> bool:
    """Admit what `_is_name_like` does, where the first word is known as a given name."""
    return _is_name_like(word, before) and (bool(before) or _is_listed(fold(word)))


def _begins(word: str) -> bool:
    folded = fold(word)
    if folded in vocabulary("never_given_names"):
        return False
    if _is_capitalised(word):
        return not folded.endswith("ing") or _is_listed(folded)
    return is_well_known(folded) and folded not in vocabulary("words_and_names")


def _continues(word: str, before: Sequence[str]) -> bool:
    folded = fold(word)
    if folded in vocabulary("words_and_names") and not _is_capitalised(word):
        return False
    if _is_capitalised(before[0]):
        return word[0].isupper() and folded not in {"will", "may"}
    return len(before) < MAX_SMALL_WORDS and family_frequency(folded) > UNSEEN_FAMILY


def _is_capitalised(word: str) -> bool:
    """True for "Ana" and an initial; false for "ana" and "ANA", which tell nothing of the writer's intention."""
    return word[0].isupper() and (len(word) == 1 or not word.isupper())


def _is_listed(folded: str) -> bool:
    return given_frequency(folded) > UNSEEN_GIVEN or bool(nicknames_of(folded))
