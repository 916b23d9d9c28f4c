"""Events as JSON lines: `{"id","channel","name"?,"phone"?,"email"?,"instagram"?,"text"?}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.events import Channel, Submission
from service.files.json_lines import WrongFieldError, object_in, text_of
from service.files.people import MAX_ID_LENGTH, MAX_NAME_LENGTH, BadLine

#: Characters that a field may have: as many as over the API.
_LONGEST = {
    "id": MAX_ID_LENGTH,
    "channel": MAX_ID_LENGTH,
    "name": MAX_NAME_LENGTH,
    "phone": 100,
    "email": 400,
    "instagram": 500,
    "text": 10_000,
}
_CHANNELS = tuple(channel.value for channel in Channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEvent:
    """An event as a line has it."""

    id: str
    submission: Submission


def read_event_line(raw: bytes) -> FileEvent | BadLine:
    """What a line says, or every field that is wrong."""
    line = object_in(raw)
    if isinstance(line, BadLine):
        return line
    texts, complaints = _texts(line)
    complaints += [f"{field}: must not be empty" for field in ("id", "channel") if texts.get(field) == ""]
    if texts.get("channel") not in {None, "", *_CHANNELS}:
        complaints.append(f"channel: must be one of {', '.join(_CHANNELS)}")
    if complaints:
        return BadLine(reason="; ".join(complaints))
    return FileEvent(id=texts["id"], submission=_submission(texts))


def _texts(line: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    """The text of every field that has one, and what is wrong with the others."""
    texts, complaints = {}, []
    for field, longest in _LONGEST.items():
        try:
            text = text_of(line, field)
        except WrongFieldError as wrong:
            complaints.append(str(wrong))
            continue
        if len(text) > longest:
            complaints.append(f"{field}: longer than {longest} characters")
        texts[field] = text
    return texts, complaints


def _submission(texts: dict[str, str]) -> Submission:
    return Submission(
        channel=Channel(texts["channel"]),
        name=texts["name"] or None,
        phone=texts["phone"] or None,
        email=texts["email"] or None,
        instagram=texts["instagram"] or None,
        text=texts["text"],
    )
