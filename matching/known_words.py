"""Which words are names and which are anything but: the census tables and two word lists in `matching/data`."""

from __future__ import annotations

from functools import cache

from matching.frequencies import UNSEEN_FAMILY, UNSEEN_GIVEN, family_frequency, given_frequency
from matching.normalize.names import nicknames_of
from matching.vocabulary import table_lines, vocabulary


def is_ordinary(folded: str) -> bool:
    """True for a word that people use for something else than a name ("vegan", "love", "different")."""
    return folded in _words("ordinary_words.txt") or folded in vocabulary("never_in_names")


def is_given_name(folded: str) -> bool:
    """True for a given name of any country or a short form, "jean baptiste" included, unless it is an ordinary word as well."""
    return bool(folded) and all(map(_is_single_given_name, folded.split()))


def _is_single_given_name(folded: str) -> bool:
    if is_ordinary(folded) or folded in vocabulary("never_given_names"):
        return False
    return (
        given_frequency(folded) > UNSEEN_GIVEN
        or folded in _words("given_names_elsewhere.txt")
        or bool(nicknames_of(folded))
    )


def is_family_name(folded: str) -> bool:
    """True for a family name that the census lists; many of them are ordinary words too (Young, Price)."""
    return family_frequency(folded) > UNSEEN_FAMILY


def is_word_and_name(folded: str) -> bool:
    """True for given names that are words too: Grace, Mark, Will."""
    return folded in vocabulary("words_and_names")


@cache
def _words(file_name: str) -> frozenset[str]:
    return frozenset(word for line in table_lines(file_name) for word in line.split())
