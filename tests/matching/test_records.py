from __future__ import annotations

import msgspec
import pytest

from matching import (
    Email,
    Phone,
    Provenance,
    Record,
    Rejected,
    normalize_phone,
    possible_states,
    possible_time_zones,
)
from matching.normalize.phones import is_region
from matching.records import pack, unpack


def test_a_packed_record_is_the_record() -> None:
    record = Record(
        phones=(Phone(e164="+19165550100"),), emails=(Email(address="A@x.org", canonical="a@x.org"),)
    )
    assert unpack(pack(record)) == record
    with pytest.raises(msgspec.DecodeError):
        unpack(b"\xc1")


def test_a_record_of_nothing_is_false() -> None:
    assert not Record()
    assert Record(phones=(Phone(e164="+19165550100"),))


def test_an_address_has_a_local_part_and_a_domain() -> None:
    address = Email(address="Ana+x@Mail.org", canonical="ana@mail.org")
    assert (address.local, address.domain) == ("ana", "mail.org")


def test_digits_that_begin_with_no_countrys_code_are_no_number() -> None:
    assert isinstance(normalize_phone("99912345678", region="US", provenance=Provenance.ASSERTED), Rejected)


def test_where_a_number_may_be_is_told_by_its_area_code() -> None:
    assert possible_states("+19165550100") == ("CA",)
    assert possible_time_zones("+19165550100") == ("America/Los_Angeles",)
    assert possible_states("+442071838750") == ()
    assert possible_time_zones("+442071838750") == ("Europe/London",)
    assert possible_states("+15145550100") == ()


@pytest.mark.parametrize("code", ["219", "270", "364", "423", "448", "850", "930"])
def test_a_number_may_be_in_all_zones_of_its_area_code(code: str) -> None:
    # An exchange of mobile phones, which the metadata places nowhere.
    assert possible_time_zones(f"+1{code}2071234") == ("America/Chicago", "America/New_York")


def test_a_number_without_a_place_may_be_anywhere_in_the_united_states() -> None:
    zones, states = possible_time_zones("+18005550100"), possible_states("+18005550100")
    assert {"America/New_York", "America/Chicago", "Pacific/Honolulu"} < set(zones)
    assert "Pacific/Guam" not in zones
    assert {"AK", "FL", "WY"} < set(states)


def test_a_region_is_a_country_with_numbers_of_its_own() -> None:
    assert is_region("US")
    assert not is_region("EU")
