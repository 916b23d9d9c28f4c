"""Names that people give themselves in a message: "Hi, I'm Ana Lopez", "this is John from Acme", "soy Ana"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matching.normalize.names import normalize_name
from matching.normalize.text import plain
from matching.normalize.vocabulary import words
from matching.records import PersonName, Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TEXT_LENGTH = 10_000
"""Characters of a message that are read."""

MAX_NAME_WORDS = 4

_LETTER = r"[^\W\d_]"
_WORD = rf"{_LETTER}(?:{_LETTER}|['\u0300-\u036f-](?={_LETTER}))*"

# What follows says outright that it is a name: small letters are taken too.
_EXPLICIT = re.compile(
    r"\b(?:my (?:full )?name(?:'?s| is|:)|(?:the )?name'?s(?= [^\W\d_])|me llamo|mi nombre es|je m'appelle|mon nom est"
    r"|meu nome [eé]|(?:eu )?me chamo|mein name ist|ich hei(?:ß|ss)e|mi chiamo|il mio nome [eè])\s+",
    re.IGNORECASE,
)
_AT_START_EXPLICIT = re.compile(r"(?:^|\n)\s*(?:full )?(?:name|nombre|nom|nome)\s*:\s*", re.IGNORECASE)
# What follows may be anything: only capitalised words that are no other words are a name.
_IMPLICIT = re.compile(
    r"\b(?:i'?m|i am|this is|it'?s|soy|habla|le escribe|les escribe|je suis|c'est|sou [oa]|aqui [eé] [oa]|ich bin|hier ist|sono)\s+",
    re.IGNORECASE,
)
_GREETING = r"(?:(?:hi|hey|hello|hola|good (?:morning|afternoon|evening)|buen[oa]s (?:d[ií]as|tardes|noches)|bonjour|hallo|ciao|ol[aá])\b(?: there| all| team| everyone)?[\s,.!]*)?"
_HERE = re.compile(rf"(?:^|[\n.!?]\s*)(?i:{_GREETING})(?P<name>{_WORD}(?: {_WORD}){{0,2}}) (?i:here|aqu[ií]|hier)\b(?! (?i:is|are|at|in)\b)")
_SIGNATURE = re.compile(
    rf"(?:(?:^|\n|[.!?)] ?)\s*(?:-{{1,2}}|—|~|xo+x?o*)\s?|(?i:\b(?:thanks|thank you|thx|regards|best|cheers|sincerely|warmly|love|gracias|saludos|merci"
    r"|cordialement|obrigad[oa]|gr(?:ü|u)(?:ß|ss)e|grazie)(?: so much| again| regards| wishes| in advance| you)?)[\s,.!-]{1,4})"
    rf"(?P<name>{_WORD}\.?(?: {_WORD}\.?){{0,3}})\s*[.!]?\s*$"
)

_TITLE = re.compile(r"(?:(?:mr|mrs|ms|dr|prof|sr|sra|chef)\b\.?\s+)+", re.IGNORECASE)
_NAME_WORD = re.compile(rf"({_WORD}|{_LETTER}\.)(?:'s\b)?(\s+|$|(?=[^\w]))")


def find_introductions(text: str) -> tuple[PersonName, ...]:
    """All the names that the writer takes for themselves, in order, without repeats; provenance MENTIONED."""
    readable = plain(text[:MAX_TEXT_LENGTH])
    names: dict[tuple[str, ...], PersonName] = {}
    for candidate in _candidates(readable):
        name = normalize_name(candidate, provenance=Provenance.MENTIONED)
        if isinstance(name, PersonName):
            names.setdefault(name.tokens, name)
    return tuple(names.values())
