"""Broken promises, each with a code. `service.web.problems` turns codes into HTTP."""

from __future__ import annotations

import traceback
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta


_ROOT = Path(__file__).parents[1]


class ErrorCode(StrEnum):
    """What went wrong, for programs."""

    INVALID = "invalid"
    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    GONE = "gone"
    PRECONDITION_FAILED = "precondition_failed"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA = "unsupported_media"
    TOO_MANY = "too_many"
    PROVIDER_FAILED = "provider_failed"
    UNAVAILABLE = "unavailable"


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault of ours
    """A request that cannot be met. `fields` names every field at fault, each with its complaints.

    `retry_after` is how long to wait before it can be met, where that is known.
    """

    def __init__(
        self,
        code: ErrorCode,
        detail: str,
        *,
        fields: Mapping[str, Sequence[str]] | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.fields = dict(fields or {})
        self.retry_after = retry_after


def raised_at(error: Exception) -> str:
    """File and line where an error was raised, innermost of ours: enough to find it, and no data of anybody's."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_ROOT) and "site-packages" not in frame.filename
    ]
    return " > ".join(places[-4:])
