"""Which values are ours, and which prove nothing: one query for all the values of a record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, true

from service.store.statements import marks, read_rows
from service.store.tables import ContactMethod

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

PATTERN = "pattern"
EXACT = "exact"
_OURS = "ours"


class Value(NamedTuple):
    """A contact value as it is compared; `platform` is '' but for a social one."""

    type: str
    platform: str
    match_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Values that take no part in matching: those that are ours, and those that are blocked, each with its reason."""

    ours: frozenset[Value]
    blocked: dict[Value, str]

    def __contains__(self, value: Value) -> bool:
        return value in self.ours or value in self.blocked

    def __bool__(self) -> bool:
        return bool(self.ours or self.blocked)


@cache
def _listed_statement(values: int) -> str:
    listed = marks(values)
    return f"""
        SELECT 'ours', type, platform, match_value, '' FROM own_contacts WHERE match_value IN ({listed})
        UNION ALL SELECT 'ours', 'social', platform, account_id, '' FROM social_accounts WHERE account_id IN ({listed})
        UNION ALL SELECT kind, type, platform, value, coalesce(reason, '') FROM blocked_values
            WHERE kind = 'exact' AND value IN ({listed})
        UNION ALL SELECT kind, type, platform, value, coalesce(reason, '') FROM blocked_values WHERE kind = 'pattern'
        """  # noqa: S608 - no value of anybody's is in it


def find_set_aside(session: Session, values: Collection[Value]) -> SetAside:
    """Which of `values` are ours or blocked, as the lists are now."""
    if not values:
        return SetAside(ours=frozenset(), blocked={})
    written = sorted({value.match_value for value in values})
    rows = read_rows(session, _listed_statement(len(written)), written * 3)
    ours: set[Value] = set()
    blocked: dict[Value, str] = {}
    for kind, *listed, reason in rows:
        for value in values:
            if not _is_listed(value, listed, kind):
                continue
            if kind == _OURS:
                ours.add(value)
            else:
                blocked[value] = reason
    return SetAside(ours=frozenset(ours), blocked=blocked)


def _is_listed(value: Value, listed: list[str], kind: str) -> bool:
    type_, platform, wanted = listed
    if type_ != value.type or platform not in {"", value.platform}:
        return False
    return matches(wanted, value.match_value) if kind == PATTERN else wanted == value.match_value


def matches(pattern: str, text: str) -> bool:
    """True where `pattern`, in which `*` stands for anything, is the whole of `text`. Never slower than linear in both."""
    first, *others = pattern.split("*")
    if not others:
        return pattern == text
    *middle, last = others
    if not (text.startswith(first) and text.endswith(last)):
        return False
    place, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, place, max(end, 0))
        if found < 0:
            return False
        place = found + len(part)
    return place <= end


def count_holders(session: Session, value: Value, *, kind: str) -> int:
    """How many customers hold a value, or one that a pattern fits, now."""
    fits: ColumnElement[bool] = ContactMethod.match_value == value.match_value
    if kind == PATTERN:
        fits = ContactMethod.match_value.like(_like(value.match_value), escape="\\")
    held = select(func.count(ContactMethod.customer_id.distinct())).where(
        ContactMethod.type == value.type,
        ContactMethod.platform == value.platform if value.platform else true(),
        fits,
        ContactMethod.deleted_at.is_(None),
        ContactMethod.collapsed_into_id.is_(None),
    )
    return session.scalar(held) or 0


def _like(pattern: str) -> str:
    for special in ("\\", "%", "_"):
        pattern = pattern.replace(special, f"\\{special}")
    return pattern.replace("*", "%")
