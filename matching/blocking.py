"""Which customers are worth comparing: a handful of selective keys per record, and a bounded choice among their holders."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from matching.name_parts import double_family, phonetic_code
from matching.normalize.handles import handle_skeleton
from matching.normalize.names import nicknames_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from matching.records import PersonName, Record

KEY_CAP = 200
"""Customers that a key may lead to. A name that 200 customers share leaves each of them below 1 in 200: far under the
threshold for asking, so that a larger block need not be read. One id more is read, to know that the cap is passed."""

MAX_CANDIDATES = 40
"""Customers that are scored per query, those who share the rarest keys. A name that more bear leaves each of them below 1 in 40,
and whoever shares anything beside it comes first."""

MAX_BY_PART = 10
"""Customers that are scored although half a name is all that leads to them: where more share it, it says little of each."""

PART_CAP = 30
"""Customers that half a name may lead to: more are not scored anyhow, and half a name lifts none of so many over the threshold."""

MAX_KEYS = 64
"""Keys of one record, most selective kinds first; a bound for records that nobody should have."""

MIN_SKELETON = 5
"""A handle or local part spells a whole name from this length on; `john` or `info` leads to everybody."""

MIN_FAMILY_WORD = 3
"""Shorter words of a longer family name are particles (de, la, van) that many families share."""


class KeyKind(StrEnum):
    """What a key is made of, most selective first."""

    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    NAME_SKELETON = "name_skeleton"
    PHONETIC_NAME = "phonetic_name"
    """The sound of the family name, and an initial of the given name: reaches over nicknames and misspelt given names."""
    GIVEN_NAME = "given_name"
    """The sound of the given name, and the initial of the family name: reaches over misspelt family names."""

    @property
    def cap(self) -> int:
        """Customers that a key of this kind may lead to."""
        return PART_CAP if self in _PARTS else KEY_CAP


_KINDS = tuple(KeyKind)
_RANKS = {kind: rank for rank, kind in enumerate(KeyKind)}
_PARTS = frozenset({KeyKind.PHONETIC_NAME, KeyKind.GIVEN_NAME})
_WEIGHT_OF_KEY = {kind: 1 if kind in _PARTS else 2 for kind in KeyKind}
_CONTACT_KINDS = frozenset({KeyKind.PHONE, KeyKind.EMAIL, KeyKind.HANDLE})
_CONTACT_PREFERENCE = 3.0
"""Bits by which a shared contact value outranks a name that is as rare."""


class BlockKey(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A value that records of one person are likely to share; `hash` is signed, 64 bits, the same on every machine."""

    kind: KeyKind
    text: str
    hash: int


@dataclass(frozen=True, kw_only=True)
class Block:
    """The customers that hold a key, in any order: all of them, or one more than the cap of its kind."""

    key: BlockKey
    customer_ids: tuple[str, ...]

    @cached_property
    def members(self) -> frozenset[str]:
        return frozenset(self.customer_ids)

    @property
    def is_over_cap(self) -> bool:
        return len(self.members) > self.key.kind.cap

    @property
    def rarity(self) -> float:
        """Bits that the key brings to the ranking of candidates: the rarer, the more."""
        preference = _CONTACT_PREFERENCE if self.key.kind in _CONTACT_KINDS else 0.0
        return preference + math.log2((KEY_CAP + 2) / len(self.members)) if self.members else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """What blocking found.

    `customer_ids` are worth reading, best first; to those of `by_part` nothing but half a name led. `holders` counts the
    customers behind each key hash, up to one more than its cap. `missed` counts, by key hash, the customers that share a key, none of its kind with fewer of them, and were not read:
    what they might have scored belongs to "someone new", which includes someone known whom retrieval missed.
    """

    customer_ids: tuple[str, ...] = ()
    by_part: frozenset[str] = frozenset()
    holders: Mapping[int, int] = field(default_factory=dict)
    missed: Mapping[int, int] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def block_key(kind: KeyKind, text: str) -> BlockKey:
    digest = blake2b((kind + ":" + text).encode(), digest_size=8).digest()
    return BlockKey(kind=kind, text=text, hash=int.from_bytes(digest, "big", signed=True))


def block_keys(record: Record) -> tuple[BlockKey, ...]:
    """The keys that a customer with this record is found by: distinct, most selective kinds first; a missing value gives none."""
    return _keys({*_whole_keys(record), *_part_keys(_names_as_written(record))})


def search_keys(record: Record) -> tuple[BlockKey, ...]:
    """The keys that a query looks under: its own block keys, then those of its nicknames and of its names turned round.

    A customer is kept under one spelling, and looked for under all of them, so that the index stays small.
    """
    return _keys({*_whole_keys(record), *_part_keys(_names_in_all_ways(record))})


