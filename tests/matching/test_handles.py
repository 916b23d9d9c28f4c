"""User names as people type them, and what a person would recognise in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.normalize import handle_skeleton, normalize_handle
from matching.records import Handle, Provenance, Rejected

HANDLE_LIKE = st.text(alphabet="abcjohndoe_.-0179ITSofficialbz @", max_size=40)


def value(raw: str, platform: str = "instagram") -> str:
    handle = normalize_handle(raw, platform=platform, provenance=Provenance.ASSERTED)
    assert isinstance(handle, Handle), handle
    return handle.value


@pytest.mark.parametrize(
    "raw",
    [
        "john.doe", "@john.doe", " @John.Doe ", "@@john.doe", "JOHN.DOE", "\uff20\uff4a\uff4f\uff48\uff4e.\uff44\uff4f\uff45", "john.doe.", "@john.doe,",
        "https://www.instagram.com/john.doe/?igsh=MXY%3D", "instagram.com/john.doe", "http://instagram.com/_u/john.doe",
        "https://www.instagram.com/stories/john.doe/123/", "https://ig.me/m/john.doe", "instagr.am/John.Doe",
        "IG: john.doe", "instagram: @john.doe", "\u200ejohn.doe",
    ],
)  # fmt: skip
def test_every_way_to_give_an_instagram_name_gives_the_same_name(raw: str) -> None:
    assert value(raw) == "john.doe"


@pytest.mark.parametrize(
    ("raw", "platform", "expected"),
    [
        ("https://www.tiktok.com/@Ana.X?lang=en", "tiktok", "ana.x"),
        ("https://facebook.com/profile.php?id=1000123", "facebook", "1000123"),
        ("https://m.facebook.com/ana.lopez", "facebook", "ana.lopez"),
        ("https://x.com/ana", "twitter", "ana"),
        ("t.me/ana-lopez", "telegram", "ana-lopez"),
        ("https://www.linkedin.com/in/ana-lopez-42/", "linkedin", "ana-lopez-42"),
    ],
)
def test_profile_links_of_other_platforms_are_read(raw: str, platform: str, expected: str) -> None:
    assert value(raw, platform) == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "handle_empty"), ("@", "handle_empty"), ("john doe", "handle_bad_characters"), ("jöhn", "handle_bad_characters"),
        ("x" * 31, "handle_too_long"), ("x" * 5000, "handle_too_long"), ("instagram.com/p/Cxyz/", "handle_not_a_profile"),
        ("https://www.instagram.com/", "handle_not_a_profile"), ("john@gmail.com", "handle_bad_characters"),
    ],
)  # fmt: skip
def test_what_is_no_user_name_is_rejected_with_a_reason(raw: str, code: str) -> None:
    rejected = normalize_handle(raw, platform="instagram", provenance=Provenance.ASSERTED)
    assert isinstance(rejected, Rejected)
    assert rejected.code == code


@given(st.text(max_size=350) | HANDLE_LIKE, st.sampled_from(["instagram", "facebook", "tiktok"]))
def test_normalizing_never_raises_and_is_idempotent(raw: str, platform: str) -> None:
    handle = normalize_handle(raw, platform=platform, provenance=Provenance.PLATFORM)
    if isinstance(handle, Handle):
        assert normalize_handle(handle.value, platform=platform, provenance=Provenance.PLATFORM) == handle


@pytest.mark.parametrize(
    "handle",
    [
        "johndoe", "johndoe_biz", "john.doe", "john_doe_77", "_johndoe_", "officialjohndoe", "itsjohndoe", "johndoe1985",
        "the.real.john.doe", "thereal_johndoe", "iam_johndoe", "iamjohndoe", "johndoe.official", "mr_john_doe", "xo.johndoe.xo",
        "77johndoe", "johndoebiz", "john-doe", "JohnDoe", "jöhn.döe", "john_1985_doe",
    ],
)  # fmt: skip
def test_decoration_digits_and_separators_are_not_part_of_a_skeleton(handle: str) -> None:
    assert handle_skeleton(handle) == "johndoe"


@pytest.mark.parametrize(
    ("handle", "skeleton"),
    [
        ("theresa", "theresa"), ("realba", "realba"), ("itsuki", "itsuki"), ("itsukitanaka", "itsukitanaka"), ("biz", "biz"),
        ("the_real", "thereal"), ("12345", "12345"), ("a.b", "ab"), ("maria.de.la.cruz", "mariadelacruz"), ("", ""),
        ("iamb", "iamb"), ("official", "official"),
    ],
)  # fmt: skip
def test_decoration_stays_where_too_little_would_remain(handle: str, skeleton: str) -> None:
    assert handle_skeleton(handle) == skeleton


@given(st.text(max_size=60) | HANDLE_LIKE)
def test_the_skeleton_of_a_skeleton_is_itself(handle: str) -> None:
    skeleton = handle_skeleton(handle)
    assert handle_skeleton(skeleton) == skeleton
