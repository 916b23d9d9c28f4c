"""Where a phone number may be: its possible time zones and states. A number is only a hint: people move and keep theirs."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import timezone
from phonenumbers.tzdata import TIMEZONE_DATA

if TYPE_CHECKING:
    from collections.abc import Mapping

_NORTH_AMERICA = "+1"
#: Area codes laid over older ones, of which the metadata knows a part of the zones, or a wrong one: whose zones they have.
_LAID_OVER = {
    "236": "250",
    "257": "250",
    "364": "270",
    "367": "418",
    "448": "850",
    "458": "541",
    "581": "418",
    "672": "250",
    "689": "407",
    "729": "423",
    "778": "250",
    "930": "812",
    "986": "208",
}


def possible_time_zones(e164: str) -> tuple[str, ...]:
    """Every zone (IANA's names) that a number in E.164 may be in; none where nothing is known of it.

    Of a number in North America all zones of its area code, since the metadata places the exchanges of landlines only; of
    one without a place (toll-free) all zones of the United States.
    """
    if e164.startswith(_NORTH_AMERICA):
        return _zones_by_area_code().get(_area_code(e164)) or _zones_of_all_states()
    zones = timezone.time_zones_for_number(phonenumbers.parse(e164, None))
    return tuple(zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE)


def possible_states(e164: str) -> tuple[str, ...]:
    """The states of the United States (`CA`) that a number may be in: that of its area code, or all where it has no place."""
    if not e164.startswith(_NORTH_AMERICA):
        return ()
    code = _area_code(e164)
    if code not in _zones_by_area_code():
        return tuple(sorted(set(_states().values())))
    return tuple(state for state in (_states().get(code),) if state is not None)


def is_area_code(code: str) -> bool:
    """True for the area code of a place in North America."""
    return _LAID_OVER.get(code, code) in _zones_by_area_code()


def _area_code(e164: str) -> str:
    code = e164[2:5]
    return _LAID_OVER.get(code, code)


@cache
def _zones_by_area_code() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for prefix, zones in TIMEZONE_DATA.items():
        if prefix.startswith("1") and len(prefix) > 1:
            found.setdefault(prefix[1:4], set()).update(zones)
    return {code: tuple(sorted(zones)) for code, zones in found.items()}


@cache
def _zones_of_all_states() -> tuple[str, ...]:
    zones = _zones_by_area_code()
    return tuple(sorted({zone for code in _states() for zone in zones.get(code, ())}))


@cache
def _states() -> Mapping[str, str]:
    text = (files("matching") / "data" / "area_codes.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {code: state for state, *codes in rows for code in codes}
