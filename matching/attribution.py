"""Whose contact a text gives, by the words around it: "my cell is", "my husband's", "ask for Maria at"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from matching.labels import label_from_cue

MAX_CUE_DISTANCE = 120
"""Characters around a value in which its cue is sought."""


class Whose(StrEnum):
    """Whose contact a text gives, by its own words."""

    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """The words that say whose a value is or what it is for, as they stand in the text."""

    whose: Whose
    words: str


def find_cue(*, before: str, after: str) -> Cue | None:
    """Say whose the value between two stretches of plain text is; None where nothing does.

    The words after it count where they belong to it ("(my husband's)", "is my wife's"), else the nearest before it.
    """
    return _cue_after(after[:MAX_CUE_DISTANCE]) or _nearest(_last_clause(before[-MAX_CUE_DISTANCE:]))


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
_OCCASION = r"birthday|bday|b-day|party|wedding|anniversary|graduation|shower|dinner|retirement|event|quincea[nñ]era|quince|baptism|and\s+i\b|y\s+yo\b"

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
    r"|\b(?:ll[aá]m[ae]me|escr[ií]b[ae]me|cont[aá]ct[ae]me|m[aá]nd[ae]me|ll[aá]men?me|appelez?[- ]moi|rufen?\s+sie\s+mich|ruf\s+mich|me\s+(?:liga|ligue|chama))\b",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(
    r"\b(?:cell(?:\s?phone)?|mobile|office|work|home|landline|business|personal|direct|casa|oficina|trabajo|celular|m[oó]vil)"
    r"(?:\s+(?:phone|number|line|cell|tel|email|is))*(?=[\s:#=(-]*$)",
    re.IGNORECASE,
)
"""A label right at the value and nothing else: "Cell: 916…", "office 916…"."""

_CUES: tuple[tuple[Whose, re.Pattern[str]], ...] = (
    (Whose.OWN, _OWN),
    (Whose.OTHER, _OTHERS),
    (Whose.OTHER, _OTHERS_BY_NAME),
)
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|no))(?<!\bMrs)[.!?;]+\s+|\n\s*\n")
_SPEAKS_OF_CONTACT = re.compile(
    rf"\b(?:{_REACH}|{_CONTACT_WORD}|{_CONTACT_WORD_ELSEWHERE}|ll[aá]ma\w*)(?!\w)", re.IGNORECASE
)
_AFTER = re.compile(
    r"\s*(?:[(\[]\s*(?P<brackets>[^()\[\]\n]{1,60})[)\]]"
    r"|,?\s*(?:(?:that|this|it|which)\s?'?)?(?:is|s|es|est|ist)\s(?P<clause>[^.!?;,\n]{1,60})"
    r"|[,.]?\s+(?:and\s|y\s)?(?P<request>(?:ask\sfor|pregunt[ae]\spor|speak\s(?:to|with))\s[^.!?;,\n]{1,60})"
    r"|\s+[-—]\s+(?P<dash>[^.!?;,\n]{1,60}))",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"(?:[:=]|\b(?:at|on|al|is|es))\s*$")


def _cue_after(after: str) -> Cue | None:
    """Read "(my husband's)", "is my husband's" and "- my husband" after a value.

    What runs up to the next value without a break is that value's cue, not this one's.
    """
    match = _AFTER.match(after)
    if match is None:
        return None
    words = match["brackets"] or match["clause"] or match["request"] or match["dash"]
    if not match["brackets"] and _LEADS_ON.search(words):
        return None
    named = Whose.OWN if match["brackets"] and label_from_cue(words) else None
    return _nearest(words) or (Cue(whose=named, words=words) if named else None)


def _last_clause(before: str) -> str:
    """Cut to the clause that leads to the value.

    A sentence that ended right before it still does where it speaks of contacting: "Call my husband! 916…".
    """
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(before))]
    last = before[starts[-1] :]
    if len(starts) == 1 or any(map(str.isalpha, last)):
        return last
    sentence = before[starts[-2] :]
    return sentence if _SPEAKS_OF_CONTACT.search(sentence) else last


def _nearest(clause: str) -> Cue | None:
    """Find the cue that ends last, of those that do the longest. Its words run on to the value: "call me at work"."""
    matches = [
        (match.end(), -match.start(), whose) for whose, pattern in _CUES for match in pattern.finditer(clause)
    ]
    alone = _LABEL_ALONE.search(clause)
    if not matches and not alone:
        return None
    _, start, whose = max(matches) if matches else (0, -alone.start() if alone else 0, Whose.OWN)
    return Cue(whose=whose, words=clause[-start:].strip(" \t\n:,-—=(#."))
