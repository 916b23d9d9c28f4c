"""Phone numbers: any spelling to E.164, and the numbers that a text contains."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import phonenumbers
from phonenumbers import Leniency, NumberParseException, PhoneNumberMatcher, ValidationResult

from matching.normalize.national_phones import find_national_numbers
from matching.normalize.phone_places import is_area_code
from matching.normalize.phone_surroundings import (
    digit_groups,
    is_after_phone_word,
    is_dialled_link,
    is_something_else,
    is_spelled_as_phone,
    words_after,
    words_before,
)
from matching.normalize.spelled_digits import find_spelled_numbers, with_digits_for_letters
from matching.normalize.text import plain, plain_text
from matching.records import LocalPhone, Phone, Provenance, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from matching.normalize.text import PlainText

MAX_PHONE_LENGTH = 120
"""Characters of a field that are looked at; longer is not a phone number, whatever it is."""

MAX_TEXT_LENGTH = 10_000
"""Characters of a text that are searched."""

MAX_NUMBERS = 100
"""Numbers of a text that are read; more are a list, and nobody's contacts."""

_TOO_SHORT = Rejected(code="phone_too_short", detail="This phone number has too few digits.")
_TOO_LONG = Rejected(code="phone_too_long", detail="This phone number has too many digits.")
_NOT_A_NUMBER = Rejected(code="phone_not_a_number", detail="This does not look like a phone number.")
_LOCAL_ONLY = Rejected(code="phone_local_only", detail="This phone number lacks its area code.")
_PLACEHOLDER = Rejected(code="phone_placeholder", detail="This stands for a phone number that was not given.")
_UNKNOWN_COUNTRY = Rejected(
    code="phone_unknown_country", detail="This phone number starts with a country code that does not exist."
)

_BY_LENGTH = {
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: _LOCAL_ONLY,
    ValidationResult.INVALID_COUNTRY_CODE: _UNKNOWN_COUNTRY,
    ValidationResult.TOO_SHORT: _TOO_SHORT,
    ValidationResult.INVALID_LENGTH: _TOO_SHORT,
    ValidationResult.TOO_LONG: _TOO_LONG,
}
_BY_PARSE_ERROR = {
    NumberParseException.INVALID_COUNTRY_CODE: _UNKNOWN_COUNTRY,
    NumberParseException.NOT_A_NUMBER: _NOT_A_NUMBER,
    NumberParseException.TOO_SHORT_AFTER_IDD: _TOO_SHORT,
    NumberParseException.TOO_SHORT_NSN: _TOO_SHORT,
    NumberParseException.TOO_LONG: _TOO_LONG,
}

_ADDRESS_OF_A_NUMBER = re.compile(
    r"^(?:(?:tel|sms|callto|whatsapp)\s*:|(?:https?://)?(?:wa\.me|api\.whatsapp\.com/send/?\?phone=)/?(?=\+?\d))/*",
    re.IGNORECASE,
)
_DOUBLE_ZERO = re.compile(r"^[\s(\[]*00[\s)\]]*(?=[1-9])")
"""The international prefix of most of the world. In a region that dials another one it is still what was meant."""

_MEXICAN_MOBILE = re.compile(r"(?<=[+\uff0b]52)(?:1|[ .-]1)(?=(?:[ .()-]?\d){10}(?!\d))")
"""The 1 that Mexican mobile numbers had until 2019, and that WhatsApp still shows."""

