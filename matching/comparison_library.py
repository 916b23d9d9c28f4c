"""How two contact values of one kind compare: each function names the level of `model_v1.json` that fits first.

All are symmetric: comparing a with b is comparing b with a. None sees more than the two values. Names: `name_comparison.py`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from matching.name_parts import MIN_TYPO_LENGTH, is_one_slip
from matching.normalize.emails import ROLE_LOCALS, is_public_domain, local_part_at
from matching.normalize.phones import Dialled, dialled_as
from matching.records import LocalPhone, Phone

if TYPE_CHECKING:
    from matching.records import Email, Handle

MIN_LOCAL_LENGTH = 5
"""The part before an @ says something across domains from this length on (not j@, info@ or john@)."""

MIN_PHONE_LENGTH = 8
"""Shorter numbers (short codes) are too close to each other for a near miss to mean anything."""

_LEVEL_OF_DIALLED: dict[Dialled | None, str] = {Dialled.IN_COUNTRY: "national", Dialled.IN_TOWN: "dialled"}


def compare_phones(one: Phone | LocalPhone, other: Phone | LocalPhone) -> str | None:
    """Level of two numbers; None where one lacks its country or area and the other is not dialled so."""
    if isinstance(one, LocalPhone):
        return _LEVEL_OF_DIALLED.get(dialled_as(other.e164, one.digits)) if isinstance(other, Phone) else None
    if isinstance(other, LocalPhone):
        return compare_phones(other, one)
    if one.e164 == other.e164:
        return "exact"
    return "similar" if is_one_slip(one.e164, other.e164, min_length=MIN_PHONE_LENGTH) else "different"


def compare_emails(one: Email, other: Email) -> str:
    if one.canonical == other.canonical:
        return "exact"
    if one.domain == other.domain:
        # Whether the provider takes what follows a plus sign for a tag is not known here.
        is_tagged = one.local.partition("+")[0] == other.local.partition("+")[0]
        is_slip = is_one_slip(one.local, other.local, min_length=MIN_LOCAL_LENGTH)
        return "typo" if is_tagged or is_slip else "different"
    if _is_misspelt(one.domain, other.domain):
        # Gmail's dots are gone from the right address, and still in the misspelt one.
        meant = local_part_at(one.address, other.domain), local_part_at(other.address, one.domain)
        if one.local == other.local or meant[0] == other.local or meant[1] == one.local:
            return "misspelt_domain"
    # Gmail ignores dots, so that none are left of its addresses; elsewhere people keep them (ana.lopez at both).
    local, other_local = one.local.replace(".", ""), other.local.replace(".", "")
    if local != other_local or len(local) < MIN_LOCAL_LENGTH or local in ROLE_LOCALS:
        return "different"
    return "same_local"


def compare_handles(one: Handle, other: Handle) -> str | None:
    """Level of two handles; None where their platforms differ."""
    if one.platform != other.platform:
        return None
    if one.value == other.value:
        return "exact"
    return "lookalike" if one.skeleton and one.skeleton == other.skeleton else "different"


@lru_cache(maxsize=65_536)
def _is_misspelt(one: str, other: str) -> bool:
    """True for a domain and a slip of it; at a well-known provider its name and its ending may have one each."""
    (name, _, ending), (other_name, _, other_ending) = one.partition("."), other.partition(".")
    are_known = is_public_domain(one), is_public_domain(other)
    if all(are_known) and name != other_name:
        return False
    if is_one_slip(one, other, min_length=MIN_TYPO_LENGTH):
        return True
    return (
        any(are_known)
        and is_one_slip(name, other_name, min_length=MIN_TYPO_LENGTH)
        and is_one_slip(ending, other_ending, min_length=0)
    )
