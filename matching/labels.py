"""What a contact method is for (business, personal, …), told from what stands around it, with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from matching.normalize.text import plain

MAX_TEXT_LENGTH = 10_000
"""Characters of a text that are read."""


class LabelName(StrEnum):
    """What a contact method is for."""

    PERSONAL = "personal"
    BUSINESS = "business"
    HOME = "home"
    ASSISTANT = "assistant"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label, and one sentence for the operator that says where it comes from."""

    label: LabelName
    reason: str


_DEFAULT = Label(label=LabelName.PERSONAL, reason="nothing in the context says otherwise")

# Every table below is (label, pattern), read in order; the first that fits wins. The words quoted in a reason are those
# of the pattern, never more of the text: a reason holds no personal data.

_RELATIONS = (
    r"husband|wife|spouse|hubby|fianc[eé]e?|boyfriend|girlfriend|bf|gf|mom|mum|mother|dad|father|brother|sister|son"
    r"|daughter|cousin|friend|boss|roommate|neighbou?r|uncle|aunt|grandma|grandpa|co-?worker|colleague"
    r"|esposo|esposa|marido|mujer|novio|novia|mamá|papá|madre|padre|hermano|hermana|hijo|hija|primo|prima|amigo|amiga"
    r"|jefe|jefa|mari|femme|mère|père|frère|sœur|soeur|mann|frau|mutter|vater|bruder|schwester|moglie|marito"
)

_IN_CUE: tuple[tuple[LabelName, re.Pattern[str]], ...] = (
    (
        LabelName.ASSISTANT,
        re.compile(
            r"\b(?:assistant|secretary|asistente|secretari[ao]|assistente|assistent(?:in)?)\b", re.IGNORECASE
        ),
    ),
    (LabelName.OTHER, re.compile(rf"\b(?:{_RELATIONS})(?='?s?\b)", re.IGNORECASE)),
    (
        LabelName.BUSINESS,
        re.compile(
            r"\b(?:work|office|business|company|job|shop|store|restaurant|studio|salon|trabajo|oficina|negocio|empresa"
            r"|tienda|bureau|travail|b[uü]ro|arbeit|gesch[aä]ft(?:lich)?|dienstlich|escritório|trabalho|ufficio|lavoro|azienda)\b",
            re.IGNORECASE,
        ),
    ),
    (
        LabelName.HOME,
        re.compile(
            r"\b(?:home|house|land\s?line|casa|fijo|domicile|maison|fixe|zu\s?hause|festnetz|privatnummer zuhause)\b",
            re.IGNORECASE,
        ),
    ),
    (
        LabelName.PERSONAL,
        re.compile(
            r"\b(?:cell(?:\s?phone)?|mobile|personal|private|cel|celular|móvil|movil|portable|handy|privat|cellulare"
            r"|personale|pessoal|telemóvel|perso)\b",
            re.IGNORECASE,
        ),
    ),
)

_EVENTS = r"(?:events?|part(?:y|ies)|dinners?|lunch(?:es|eon)?|brunch|breakfast|retreats?|gatherings?|holiday|picnic|outing|function|catering|meetings?|off-?site|celebration)"

_IN_TEXT: tuple[tuple[LabelName, re.Pattern[str]], ...] = (
    (
        LabelName.ASSISTANT,
        re.compile(
            r"\b(?:on behalf of(?! (?:my|our) (?:family|husband|wife|parents|mom|mum|dad|friends?))"
            r"|(?<!my )(?<!our )assistant (?:to|of|for)|i'?(?:m| am) (?:an?|the|his|her|their) [\w ]{0,20}?\bassistant"
            r"|booking (?:this |it )?for my boss|my boss (?:asked|wants|needs)|asistente de|de parte de|en nombre de"
            r"|de la part de|im (?:auftrag|namen) von|em nome de|per conto di)\b",
            re.IGNORECASE,
        ),
    ),
    (
        LabelName.BUSINESS,
        re.compile(
            rf"\b(?:(?:corporate|company|office|staff|team|client|business|firm|work|employee)[\s-]{{1,3}}{_EVENTS}"
            r"|corporate|team[ -]building|(?:our|my) (?:company|office|team|firm|staff|clients?|employees|business|restaurant|shop|store|startup|agency|co-?workers)"
            r"|(?:our|my) guests at (?:the )?(?:hotel|restaurant)|invoices?|purchase order|w-?9|conference|product launch|trade show"
            r"|grand opening|(?:evento|cena|comida|fiesta|almuerzo) (?:corporativ[oa]|empresarial|de (?:la )?empresa|de trabajo)"
            r"|(?:mi|nuestra|minha|nossa) empresa|(?:mi|nuestra) oficina|mi negocio|factura|empleados|nota fiscal"
            r"|événement d'entreprise|(?:mon|notre) (?:entreprise|société|bureau)|repas d'entreprise|facture"
            r"|firmen(?:feier|event|veranstaltung|essen)|unsere[rn]? (?:firma|büro|unternehmen)|meine[rn]? firma|rechnung"
            r"|evento aziendale|(?:la )?(?:mia|nostra) azienda|fattura)\b",
            re.IGNORECASE,
        ),
    ),
    (
        LabelName.HOME,
        re.compile(r"\b(?:my |our )(?:land\s?line|home (?:phone|number|line))\b", re.IGNORECASE),
    ),
)

