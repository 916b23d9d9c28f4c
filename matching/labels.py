"""What a contact method is for (business, personal, …), told from what stands around it, with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from matching.normalize.emails import is_public_domain
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
    r"|daughter|cousin|partner|friend|boss|roommate|neighbou?r|uncle|aunt|grandma|grandpa|co-?worker|colleague"
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

_EVENTS = (
    r"(?:events?|part(?:y|ies)|dinners?|lunch(?:es|eon)?|brunch|breakfast|retreats?|gatherings?|holiday|picnic|outing|functions?|catering|meetings?|off-?sites?"
    r"|celebration|launch(?:es)?|kick-?offs?|summits?|workshops?|mixers?|happy hours?|appreciation|accounts?|bookings?|gigs?|clients?|groups?|orders?|rates?|invoices?|cards?|things?|stuff|chefs?|training)"
)
_OCCASION = r"(?:event|party|dinner|lunch|brunch|breakfast|retreat|gathering|picnic|outing|meeting|celebration|launch|kick-?off|mixer|catering)"
_DEPARTMENTS = r"sales|marketing|engineering|product|design|leadership|executive|exec|finance|legal|hr|ops|operations|support|dev|remote|management"
_COMPANIES = r"compan(?:y|ies)|firm|law firm|agency|startup|start-up|corporation|business|nonprofit|non-profit|brand|studio|brokerage|production company|practice|clinic|co-?working space"

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
            rf"\b(?:(?:corporate|company|office|staff|team|client|business|firm|work|employee|networking|b2b|startup|investors?|board|leadership|executive|exec|sales|marketing|engineering|management|department)[\s-]{{1,3}}{_EVENTS}"
            r"|(?:corporate|corp)(?! (?:offices?|jobs?|law\w*|world|ladder|life|america|careers?|girl|guy|housing|greed|tax\w*|person|background|style|vibe))|team[ -]building"
            r"|(?:our|my) (?:company|hq|headquarters|office|firm|staff|clients?|employees|restaurant|shop|store|startup|agency|co-?workers|law firm|business(?! (?:partner|school|trip|class|degree|major|suit)))"
            rf"|(?:our|my|the|a) (?:{_DEPARTMENTS}) (?:team|department|group|crew|staff)|(?:our|my) team(?=[\w\s,'-]{{0,30}}\b{_OCCASION}\b)|{_OCCASION} for (?:our|my|the) (?:\w+ )?team(?! of \d)"
            rf"|we(?:'re| are) an? (?:[\w-]+ ){{0,3}}(?:{_COMPANIES})|i (?:own|run|manage) an? (?:[\w-]+ ){{0,2}}(?:{_COMPANIES}|restaurant|shop|store|salon)"
            r"|(?:our|my) guests at (?:the )?(?:hotel|restaurant)|invoices?|purchase order|p\.?o\.? ?#|w-?9|net[- ]?(?:15|30|60)|\d+ (?:of (?:our|my) )?employees|(?:a|the|our|annual) conference|trade ?show|expo|all[- ]hands|board meeting|shareholders?"
            r"|(?:product|store|startup|start-up|brand|company|app) launch|startup|start-up|b2b|q[1-4] (?:\w+ )?(?:kick-?off|meeting|review|party|off-?site|planning)|sales kick-?off|(?:business|industry|alumni) mixer"
            r"|(?:employee|client|customer|staff) appreciation|grand opening|(?:evento|cena|comida|fiesta|almuerzo|reuni[oó]n|desayuno) (?:corporativ[oa]|empresarial|de (?:la )?(?:empresa|oficina|compañ[ií]a)|de trabajo|de negocios)"
            r"|(?:mi|nuestra|minha|nossa) empresa|(?:mi|nuestra|la) oficina|mi negocio|factura|empleados|compañeros de trabajo|clientes|nota fiscal"
            r"|événement d'entreprise|(?:mon|notre) (?:entreprise|société|bureau)|(?:repas|soirée|déjeuner|dîner) d'(?:entreprise|affaires)|séminaire|collègues|facture"
            r"|(?:firmen|betriebs)(?:feier|event|veranstaltung|essen|fest|ausflug)|weihnachtsfeier der firma|unsere[rn]? (?:firma|büro|unternehmen|mitarbeiter)|meine[rn]? firma|geschäftsessen|rechnung"
            r"|evento aziendale|(?:cena|pranzo) (?:aziendale|di lavoro)|(?:la )?(?:mia|nostra) azienda|fattura|confraternização da empresa|evento corporativo)\b",
            re.IGNORECASE,
        ),
    ),
    (
        LabelName.HOME,
        re.compile(r"\b(?:my |our )(?:land\s?line|home (?:phone|number|line))\b", re.IGNORECASE),
    ),
)

_NEGATED = re.compile(
    r"\b(?:not|no|\w+n't|dont|wont|cant|isnt|aint|arent|didnt|doesnt|never|nothing|without|instead of|rather than|met (?:\w+ )?at|sin|pas|sans|kein[e]?|ohne|nicht|non|não|sem)\b[^.!?\n]{0,18}$",
    re.IGNORECASE,
)
_OF_SOMEBODY_ELSE = re.compile(
    rf"(?:\b(?:{_RELATIONS}|he|she|they)\b(?:'s|\s+(?:just|still|only|also))?\s+(?:works?|worked|is|was|has|had|runs?|owns?|manages?|got|gets|started|trabaja|tiene|travaille|arbeitet)\b|'s\s+)[^.!?,\n]{{0,30}}$",
    re.IGNORECASE,
)
"""What somebody else does at work says nothing of the writer's: "my husband works at a corporate office"."""

