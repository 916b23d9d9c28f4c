"""Whose contact a text gives, by the words around it: "my cell is", "my husband's", "ask for Maria at"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from matching import cues
from matching.cues_elsewhere import AFTER_ELSEWHERE
from matching.frequencies import is_well_known
from matching.known_words import is_given_name, is_ordinary, is_word_and_name
from matching.normalize.text import fold, plain
from matching.vocabulary import vocabulary

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping, Sequence

MAX_CUE_DISTANCE = 120
"""Characters around a value in which its cue is sought."""

FEWEST_LETTERS_OF_A_NAME = 3
"""Of a name that is sought in an address: shorter ones stand in many by chance."""


class Whose(StrEnum):
    """Whose contact a text gives, by its own words."""

    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """The words that say whose a value is or what it is for, as they stand in the text."""

    whose: Whose
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What is known of one value: as spelled, the plain text before it, its cue, the name that labels it ("Dave: 916…")."""

    value: str
    gap: str
    cue: Cue | None = None
    follows: bool = False
    is_plural: bool = False
    label_name: str = ""


def attribute(
    text: str, spans: Sequence[tuple[int, int]], *, own_names: frozenset[str] = frozenset()
) -> tuple[Cue | None, ...]:
    """Say whose the value in each span of a text is; None where nothing does.

    The words after a value count where they belong to it ("(my husband's)", "is my wife's"), else those that lead to
    it, else those of the value that it is joined to ("my wife at … or …"). `own_names` are the folded names that the
    writer goes by: "ask for Ana" is the writer's own where Ana writes.
    """
    gaps = list(_gaps(text, spans))
    called = {fold(match["name"]): match[0] for match in cues.CALLED.finditer(text)} if spans else {}
    readings: list[_Reading] = []
    for index, (start, end) in enumerate(spans):
        consumed, after = _cue_after(gaps, index)
        is_plural = cues.OF_SEVERAL.match(gaps[index + 1]) is not None
        reading = _read(text[start:end], gaps[index : index + 2], after, own_names)
        cue = reading.cue or _named_in_value(reading.value, called, own_names)
        reading = replace(reading, is_plural=is_plural, cue=cue)
        gaps[index + 1] = gaps[index + 1][consumed:]
        readings.append(_carried_on(reading, readings[-1], own_names) if readings else reading)
    return tuple(reading.cue for reading in _contrasted(_carried_back(readings), own_names))


