"""Numbers of another country in a text, written as they are dialled there: "mein Handy ist 0176 55512894"."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from matching.normalize.phone_surroundings import (
    digit_groups,
    is_after_phone_word,
    is_something_else,
    words_after,
    words_before,
)
from matching.normalize.told_countries import told_countries

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from phonenumbers import PhoneNumber

    from matching.normalize.told_countries import Told

_NATIONAL = re.compile(
    # No part of a word, of a longer number or of a price.
    r"(?<![A-Za-z\u00c0-\u024f\d_+$€£¥@\uff0b])(?<!\d[ .,:/()-])"
    # Digits, and up to six more groups of them behind single separators: "(11) 98123-4567", "0176/55512894".
    r"\(?\d{1,12}(?:(?:[ ./-]|[ -]?\(|\)[ -]?)\d{1,8}){0,6}+"
    r"(?![A-Za-z\u00c0-\u024f\d_@]|[.,:/-]\d)"
)
_DIGITS = range(8, 13)
"""Of a number with the zero that is dialled before it inside its country."""

_MAX_NUMBERS = 100
"""Runs of digits that are looked at; more are a list, and nobody's contacts."""

_FEWEST_UNMISTAKABLE = 9
"""Digits of a number that need not be written just as a country writes it: eight are as easily two years."""

_FEWEST_IN_A_GROUP = 2
_LAST_DAY = 31
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_COMMON_GROUPS = frozenset({(3, 3, 3), (3, 2, 2, 2)})
"""How nine digits are written, beside the one way that the metadata has for each country."""


def find_national_numbers(
    text: str, *, home: str, taken: Collection[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """Yield where a number of a country stands that the text tells, and the number in E.164.

    `taken` is where numbers of the `home` region stand: digits that are a number there are one.
    """
    free = [
        match
        for match in islice(_NATIONAL.finditer(text), _MAX_NUMBERS)
        if sum(digit_groups(match[0])) in _DIGITS
        and all(match.end() <= start or end <= match.start() for start, end in taken)
    ]
    told = tuple(told_countries(text)) if free else ()
    for match in free if told else ():
        before = words_before(text, match.start())
        if _is_list_of_days(match[0]) or is_something_else(
            match[0], before=before, after=words_after(text, match.end())
        ):
            continue
        fits = _how_strictly(match[0], is_announced=is_after_phone_word(before), home=home)
        e164 = next(filter(None, (_read(match[0], countries, fits) for countries in told)), None)
        if e164:
            yield match.start(), match.end(), e164


def _is_list_of_days(spelled: str) -> bool:
    """True for "06 12 18 24 30"."""
    figures = [int(figure) for figure in re.findall(r"\d+", spelled)]
    return len(figures) > 1 and figures == sorted(set(figures)) and figures[-1] <= _LAST_DAY


def _how_strictly(spelled: str, *, is_announced: bool, home: str) -> Callable[[PhoneNumber], bool]:
    """Say what makes these digits a phone, once they are a number of a country: the less tells it, the more must fit."""
    groups = digit_groups(spelled)
    is_in_groups = len(groups) > 1
    if _number_in(home, spelled):
        # A number at home, had it been written so: as the other country writes it and nobody here does.
        return lambda number: is_in_groups and _is_grouped_as(number, groups)
    if sum(groups) < _FEWEST_UNMISTAKABLE:
        return lambda number: is_announced and is_in_groups and _is_grouped_as(number, groups)
    if is_announced:
        return lambda _: all(group >= _FEWEST_IN_A_GROUP for group in groups[1:])
    if _has_trunk_zero(spelled):
        return lambda number: _is_mobile(number) or _is_grouped_as(number, groups)
    return lambda number: is_in_groups and _is_mobile(number) and _is_grouped_as(number, groups)


def _read(spelled: str, told: Told, fits: Callable[[PhoneNumber], bool]) -> str | None:
    """Read a number in the one of these countries that has it; where several have, in the one that writes it so."""
    numbers = {country: _number_in(country, spelled) for country in told.countries}
    read = {country: number for country, number in numbers.items() if number and fits(number)}
    for is_likelier in (
        lambda number: digit_groups(spelled) == _groups_as_printed(number),
        _is_mobile,
        lambda number: phonenumbers.number_type(number) == PhoneNumberType.MOBILE,
    ):
        read = {country: number for country, number in read.items() if is_likelier(number)} or read
    distinct = {_e164(number) for number in read.values()}
    if len(distinct) == 1:
        return distinct.pop()
    leading = read.get(told.mostly or "")
    return _e164(leading) if leading else None


def _number_in(country: str, spelled: str) -> PhoneNumber | None:
    """The number that these digits reach from inside a country; None where they reach none."""
    try:
        number = phonenumbers.parse(spelled, country)
    except NumberParseException:
        return None
    is_inside = number.country_code == phonenumbers.country_code_for_region(country)
    return number if is_inside and phonenumbers.is_valid_number(number) else None


def _has_trunk_zero(spelled: str) -> bool:
    return spelled.lstrip("(").startswith("0")


def _is_mobile(number: PhoneNumber) -> bool:
    return phonenumbers.number_type(number) in _MOBILE


def _is_grouped_as(number: PhoneNumber, groups: tuple[int, ...]) -> bool:
    """Say whether digits stand together as they do in numbers of that country."""
    return groups in _COMMON_GROUPS or groups == _groups_as_printed(number)


def _groups_as_printed(number: PhoneNumber) -> tuple[int, ...]:
    return digit_groups(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
