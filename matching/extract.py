"""What a message says of its sender: phones, addresses, handles, each with whose it is, and self-introductions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from matching.introductions import find_introductions
from matching.labels import Label, label_from_cue
from matching.normalize.emails import find_emails
from matching.normalize.handles import INSTAGRAM, normalize_handle
from matching.normalize.phones import find_phones
from matching.normalize.text import plain, plain_text
from matching.records import Email, Handle, PersonName, Phone, Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_TEXT_LENGTH = 10_000
"""Characters of a message that are read. Instagram cuts at 1,000; a form may paste more."""


class Whose(StrEnum):
    """Whose contact a text gives, by its own words."""

    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A value in a text: `text[start:end]` is how it was spelled.

    `cue` is what said whose it is or what it is for ("my husband's"), None where nothing did: then a phone or an
    address is taken for the writer's own, and a handle for somebody else's (people tag others, and us).
    """

    value: Phone | Email | Handle
    start: int
    end: int
    whose: Whose = Whose.OWN
    cue: str | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that was found in a text, in the order of the text."""

    mentions: tuple[Mention, ...] = ()
    names: tuple[PersonName, ...] = ()


def extract(text: str, *, region: str) -> Extraction:
    """Find what a message says of its sender; `region` is where numbers without a country code are taken to be."""
    read = text[:MAX_TEXT_LENGTH]
    found = _without_overlaps([*_found_emails(read), *_found_handles(read), *_found_phones(read, region)])
    return Extraction(
        mentions=tuple(_attributed(read, found, index) for index in range(len(found))),
        names=find_introductions(read),
    )


# --- The values ---

_HANDLE = re.compile(r"(?<![\w@./+-])@([a-z0-9_](?:[a-z0-9._]{0,28}[a-z0-9_])?)(?![\w@])", re.IGNORECASE)
_PROFILE_LINK = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:www\.|m\.)?(?:instagram\.com|instagr\.am)/[\w.@/-]{1,60}", re.IGNORECASE
)
_NAMED_HANDLE = re.compile(
    r"\b(?:ig|insta|instagram)(?: (?:handle|name|account|user(?:name)?))?\s?[:=]\s?([a-z0-9._]{2,30})(?![\w@])",
    re.IGNORECASE,
)


def _found_emails(text: str) -> Iterator[Mention]:
    return (Mention(value=found.email, start=found.start, end=found.end) for found in find_emails(text))


def _found_phones(text: str, region: str) -> Iterator[Mention]:
    return (
        Mention(value=found.phone, start=found.start, end=found.end)
        for found in find_phones(text, region=region)
    )


def _found_handles(text: str) -> Iterator[Mention]:
    readable = plain_text(text)
    for pattern, whose in (
        (_HANDLE, Whose.OTHER),
        (_PROFILE_LINK, Whose.OTHER),
        (_NAMED_HANDLE, Whose.OWN),
    ):
        for match in pattern.finditer(readable.text):
            typed = match[match.lastindex or 0]
            handle = normalize_handle(typed, platform=INSTAGRAM, provenance=Provenance.MENTIONED)
            if isinstance(handle, Handle):
                start, end = readable.original_span(*match.span())
                yield Mention(value=handle, start=start, end=end, whose=whose)


def _without_overlaps(mentions: Sequence[Mention]) -> list[Mention]:
    """Keep the first kind that claims a stretch of text: the digits inside an address are no phone."""
    kept: list[Mention] = []
    for mention in mentions:
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


# --- Whose they are ---

_MAX_CUE_DISTANCE = 120
"""Characters before a value in which its cue is sought."""

_RELATION = (
    r"husband|wife|spouse|hubby|wifey|partner|fianc[eé]e?|boyfriend|girlfriend|bf|gf|bff|mom|mum|mama|mother|dad|father"
    r"|parents?|brother|sister|bro|sis|son|daughter|kid|cousin|uncle|aunt|auntie|niece|nephew|grandma|grandpa|grandmother"
    r"|grandfather|(?:mother|father|sister|brother)-in-law|friend|roommate|neighbou?r|boss|manager|co-?worker|colleague"
    r"|assistant|secretary|planner|coordinator|nanny|client|agent|accountant"
)
_RELATION_ELSEWHERE = (
    r"espos[oa]|marido|mujer|novi[oa]|mam[aá]|pap[aá]|madre|padre|herman[oa]|hij[oa]|prim[oa]|t[ií][oa]|amig[oa]|jef[ea]"
    r"|asistente|secretari[oa]|soci[oa]|mari|femme|m[eè]re|p[eè]re|fr[eè]re|s(?:œ|oe)ur|copain|copine|amie?|mann|frau"
    r"|mutter|vater|bruder|schwester|freund(?:in)?|chefin|marit[oi]|moglie|fratello|sorella|irm[aã]o?|amigo|namorad[oa]"
)
_CONTACT_WORD = (
    r"cell(?:\s?phone)?|mobile|phone|telephone|tel|number|num|nr|#|line|email|e-mail|mail|address|contact|info|whats\s?app|wa"
    r"|insta(?:gram)?|ig|handle|account|landline|digits"
)
_CONTACT_WORD_ELSEWHERE = (
    r"n[uú]mero|tel[eé]fono|cel(?:ular)?|m[oó]vil|correo|num[eé]ro|portable|t[eé]l[eé]phone|courriel|nummer|handy|telefon"
    r"|telefone|telem[oó]vel|numero|cellulare|telefono"
)
_REACH = r"call|text|phone|ring|reach|contact|message|msg|dm|email|e-mail|mail|whats\s?app|ask\s+for|speak\s+(?:to|with)|talk\s+to|get\s+(?:a\s?)?hold\s+of"
_OCCASION = r"birthday|bday|b-day|party|wedding|anniversary|graduation|shower|dinner|retirement|event|quincea[nñ]era|quince|baptism|house|place|and\s+i\b|y\s+yo\b"

_NO_NAME = (
    r"me|us|my|mine|the|at|on|now|here|asap|back|anytime|any\s?time|in|or|and|is|no|if|when|after|before|between|for|please"
    r"|today|tomorrow|tonight|number|num|info|address|details|cell|mobile|phone|call|text|email|whats\s?app|message|only"
)
"""What follows "call" or "email" with a capital and is nobody: "Call Now", "Email Address:"."""

_OTHERS = re.compile(
    # somebody named by relation: "my husband's", "his wife", "mi hermana", "mon mari", "meine Frau"
    rf"(?<!\bfor )(?<!\bwith )(?<!\bsurprise )\b(?:my|his|her|our|their)\s+(?:\w+\s+)?(?:{_RELATION})\b"
    rf"(?!(?:'?s)?\s+(?:\w+\s+)?(?:{_OCCASION}))"
    rf"|\b(?:number|cell|phone|email|line)\s+(?:for|of)\s+(?:my|the|our)\s+\w+"
    rf"|\b(?:mi|su|nuestr[oa]|mon|ma|sa|son|meine?|seine?|ihre?|mi[oa]|su[oa]|meu|minha|seu|sua)\s+(?:{_RELATION_ELSEWHERE})\b"
    # a pronoun: "his number", "her email", "call him"
    rf"|\b(?:his|her|their|your|su|sua|seu|votre|deine?|ihre?|la\s+sua)\s+(?:\w+\s+)?(?:{_CONTACT_WORD}|{_CONTACT_WORD_ELSEWHERE})(?!\w)"
    rf"|\b(?:{_REACH})\s+(?:him|her|them|you|us\s+guys)\b|\b(?:ll[aá]mal[oae]s?|escr[ií]bel[ea]s?)\b"
    # a business: "the venue's number", "the front desk"
    r"|\b(?:venue|hotel|restaurant|front\s+desk|reception|landlord|host|hostess|bride|groom|planner|office\s+manager)'?s?\s+(?:\w+\s+)?(?:is|number|phone|cell|email|at)\b",
    re.IGNORECASE,
)
_OTHERS_BY_NAME = re.compile(
    # Capitals count here: "ask for Maria at", "Maria's cell", "call Mr. Jones on".
    rf"\b(?i:{_REACH}|pregunt[ea]\s+por|llam[ae]\s+a|demande[rz]|fragen\s+sie\s+nach)\s+(?!(?i:{_NO_NAME})\b)"
    r"(?:[A-Z][a-z]{1,4}\.\s+)?[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)?"
    rf"|\b(?!(?:It|That|Here|There|What|Who|Let|He|She)')[A-Z][\w-]+'s\s+(?:\w+\s+)?(?i:{_CONTACT_WORD})(?!\w)"
)
_OWN = re.compile(
    rf"\b(?:my|our)\s+(?:(?!(?:{_RELATION})\b)\w+\s+){{0,2}}(?:{_CONTACT_WORD})(?!\w)"
    rf"|\b(?:{_REACH}|hit|find|follow|add|tag|try|give)\s+(?:me|us)\b|\bmine\b|\bme\s+(?:at|on)\b|\bi'?\s?a?m\s+(?:at|on|reachable)\b"
    rf"|\b(?:mi|nuestro|mon|mein|meine|meu|mio|il\s+mio)\s+(?:\w+\s+)?(?:{_CONTACT_WORD_ELSEWHERE})\b"
    r"|\b(?:ll[aá]m[ae]me|escr[ií]b[ae]me|cont[aá]ct[ae]me|m[aá]nd[ae]me|ll[aá]men?me|appelez?[- ]moi|rufen?\s+sie\s+mich|ruf\s+mich|me\s+(?:liga|ligue|chama))\b"
    # a bare label right at the value: "Cell: 916…", "office 916…"
    r"|\b(?:cell(?:\s?phone)?|mobile|office|work|home|landline|business|personal|direct|casa|oficina|trabajo|celular|m[oó]vil)"
    r"(?:\s+(?:phone|number|line|cell|tel|email|is))*(?=[\s:#=(-]*$)",
    re.IGNORECASE,
)
_CUES: tuple[tuple[Whose, re.Pattern[str]], ...] = (
    (Whose.OWN, _OWN),
    (Whose.OTHER, _OTHERS),
    (Whose.OTHER, _OTHERS_BY_NAME),
)
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|no))(?<!\bMrs)[.!?;]+(?=\s)|\n\s*\n")
_AFTER = re.compile(
    r"\s*(?:[(\[]\s*(?P<brackets>[^()\[\]\n]{1,60})[)\]]"
    r"|,?\s*(?:(?:that|this|it|which)\s?'?)?(?:is|s|es|est|ist)\s(?P<clause>[^.!?;,\n]{1,60})"
    r"|\s+[-—]\s+(?P<dash>[^.!?;,\n]{1,60}))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cue:
    whose: Whose
    words: str


def _attributed(text: str, found: Sequence[Mention], index: int) -> Mention:
    """Say whose a value is: from the words after it ("(my husband's)"), else from the nearest before it."""
    mention = found[index]
    previous_end = found[index - 1].end if index else 0
    next_start = found[index + 1].start if index + 1 < len(found) else len(text)
    before = plain(text[max(previous_end, mention.start - _MAX_CUE_DISTANCE) : mention.start])
    after = plain(text[mention.end : min(next_start, mention.end + _MAX_CUE_DISTANCE)])
    cue = _cue_after(after) or _nearest(_last_clause(before))
    if cue is None:
        return mention
    return replace(mention, whose=cue.whose, cue=cue.words, label=label_from_cue(cue.words))


def _cue_after(after: str) -> _Cue | None:
    """Read "(my husband's)", "is my husband's" and "- my husband" after a value.

    What runs up to the next value without a break is that value's cue, not this one's; so is what ends in a colon.
    """
    match = _AFTER.match(after)
    if match is None:
        return None
    words = match["brackets"] or match["clause"] or match["dash"]
    if not match["brackets"] and re.search(r"[:=]\s*$", words):
        return None
    named = Whose.OWN if match["brackets"] and label_from_cue(words) else None
    return _nearest(words) or (_Cue(whose=named, words=words) if named else None)


def _last_clause(before: str) -> str:
    """Cut to the clause that leads to the value; one that ends right before it on another line still does."""
    bounds = [match.end() for match in _SENTENCE_END.finditer(before)]
    return next(
        (before[bound:] for bound in reversed(bounds) if any(map(str.isalpha, before[bound:]))), before
    )


def _nearest(clause: str) -> _Cue | None:
    """Find the cue that ends last, of those that do the longest. Its words run on to the value: "call me at work"."""
    matches = [
        (match.end(), -match.start(), whose) for whose, pattern in _CUES for match in pattern.finditer(clause)
    ]
    if not matches:
        return None
    _, start, whose = max(matches)
    return _Cue(whose=whose, words=clause[-start:].strip(" \t\n:,-—=(#."))
