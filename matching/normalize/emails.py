"""Email addresses: how mail is delivered, what is compared, and the addresses that a text contains."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from email_validator import EmailNotValidError, validate_email

from matching.normalize.text import plain, plain_text
from matching.records import Email, Provenance, Rejected

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_EMAIL_LENGTH = 400
"""Characters of a field that are looked at; RFC 5321 allows an address 254, and a display name may surround it."""

MAX_TEXT_LENGTH = 10_000
"""Characters of a text that are searched."""

_NOT_AN_ADDRESS = Rejected(
    code="email_not_an_address", detail="This does not look like an email address (name@example.com)."
)
_TOO_LONG = Rejected(code="email_too_long", detail="This email address is too long.")

GMAIL_DOMAINS = frozenset({"gmail.com", "googlemail.com"})
"""Google ignores dots and everything after +, and delivers both domains to one mailbox."""

PROTON_DOMAINS = frozenset({"proton.me", "protonmail.com", "protonmail.ch", "pm.me"})
"""Proton ignores dots, hyphens and underscores, and everything after +."""

PLUS_TAG_DOMAINS = re.compile(
    r"(?:outlook|hotmail|live)\.(?:com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})"
    r"|msn\.com|icloud\.com|me\.com|mac\.com|fastmail\.(?:com|fm)|zoho\.com"
)
"""Mailbox providers that deliver name+anything@ to name@. Elsewhere a plus sign may be part of the name."""

YAHOO_DOMAINS = re.compile(
    r"yahoo\.(?:com|[a-z]{2}|co\.(?!jp)[a-z]{2}|com\.[a-z]{2})|ymail\.com|rocketmail\.com"
)
"""Yahoo's disposable addresses are base-keyword@. Names there have no hyphen otherwise, except in Japan."""

ROLE_LOCALS = frozenset(
    {
        "admin", "billing", "booking", "bookings", "contact", "events", "hello", "hi", "hola", "info", "kontakt", "mail",
        "marketing", "noreply", "office", "orders", "reservations", "reservas", "sales", "support", "team", "ventas",
    }
)  # fmt: skip
"""Addresses of an office, not of a person: the same one at another domain says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEmail:
    """An address in a text: `text[start:end]` is how it was spelled."""

    start: int
    end: int
    email: Email


def normalize_email(raw: str, *, provenance: Provenance) -> Email | Rejected:
    """Bring an address to how mail is delivered to it, and to what is compared; of several in one field, the first.

    Checks syntax only: no look-up is made, and reserved domains such as example.com pass.
    """
    if len(raw) > MAX_EMAIL_LENGTH:
        return _TOO_LONG
    read = plain(raw)
    parts = _delivered_to(_bare_address(read)) or _first_of_several(read)
    if parts is None:
        return _NOT_AN_ADDRESS
    local, domain = parts
    if "." not in domain:
        return _NOT_AN_ADDRESS
    return Email(address=f"{local}@{domain}", canonical=_canonical(local, domain), provenance=provenance)


_BETWEEN_ADDRESSES = re.compile(r"[;,/|\s]+")


def _first_of_several(typed: str) -> tuple[str, str] | None:
    addresses = [part for part in _BETWEEN_ADDRESSES.split(typed) if "@" in part[1:-1]]
    return _delivered_to(_bare_address(addresses[0])) if len(addresses) > 1 else None


def local_part_at(address: str, domain: str) -> str:
    """What is compared of the part before the @ of `address`, had it been of `domain`: of a misspelt one, the one meant."""
    return _canonical(address.rpartition("@")[0], domain).rpartition("@")[0]


def find_emails(text: str) -> tuple[FoundEmail, ...]:
    """All the addresses that a text contains, in order, also where they hide from robots ("ana at gmail dot com")."""
    readable = plain_text(text[:MAX_TEXT_LENGTH])
    found: list[FoundEmail] = []
    for begin, spelled in _spelled_addresses(readable.text):
        email = normalize_email(_undisguised(spelled), provenance=Provenance.MENTIONED)
        if isinstance(email, Email):
            start, end = readable.original_span(begin, begin + len(spelled))
            found.append(FoundEmail(start=start, end=end, email=email))
    return tuple(found)


_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@")
_LONGEST_LOCAL = 64
_LONGEST_ADDRESS = 254


def _delivered_to(typed: str) -> tuple[str, str] | None:
    """Local part and domain as mail is delivered; None for what is no address.

    Of an address with nothing special before the @, only the domain needs the library; domains come again and again.
    """
    plain_local = _PLAIN_LOCAL.match(typed)
    if plain_local and plain_local.end() <= _LONGEST_LOCAL + 1 and len(typed) <= _LONGEST_ADDRESS:
        local, domain = typed[: plain_local.end() - 1], typed[plain_local.end() :]
        checked_domain = _checked_domain(domain) if domain.isascii() and "@" not in domain else None
        if checked_domain is not None:
            return local.lower(), checked_domain
    return _checked(typed)


@lru_cache(maxsize=16_384)
def _checked_domain(domain: str) -> str | None:
    checked = _checked(f"a@{domain}")
    return checked and checked[1]


def _checked(typed: str) -> tuple[str, str] | None:
    try:
        # test_environment allows the reserved domain .test; example.com is always allowed.
        checked = validate_email(typed, check_deliverability=False, test_environment=True, strict=False)
    except EmailNotValidError:
        return None
    return plain(checked.local_part.lower()), checked.ascii_domain.lower()


_WRAPPED = re.compile(
    r"^(?:.*<)?\s*(?:mailto:)?\s*([^<>?]*?)\s*(?:\?[^<>]*)?(?:>.*)?$", re.IGNORECASE | re.DOTALL
)


def _bare_address(typed: str) -> str:
    """Take an address out of "Ana <ana@example.com>", "mailto:ana@example.com?subject=…" or a sentence's end."""
    match = _WRAPPED.match(typed.strip())
    address = match[1] if match else typed
    return re.sub(r"\s*@\s*", "@", address.strip(" \t\r\n.,;:\"'()[]"))


