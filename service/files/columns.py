"""What the columns of a table mean: told from their headers in several languages, or from what stands below them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from matching import Label, LabelName, fold, label_from_context
from service.files.people import BadLine, FileContact, FilePerson, checked, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Meaning(StrEnum):
    """What a column holds."""

    ID = "id"
    NAME = "name"
    FIRST = "first_name"
    MIDDLE = "middle_name"
    LAST = "last_name"
    PHONE = "phone"
    EMAIL = "email"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    LABEL = "label"
    IGNORED = "ignored"


#: The columns that a rejects file has before those of its original.
REJECT_COLUMNS = ("isthisyou_line", "isthisyou_reason")

_KINDS = {
    Meaning.PHONE: ("phone", ""),
    Meaning.EMAIL: ("email", ""),
    Meaning.INSTAGRAM: ("social", "instagram"),
    Meaning.FACEBOOK: ("social", "facebook"),
}

# Patterns read folded headers ("E-mail 1 - Value" is "e mail 1 value"), in order; the first that fits wins.
_NO_CONTACT = (
    r"\b(?:can|accepts?|allow\w*|marketing|consent|opt ?(?:in|out)|optin\w*|subscri\w*|status|fax|date|time|created|updated|verified"
    r"|valid|domain|count|pager|telex|isdn|yomi|phonetic|carrier|extension|display name|permission|unsubscribed?|source)\b"
)
_BY_PATTERN: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    (Meaning.LABEL, re.compile(r"(?:phone|tel|telefono|e ?mail)(?: \d+)? (?:type|label)")),
    (Meaning.IGNORED, re.compile(_NO_CONTACT + r"|\btype\b|\blabel\b")),
    (Meaning.EMAIL, re.compile(r"\be ?mails?\b|\bcorreo\b|\bcourriel\b|\bmail\b|\bemail\w*|\bposta elettronica\b")),
    (Meaning.INSTAGRAM, re.compile(r"\b(?:instagram|insta|ig)\b|^handle$|^instagram\w*$")),
    (Meaning.FACEBOOK, re.compile(r"\b(?:facebook|fb|messenger)\b")),
    (
        Meaning.PHONE,
        re.compile(
            r"phone|\bmobile\b|\bmobil\w*|\bcell\b|\bcel\b|\btel\b|\btelef\w*|\bmovil\b|\bcelular\b|\bhandy\w*|\bportable\b"
            r"|\bcellulare\b|\btelemovel\b|\bwhatsapp\b|\brufnummer\b|\bsms\b|\bfijo\b|\bfestnetz\b"
        ),
    ),
)  # fmt: skip
_BY_HEADER = {
    Meaning.ID: "external id|externalid|id externo|customer id|customerid|square customer id|record id|contact id|id|client id"
    "|id cliente|kundennummer|kunden nr|customer number|numero de cliente|reference id|user id|uid|vid|leid",
    Meaning.NAME: "name|full name|fullname|customer name|customer|client name|client|contact name|nombre completo"
    "|nombre y apellidos|nom complet|vollstandiger name|nome completo|display name|cliente|kunde|nombre cliente",
    Meaning.FIRST: "first name|firstname|first|given name|givenname|fname|forename|nombre|nombres|primer nombre|vorname|prenom"
    "|nome|primeiro nome",
    Meaning.MIDDLE: "middle name|middlename|middle|additional name|segundo nombre|zweiter vorname",
    Meaning.LAST: "last name|lastname|last|surname|family name|familyname|lname|apellido|apellidos|nachname|familienname"
    "|nom|nom de famille|cognome|sobrenome|apelido|ultimo nome",
}  # fmt: skip
_BY_WORD = {header: meaning for meaning, headers in _BY_HEADER.items() for header in headers.split("|")}
_ID_RANK = {header: rank for rank, header in enumerate(_BY_HEADER[Meaning.ID].split("|"))}
#: Headers that say clearly what a column is, and that it is no contact: their content is not looked at.
_TELLS_OTHERWISE = re.compile(
    r"\b(?:id|address|street|city|zip|postal|post ?code|state|province|country|company|organi[sz]ation|notes?|tags?|total"
    r"|birthday|website|url|order|orders|amount|price|spent|code|number|title|job|department|group|groups|language|gender)\b"
)

_LOOKS_LIKE = (
    (Meaning.EMAIL, re.compile(r"\s*[^\s@]+@[^\s@]+\.[^\s@]{2,}\s*")),
    (Meaning.INSTAGRAM, re.compile(r"\s*@[\w.]{2,30}\s*|\S*instagram\.com/\S+")),
    (Meaning.FACEBOOK, re.compile(r"\S*(?:facebook|fb)\.com/\S+")),
    (Meaning.PHONE, re.compile(r"\s*(?:\+\d[\d\s().-]{6,18}|\(\d{2,4}\)[\d\s.-]{5,14}|\d{3}[\s.-]\d{3}[\s.-]\d{4})\s*")),
    (Meaning.NAME, re.compile(r"\s*[^\W\d_][\w.'-]*(?:\s[^\W\d_][\w.'-]*){1,3}\s*")),
)  # fmt: skip
_ENOUGH = 0.6
"""Share of a column's values that must look alike."""

