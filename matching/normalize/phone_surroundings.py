"""What stands around digits in a text: whether they are announced as a phone number, or as something else."""

from __future__ import annotations

import re

_COUNTED_THING = (
    r"order|orden|pedido|invoice|factura|ref|reference|referencia|confirmation|conf|tracking|ticket|case|claim|acct|account"
    r"|card|tarjeta|serial|sku|upc|isbn|id|item|model|license|licen[cs]e|policy|po|zip|booking|reservation|reserva|flight|vuelo|iban|ein|ssn"
    r"|code|c[oó]digo|barcode|pin|member|membership|suite|ste|apt|room|unit|table|booth"
)
_NOT_OURS_BEFORE = re.compile(
    rf"(?:[#$€£¥@=&]|(?<!\ba )(?<!\ban )\b(?:{_COUNTED_THING})(?:\s+(?:number|num|no|nr|id|code|is|was|es|ending(?:\s+in)?))*\.?)\s*[:#№-]*\s*$",
    re.IGNORECASE,
)
_NUMBERED_THING_BEFORE = re.compile(
    rf"(?:[$€£¥]|\b(?:{_COUNTED_THING})(?:\s+id)?(?:\s*[#№]|\s+(?:number|num|no|nr|n[uú]mero)\b\.?)(?:\s+(?:is|was|es))?)\s*[:#=-]*\s*$",
    re.IGNORECASE,
)
"""What makes an order number even of digits that are grouped like a phone number: "order # 916-867-5309"."""

_NOT_OURS_AFTER = re.compile(
    r"[ \t]?(?:[$€£¥%@]|(?:usd|eur|gbp|mxn|dollars?|euros?|pesos?|bucks|guests|people)\b(?![ \t]*[:=-]))",
    re.IGNORECASE,
)
_LINK_BEFORE = re.compile(r"(?:https?://|www\.|\b[\w-]+\.(?:com|net|org|me|io|ly|co)/)\S*$", re.IGNORECASE)
_PHONE_LINK_BEFORE = re.compile(r"(?:wa\.me/|phone=|tel:)\+?$", re.IGNORECASE)
_SPELLED_AS_PHONE = re.compile(
    r"(?:\+?1[-. ]?)?(?:\(\d{3}\)[-. ]?\d{3}[-. ]?\d{4}|\d{3}([-.])\d{3}\1\d{4})(?:\s*(?:x|ext\.?|#)\s*\d+)?"
)
_PHONE_WORD = (
    r"call(?:ing)?|text(?:ing)?|phone|ph|ring|reach|cell(?:phone)?|mobile|mob|tel|telephone|number|num|contact|whats\s?app"
    r"|wa|sms|dial|line|landline|digits|llam\w*|n[uú]mero|tel[eé]fono|celular|cel|m[oó]vil|ligar?|telefone|telefon|handy|nummer"
)
_PHONE_WORD_BEFORE = re.compile(rf"(?:\b(?:{_PHONE_WORD})\b[^\d.!?\n]{{0,25}}|[☎📞📱📲]\s*)$", re.IGNORECASE)
_SIGN_OF_A_PHONE = re.compile(
    rf"(?:\b(?:(?:{_PHONE_WORD}|home|work|office|my|me|us|mine)|\w+'s)(?:\s+(?:new|other|cell|home|work|me|us|him|her|at))*"
    r"|[☎📞📱📲]|[(/,;&]|^)\.?\s*(?:[#@=:]\s*){1,3}$",
    re.IGNORECASE,
)
"""A sign right before the digits that belongs to a phone: "my #", "call me @", "cell=", "ph#:"."""


def is_dialled_link(before: str) -> bool:
    """True right after "wa.me/" and the like: what follows is a phone number, whatever surrounds it."""
    return _PHONE_LINK_BEFORE.search(before) is not None


def is_after_phone_word(before: str) -> bool:
    """True shortly after "call", "my cell is" or a telephone emoji."""
    return _PHONE_WORD_BEFORE.search(before) is not None


def is_spelled_as_phone(spelled: str) -> bool:
    """True for the spellings that Americans give nothing else: "(916) 867-5309", "916-867-5309"."""
    return _SPELLED_AS_PHONE.fullmatch(spelled) is not None


def is_something_else(spelled: str, *, before: str, after: str) -> bool:
    """Say whether the text around digits makes them a price, an order number or part of a link.

    Of an unmistakable spelling only a word for a number of another kind does ("order # 916-867-5309").
    """
    if _LINK_BEFORE.search(before) or _NUMBERED_THING_BEFORE.search(before):
        return True
    if is_spelled_as_phone(spelled):
        return after.startswith("@")
    announced = _NOT_OURS_BEFORE.search(before) and not _SIGN_OF_A_PHONE.search(before)
    return bool(announced or _NOT_OURS_AFTER.match(after))
