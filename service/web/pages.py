"""Lists page by page, with cursors that are opaque to their reader."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.errors import ErrorCode, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MAX_LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A piece of a list: `after` holds what the row before it has under the names that rows are ordered by."""

    after: list[Any] | None
    limit: int
    order: Sequence[str]

    def answer(self, rows: Sequence[Any], items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """What a list answers: `items` show the rows, and `next` is the cursor behind them, None on the last page."""
        return {"items": list(items), "next": self._next(rows)}

    def _next(self, rows: Sequence[Any]) -> str | None:
        if len(rows) < self.limit:
            return None
        values = [getattr(rows[-1], name) for name in self.order]
        text = json.dumps([value.isoformat() if isinstance(value, datetime) else value for value in values])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_page(query: Mapping[str, Any], **order: type) -> Page:
    """The page that a PageQuery asks for, of a list in the `order` of these attributes.

    Raises:
        Refusal: the cursor is not one of ours.
    """
    return Page(after=_read_cursor(query.get("cursor"), order.values()), limit=query["limit"], order=[*order])


def _read_cursor(cursor: str | None, shape: Iterable[type]) -> list[Any] | None:
    if not cursor:
        return None
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=="))
        return [_typed(value, kind) for value, kind in zip(raw, shape, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        complaint = "This cursor did not come from here."
        raise Refusal(ErrorCode.INVALID, complaint, fields={"cursor": [complaint]}) from None


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