def _gaps(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield the text before, between and after the values."""
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    for start, end in zip(starts, ends, strict=True):
        yield plain(text[start:end])


def _read(value: str, gaps: Sequence[str], after: Cue | None, own_names: frozenset[str]) -> _Reading:
    """Read a value by the gaps before and after it."""
    gap, following = gaps
    label = cues.LABEL_NAME.search(gap.rpartition("\n")[2][-MAX_CUE_DISTANCE:]) or cues.NAMED_AFTER.match(
        following[:MAX_CUE_DISTANCE]
    )
    name = _holder_name(label, own_names) if label else ""
    near = gap[-MAX_CUE_DISTANCE:]
    cue = (
        after
        or _asked(value, near, following)
        or _leading_cue(_last_clause(near), own_names)
        or _contact_person(near, own_names)
        or _somebody_named(near, own_names)
        or _announced(near, own_names)
        or _companion(near, own_names)
        or _spoken_of(near, own_names)
        or _said_at_last(_last_clause(near), following)
    )
    return _Reading(value=value, gap=gap, cue=cue, follows=after is not None, label_name=name)


def _holder_name(label: re.Match[str], own_names: frozenset[str]) -> str:
    """The given name that labels a value, where it is one and not the writer's."""
    given = _given(next(filter(None, label.groups())))
    return given if given not in own_names else ""


def _given(name: str) -> str:
    """The given name that a name begins with, folded; empty where that is none."""
    first = next(iter(fold(name).split()), "")
    return first if is_given_name(first) else ""


# --- The words after a value ---


def _cue_after(gaps: Sequence[str], index: int) -> tuple[int, Cue | None]:
    """Read "(my husband's)", "is my husband's" and "- my husband" after a value; also how many characters that took."""
    gap = gaps[index + 1]
    is_last = index + 2 == len(gaps)
    near = gap[:MAX_CUE_DISTANCE]
    told = cues.IN_QUESTION.match(near) or (
        cues.NAMED_RIGHT_BEFORE.search(gaps[index]) and cues.SPEAKS_FOR.match(near)
    )
    if told:
        return told.end(), Cue(whose=Whose.OTHER, words=told["words"])
    elsewhere = AFTER_ELSEWHERE.match(near)
    if elsewhere and (elsewhere["opener"] or is_last):
        return elsewhere.end(), Cue(whose=Whose.OTHER, words=elsewhere["words"])
    match = cues.AFTER.match(near)
    if match is None:
        return _label_after(gap, gaps[index]) or (0, _person_alone(gap, gaps[index]) if is_last else None)
    words = next(group for group in match.groups() if group)
    # What runs up to the next value without a break is that value's cue, not this one's.
    rest = gap[match.end() :]
    runs_on = not is_last and not cues.BREAK.match(rest) and cues.LEADS_ON.search(words + rest)
    if runs_on and not match["brackets"]:
        return 0, None
    if match["request"] and _is_claimed(gaps[index]):
        return match.end(), None
    cue = _cue_in_phrase(words, is_bracketed=match["brackets"])
    return (match.end(), cue) if cue else (0, None)


def _is_claimed(before: str) -> bool:
    """True after "call me at": whoever asks for Ana behind it is asking for the writer."""
    nearest = _nearest(_last_clause(before[-MAX_CUE_DISTANCE:]), frozenset())
    return nearest is not None and nearest.whose is Whose.OWN


def _label_after(gap: str, before: str) -> tuple[int, Cue] | None:
    """Read "916… cell", unless the labels stand before their values."""
    match = cues.LABEL_AFTER.match(gap)
    if match is None or any(map(str.isalpha, before)):
        return None
    return match.end(), Cue(whose=Whose.OWN, words=match["words"])


def _person_alone(gap: str, before: str) -> Cue | None:
    """Read "916… Dad" where nothing stands before it, and "try 916… my husband" anyhow."""
    match = cues.PERSON_ALONE_AFTER.match(gap)
    if match and (match["possessive"] is not None or cues.ALONE_BEFORE.fullmatch(before)):
        return Cue(whose=Whose.OTHER, words=match["words"])
    return None


def _cue_in_phrase(words: str, *, is_bracketed: str | None) -> Cue | None:
    oneself = cues.OWN_ALONE.match(words)
    if oneself:
        return Cue(whose=Whose.OWN, words=oneself["words"])
    if cues.PERSON_AFTER.match(words.partition(",")[0]):
        return Cue(whose=Whose.OTHER, words=words)
    if is_bracketed and cues.LABEL_BRACKETED.match(words):
        return Cue(whose=Whose.OWN, words=words)
    return _nearest(words, frozenset())


def _said_at_last(before: str, gap: str) -> Cue | None:
    """Read what counts only where nothing before the value does: "916…, right?", "… he handles that"."""
    match = cues.SAID_AT_LAST.match(gap[:MAX_CUE_DISTANCE])
    return Cue(whose=Whose.OTHER, words=match["words"]) if match and not cues.IF.search(before) else None


# --- The words that lead to a value ---


def _asked(value: str, before: str, following: str) -> Cue | None:
    """Read "is this your number? 916…" (an address after that answers another question) and "is this Oak & Ash 916…?"."""
    us = cues.ASKS_FOR_US.search(before) if following.lstrip().startswith("?") else None
    if us:
        return Cue(whose=Whose.OTHER, words=_trimmed(us[0]))
    match = cues.ASKS_WHETHER_OURS.search(before)
    if match is None or bool(cues.OF_MAIL.search(match[0])) != ("@" in value):
        return None
    return Cue(whose=Whose.OTHER, words=_trimmed(match[0]))


def _last_clause(before: str) -> str:
    """Cut to the clause that leads to the value.

    A sentence that ended right before it still does where it speaks of contacting: "Call my husband! 916…". What it
    says of us does not: "How can I reach you? 916…".
    """
    starts = [0, *(match.end() for match in cues.SENTENCE_END.finditer(before))]
    last = before[starts[-1] :]
    if len(starts) == 1 or any(map(str.isalpha, last)):
        return last
    sentence = before[starts[-2] :]
    return cues.SPEAKS_TO_US.sub("", sentence) if cues.SPEAKS_OF_CONTACT.search(sentence) else last


def _leading_cue(clause: str, own_names: frozenset[str]) -> Cue | None:
    """Find who is named right before the value, or else the nearest words that say whose it is."""
    oneself = cues.OWN_ALONE.match(clause)
    if oneself:
        return Cue(whose=Whose.OWN, words=oneself["words"])
    nearest = _nearest(clause, own_names)
    if nearest and nearest.whose is Whose.OTHER:
        return nearest
    person = _leading_person(clause, own_names) or _leading_place(clause) or _leading_part(clause, own_names)
    return person or nearest or _label_alone(clause)


def _leading_person(clause: str, own_names: frozenset[str]) -> Cue | None:
    match = cues.LEADING_PERSON.search(clause)
    if match is None:
        return None
    before = clause[: match.start()]
    if cues.IS_ONESELF.search(before) and not match["owner"]:
        return Cue(whose=Whose.OWN, words=_trimmed(match[0]))
    called = match["called"] and own_names.isdisjoint(fold(match["called"]).split())
    points = called or match["owner"] or match["name_owner"] or cues.LINK_THAT_POINTS.search(match["link"])
    if points or cues.STANDS_ALONE.search(before):
        is_own = not points and _signs(match["link"], before, own_names)
        return Cue(whose=Whose.OWN if is_own else Whose.OTHER, words=_trimmed(match[0]))
    return None


def _signs(link: str, before: str, own_names: frozenset[str]) -> bool:
    """True for a line of a signature below the writer's name: "Jen Smith", "Bride"."""
    line = fold(before.rstrip().rpartition("\n")[2]).split()
    return "\n" in link and bool(line) and own_names.issuperset(line)


def _leading_place(clause: str) -> Cue | None:
    """Read "front desk 916…"; not where one stays, nor a line of its own, which is of a signature or an address."""
    match = cues.LEADING_PLACE.search(clause)
    if match is None or cues.STAYING_AT.search(clause[: match.start()]):
        return None
    is_line = cues.PLACE_ENDS_LINE.match(match[0]) and ":" not in clause[: match.start()].rpartition("\n")[2]
    return None if is_line else Cue(whose=Whose.OTHER, words=_trimmed(match[0]))


def _leading_part(clause: str, own_names: frozenset[str]) -> Cue | None:
    match = cues.NAMED_PART.search(clause)
    if match is None or not own_names.isdisjoint(fold(match["name"]).split()):
        return None
    return Cue(whose=Whose.OTHER, words=_trimmed(match[0]))


def _contact_person(before: str, own_names: frozenset[str]) -> Cue | None:
    match = cues.CONTACT_PERSON.search(before)
    if match is None or not own_names.isdisjoint(fold(match["name"] or match["called"] or "").split()):
        return None
    return Cue(whose=Whose.OTHER, words=_trimmed(match[0]))


def _somebody_named(before: str, own_names: frozenset[str]) -> Cue | None:
    """Read "my boss wants it. He's Stan, 718…"; a name may also be that of a child, or of whom a party is for."""
    match = cues.SOMEBODY_NAMED.search(before)
    given = _given(match["name"] or match["helper"]) if match else ""
    if match is None or not given or given in own_names:
        return None
    is_known = cues.SOMEBODY.search(before) and not cues.CELEBRATED.search(before)
    # "I'm Ana and my fiancé is Tom, 916…" names both.
    names_both = not own_names.isdisjoint(fold(_last_clause(before)).split())
    if match["helper"] or (is_known and not names_both):
        return Cue(whose=Whose.OTHER, words=_trimmed(match[0]))
    return None


def _announced(before: str, own_names: frozenset[str]) -> Cue | None:
    """Read "Sending you a client! Ana Lopez, 916…": what stands before a name says that it is not the writer's."""
    named = cues.NAMED_ALONE.search(before)
    sentence = _last_clause(before[: named.start()] if named else before)
    match = (cues.ANNOUNCES_SOMEBODY if named else cues.NAMED_AND_WANTING).search(sentence)
    if match is None:
        return None
    name = (named or match)["name"]
    is_writers = cues.SPEAKS_OF_ONESELF.search(sentence, match.end("words"))
    if is_writers or cues.CELEBRATED.search(sentence) or _given(name) in own_names | {""}:
        return None
    return Cue(whose=Whose.OTHER, words=f"{_trimmed(match[0])}, {name}")


def _companion(before: str, own_names: frozenset[str]) -> Cue | None:
    """Read "booking for me and Raven 916…" and "send it to my sister Cherry? 916…"."""
    companion = cues.COMPANION.search(before)
    if companion:
        name = companion["name"] or companion["guest"]
        return _of_named(companion[0], name, own_names)
    receiver = cues.SENT_TO.search(before)
    if receiver is None:
        return None
    if receiver["name"]:
        return _of_named(receiver["words"], receiver["name"], own_names)
    return Cue(whose=Whose.OTHER, words=_trimmed(receiver["words"]))


def _of_named(words: str, name: str, own_names: frozenset[str]) -> Cue | None:
    """The cue of somebody by name; not of the writer, a company or a town ("Madison WI")."""
    last = name.rsplit(maxsplit=1)[-1]
    is_no_person = fold(last) in vocabulary("businesses") or cues.STATE.fullmatch(last)
    if is_no_person or _given(name) in own_names | {""}:
        return None
    return Cue(whose=Whose.OTHER, words=_trimmed(words))


def _spoken_of(before: str, own_names: frozenset[str]) -> Cue | None:
    """Read "Elena told me to write. Elena 916…": the writer does not speak of themselves by name."""
    named = cues.NAMED_ALONE.search(before)
    if named is None or _given(named["name"]) in own_names:
        return None
    given = next(iter(fold(named["name"]).split()), "")
    for match in cues.SPOKEN_OF.finditer(before, 0, named.start() + 1):
        if fold(match["companion"] or match["speaker"]) == given:
            return Cue(whose=Whose.OTHER, words=_trimmed(match[0]))
    return None


def _label_alone(clause: str) -> Cue | None:
    match = cues.LABEL_ALONE.search(clause)
    return Cue(whose=Whose.OWN, words=_trimmed(clause[match.start() :])) if match else None


def _nearest(clause: str, own_names: frozenset[str]) -> Cue | None:
    """Find the cue that ends last, of those that do the longest. Its words run on to the value: "call me at work"."""
    found = [(match.end(), -match.start(), Whose.OWN) for match in cues.OWN.finditer(clause)]
    found += [(match.end(), -match.start(), Whose.OTHER) for match in _others(clause, own_names)]
    if not found:
        return None
    _, start, whose = max(found)
    return Cue(whose=whose, words=_trimmed(clause[-start:]))


def _others(clause: str, own_names: frozenset[str]) -> Iterator[re.Match[str]]:
    yield from cues.OTHERS.finditer(clause)
    for match in cues.OTHER_BY_NAME.finditer(clause):
        if _is_somebody(match, own_names):
            yield match
    for match in cues.OF_GIVEN_NAME.finditer(clause):
        given, *_ = fold(match["reached"] or match["holder"]).split()
        if is_given_name(given) and given not in own_names:
            yield match
    for match in cues.OTHER_BY_SMALL_NAME.finditer(clause):
        name = match["reached"] or match["holder"]
        if is_well_known(name) and not is_word_and_name(name) and _is_somebody(match, own_names):
            yield match


def _is_somebody(match: re.Match[str], own_names: frozenset[str]) -> bool:
    """Say whether the words after "call" are a name ("Maria", not "Now"), and not the writer's."""
    spoken = fold(next(filter(None, match.groupdict().values()))).split()
    words = [word for word in spoken if word not in vocabulary("titles")]
    return bool(words) and not is_ordinary(words[0]) and words[0] not in own_names


def _trimmed(words: str) -> str:
    return words.strip(" \t\n:,;-—=(#@.>/|")


# --- Several values ---


def _carried_on(reading: _Reading, previous: _Reading, own_names: frozenset[str]) -> _Reading:
    """Give a value that is joined to the one before it that one's cue."""
    inherited = previous.cue
    if inherited is None or reading.follows or "\n" in reading.gap:
        return reading
    if previous.follows or not cues.JOINS_TWO_VALUES.match(reading.gap):
        return reading
    if inherited.whose is Whose.OTHER and _names_writer(reading.value, inherited, own_names):
        return reading
    if reading.cue is None:
        return replace(reading, cue=inherited)
    if inherited.whose is Whose.OTHER and _is_label(reading.gap):
        return replace(reading, cue=replace(inherited, words=f"{inherited.words}, {reading.cue.words}"))
    return reading


def _names_writer(value: str, cue: Cue, own_names: frozenset[str]) -> bool:
    """True for an address or a handle that holds the writer's given name or full name, and not the other's."""
    folded = fold(value.partition("@")[0] or value)
    held = {name for name in own_names if len(name) >= FEWEST_LETTERS_OF_A_NAME and name in folded}
    others = {word for word in fold(cue.words).split() if word in folded.split()} - held
    return not others and (len(held) > 1 or any(map(is_given_name, held)))


def _named_in_value(value: str, called: Mapping[str, str], own_names: frozenset[str]) -> Cue | None:
    """Read an address that begins with the name of somebody whom the text speaks of, and not with the writer's."""
    local = fold(value.partition("@")[0])
    for name, words in called.items():
        if len(name) >= FEWEST_LETTERS_OF_A_NAME and local.startswith(name) and name not in own_names:
            return Cue(whose=Whose.OTHER, words=words)
    return None


def _is_label(gap: str) -> bool:
    return cues.LABEL_ALONE.search(gap) is not None and not cues.OWN.search(gap)


def _carried_back(readings: Sequence[_Reading]) -> list[_Reading]:
    """Give "916… or 916… are my husband's" to both."""
    carried: list[_Reading] = []
    for reading in reversed(readings):
        following = carried[-1] if carried else None
        joined = following is not None and following.is_plural and following.follows and _joins(following.gap)
        cue = following.cue if following and joined and reading.cue is None else reading.cue
        carried.append(replace(reading, cue=cue))
    return carried[::-1]


def _joins(gap: str) -> bool:
    return any(map(str.isalpha, gap)) and cues.JOINS_TWO_VALUES.match(gap) is not None


def _contrasted(readings: Sequence[_Reading], own_names: frozenset[str]) -> Iterator[_Reading]:
    """A name before a value is its holder's where the writer is told apart: "Dave: 916…, me: 916…"."""
    names = {reading.label_name for reading in readings if reading.label_name}
    told = own_names or len(names) > 1
    told = told or any(reading.cue and reading.cue.whose is Whose.OWN for reading in readings)
    for reading in readings:
        if told and reading.label_name and reading.cue is None:
            yield replace(reading, cue=Cue(whose=Whose.OTHER, words=reading.label_name))
        else:
            yield reading
