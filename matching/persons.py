"""The person behind a name: of a business whoever it is named after, and of a part of a name the whole that its bearer's handle spells."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from matching.frequencies import is_listed_family
from matching.known_words import is_given_name
from matching.normalize.names import normalize_name
from matching.normalize.text import fold
from matching.records import PersonName
from matching.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

FEWEST_LETTERS = 3
"""Letters of a part that a handle adds to a name, and of the part that it goes with: @jamal.ng says more of his nails than of his family."""

_OWNED = re.compile("['\u2019]s (?=.)", re.IGNORECASE)
"""Behind an owner, whatever it is: Rosa's Kitchen, Eddie's Barber Shop."""


def is_whole(name: PersonName) -> bool:
    """True for a name with a given and a family name, each more than an initial, that is no business's."""
    return (
        len(name.given) > 1
        and len(name.family) > 1
        and name.tokens[-1] not in vocabulary("businesses")
        and not _OWNED.search(name.display)
    )


def person_behind(name: PersonName, skeletons: Iterable[str]) -> PersonName:
    """The person of a name that is not whole, as far as it and the skeletons of its bearer's handles and addresses tell.

    "Cody's Catering" is Cody. "J. Morales" of @juana.morales is Juana, and no Javier; "Jamal" of jamal.singleton@ is no Jamal
    Rivers. What a skeleton adds has to be a name: @jamal.fitness tells nothing more of him.
    """
    person = _owner(name)
    if is_whole(person):
        return person
    return next((whole for each in sorted(skeletons) if (whole := _completed(person, each))), person)


@lru_cache(maxsize=4096)
def _owner(name: PersonName) -> PersonName:
    """Whom a business is named after, and the name itself where nothing else is left of it."""
    words = _OWNED.split(name.display, maxsplit=1)[0].split()
    while len(words) > 1 and fold(words[-1]) in vocabulary("businesses"):
        words.pop()
    if len(words) == len(name.display.split()):
        return name
    owner = normalize_name(" ".join(words), provenance=name.provenance)
    return owner if isinstance(owner, PersonName) else name


def _completed(name: PersonName, skeleton: str) -> PersonName | None:
    if len(name.given) <= 1:
        given = _rest(skeleton, told=name.family, initial=name.given)
        return (
            replace(name, given=given, tokens=(given, *name.family.split())) if is_given_name(given) else None
        )
    family = _rest(skeleton, told=name.given, initial=name.family)
    return (
        replace(name, family=family, tokens=(*name.given.split(), family))
        if is_listed_family(family)
        else None
    )


def _rest(skeleton: str, *, told: str, initial: str) -> str:
    """What stands beside one part of the name in a skeleton, behind it or before it; empty where that cannot be the other part."""
    part = told.replace(" ", "")
    if len(part) < FEWEST_LETTERS:
        return ""
    beside = (skeleton.removeprefix(part), skeleton.removesuffix(part))
    fitting = (each for each in beside if each != skeleton and each.startswith(initial))
    return next((each for each in fitting if len(each) >= FEWEST_LETTERS), "")