def _keys(texts: set[tuple[KeyKind, str]]) -> tuple[BlockKey, ...]:
    ordered = sorted((_RANKS[kind], text) for kind, text in texts)
    keys = {key.hash: key for key in (block_key(_KINDS[rank], text) for rank, text in ordered[:MAX_KEYS])}
    return tuple(keys.values())


def name_skeletons(name: PersonName) -> tuple[str, ...]:
    """The name as a handle would spell it: in both orders where there are two parts, `johndoe` and `doejohn`."""
    given, family = name.given.replace(" ", ""), name.family.replace(" ", "")
    if given and family:
        return (given + family, family + given) if given != family else (given + family,)
    return (given + family,) if given or family else ()


def select_candidates(blocks: Sequence[Block], *, limit: int = MAX_CANDIDATES) -> Retrieval:
    """Choose whom to score: those who share the rarest keys.

    A key over its cap reaches nobody by itself; it ranks those whom another key reached. The outcome does not depend
    on the order of blocks, nor of the ids in them.
    """
    reached = {customer for block in blocks if not block.is_over_cap for customer in block.members}
    rarity = dict.fromkeys(reached, 0.0)
    keys = dict.fromkeys(reached, 0)
    for block in sorted(blocks, key=lambda block: (_RANKS[block.key.kind], block.key.hash)):
        bits, weight = block.rarity, _WEIGHT_OF_KEY[block.key.kind]
        for customer in block.members & reached:
            rarity[customer] += bits
            keys[customer] += weight
    best_first = sorted(reached, key=lambda customer: (-rarity[customer], customer))
    by_part = [customer for customer in best_first if keys[customer] == 1]
    too_many = frozenset(by_part[MAX_BY_PART:])
    best_first = [customer for customer in best_first if customer not in too_many][:limit]
    return Retrieval(
        customer_ids=tuple(best_first),
        by_part=frozenset(by_part),
        holders={block.key.hash: len(block.members) for block in blocks},
        missed=_count_missed(blocks, frozenset(best_first)),
    )


def _count_missed(blocks: Sequence[Block], selected: frozenset[str]) -> dict[int, int]:
    counted: dict[KeyKind, set[str]] = {}
    missed: dict[int, int] = {}
    for block in sorted(blocks, key=lambda block: (len(block.members), block.key.hash)):
        before = counted.setdefault(block.key.kind, set(selected))
        if more := len(block.members - before):
            missed[block.key.hash] = more
            before |= block.members
    return missed


def _whole_keys(record: Record) -> Iterator[tuple[KeyKind, str]]:
    for phone in record.phones:
        yield KeyKind.PHONE, phone.e164
    for email in record.emails:
        yield KeyKind.EMAIL, email.canonical
    for handle in record.handles:
        yield KeyKind.HANDLE, f"{handle.platform}:{handle.value}"
    for skeleton in record_skeletons(record):
        yield KeyKind.NAME_SKELETON, skeleton


def record_skeletons(record: Record) -> frozenset[str]:
    """Every spelling of a name that a record shows: in its names, its handles, and before the @ of its emails."""
    spelled = {text for name in record.names for text in name_skeletons(name)}
    return frozenset(spelled.union(contact_skeletons(record)))


def contact_skeletons(record: Record) -> frozenset[str]:
    """The skeletons of handles and of the local parts of emails, where they are long enough for a name."""
    handles = {handle.skeleton for handle in record.handles}
    locals_ = {handle_skeleton(email.local) for email in record.emails}
    return frozenset(text for text in handles | locals_ if len(text) >= MIN_SKELETON)


class _Parts(NamedTuple):
    """A name as its parts may be read: the given name, the initials that it may be written with, the family name."""

    given: str
    initials: frozenset[str]
    family: str


def _names_as_written(record: Record) -> Iterator[_Parts]:
    for name in record.names:
        if name.given and name.family:
            yield _Parts(name.given, frozenset(name.given[0]), double_family(name))


def _names_in_all_ways(record: Record) -> Iterator[_Parts]:
    for name in record.names:
        if name.given and name.family:
            for given, family in ((name.given, double_family(name)), (name.family, name.given)):
                initials = frozenset(each[0] for each in (given, *nicknames_of(given)))
                yield _Parts(given, initials, family)


def _part_keys(names: Iterable[_Parts]) -> Iterator[tuple[KeyKind, str]]:
    for name in names:
        words = _family_words(name.family)
        for word in words:
            for initial in name.initials:
                yield KeyKind.PHONETIC_NAME, f"{initial} {phonetic_code(word)}"
            if len(name.given) > 1:
                yield KeyKind.GIVEN_NAME, f"{phonetic_code(name.given)} {word[0]}"


def _family_words(family: str) -> list[str]:
    words = family.split()
    return [word for word in words if len(word) >= MIN_FAMILY_WORD] or words
