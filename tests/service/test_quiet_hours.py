"""When a number may be texted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import possible_states, possible_time_zones
from service.config import Settings
from service.usecases.quiet_hours import SendingHours, earliest

HOURS = SendingHours(usual=(8, 21), by_state=Settings().sending_hours_by_state)
CALIFORNIA, FLORIDA, TEXAS, BERLIN, GUAM = (
    "+19165551234",
    "+13055551234",
    "+12145551234",
    "+4915112345678",
    "+16715551234",
)
#: Where two zones meet: exchanges of mobile phones are of no place.
GARY, WESTERN_KENTUCKY, CHATTANOOGA = "+12192071234", "+13642071234", "+14235551234"
TOLL_FREE, NOWHERE = "+18005551234", "+80012345678"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("phone", "now", "allowed"),
    [
        (CALIFORNIA, "2026-03-03 15:59", "2026-03-03 16:00"),
        (CALIFORNIA, "2026-03-03 16:00", "2026-03-03 16:00"),
        (CALIFORNIA, "2026-03-04 04:59", "2026-03-04 04:59"),
        (CALIFORNIA, "2026-03-04 05:00", "2026-03-04 16:00"),
        # The clocks go forward on 8 March.
        (CALIFORNIA, "2026-03-08 05:00", "2026-03-08 15:00"),
        # Florida ends at 20:00, also in its western zone.
        (FLORIDA, "2026-03-03 23:00", "2026-03-03 23:00"),
        (FLORIDA, "2026-03-04 01:00", "2026-03-04 13:00"),
        # Texas begins at 9, on Sundays at 12.
        (TEXAS, "2026-03-03 14:30", "2026-03-03 15:00"),
        (TEXAS, "2026-03-01 16:00", "2026-03-01 18:00"),
        (BERLIN, "2026-03-03 05:00", "2026-03-03 07:00"),
        (GUAM, "2026-03-03 12:00", "2026-03-03 22:00"),
        # Seven in the morning, or half past nine in the evening, in one of the zones of the area code.
        (GARY, "2026-07-15 12:00", "2026-07-15 13:00"),
        (WESTERN_KENTUCKY, "2026-07-15 12:00", "2026-07-15 13:00"),
        (CHATTANOOGA, "2026-07-16 01:30", "2026-07-16 13:00"),
        # In any state: from 9 in Hawaii until 18 in Puerto Rico.
        (TOLL_FREE, "2026-03-03 18:59", "2026-03-03 19:00"),
        (TOLL_FREE, "2026-03-03 21:59", "2026-03-03 21:59"),
        (TOLL_FREE, "2026-03-03 22:00", "2026-03-04 19:00"),
        # Where nobody knows: by UTC.
        (NOWHERE, "2026-03-03 05:00", "2026-03-03 08:00"),
    ],
)
def test_a_text_waits_for_the_day_at_its_recipients(phone: str, now: str, allowed: str) -> None:
    assert earliest(phone, hours=HOURS, now=at(now)) == at(allowed)


def test_a_number_of_many_zones_waits_until_it_is_day_in_all_of_them() -> None:
    allowed = earliest(TOLL_FREE, hours=HOURS, now=at("2026-03-03 12:00"))
    zones = possible_time_zones(TOLL_FREE)
    assert {"Pacific/Honolulu", "America/New_York"} < set(zones)
    assert all(8 <= allowed.astimezone(ZoneInfo(zone)).hour < 21 for zone in zones)


def test_where_no_moment_suits_all_the_one_that_suits_most_is_taken() -> None:
    narrow = SendingHours(usual=(11, 12))
    now = at("2026-03-03 12:00")
    allowed = earliest(TOLL_FREE, hours=narrow, now=now)
    assert now < allowed < now + timedelta(days=4)


@given(
    st.sampled_from([CALIFORNIA, FLORIDA, TEXAS, BERLIN, GUAM]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_it_is_never_early_never_at_night_and_never_more_than_two_days(phone: str, now: datetime) -> None:
    allowed = earliest(phone, hours=HOURS, now=now)
    assert now <= allowed < now + timedelta(days=2)
    for zone in possible_time_zones(phone):
        assert 8 <= allowed.astimezone(ZoneInfo(zone)).hour < 21
    assert earliest(phone, hours=HOURS, now=allowed) == allowed


def test_area_codes_tell_the_state_and_numbers_without_a_place_may_be_in_any() -> None:
    assert [possible_states(each) for each in (CALIFORNIA, FLORIDA, TEXAS, CHATTANOOGA)] == [
        ("CA",),
        ("FL",),
        ("TX",),
        ("TN",),
    ]
    assert {possible_states(each) for each in (BERLIN, GUAM, NOWHERE)} == {()}
    assert {"HI", "NY", "TX"} < set(possible_states(TOLL_FREE))
