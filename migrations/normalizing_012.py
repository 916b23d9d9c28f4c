"""How revision 012 reads legacy values: frozen with it, whatever the service's normalizers learn later."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import Leniency, NumberParseException, PhoneNumberMatcher

#: Characters of a legacy field that are looked at; a longer one is neither a number nor an address.
_MAX_LENGTH = 400
#: A longer text is compared by its hash: a PostgreSQL index takes some 2,700 bytes.
_MAX_COMPARED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A legacy value as it is kept: `value` to reach people by, `match_value` to compare by."""

    value: str
    match_value: str
    is_normalized: bool


def is_blank(raw: str | None) -> bool:
    return raw is None or not raw.strip()


def read_contact(kind: str, raw: str, *, region: str) -> Read:
    """Normalize a legacy phone or email; what cannot be normalized is kept exactly as it came."""
    typed = _plain(raw).strip() if len(raw) <= _MAX_LENGTH else ""
    normalized = _read_phone(typed, region) if kind == "phone" else _read_email(typed)
    return normalized or Read(value=raw, match_value=_raw_match(raw), is_normalized=False)


def _raw_match(raw: str) -> str:
    compared = raw.strip().lower()
    if len(compared) > _MAX_COMPARED:
        compared = hashlib.sha256(compared.encode(errors="surrogatepass")).hexdigest()
    return f"raw:{compared}"


def _plain(raw: str) -> str:
    """Fold full-width digits and the like; drop what shows nothing."""
    if raw.isascii() and raw.isprintable():
        return raw
    folded = unicodedata.normalize("NFKC", raw)
    return "".join(
        each for each in folded if each in "\t\r\n" or not unicodedata.category(each).startswith("C")
    )


# --- Phones ---

_SCHEME = re.compile(r"^(?:tel|sms|callto|whatsapp)\s*:/*", re.IGNORECASE)
_DOUBLE_ZERO = re.compile(r"^[\s(\[]*00[\s)\]]*(?=[1-9])")
#: What a spreadsheet makes of a number.
_DECIMAL = re.compile(r"^(\+?\d{7,15})\.0+$")
#: So many digits without + may be an international number whose plus sign was left out.
_COUNTRY_CODE_DIGITS = range(11, 16)


def _read_phone(typed: str, region: str) -> Read | None:
    spelled = _DOUBLE_ZERO.sub("+", _DECIMAL.sub(r"\1", _SCHEME.sub("", typed)))
    e164 = _whole(spelled, region) or _without_plus(spelled) or _among_words(spelled, region)
    return Read(value=e164, match_value=e164, is_normalized=True) if e164 else None


def _whole(spelled: str, region: str | None) -> str | None:
    """Read all of it as one number. One of a possible length is taken, assigned or not."""
    try:
        number = phonenumbers.parse(spelled, region)
    except NumberParseException:
        return None
    reason = phonenumbers.is_possible_number_with_reason(number)
    return _e164(number) if reason == phonenumbers.ValidationResult.IS_POSSIBLE else None


def _without_plus(spelled: str) -> str | None:
    digits = re.sub(r"[\s().-]", "", spelled)
    if not digits.isdecimal() or len(digits) not in _COUNTRY_CODE_DIGITS:
        return None
    try:
        number = phonenumbers.parse("+" + digits, None)
    except NumberParseException:
        return None
    return _e164(number) if phonenumbers.is_valid_number(number) else None


def _among_words(spelled: str, region: str) -> str | None:
    found = PhoneNumberMatcher(spelled, region, leniency=Leniency.VALID)
    return next((_e164(match.number) for match in found), None)


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


# --- Emails ---

_WRAPPED = re.compile(
    r"^(?:.*<)?\s*(?:mailto:)?\s*([^<>?]*?)\s*(?:\?[^<>]*)?(?:>.*)?$", re.IGNORECASE | re.DOTALL
)
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_PROTON = frozenset({"proton.me", "protonmail.com", "protonmail.ch", "pm.me"})
_PLUS_TAGS = re.compile(
    r"(?:outlook|hotmail|live)\.(?:com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})"
    r"|msn\.com|icloud\.com|me\.com|mac\.com|fastmail\.(?:com|fm)|zoho\.com"
)
_YAHOO = re.compile(r"yahoo\.(?:com|[a-z]{2}|co\.(?!jp)[a-z]{2}|com\.[a-z]{2})|ymail\.com|rocketmail\.com")


#: A local part that every mailbox provider takes, once its domain is one.
_PLAIN_LOCAL = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", re.IGNORECASE | re.ASCII)
_MAX_PLAIN_LOCAL = 64


def _read_email(typed: str) -> Read | None:
    match = _WRAPPED.match(typed)
    bare = (match[1] if match else typed).strip(" \t\r\n.,;:\"'()[]")
    checked = _checked(re.sub(r"\s*@\s*", "@", bare))
    if checked is None or "." not in checked[1]:
        return None
    local, domain = checked
    return Read(value=f"{local}@{domain}", match_value=_canonical(local, domain), is_normalized=True)


def _checked(address: str) -> tuple[str, str] | None:
    """Local part and domain as they are kept, or None for what is no address."""
    local, _, domain = address.partition("@")
    if not _PLAIN_LOCAL.fullmatch(local) or len(address) > _MAX_COMPARED or len(local) > _MAX_PLAIN_LOCAL:
        return _validated(address)
    # Most of the time goes into the domain, and domains come again and again.
    read = _validated_domain(domain)
    return (local.lower(), read) if read is not None else None


@lru_cache(maxsize=4_096)
def _validated_domain(domain: str) -> str | None:
    read = _validated(f"a@{domain}")
    return read[1] if read is not None else None


def _validated(address: str) -> tuple[str, str] | None:
    try:
        # Syntax only, without a look-up; test_environment allows the reserved domain .test.
        checked = validate_email(address, check_deliverability=False, test_environment=True, strict=False)
    except EmailNotValidError:
        return None
    return _plain(checked.local_part.casefold()), checked.ascii_domain.lower()


def _canonical(local: str, domain: str) -> str:
    """Drop what the mailbox provider ignores, unless nothing would be left."""
    reduced = local
    if domain in _GMAIL:
        reduced, domain = local.partition("+")[0].replace(".", ""), "gmail.com"
    elif domain in _PROTON:
        reduced = re.sub(r"[._-]", "", local.partition("+")[0])
    elif _PLUS_TAGS.fullmatch(domain):
        reduced = local.partition("+")[0]
    elif _YAHOO.fullmatch(domain):
        reduced = local.partition("-")[0]
    return f"{reduced or local}@{domain}"
