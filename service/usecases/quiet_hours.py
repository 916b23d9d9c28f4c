"""When a number may be texted: while it is day in every zone that its owner may be in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from matching import possible_time_zones, state_of_number

if TYPE_CHECKING:
    from collections.abc import Sequence

#: From this hour of the day until before that one, at the recipient's.
Hours: TypeAlias = "tuple[int, int]"
_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
#: Days that are searched for a moment that is day everywhere.
_DAYS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingHours:
    """The usual hours (47 CFR 64.1200(c)(1): 8 to 21), and those of stricter states: `FL`, or `TX-SUN` for a day of the week."""

    usual: Hours
    by_state: tuple[tuple[str, Hours], ...] = ()

    def on(self, state: str | None, weekday: int) -> Hours:
        """The hours of a state on a day of the week (Monday is 0)."""
        stricter = dict(self.by_state)
        day = stricter.get(f"{state}-{_WEEKDAYS[weekday]}")
        return day or stricter.get(state or "") or self.usual


def earliest(phone: str, *, hours: SendingHours, now: datetime) -> datetime:
    """From when on a number in E.164 may be texted: `now`, or the next moment that is within the hours in all its zones.

    Where no moment is (a number without a place, in a country as wide as half the world), the one that suits most zones.
    """
    return _earliest(possible_time_zones(phone) or ("UTC",), state_of_number(phone), hours, now)


@lru_cache(maxsize=1024)
def _earliest(zones: tuple[str, ...], state: str | None, hours: SendingHours, now: datetime) -> datetime:
    places = [ZoneInfo(zone) for zone in zones]
    open_now = _open_places(places, state, hours, now)
    if open_now == len(places):
        return now
    openings = sorted({each for place in places for each in _openings(place, state, hours, now)})
    counted = [(_open_places(places, state, hours, each), each) for each in openings if each > now]
    most = max(count for count, _ in counted)
    return next(each for count, each in counted if count == most)


def _open_places(places: Sequence[ZoneInfo], state: str | None, hours: SendingHours, at: datetime) -> int:
    return sum(_is_open(at.astimezone(place), state, hours) for place in places)


def _is_open(local: datetime, state: str | None, hours: SendingHours) -> bool:
    opens, closes = hours.on(state, local.weekday())
    return opens <= local.hour < closes


def _openings(place: ZoneInfo, state: str | None, hours: SendingHours, now: datetime) -> list[datetime]:
    today = now.astimezone(place).date()
    days = [today + timedelta(days=number) for number in range(_DAYS)]
    return [
        datetime.combine(day, time(hours.on(state, day.weekday())[0]), place).astimezone(UTC) for day in days
    ]