def _canonical(local: str, domain: str) -> str:
    """Drop what the mailbox provider ignores; an address that nothing would be left of stays as it is."""
    if domain in GMAIL_DOMAINS:
        reduced, domain = local.partition("+")[0].replace(".", ""), "gmail.com"
    elif domain in PROTON_DOMAINS:
        reduced = re.sub(r"[._-]", "", local.partition("+")[0])
    elif PLUS_TAG_DOMAINS.fullmatch(domain):
        reduced = local.partition("+")[0]
    elif YAHOO_DOMAINS.fullmatch(domain):
        reduced = local.partition("-")[0]
    else:
        reduced = local
    return f"{reduced or local}@{domain}"


# --- Addresses in a text ---

_PUBLIC_PROVIDER = (
    r"(?:gmail|googlemail|hotmail|yahoo|ymail|outlook|live|msn|icloud|me|mac|aol|proton|protonmail|gmx|web|mail|zoho"
    r"|fastmail|comcast|att|sbcglobal|verizon|orange|free|laposte|libero|uol|bol|terra)"
)
_PUBLIC_DOMAIN = re.compile(rf"{_PUBLIC_PROVIDER}\.(?:[a-z]{{2,3}}|com?\.[a-z]{{2}})")


def is_public_domain(domain: str) -> bool:
    """True for a mailbox provider where anybody may have an address, so that the domain says nothing of its holder."""
    return bool(_PUBLIC_DOMAIN.fullmatch(domain))


def names_provider(word: str) -> bool:
    """True for a mailbox provider or its domain: "@gmail" is the end of an address, and nobody's tag."""
    return bool(_PROVIDER_KNOWN_TO_ALL.fullmatch(word)) or is_public_domain(word)


_SIGN_WORD = r"(?:arroba|arobase|chiocciola|ät|собака|собачка|małpa|malpa|apestaartje|kukac)"
"""What the sign is called where it is not "at"; these words stand for hardly anything else before a domain."""

_DOT_WORD = r"(?:dot|punto|ponto|punkt|punt|point|pont|точка|kropka)"
_ENDING_BY_WORD = r"\s(?:punto\s(?:com|net|org|it|mx|ar|cl|co)|ponto\s(?:com|net|org|br|pt)|punkt\s(?:com|net|org|de|at|ch|eu))"
"""Ends of domains that are no words of the language that says them."""

