"""Cursors: where a list goes on, opaque to its reader."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.errors import ErrorCode, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LIMIT = 200


def read_cursor(cursor: str | None, *shape: type) -> list[Any] | None:
    """What `write_cursor` wrote: values of the types in `shape`.

    Raises:
        Refusal: the cursor is not one of ours.
    """
    if not cursor:
        return None
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=="))
        return [_typed(value, kind) for value, kind in zip(raw, shape, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        complaint = "This cursor did not come from here."
        raise Refusal(ErrorCode.INVALID, complaint, fields={"cursor": [complaint]}) from None


def write_cursor(rows: Sequence[Any], limit: int, *names: str) -> str | None:
    """The cursor behind the last row of a page; None behind the last page."""
    if len(rows) < limit:
        return None
    values = [getattr(rows[-1], name) for name in names]
    text = json.dumps([value.isoformat() if isinstance(value, datetime) else value for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _typed(value: object, kind: type) -> object:
    if kind is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("a time without its zone")
        return moment.astimezone(UTC)
    if kind is UUID and isinstance(value, str):
        return str(UUID(value))
    if isinstance(value, kind):
        return value
    raise ValueError("another type")
