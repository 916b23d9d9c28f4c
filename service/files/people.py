"""What a line of a file says of a person, as typed; and why a line cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from service.events import ROW_PREFIX

if TYPE_CHECKING:
    from matching import Label

#: How long an id of another system may be.
MAX_ID_LENGTH = 255
#: How long a name may be, as in the API.
MAX_NAME_LENGTH = 200

_PLACEHOLDERS = frozenset(
    [
        "n a",
        "na",
        "none",
        "null",
        "nil",
        "no",
        "unknown",
        "not provided",
        "not available",
        "not applicable",
        "ninguno",
        "ninguna",
        "no tiene",
        "keine",
        "kein",
        "aucun",
        "nan",
        "undefined",
        "tbd",
    ]
)
_LONGEST_PLACEHOLDER = 20
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContact:
    """A contact as a file has it; `label` where the file says what it is for; `field` is where it stands."""

    type: str
    value: str
    field: str
    platform: str = ""
    label: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePerson:
    """A person as a line has them."""

    external_id: str | None = None
    name: str | None = None
    contacts: tuple[FileContact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """Why a line cannot be imported: a sentence that names fields and quotes nothing of what they hold."""

    reason: str


def is_blank(value: str) -> bool:
    """True for what stands for nothing: "", "-", "n/a"."""
    if len(value) > _LONGEST_PLACEHOLDER:
        return not value.strip()
    words = _BETWEEN_WORDS.sub(" ", value).strip()
    return not words or words.casefold() in _PLACEHOLDERS


def checked(person: FilePerson) -> FilePerson | BadLine:
    """The person, unless the line breaks a rule that holds for every format."""
    texts = [person.external_id or "", person.name or "", *(each.value for each in person.contacts)]
    if any("\0" in text or _SURROGATE.search(text) for text in texts):
        return BadLine(reason="there are characters that no text has (NUL or half a character)")
    if len(texts[0]) > MAX_ID_LENGTH:
        return BadLine(reason=f"id: longer than {MAX_ID_LENGTH} characters")
    if len(texts[1]) > MAX_NAME_LENGTH:
        return BadLine(reason=f"name: longer than {MAX_NAME_LENGTH} characters")
    if not person.name and not person.contacts:
        return BadLine(reason="neither a name nor a contact")
    return person


def id_of(person: FilePerson) -> str:
    """The id that a person is known by: the file's own, or a hash of what the line says."""
    if person.external_id:
        return person.external_id
    said = "\x1f".join(
        [person.name or "", *(f"{each.type}:{each.platform}:{each.value}" for each in person.contacts)]
    )
    return ROW_PREFIX + sha256(said.encode()).hexdigest()