_AT = rf"(?:\s?[(\[{{<]\s?(?:at|@|{_SIGN_WORD})\s?[)\]}}>]\s?|\s(?:at|{_SIGN_WORD})\s)"
_DOT = rf"(?:\s?[(\[{{<]\s?(?:{_DOT_WORD}|\.)\s?[)\]}}>]\s?|\s{_DOT_WORD}\s)"
_JOINT = {
    "underscore": "_",
    "guion bajo": "_",
    "tiret bas": "_",
    "unterstrich": "_",
    "dash": "-",
    "hyphen": "-",
    "minus": "-",
}
_JOINT_WORD = rf"\s(?:{'|'.join(_JOINT)})\s"
_SPELLED_JOINT = re.compile(_JOINT_WORD, re.IGNORECASE)
_DISGUISED_AT = re.compile(rf"{_AT}|\s+@\s*|\s*@\s+", re.IGNORECASE)
_DISGUISED_DOT = re.compile(_DOT, re.IGNORECASE)
_LOCAL = (
    r"(?<![\w+-])(?<![\w+-]\.)[\w+](?:[\w!#$%&'*+/=?^{|}~-]|\.(?=[^.@\s])){0,63}"
    # "jane dot doe": few words, each short, so that no long sentence is tried again and again.
    rf"(?:(?:{_DOT}|{_JOINT_WORD})[\w+-]{{1,30}}(?:\s\d{{1,4}}(?={_AT}))?){{0,3}}"
)
_KNOWN_TO_ALL = r"(?:gmail|googlemail|hotmail|yahoo|outlook|icloud|aol|protonmail|gmx)"
_PROVIDER_KNOWN_TO_ALL = re.compile(_KNOWN_TO_ALL)
_ACCESS_PROVIDER = (
    r"(?:(?:att|comcast|sbcglobal|verizon|cox|charter|earthlink|bellsouth|optonline)\.net|(?:ymail|msn)\.com)"
)
"""Domains at which nobody meets, and few look anything up: a word and "at" before them are an address."""

_ENDING_WITHOUT_SPACES = r"\.(?:com|net|org|edu|gov|us|ca|mx|co\.uk|de|fr|es|it)"
_DOTTED_LOCAL = r"(?<![\w.'+-])(?!(?:dr|mrs?|ms|st|vs|ave|no)\.)[a-z]{2,30}[._][a-z]{2,30}\d{0,4}"
"""A given and a family name, which no word is: "jason.zhang at acme.com", though "meet me at hotel.com"."""

_NO_LOCAL = r"(?!(?:at|i'm|he's|she's|me|us|him|her|them|you|it|reach|meet|email|e-mail|mail|correo|account|address|is|are|was|mine|here|look|dinner|lunch|log-?in|webmail|internet|outages?|issues?|problems?|service)\s)"
_ADDRESS = re.compile(
    rf"{_LOCAL}(?:@(?:[\w-]{{1,63}}\.){{1,6}}[^\W\d_]{{2,24}}"
    # Disguised: brackets, or both words; "meet me at hotel.com" is no address.
    rf"|\s?[(\[{{<]\s?(?:at|@|{_SIGN_WORD})\s?[)\]}}>]\s?[\w-]{{1,63}}(?:(?:\.|{_DOT})[a-z]{{2,24}}){{1,3}}"
    rf"|\s{_SIGN_WORD}\s[\w-]{{1,63}}(?:(?:\.|{_DOT})[a-z]{{2,24}}){{1,3}}"
    # "At" is a word of its own, and so are other words for a dot: "at this point we", "email me at jane dot doe at gmail dot com".
    r"|(?<!\bme)(?<!\bus)\sat\s[\w-]{1,63}(?:(?:\sdot\s|\s?[(\[{<]\s?(?:dot|\.)\s?[)\]}>]\s?)[a-z]{2,24}){1,3}"
    rf"|\sat\s[\w-]{{1,63}}(?:{_ENDING_BY_WORD}){{1,2}})(?![\w-])"
    # Only spaced apart: at a mailbox provider that everybody knows.
    rf"|{_LOCAL}\s?@\s?{_KNOWN_TO_ALL}(?:\s[.,]\s?|[.,]\s|,)(?:com|net)(?![\w-])"
    rf"|(?<!'){_NO_LOCAL}{_LOCAL}(?:\s@\s?|@\s|\sat\s){_KNOWN_TO_ALL}\.(?:com|co\.[a-z]{{2}}|[a-z]{{2}}|net)(?![\w-])"
    rf"|(?<!'){_NO_LOCAL}{_LOCAL}\sat\s{_KNOWN_TO_ALL}\s\.\s(?:com|net)(?![\w-])"
    rf"|(?<!'){_NO_LOCAL}{_LOCAL}\sat\s{_ACCESS_PROVIDER}(?![\w-])"
    rf"|{_DOTTED_LOCAL}\sat\s[\w-]{{2,63}}(?:\.[\w-]{{2,63}})?{_ENDING_WITHOUT_SPACES}(?![\w-])",
    re.IGNORECASE,
)
_ENDED_BY_SENTENCE = re.compile(r"^(.*@(?:[a-z0-9-]+\.)+[a-z]{2,24})\.[A-Z][a-z]*$")