_NEGATED = re.compile(
    r"\b(?:not|no|isn'?t|ain'?t|never|nothing|without|sin|pas|kein[e]?|non|não)\b[^.!?\n]{0,15}$",
    re.IGNORECASE,
)

_BUSINESS_WORDS = (
    "biz|business|shop|store|llc|inc|corp|gmbh|ltd|studios?|catering|caterers?|events?|restaurant|restaurante|cafe|bakery"
    "|boutique|salon|agency|company|photography|realty|realtor|consulting|services|hq|weddings?|rentals?|tienda|eventos"
)
_BUSINESS_HANDLE = re.compile(rf"(?:^|[._-])(?:{_BUSINESS_WORDS})\d*(?=$|[._-])")
_BUSINESS_HANDLE_END = re.compile(
    r"(?<=[a-z0-9]{3})(?:biz|business|shop|store|llc|studios?|catering|events|restaurant|bakery|boutique|salon|agency"
    r"|photography|realty|consulting|weddings?|rentals|eventos)\d*$"
)

_ROLE_ADDRESS = re.compile(
    r"^(info|sales|contact|office|hello|admin|booking|bookings|reservations|orders|billing|accounts|accounting|team|events"
    r"|catering|support|hr|marketing|reception|frontdesk|ventas|contacto|kontakt|buero|contato|biz|business|work)(?:[+.\d_-]|$)"
)
_BUSINESS_DOMAIN = re.compile(
    rf"(?:^|[.-])(?:work|corp|office|{_BUSINESS_WORDS})[.-]|(?:catering|events|studios?|agency|consulting|group)\."
)


def label_from_context(
    *, text: str = "", handle: str | None = None, email: str | None = None, cue: str | None = None
) -> Label:
    """Say what a contact method is for: `cue` (the words right at the value) beats the handle, that beats the text.

    `email` is the address itself where an address is to be labelled; a domain of one's own says nothing by itself.
    """
    return (
        label_from_cue(cue or "")
        or _from_handle((handle or "").lstrip("@").casefold())
        or _from_email((email or "").casefold())
        or _from_text(plain(text[:MAX_TEXT_LENGTH]))
        or _DEFAULT
    )


def label_from_cue(cue: str) -> Label | None:
    """Say what the words right at a value call it ("my work cell is"); None where they say nothing."""
    plain_cue = plain(cue[:MAX_TEXT_LENGTH])
    for label, pattern in _IN_CUE:
        match = pattern.search(plain_cue)
        if match:
            return Label(label=label, reason=f'the words right at it say "{match[0].lower()}"')
    return None


def _from_handle(handle: str) -> Label | None:
    match = _BUSINESS_HANDLE.search(handle) or _BUSINESS_HANDLE_END.search(handle)
    if not match:
        return None
    where = "ends in" if match.end() == len(handle) else "contains"
    return Label(label=LabelName.BUSINESS, reason=f'the handle {where} "{match[0]}"')


def _from_email(address: str) -> Label | None:
    local, _, domain = address.rpartition("@")
    role = _ROLE_ADDRESS.match(local)
    if role:
        return Label(label=LabelName.BUSINESS, reason=f'the address is that of a role, "{role[1]}"')
    business = _BUSINESS_DOMAIN.search(domain)
    if business:
        return Label(
            label=LabelName.BUSINESS,
            reason=f'the domain of the address speaks of "{business[0].strip(".-")}"',
        )
    return None


def _from_text(text: str) -> Label | None:
    for label, pattern in _IN_TEXT:
        for match in pattern.finditer(text):
            if not _NEGATED.search(text[max(0, match.start() - 30) : match.start()]):
                phrase = " ".join(match[0].lower().split())
                return Label(label=label, reason=f'the text speaks of "{phrase}"')
    return None
