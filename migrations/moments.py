"""Points in time as legacy tables hold them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: Numbers from here on are milliseconds since 1970: as seconds they would lie beyond the year 5000.
_MILLISECONDS_FROM = 100_000_000_000


def read_moment(raw: object) -> datetime | None:
    """An aware UTC datetime out of ISO 8601, RFC 2822 or seconds since 1970; None where it is something else.

    What has no zone is taken for UTC.
    """
    try:
        moment = raw if isinstance(raw, datetime) else _parsed(str(raw).strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _parsed(text: str) -> datetime:
    number = text.removeprefix("-").replace(".", "", 1)
    if number.isdecimal() and not _is_compact_date(text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds >= _MILLISECONDS_FROM else seconds, UTC)
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return parsedate_to_datetime(text)


def _is_compact_date(text: str) -> bool:
    """Say whether eight digits are a date (20240131) rather than seconds in 1970."""
    return len(text) == len("YYYYMMDD") and text.startswith(("19", "20"))