_ADDRESS_OF_OFFICE = re.compile(
    # "Info at" leads to a place as well, so that it has to be announced, or to be all of its line.
    r"(?:(?P<announced>\b(?:e-?mail|correo)(?:\s(?:address|is|es|us|me|at)){0,3}\s?:?\s)|^[ \t]*)"
    rf"(?P<address>(?:{'|'.join(sorted(ROLE_LOCALS))})\sat\s[\w-]{{1,63}}(?:\.[a-z]{{2,24}}){{1,2}})"
    r"(?(announced)(?![\w-])|[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_SAID_APART = re.compile(rf"(?P<local>.{{1,120}}?)\s(?:at\s|{_SIGN_WORD}\s|@|[(\[{{<])", re.IGNORECASE)
"""An address whose sign stands apart, so that more words before it may belong to it: "john smith at gmail dot com"."""

_WORD_OF_ADDRESS = re.compile(r"[\w.'+-]{1,30}")
_LEADS_TO_ADDRESS = frozenset(
    {
        "address", "all", "also", "and", "at", "below", "changed", "correo", "different", "e-mail", "email", "es", "for", "here", "is", "it", "it's", "its",
        "just", "listed", "lowercase", "mail", "me", "mine", "my", "new", "not", "now", "on", "or", "our", "same", "still", "that", "the", "this", "to",
    }
)  # fmt: skip
"""Words before an address that are no part of it."""

_ANNOUNCES_ADDRESS = re.compile(
    r"\b(?:e-?mail|correo)(?:\s(?:address|id))?(?:\s(?:is|es)|'s|\s?:)(?:\s(?:it's|its|just|all|lowercase|now|still))*\s+$",
    re.IGNORECASE,
)
_LONGEST_LEAD = 160
_MOST_WORDS_APART = 2
"""Words before the one at the sign that may belong to an address; more are a sentence."""


def _spelled_addresses(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each address begins and how it is spelled."""
    spelled = [
        *_addresses_by_sign(text),
        *((match.start("address"), match["address"]) for match in _ADDRESS_OF_OFFICE.finditer(text)),
    ]
    end = 0
    for begin, address in sorted(spelled):
        if begin >= end:
            yield begin, address
            end = begin + len(address)


def _addresses_by_sign(text: str) -> Iterator[tuple[int, str]]:
    for match in _ADDRESS.finditer(text):
        spelled = _without_next_sentence(match)
        said = _SAID_APART.match(spelled)
        lead = _words_said_apart(text, match.start(), said["local"]) if said else ""
        if lead is not None:
            yield match.start() - len(lead), lead + spelled


def _words_said_apart(text: str, position: int, local: str) -> str | None:
    """The words before "smith at" that belong to the address; None where they are unknown, and it is a wrong one without.

    After "my email is" they all do. Elsewhere some digits, a single letter and what stands behind a dot of its own ("ana . lopez")
    are known to be the end of an address only.
    """
    line = text[max(0, position - _LONGEST_LEAD) : position].rpartition("\n")[2]
    words: list[str] = []
    for word in reversed(line.split(" ")[:-1]):
        if word.lower() in _LEADS_TO_ADDRESS or not _WORD_OF_ADDRESS.fullmatch(word):
            break
        words.insert(0, f"{word} ")
    lead = "".join(words)
    if _ANNOUNCES_ADDRESS.search(line.removesuffix(lead)):
        return lead if len(words) <= _MOST_WORDS_APART else None
    if words[1:] == [". "]:
        return lead
    is_an_end = ". " in words or local.isdecimal() or len(local) == 1
    return None if words and is_an_end else ""


def _undisguised(spelled: str) -> str:
    joined = _SPELLED_JOINT.sub(lambda match: _JOINT[match[0].strip().lower()], spelled)
    compact = re.sub(r"\s", "", _DISGUISED_DOT.sub(".", _DISGUISED_AT.sub("@", joined)))
    return re.sub(r",(?=(?:com|net)$)", ".", compact)


def _without_next_sentence(match: re.Match[str]) -> str:
    """Cut "ana@gmail.com.Thanks" after the domain: a sentence began without a space."""
    ended = _ENDED_BY_SENTENCE.match(match[0])
    return ended[1] if ended else match[0]