_COUNTRY_CODE_DIGITS = range(11, 16)
"""So many digits without + may be an international number whose plus sign was left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPhone:
    """A phone number in a text: `text[start:end]` is how it was spelled."""

    start: int
    end: int
    phone: Phone


def normalize_phone(raw: str, *, region: str, provenance: Provenance) -> Phone | Rejected:
    """Bring a number, however it is spelled, to E.164.

    A number that is possible (has the right length) is taken although no such number may be assigned: a mistyped
    digit is for the comparison to judge. An extension is dropped. `region` (ISO 3166, such as `US`) is where a number
    without a country code is taken to be.
    """
    if len(raw) > MAX_PHONE_LENGTH:
        return _TOO_LONG
    ordinary = _read_north_american(raw, region)
    if ordinary:
        return Phone(e164=ordinary, provenance=provenance)
    spelled = _ADDRESS_OF_A_NUMBER.sub("", plain(raw).strip())
    outcome = _parse(_MEXICAN_MOBILE.sub(" ", _DOUBLE_ZERO.sub("+", spelled)), region)
    if isinstance(outcome, Rejected) and outcome is not _PLACEHOLDER:
        outcome = _second_reading(spelled, region) or outcome
    return outcome if isinstance(outcome, Rejected) else Phone(e164=outcome, provenance=provenance)


_NORTH_AMERICAN = re.compile(r"(\+1[ .-]?)?\(?([2-9][0-9]{2})\)?[ .-]?([0-9]{3})[ .-]?([0-9]{4})")
_NORTH_AMERICAN_REGIONS = frozenset({"US", "CA"})


def _read_north_american(raw: str, region: str) -> str | None:
    """Ten digits as most of a base spells them: what the library would read, at a tenth of its time."""
    found = _NORTH_AMERICAN.fullmatch(raw)
    if found is None or (found[1] is None and region not in _NORTH_AMERICAN_REGIONS):
        return None
    digits = found[2] + found[3] + found[4]
    return f"+1{digits}" if len(set(digits)) > 1 else None


_SPELLED_LOCALLY = re.compile(r"\(?\d[\d\s().\-/]*\d")
_LOCAL_DIGITS = range(7, 12)
"""Digits of a number without area code in North America, and of a long national one (8 916 123-45-67)."""


def read_local_phone(raw: str, *, region: str, provenance: Provenance) -> LocalPhone | None:
    """Read a number that `region` does not have, but another country or a town may; None for everything else."""
    spelled = plain(raw[: MAX_PHONE_LENGTH + 1]).strip()
    if not _SPELLED_LOCALLY.fullmatch(spelled):
        return None
    digits = phonenumbers.normalize_digits_only(spelled)
    if len(digits) not in _LOCAL_DIGITS or len(set(digits)) == 1:
        return None
    national = normalize_phone(spelled, region=region, provenance=provenance)
    if isinstance(national, Phone) and _is_assigned(national.e164):
        return None
    return LocalPhone(digits=digits, provenance=provenance)


class Dialled(Enum):
    """From where digits reach a number: from its own town alone, or from all of its country."""

    IN_TOWN = "in town"
    IN_COUNTRY = "in country"


def dialled_as(e164: str, digits: str) -> Dialled | None:
    """From where these digits reach a number; None where they do not."""
    number = phonenumbers.parse(e164, None)
    region = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(
        number.country_code or 0
    )
    try:
        dialled = phonenumbers.parse(digits, region)
    except NumberParseException:
        return None
    if _e164(dialled) == e164:
        return Dialled.IN_COUNTRY
    length = phonenumbers.is_possible_number_with_reason(dialled)
    is_without_area = length == ValidationResult.IS_POSSIBLE_LOCAL_ONLY and e164.endswith(digits)
    return Dialled.IN_TOWN if is_without_area else None


def is_region(code: str) -> bool:
    """True for a country (two capital letters) whose numbers can be read without their country code."""
    return code in phonenumbers.SUPPORTED_REGIONS


def find_phones(text: str, *, region: str) -> tuple[FoundPhone, ...]:
    """All the phone numbers that a text contains, in order; prices, dates and order numbers are not."""
    readable = plain_text(text[:MAX_TEXT_LENGTH])
    assigned, doubtful = _by_existence(readable.text, _candidates(readable.text, region))
    elsewhere = find_national_numbers(
        _searchable(readable.text), home=region, taken=[(found.start, found.end) for found in assigned]
    )
    found = _apart([*assigned, *(_Found(*number) for number in elsewhere), *doubtful])
    return tuple(_located(readable, number) for number in found)


def is_toll_free(phone: Phone) -> bool:
    """True for a number whose holder pays for the call: a company's, seldom a person's."""
    number = phonenumbers.parse(phone.e164, None)
    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.TOLL_FREE


def _parse(spelled: str, region: str) -> str | Rejected:
    try:
        number = phonenumbers.parse(spelled, region)
    except NumberParseException as error:
        return _BY_PARSE_ERROR.get(error.error_type, _NOT_A_NUMBER)
    meant = _behind_second_country_code(number)
    if meant:
        return meant
    length = phonenumbers.is_possible_number_with_reason(number)
    if _is_placeholder(number):
        return _PLACEHOLDER
    if length != ValidationResult.IS_POSSIBLE:
        return _BY_LENGTH.get(length, _NOT_A_NUMBER)
    return _e164(number)


def _behind_second_country_code(number: phonenumbers.PhoneNumber) -> str | None:
    """The number meant by +44 44 20 7946 0958, where the form had put the country code there already."""
    code, national = str(number.country_code), str(number.national_number)
    if not national.startswith(code) or phonenumbers.is_valid_number(number):
        return None
    return _parse_with_country(national)


def _second_reading(spelled: str, region: str) -> str | None:
    """Read what did not parse as a whole: a zero that is not dialled here, a plus sign left out, an extension run on, or a number among words."""
    if _TRUNK_ZERO.search(spelled):
        read = _parse(_TRUNK_ZERO.sub("", spelled), region)
        return None if isinstance(read, Rejected) else read
    digits = re.sub(r"[\s().+-]", "", spelled)
    if digits.isdecimal() and len(digits) in _COUNTRY_CODE_DIGITS:
        with_country = _parse_with_country(digits)
        if with_country:
            return with_country
    extended = _RUN_ON_EXTENSION.fullmatch(digits)
    if extended:
        return f"+1{extended[1]}"
    spaced = _SPACED_EXTENSION.fullmatch(spelled)
    if spaced:
        return _read_north_american(spaced[1], region)
    return next((found.e164 for found in _candidates(spelled.replace("/", " / "), region)), None)


_TRUNK_ZERO = re.compile(r"\(0\)\s*")
"""The zero of other countries, in brackets because it is left out after a country code."""
_RUN_ON_EXTENSION = re.compile(r"1{1,2}([2-9]\d\d[2-9]\d{6})\d{2,6}")
"""A North American number with an extension that nothing announces; a single digit too many is a slip that may be anywhere."""
_SPACED_EXTENSION = re.compile(rf"({_NORTH_AMERICAN.pattern})[ .,-]+[0-9]{{2,6}}")


def _parse_with_country(digits: str) -> str | None:
    """Read digits that begin with a country code; only an assigned number is believed."""
    try:
        number = phonenumbers.parse(_MEXICAN_MOBILE.sub(" ", f"+{digits}"), None)
    except NumberParseException:
        return None
    return _e164(number) if phonenumbers.is_valid_number(number) else None


def _is_assigned(e164: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(e164, None))


def _is_placeholder(number: phonenumbers.PhoneNumber) -> bool:
    """True where all digits are the same: such numbers fill in fields that must not be empty."""
    return len(set(str(number.national_number))) == 1


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


# --- Numbers in a text ---


class _Found(NamedTuple):
    start: int
    end: int
    e164: str


_DOUBLE_ZERO_IN_TEXT = re.compile(r"(?<![\d.,:/+-])(?<!\d\s)00(?=[1-9][ .-]?\d)")
_PLUS_FOR_DOUBLE_ZERO = "\uff0b"
"""The library reads this plus sign like the other, and no text has it any more once it is plain: nobody typed it."""

_WORD_RUN_ON = re.compile(
    r"(?<=\d{4})(?:thanks?|thx|ty|please|pls|plz|call|text|or|and|gracias|merci|danke)\b", re.IGNORECASE
)
"""A word right behind a number, where the space was forgotten."""

_BULLETS_IN_NUMBER = re.compile(r"(?<=\d)[•·∙⋅‧_*|~](?=\d)")
_NO_PART_OF_A_NUMBER = re.compile(
    r"(?<![\d/.-])(?:(?:19|20)\d\d[-/.][01]?\d[-/.][0-3]?\d|[0-3]?\d([-/.])[0-3]?\d\1(?:20)?\d\d|[01]?\d/[0-3]?\d)(?![\d/.-]*\d)"
    r"|(?<!\d)[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?!\d)|(?<![\d:.+-])[01]?\d\s?[ap]\.?m\b"
    r"|[$€£¥]\s?\d[\d,.]*",
    re.IGNORECASE,
)
"""Dates, times of day and prices."""

_LONG_NUMBER = re.compile(r"(?<![A-Za-z\d_+$€£¥#@./-])[1-9](?:[ .-]?\d){10,14}(?![A-Za-z\d_@])")
_LINKED_NUMBER = re.compile(
    r"(?:\bwa\.me/|\bwhatsapp\.com/send/?\?phone=)(?P<digits>[1-9]\d{7,14})(?!\w)", re.IGNORECASE
)
"""A link to WhatsApp, whose numbers begin with the country code and have no plus sign."""

_SHORTEST_SPELLED = 9
_SHORTEST_SPELLED_UNASSIGNED = 10
"""Digits of a number in words: nobody spells anything else that is as long ("at seven thirty, five thousand")."""

_NORTH_AMERICA = 1
_NORTH_AMERICAN_GROUPS = frozenset({(10,), (3, 3, 4), (3, 7), (6, 4), (3, 3, 2, 2), (1,) * 10})
_RUSSIAN_GROUPS = (3, 3, 2, 2)
_RUSSIAN_TRUNK_BEFORE = re.compile(r"(?<!\d)8[ -]?$")
"""What Russians dial before an area code: "8 (916) 345-22-18"."""

_SPACED_BEHIND_AREA_CODE = (3, *(1,) * 7)
"""Digits spaced apart behind the area code, which has brackets then: without them they are a list."""


_AREA_AND_EXCHANGE = re.compile(r"\+1[2-9]\d\d[2-9]\d{6}")
"""What every number in North America is like."""

_AREA_EXCHANGE_AND_LINE = (3, 3, 4)

_AREA_CODE_APART = re.compile(
    r"\b(?P<number>(?:area\s+code\s*(?:is|:)?\s*(?P<before>\d{3})|(?P<after>\d{3})\s+area\s+code)"
    # What leads on to the rest.
    r"[\s,]{1,3}(?:(?:then|and|number)\s+)?"
    r"(?P<local>\d{3}[ .-]?\d{4}))(?!\d)",
    re.IGNORECASE,
)


def _candidates(text: str, region: str) -> list[_Found]:
    """All numbers, in order: those that are assigned, and those that could be and are spelled like nothing else."""
    searched = _searchable(text)
    found = [
        *_linked(searched),
        *_spelled_out(searched, region),
        *_with_area_code_apart(searched, region),
        *_matches(searched, region, Leniency.VALID, _is_not_something_else),
        *_matches(searched, region, Leniency.POSSIBLE, _is_unmistakable),
        *_without_plus(searched),
    ]
    return _apart(found)


def _apart(found: Iterable[_Found]) -> list[_Found]:
    """In order, without those that overlap an earlier one of `found`."""
    kept: list[_Found] = []
    for candidate in found:
        if all(candidate.end <= other.start or other.end <= candidate.start for other in kept):
            kept.append(candidate)
    return sorted(kept)


def _searchable(text: str) -> str:
    """Spell numbers as the library reads them and blank what is none; every position stays what it was."""
    blanked = _NO_PART_OF_A_NUMBER.sub(lambda match: "," * len(match[0]), with_digits_for_letters(text))
    parted = _WORD_RUN_ON.sub(lambda match: " " + match[0][1:], blanked)
    spelled = _BULLETS_IN_NUMBER.sub(".", _DOUBLE_ZERO_IN_TEXT.sub(f" {_PLUS_FOR_DOUBLE_ZERO}", parted))
    return _MEXICAN_MOBILE.sub(lambda match: " " * len(match[0]), spelled)


def _matches(
    text: str, region: str, leniency: int, accepts: Callable[[str, phonenumbers.PhoneNumberMatch], bool]
) -> Iterator[_Found]:
    for match in islice(PhoneNumberMatcher(text, region, leniency=leniency), MAX_NUMBERS):
        if accepts(text, match):
            yield _Found(match.start, match.end, _e164(match.number))


def _linked(text: str) -> Iterator[_Found]:
    for match in _LINKED_NUMBER.finditer(text):
        e164 = _parse_with_country(match["digits"])
        if e164:
            yield _Found(match.start("digits"), match.end(), e164)


def _spelled_out(text: str, region: str) -> Iterator[_Found]:
    for found in find_spelled_numbers(text):
        e164 = _parse(found.digits, region)
        if isinstance(e164, Rejected):
            continue
        shortest = _SHORTEST_SPELLED if _is_assigned(e164) else _SHORTEST_SPELLED_UNASSIGNED
        if len(found.digits) < shortest:
            continue
        after = words_after(text, found.end)
        if not is_something_else(found.digits, before=words_before(text, found.start), after=after):
            yield _Found(found.start, found.end, e164)


def _without_plus(text: str) -> Iterator[_Found]:
    """Yield numbers of another country after a word for phone, whose plus sign was left out."""
    for match in _LONG_NUMBER.finditer(text):
        before = words_before(text, match.start())
        after = words_after(text, match.end())
        if is_after_phone_word(before) and not is_something_else(match[0], before=before, after=after):
            e164 = _parse_with_country(match[0])
            if e164:
                yield _Found(match.start(), match.end(), e164)


def _with_area_code_apart(text: str, region: str) -> Iterator[_Found]:
    """Yield "area code 818, then 394 7712" as one number."""
    for match in _AREA_CODE_APART.finditer(text) if region in _NORTH_AMERICAN_REGIONS else ():
        e164 = _read_north_american(f"{match['before'] or match['after']}{match['local']}", region)
        if e164 and _is_assigned(e164):
            yield _Found(match.start("number"), match.end(), e164)


def _is_unmistakable(text: str, match: phonenumbers.PhoneNumberMatch) -> bool:
    """Say whether a number that is not assigned is still meant as a phone: by its spelling or the word before it."""
    length = phonenumbers.is_possible_number_with_reason(match.number)
    if length != ValidationResult.IS_POSSIBLE or _is_placeholder(match.number):
        return False
    if match.raw_string.startswith(_PLUS_FOR_DOUBLE_ZERO):
        return False
    if not _is_not_something_else(text, match) or _is_list_of_round_figures(match.raw_string):
        return False
    spelled = match.raw_string
    return bool(
        spelled.startswith("+")
        or is_spelled_as_phone(spelled)
        or is_after_phone_word(words_before(text, match.start))
    )


def _by_existence(text: str, candidates: list[_Found]) -> tuple[list[_Found], list[_Found]]:
    """Part numbers that somebody may have from doubtful ones, and drop those that nobody can have.

    North American digits without +1 need an area code and an exchange. Where no such area is known, it is doubtful whether
    they are that or another country's, and they need to be grouped as such numbers are. Of a form's field this is not asked: there a mistyped number is
    worth more than none.
    """
    assigned, doubtful = [], []
    for found in candidates:
        spelled = text[found.start : found.end]
        if not found.e164.startswith(f"+{_NORTH_AMERICA}") or "+" in spelled or _is_assigned(found.e164):
            assigned.append(found)
        elif _AREA_AND_EXCHANGE.fullmatch(found.e164):
            if is_area_code(found.e164[2:5]) or is_spelled_as_phone(spelled):
                assigned.append(found)
            elif digit_groups(spelled)[-3:] == _AREA_EXCHANGE_AND_LINE:
                doubtful.append(found)
    return assigned, doubtful


def _is_list_of_round_figures(spelled: str) -> bool:
    """True for "200-250-3000"; nobody has such a number either."""
    return all(figure.endswith("0") for figure in re.findall(r"\d+", spelled)) and "-" in spelled


def _is_not_something_else(text: str, match: phonenumbers.PhoneNumberMatch) -> bool:
    """Say whether neither the surroundings nor the spelling make it a price, a date, an order number or a link."""
    before = words_before(text, match.start)
    if is_dialled_link(before) or match.raw_string.lstrip("([ ").startswith("+"):
        return True
    after = words_after(text, match.end)
    return not (
        is_something_else(match.raw_string, before=before, after=after) or _is_oddly_grouped(match, before)
    )


def _is_oddly_grouped(match: phonenumbers.PhoneNumberMatch, before: str) -> bool:
    """Say whether digits stand in groups that nobody gives a North American number: "200 250 300 2" is a list."""
    if match.number.country_code != _NORTH_AMERICA:
        return False
    national = re.split(r"(?i)\s*(?:;|ext|x|#)", match.raw_string, maxsplit=1)[0]
    groups = digit_groups(national)
    if groups == _RUSSIAN_GROUPS and _RUSSIAN_TRUNK_BEFORE.search(before):
        return True
    if groups == _SPACED_BEHIND_AREA_CODE and national.startswith("("):
        return False
    with_country = (groups[0] - 1, *groups[1:]) if groups[:1] > (1,) else groups[1:]
    return groups not in _NORTH_AMERICAN_GROUPS and with_country not in _NORTH_AMERICAN_GROUPS


def _located(readable: PlainText, found: _Found) -> FoundPhone:
    # "00" was searched as a space and a plus sign: the number began one character earlier than the match says.
    shifted = readable.text[found.start - 1 : found.start + 1] == "00"
    start, end = readable.original_span(found.start - shifted, found.end)
    return FoundPhone(start=start, end=end, phone=Phone(e164=found.e164, provenance=Provenance.MENTIONED))
