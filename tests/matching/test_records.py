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
    possible_time_zones,
    state_of_number,
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
    assert state_of_number("+19165550100") == "CA"
    assert state_of_number("+4420555010") is None
    assert "America/Los_Angeles" in possible_time_zones("+19165550100")


def test_a_region_is_a_country_with_numbers_of_its_own() -> None:
    assert is_region("US")
    assert not is_region("EU")
