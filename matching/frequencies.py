"""How common a name is: term frequencies from the 1990 census of the United States (matching/data/README.md).

A name that neither the census nor the vocabulary lists is taken to be rare. Where a base of customers shows otherwise, its own counts
outweigh the census: see `matching.weights`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from matching.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

UNSEEN_GIVEN = 1e-5
"""Frequency of a given name that is not listed: half of the rarest that is."""

UNSEEN_FAMILY = 3e-6
"""Frequency of a family name that is not listed: the 70,000 left out share about 20 % of the people."""

WELL_KNOWN = 5e-5
"""A given name held by this share of people or more is no slip of the pen for another one."""

FURTHER_GIVEN = 3e-4
"""Share of its sex that holds a given name of the vocabulary that the census lacks (judgement: as Ian or Jenny)."""

FAMILY_FIRST = 0.2
"""Chance of one order of two words against the other from which the family name may stand first (judgement)."""

_ONE_SIDED = 3
"""A given name is a man's or a woman's where one sex holds it this many times as often. A low bar, since of a couple
with alike names (Antonio 190:2, Antonia 4:35) each is to be told from the other."""


class GivenName(NamedTuple):
    """Shares of men and of women who hold a given name."""

    men: float
    women: float


def given_frequency(given: str) -> float:
    """Share of people who hold this given name (folded)."""
    row = _given_names().get(given)
    return max((row.men + row.women) / 2, UNSEEN_GIVEN) if row else UNSEEN_GIVEN


def family_frequency(family: str) -> float:
    """Share of people who hold this family name (folded); of a double name, the rarer half decides."""
    table = _family_names()
    joined = family.replace(" ", "")
    if joined in table:
        return table[joined]
    return min((table[word] for word in family.split() if word in table), default=UNSEEN_FAMILY)


def is_well_known(given: str) -> bool:
    """True for a given name that many people hold, so that a near miss of it is another name, not a typo."""
    return given_frequency(given) >= WELL_KNOWN


def is_listed(given: str) -> bool:
    """True for a given name that the tables know, though it may be rare; below that the census lists slips too (Elizbeth)."""
    return given_frequency(given) > UNSEEN_GIVEN


def is_listed_family(family: str) -> bool:
    """True for a family name that the census knows."""
    return family in _family_names()


@lru_cache(maxsize=65_536)
def may_be_family_first(first: str, last: str) -> bool:
    """True where the first of two folded words may be the family name and the last one the given name (Garcia Maria, Kim Minji)."""
    family_first = family_frequency(first) * given_frequency(last)
    is_no_family = is_listed_family(first) and not _is_family_of_words(last)
    as_family = UNSEEN_FAMILY if is_no_family else family_frequency(last)
    return family_first >= FAMILY_FIRST * given_frequency(first) * as_family


def _is_family_of_words(family: str) -> bool:
    """False for a double name of which a half is none: the Woo of Ji-woo makes no family name of it, behind Kim."""
    return is_listed_family(family.replace(" ", "")) or all(map(is_listed_family, family.split()))


def sexes_differ(one: str, other: str) -> bool:
    """True where one given name is mostly men's and the other mostly women's (John, Joan)."""
    return _sex(one) * _sex(other) < 0


def _sex(given: str) -> int:
    row = _given_names().get(given)
    if row is None:
        return 0
    return int(row.men > _ONE_SIDED * row.women) - int(row.women > _ONE_SIDED * row.men)


@cache
def _given_names() -> dict[str, GivenName]:
    census = {
        name: GivenName(men=int(men) / 100_000, women=int(women) / 100_000)
        for name, men, women in _rows("given_names.tsv")
    }
    men = _further_names("given_names_of_men", GivenName(men=FURTHER_GIVEN, women=0), census)
    women = _further_names("given_names_of_women", GivenName(men=0, women=FURTHER_GIVEN), census)
    both = dict.fromkeys(men.keys() & women.keys(), GivenName(men=FURTHER_GIVEN, women=FURTHER_GIVEN))
    return census | men | women | both


def _further_names(
    vocabulary_list: str, row: GivenName, census: Mapping[str, GivenName]
) -> dict[str, GivenName]:
    """The names of the list that fewer people bear by the census than bear them now."""
    return {name: row for name in vocabulary(vocabulary_list) if sum(census.get(name, ())) < sum(row)}


@cache
def _family_names() -> dict[str, float]:
    return {name: int(count) / 100_000 for name, count in _rows("family_names.tsv")}


def _rows(file_name: str) -> list[list[str]]:
    text = (files("matching") / "data" / file_name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]
