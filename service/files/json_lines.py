"""JSON lines: `{"id","name","contacts":[{"type","value","platform"?,"label"?}]}`, or flat with phone, email, instagram."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from matching import Label, LabelName
from service.files.people import BadLine, FileContact, FilePerson, checked, is_blank

_PLATFORM = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TYPES = ("phone", "email", "social")
_FLAT = {"phone": ("phone", ""), "email": ("email", ""), "instagram": ("social", "instagram")}


class WrongFieldError(ValueError):
    """A field that is not what it should be; the text says which and why."""


def read_json_line(raw: bytes) -> FilePerson | BadLine:
    """What a line says."""
    line = object_in(raw)
    if isinstance(line, BadLine):
        return line
    try:
        return checked(_person(line))
    except WrongFieldError as wrong:
        return BadLine(reason=str(wrong))


def object_in(raw: bytes) -> dict[str, Any] | BadLine:
    """The JSON object that a line holds."""
    try:
        line = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return BadLine(reason="this is not valid JSON")
    return line if isinstance(line, dict) else BadLine(reason="this is not a JSON object")


def _person(line: dict[str, Any]) -> FilePerson:
    listed = line.get("contacts")
    if listed is not None and not isinstance(listed, list):
        raise WrongFieldError("contacts: must be a list")
    contacts = [_listed(each, f"contacts.{place}") for place, each in enumerate(listed or [])]
    contacts += [
        FileContact(type=kind, platform=platform, value=text_of(line, field), field=field)
        for field, (kind, platform) in _FLAT.items()
    ]
    name = text_of(line, "name")
    return FilePerson(
        external_id=text_of(line, "id") or None,
        name=None if is_blank(name) else name,
        contacts=tuple(each for each in contacts if not is_blank(each.value)),
    )


def _listed(contact: Any, field: str) -> FileContact:  # noqa: ANN401 - JSON is anything
    if not isinstance(contact, dict):
        raise WrongFieldError(f"{field}: must be an object")
    kind, platform = contact.get("type"), contact.get("platform") or ""
    if kind not in _TYPES:
        raise WrongFieldError(f"{field}.type: must be one of {', '.join(_TYPES)}")
    if kind == "social" and not (isinstance(platform, str) and _PLATFORM.fullmatch(platform)):
        raise WrongFieldError(f"{field}.platform: a social contact needs its platform, such as instagram")
    return FileContact(
        type=kind,
        platform=platform if kind == "social" else "",
        value=text_of(contact, "value", field),
        label=_label(contact.get("label"), field),
        field=f"{field}.value",
    )


def _label(word: object, field: str) -> Label | None:
    if word is None or word == "":
        return None
    if not isinstance(word, str) or word not in set(LabelName):
        raise WrongFieldError(f"{field}.label: must be one of {', '.join(LabelName)}")
    return Label(label=LabelName(word), reason="the file says so")


def text_of(fields: dict[str, Any], name: str, within: str = "") -> str:
    """A field's text; numbers are written out, nothing is ''.

    Raises:
        WrongFieldError: it is something else.
    """
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise WrongFieldError(f"{within}.{name}: must be a text".lstrip("."))
    return str(value).strip()
