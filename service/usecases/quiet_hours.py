"""When a number may be texted: while it is day in every zone that its owner may be in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from matching import possible_states, possible_time_zones

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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

    def on(self, states: Collection[str], weekday: int) -> Hours:
        """The hours on a day of the week (Monday is 0) that are within those of each of these states."""
        stricter = dict(self.by_state)
        hours = [
            stricter.get(f"{state}-{_WEEKDAYS[weekday]}") or stricter.get(state) or self.usual
            for state in states
        ] or [self.usual]
        return max(opens for opens, _ in hours), min(closes for _, closes in hours)


def earliest(phone: str, *, hours: SendingHours, now: datetime) -> datetime:
    """From when on a number in E.164 may be texted: `now`, or the next moment that is within the hours in all its zones.

    Where no moment is (in a country as wide as half the world), the one that suits most zones.
    """
    return _earliest(possible_time_zones(phone) or ("UTC",), possible_states(phone), hours, now)


@lru_cache(maxsize=1024)
def _earliest(
    zones: tuple[str, ...], states: tuple[str, ...], hours: SendingHours, now: datetime
) -> datetime:
    places = [ZoneInfo(zone) for zone in zones]
    open_now = _open_places(places, states, hours, now)
    if open_now == len(places):
        return now
    openings = sorted({each for place in places for each in _openings(place, states, hours, now)})
    counted = [(_open_places(places, states, hours, each), each) for each in openings if each > now]
    most = max(count for count, _ in counted)
    return next(each for count, each in counted if count == most)


def _open_places(
    places: Sequence[ZoneInfo], states: tuple[str, ...], hours: SendingHours, at: datetime
) -> int:
    return sum(_is_open(at.astimezone(place), states, hours) for place in places)


def _is_open(local: datetime, states: tuple[str, ...], hours: SendingHours) -> bool:
    opens, closes = hours.on(states, local.weekday())
    return opens <= local.hour < closes


def _openings(place: ZoneInfo, states: tuple[str, ...], hours: SendingHours, now: datetime) -> list[datetime]:
    today = now.astimezone(place).date()
    days = [today + timedelta(days=number) for number in range(_DAYS)]
    return [
        datetime.combine(day, time(hours.on(states, day.weekday())[0]), place).astimezone(UTC) for day in days
    ]
