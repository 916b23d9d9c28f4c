"""Which countries a message tells, in which its national phone numbers may be dialled: by their names, or by its language.

The words, and why they are those, stand in `matching/data/told_countries.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FEWEST_WORDS = 2
"""Words of a language that a message must have: one may be a name, or borrowed."""

_PHONE = r"(?:cell|cellphone|mobile|phone|number|num|whats\s?app|sim|line|landline)"

_LATIN = r"[a-z\u00df-\u024f\u1e00-\u1eff]"


class Told(NamedTuple):
    """Countries (ISO 3166), of which the text tells no single one; `mostly` is where nearly all who write so live."""

    countries: tuple[str, ...]
    mostly: str | None = None


def told_countries(text: str) -> Iterator[Told]:
    """Yield what a message tells, the surest first: the countries that it names, then those of its language."""
    folded = unicodedata.normalize("NFC", text).lower()
    named = dict.fromkeys(_named()[match[match.lastgroup or 0]] for match in _any_name().finditer(folded))
    if named:
        yield Told(tuple(named))
    spoken = _of_script(folded) or _of_words(folded)
    if spoken:
        yield spoken


def _of_script(folded: str) -> Told | None:
    """Tell by letters; the first script that has two of them counts, since its neighbours' letters stand among them."""
    found = (script for script in _table()["scripts"].values() if _letters(script["letters"]).search(folded))
    return next(map(_told, found), None)


def _of_words(folded: str) -> Told | None:
    """Tell by the words that most are of one language; by none where two languages have as many."""
    words = frozenset(re.findall(r"[^\W\d_]+", folded))
    languages = list(_table()["languages"].values())
    counts = [
        _FEWEST_WORDS * len(words.intersection(language.get("tells", "").split()))
        + len(words.intersection(language["words"].split()))
        for language in languages
    ]
    most = max(counts)
    return _told(languages[counts.index(most)]) if most >= _FEWEST_WORDS and counts.count(most) == 1 else None


def _told(entry: Mapping[str, Any]) -> Told:
    return Told(tuple(entry["countries"]), entry.get("mostly"))


@cache
def _letters(letters: str) -> re.Pattern[str]:
    return re.compile(rf"[{letters}][^{letters}]*[{letters}]")


@cache
def _any_name() -> re.Pattern[str]:
    """A name of a country or city, or what people call a phone from there ("my German number")."""
    names, people = _alternatives("named"), _alternatives("people")
    return re.compile(
        # New Mexico is another place. Ideographs have no space between words, so that only Latin letters make one longer.
        rf"(?<!\bnew )(?<!{_LATIN})(?P<place>{names})(?!{_LATIN})"
        rf"|\b(?P<people>{people})\s{_PHONE}\b"
    )


def _alternatives(kind: str) -> str:
    """Those names as a pattern, the longest first, so that none hides another that begins like it."""
    every = (name for names in _table()[kind].values() for name in names)
    return "|".join(map(re.escape, sorted(every, key=len, reverse=True)))


@cache
def _named() -> Mapping[str, str]:
    return {
        name: country
        for kind in ("named", "people")
        for country, names in _table()[kind].items()
        for name in names
    }


@cache
def _table() -> Mapping[str, Any]:
    text = files("matching") / "data" / "told_countries.toml"
    return tomllib.loads(text.read_text(encoding="utf-8"))