_FLAGS = frozenset(
    [
        "true",
        "false",
        "yes",
        "no",
        "y",
        "n",
        "1",
        "0",
        "t",
        "f",
        "on",
        "off",
        "x",
        "si",
        "sí",
        "ja",
        "nein",
        "oui",
        "non",
    ]
)

_SEVERAL = {
    Meaning.PHONE: re.compile(r"\s*:::\s*|\s*;(?!\s*ext)\s*|\s*\n\s*"),
    Meaning.EMAIL: re.compile(r"\s*:::\s*|\s*[;,\n]\s*"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its header, what it means, how that was known, and the label that its header gives.

    `label_at` is the place of the column that holds the labels of this one.
    """

    header: str
    meaning: Meaning
    why: str
    label: Label | None = None
    label_at: int | None = None


def has_header(first: Sequence[str]) -> bool:
    """False where the first row holds contacts: then the file has no header."""
    patterns = [pattern for meaning, pattern in _LOOKS_LIKE if meaning is not Meaning.NAME]
    return not any(pattern.fullmatch(cell) for cell in first for pattern in patterns)


def guess_columns(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """Say of each column what it means."""
    by_header = [_by_header(header) for header in headers]
    _one_id(headers, by_header)
    columns = []
    for place, (header, meaning) in enumerate(zip(headers, by_header, strict=True)):
        values = [row[place] for row in sample if place < len(row)]
        if meaning in _KINDS and _holds_flags(values):
            columns.append(_column(header, Meaning.IGNORED, "what it holds"))
        elif meaning is not None:
            columns.append(_column(header, meaning, "its header"))
        else:
            columns.append(_column(header, _by_content(header, values, by_header), "what it holds"))
    return tuple(
        replace(column, label_at=_label_place(column, columns)) if column.meaning in _KINDS else column
        for column in columns
    )


def _holds_flags(values: Iterable[str]) -> bool:
    """True where all that a column says is yes or no: it is about a contact, and no contact."""
    said = {value.strip().casefold() for value in values} - {""}
    return bool(said) and said <= _FLAGS


def override(
    columns: Sequence[Column], named: Mapping[str, Meaning]
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Give the columns called `named` (a header, however it is capitalized) another meaning; and the names unknown."""
    wanted = {_spelled(header): meaning for header, meaning in named.items()}
    known = {_spelled(column.header) for column in columns}
    changed = tuple(
        _column(column.header, wanted[_spelled(column.header)], "you said so")
        if _spelled(column.header) in wanted
        else column
        for column in columns
    )
    return changed, tuple(header for header in named if _spelled(header) not in known)


def read_cells(cells: Sequence[str], columns: Sequence[Column]) -> FilePerson | BadLine:
    """What a row says; a short row lacks its last cells."""
    if any(map(str.strip, cells[len(columns) :])):
        return BadLine(reason=f"more fields ({len(cells)}) than the header has ({len(columns)})")
    parts: dict[Meaning, list[str]] = {}
    contacts: list[FileContact] = []
    for column, cell in zip(columns, cells, strict=False):
        value = cell.strip()
        if column.meaning is Meaning.IGNORED or not value or is_blank(value):
            continue
        if column.meaning in _KINDS:
            contacts.extend(_contacts(column, value, cells))
        else:
            parts.setdefault(column.meaning, []).append(value)
    names = parts.get(Meaning.NAME, [])[:1] or [
        value for part in (Meaning.FIRST, Meaning.MIDDLE, Meaning.LAST) for value in parts.get(part, [])[:1]
    ]
    return checked(
        FilePerson(
            external_id=next(iter(parts.get(Meaning.ID, [])), None),
            name=" ".join(names) or None,
            contacts=tuple(contacts),
        )
    )


def _contacts(column: Column, value: str, cells: Sequence[str]) -> Iterable[FileContact]:
    kind, platform = _KINDS[column.meaning]
    several = _SEVERAL.get(column.meaning)
    for each in several.split(value) if several else [value]:
        if not is_blank(each):
            label = _cell_label(column, cells) or column.label
            yield FileContact(type=kind, platform=platform, value=each, field=column.header, label=label)


def _cell_label(column: Column, cells: Sequence[str]) -> Label | None:
    if column.label_at is None or column.label_at >= len(cells):
        return None
    return _label_of(cells[column.label_at])


def _label_of(words: str) -> Label | None:
    """The label that words give, where they give one."""
    label = label_from_context(cue=words[:_LONGEST_CUE].replace("_", " ").replace("*", " "))
    if label.reason == label_from_context().reason:
        return None
    return Label(label=LabelName(label.label), reason=label.reason)


_LONGEST_CUE = 100


def _column(header: str, meaning: Meaning, why: str) -> Column:
    label = _label_of(header) if meaning in _KINDS else None
    return Column(header=header, meaning=meaning, why=why, label=label)


def _spelled(header: str) -> str:
    return " ".join(header.split()).casefold()


def _by_header(header: str) -> Meaning | None:
    if _spelled(header) in REJECT_COLUMNS:
        return Meaning.IGNORED
    folded = fold(header)
    if folded in _BY_WORD:
        return _BY_WORD[folded]
    return next((meaning for meaning, pattern in _BY_PATTERN if pattern.search(folded)), None)


def _one_id(headers: Sequence[str], meanings: list[Meaning | None]) -> None:
    """Keep the most telling of several ids."""
    places = [place for place, meaning in enumerate(meanings) if meaning is Meaning.ID]
    best = min(places, key=lambda place: _ID_RANK[fold(headers[place])], default=None)
    for place in places:
        if place != best:
            meanings[place] = Meaning.IGNORED


def _by_content(header: str, values: Sequence[str], known: Sequence[Meaning | None]) -> Meaning:
    filled = [value for value in values if not is_blank(value)]
    if _TELLS_OTHERWISE.search(fold(header)) or not filled:
        return Meaning.IGNORED
    fits = Counter(
        meaning for value in filled for meaning, pattern in _LOOKS_LIKE if pattern.fullmatch(value[:500])
    )
    has_name = not {Meaning.NAME, Meaning.FIRST, Meaning.LAST}.isdisjoint(known)
    for meaning, _ in _LOOKS_LIKE:
        if fits[meaning] >= _ENOUGH * len(filled) and not (meaning is Meaning.NAME and has_name):
            return meaning
    return Meaning.IGNORED


def _label_place(column: Column, columns: Sequence[Column]) -> int | None:
    """The column "Phone 1 - Type" that stands beside "Phone 1 - Value"."""
    stem = re.sub(r" value$", "", fold(column.header))
    return next(
        (
            place
            for place, other in enumerate(columns)
            if other.meaning is Meaning.LABEL and re.sub(r" (?:type|label)$", "", fold(other.header)) == stem
        ),
        None,
    )
