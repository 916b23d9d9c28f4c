"""Where a phone number may be: its possible time zones, and its state. A number is only a hint: people move and keep theirs."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import timezone

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNITED_STATES = "+1"


def possible_time_zones(e164: str) -> tuple[str, ...]:
    """Every zone (IANA's names) that a number in E.164 may be in; none where nothing is known of it."""
    zones = timezone.time_zones_for_number(phonenumbers.parse(e164, None))
    return tuple(zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE)


def state_of_number(e164: str) -> str | None:
    """The state of the United States (`CA`) that a number's area code is of; None for any other number."""
    return _states().get(e164[2:5]) if e164.startswith(_UNITED_STATES) else None


@cache
def _states() -> Mapping[str, str]:
    text = (files("matching") / "data" / "area_codes.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {code: state for state, *codes in rows for code in codes}