_CONTEXT_BEFORE = 60
"""Characters before a sign of business that are read for what takes it back."""

_SPORT_OR_SCHOOL = re.compile(
    r"\b(?:won|game|season|coach(?!ing)|soccer|football|baseball|softball|basketball|hockey|volleyball|league|championship|tournament|playoffs?|year[- ]olds?|kids|swim|school|church|cheer|little league)\b",
    re.IGNORECASE,
)

_BUSINESS_WORDS = (
    "biz|business|shop|store|llc|inc|corp|gmbh|ltd|studios?|catering|caterers?|events?|restaurant|restaurante|cafe|bakery"
    "|boutique|salon|agency|company|photography|realty|realtor|consulting|services|hq|weddings?|rentals?|tienda|eventos"
)
_BUSINESS_HANDLE = re.compile(rf"(?:^|[._-])(?:{_BUSINESS_WORDS})\d*(?=$|[._-])")
_BUSINESS_HANDLE_END = re.compile(
    r"(?<=[a-z0-9]{3})(?<!prev)(?:biz|business|(?<!work)(?<!photo)(?<!sweat)shop|store|llc|studios?|catering|events|restaurant|bakery|boutique|salon|agency"
    r"|photography|realty|consulting|weddings?|rentals|eventos)\d*$"
)

_ROLE_ADDRESS = re.compile(
    r"(info|sales|contact|office|hello|admin|bookings?|reservations|orders|billing|invoices|accounts?|accounting|accountspayable|ap|finance|team|events?"
    r"|catering|support|hr|people|marketing|press|pr|reception|frontdesk|concierge|ventas|contacto|kontakt|buero|contato|biz|business|work|hola|ciao|enquiries|inquiries)(?P<rest>[+.\d_-].*)?"
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
    role = _ROLE_ADDRESS.fullmatch(local)
    # At a public provider "hello.kitty" is a person's; "hello" is nobody's.
    if role and not (is_public_domain(domain) and (role["rest"] or "").strip("0123456789")):
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
            if not _is_taken_back(text, match):
                phrase = " ".join(match[0].lower().split())
                return Label(label=label, reason=f'the text speaks of "{phrase}"')
    return None


def _is_taken_back(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _CONTEXT_BEFORE) : match.start()]
    if _NEGATED.search(before) or _OF_SOMEBODY_ELSE.search(before):
        return True
    return "team" in match[0].lower() and _SPORT_OR_SCHOOL.search(text) is not None
