"""What a message asks of whoever writes to its sender: to stop, to begin again, to help. Pure; the tables are in wording.toml.

Keywords decide by themselves. Any other message is folded and cut into clauses; what is about something else ("the bus stop",
"cancel my booking") is taken out of them, and what is left is held against the patterns. What these find is weighed with all
other words of the message, by what examples teach of them. In doubt it stops: a needless stop costs a message, a missed one a
person's trust.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import OSA

from matching import written_by_sender
from matching.known_words import is_given_name
from service.usecases.likeness import LIKE_FROM, SURE_FROM, log_odds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


class Wording(StrEnum):
    """What a message asks for."""

    STOP = "stop"
    #: A cancelling that may be a booking's.
    CANCEL = "cancel"
    #: Somebody who seems not to want to hear from us; a person has to look.
    UNCLEAR = "unclear"
    WRONG_NUMBER = "wrong_number"
    START = "start"
    YES = "yes"
    HELP = "help"


#: Longer texts are letters, in which a pattern finds something by chance; what they ask is in their beginning or their end.
_READ_AT_EACH_END = 400
#: Words of the longest message that may be a keyword, or that the examples can be asked about: theirs are short.
_LONGEST_SHORT = 40
_CLAUSE_END = re.compile(r"[.!?;:,\n\r()\[\]…。、¡¿]+|\s[-\u2013\u2014]+\s|\b(?:or|but|because|since)\b")
_SENTENCE_END = re.compile(r"[.!?;\n\r\u2026\u3002\uff01\uff1f\u00bf\u061f\u0964]+")
_WORD = re.compile(r"[^\W_]+(?:['\u2019\u02bc`\u00b4][^\W_]+)*")
_MASKED = re.compile(r"\b\w*[*#@$]{2,}\w*")
#: Accents, once they are letters of their own, and what does not show.
_INVISIBLE = frozenset({"Mn", "Cf", "Cs"})
_NUMBER_SIGN = re.compile(r"#(?!\w)")
_APOSTROPHE = re.compile(r"['\u2019\u02bc`\u00b4]")
#: French writes the vowel away before a vowel: "m'envoyer" is two words.
_ELISION = re.compile(r"^(?:[mdlnsjct]|qu)['\u2019\u02bc`\u00b4](?=[^\W_]{3})")
_SPELT_OUT = re.compile(r"\b(?:[^\W\d_][ .\-]){3,}[^\W\d_]\b")
#: "removeme", "stoptexting"; "un-subscribe".
_TOGETHER = re.compile(
    r"\b(stop|remove|delete|unsubscribe|quit)"
    r"(me|us|it|all|now|please|pls|this|texting|texts?|messag\w+|sms|spam\w*|sending|calling|contact\w*)\b"
)
_APART = re.compile(r"\bun[ \-]+subscri")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
#: Real words a letter away from "stop".
_NOT_STOP = frozenset(
    {"shop", "step", "top", "stow", "slop", "strop", "sop", "stomp", "atop", "soto", "stops", "estop"}
)
_MAX_SLIPS_IN_UNSUBSCRIBE = 3
#: The log odds from which the rest of a message is in doubt whose sender says that they want to stay.
_LIKE_BESIDE_STAYING = 1.0


def read_wording(text: str) -> Wording | None:
    """What a message asks for; None for an ordinary one."""
    text = written_by_sender(text)
    if _is_sign(_bare(text)):
        return Wording.STOP
    whole = tuple(word for word in _words(text) if not word.isdigit())
    keyword = _keyword(whole) if len(whole) <= _LONGEST_SHORT else None
    # A bare no answers something, and does not tell what.
    if keyword or is_answer(text, "no"):
        return keyword
    rest = _without_staying(text)
    return _weighed(text, LIKE_FROM) if rest is None else _weighed(rest, _LIKE_BESIDE_STAYING)


def as_read(text: str) -> tuple[tuple[str, ...], str]:
    """The words of a message, and a name of what keywords and patterns make of it: what its likeness is told by."""
    words = tuple(_words(text))
    if _is_sign(_bare(text)):
        return words, Wording.STOP
    found = _keyword(tuple(word for word in words if not word.isdigit())) or _phrase(text)
    return words, found or "ordinary"


def prepare() -> None:
    """Do what takes a moment the first time, before somebody waits for it."""
    read_wording("?")


def is_answer(text: str, word: str) -> bool:
    """True where a message is nothing but the answer `word`, yes or no, to a question."""
    return " ".join(_words(text)) in {" ".join(_words(each)) for each in _tables()["answers"][word]}


# ---------------------------------------------------------------- words


def _ends(text: str) -> str:
    if len(text) <= 2 * _READ_AT_EACH_END:
        return text
    return f"{text[:_READ_AT_EACH_END]}\n{text[-_READ_AT_EACH_END:]}"


def _bare(text: str) -> str:
    """A text without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(each for each in decomposed if unicodedata.category(each) not in _INVISIBLE).casefold()


def _folded(text: str) -> str:
    bare = _NUMBER_SIGN.sub("number", _MASKED.sub("profanity", _bare(text)))
    bare = _APART.sub("unsubscri", _TOGETHER.sub(r"\1 \2", bare))
    return _SPELT_OUT.sub(lambda match: re.sub(r"[ .\-]", "", match[0]), bare)


def _words(text: str) -> Iterator[str]:
    """The words of a text, written out in full."""
    table = _tables()["written_out"]
    for match in _WORD.finditer(_folded(text)):
        for part in _ELISION.sub(lambda elided: elided[0][:-1] + " ", match[0]).split():
            word = _APOSTROPHE.sub("", part)
            word = _unslipped(word)
            yield from table.get(word, word).split()


def _unslipped(word: str) -> str:
    """A word with the slips taken out that people make in "unsubscribe", and in a few words more."""
    word = _DRAWN_OUT.sub(r"\1", word)
    if word.startswith("uns"):
        near = min(OSA.distance(each, "unsubscribe") for each in (word, word[: len("unsubscribe")]))
        if near <= _MAX_SLIPS_IN_UNSUBSCRIBE:
            return "unsubscribe"
    return _corrected(word)


@lru_cache(maxsize=4096)
def _corrected(word: str) -> str:
    if word in _real_words():
        return word
    for right in _tables()["slips"]["words"].split():
        if (
            word[:1] == right[:1]
            and word[-1:] == right[-1:]
            and OSA.distance(word, right, score_cutoff=1) == 1
        ):
            return str(right)
    return word


def _is_slipped_stop(word: str) -> bool:
    return word not in _NOT_STOP and word[:1] in "sat" and OSA.distance(word, "stop") <= 1


# ---------------------------------------------------------------- keywords


def _is_sign(bare: str) -> bool:
    """True for a message that is a stop sign, or several, and nothing else."""
    signs = set("".join(bare.split()))
    return bool(signs) and signs <= set(_tables()["keywords"]["signs"])


def _keyword(words: Sequence[str]) -> Wording | None:
    """What a message asks for that is a keyword and nothing else but fillers."""
    said = " ".join(words)
    for wording in (Wording.YES, Wording.HELP):
        if said in _tables()["keywords"][wording]:
            return wording
    if _is_keyword(words, Wording.START, "polite"):
        return Wording.START
    if said in _tables()["keywords"][Wording.CANCEL]:
        return Wording.STOP
    # "stpo pls"
    if (
        len(words[1:]) <= 1
        and any(map(_is_slipped_stop, words[:1]))
        and set(words[1:]) <= _fillers("fillers")
    ):
        return Wording.STOP
    return _bare_keyword(words)


def _bare_keyword(words: Sequence[str]) -> Wording | None:
    kinds = (Wording.STOP, Wording.CANCEL)
    return next((wording for wording in kinds if _is_keyword(words, wording, "fillers")), None)


def _is_keyword(words: Sequence[str], wording: Wording, beside: str) -> bool:
    """True where `words` are a keyword of this kind, perhaps more than once, and words of the list `beside`."""
    return any(
        keyword[0] in words and _is_bare(words, keyword, _fillers(beside)) for keyword in _keywords(wording)
    )


def _is_bare(words: Sequence[str], keyword: tuple[str, ...], fillers: frozenset[str]) -> bool:
    rest, found, place = [], False, 0
    while place < len(words):
        if tuple(words[place : place + len(keyword)]) == keyword:
            found, place = True, place + len(keyword)
        else:
            rest.append(words[place])
            place += 1
    return found and set(rest) <= fillers


# ---------------------------------------------------------------- phrases


def _without_staying(text: str) -> str | None:
    """A message without the clauses that say nothing but that its sender wants to stay; None where it has none."""
    clauses = _CLAUSE_END.split(_folded(text))
    left = [clause for clause in clauses if not _stays(clause)]
    return None if len(left) == len(clauses) else ". ".join(left)


def _stays(clause: str) -> bool:
    words = " ".join(_words(clause)) + " "
    return any(pattern.fullmatch(words) for pattern in _patterns("stays", "patterns"))


def _weighed(text: str, like_from: float) -> Wording | None:
    """What a message asks for that is no keyword: of a long one, the sentence that is most like those that revoke."""
    odds, part = max((log_odds(*as_read(part)), part) for part in _parts(_ends(text)))
    if odds < like_from:
        return None
    found = _phrase(part)
    return found or (Wording.STOP if odds >= SURE_FROM else Wording.UNCLEAR)


def _parts(text: str) -> list[str]:
    """A message, or where it is long its sentences, none of them longer than the examples are."""
    if len(text.split()) <= _LONGEST_SHORT:
        return [text]
    sentences = [each.split() for each in _SENTENCE_END.split(text)]
    return [
        " ".join(words[at : at + _LONGEST_SHORT])
        for words in sentences
        for at in range(0, len(words), _LONGEST_SHORT)
    ]


def _phrase(text: str) -> Wording | None:
    """What a message asks for by the patterns."""
    bare = _bare(text)
    if any(pattern.search(bare) for pattern in _unspaced()):
        return Wording.STOP
    clauses = [words for part in _CLAUSE_END.split(_folded(text)) if (words := tuple(_words(part)))]
    texts = [" ".join(words) + " " for words in clauses]
    parts = [part for text in texts for part in _without(text, "innocent", "patterns")]
    if _is_wrong_number(texts):
        return Wording.WRONG_NUMBER
    if _finds("revokes", "certain", texts) or any(map(_revokes, parts)):
        return Wording.STOP
    if _finds("unclear", "patterns", parts) or any(_says_together("unclear", part) for part in parts):
        return Wording.UNCLEAR
    if any(_bare_keyword(words) is Wording.CANCEL for words in clauses):
        return Wording.CANCEL
    return None


def _revokes(part: str) -> bool:
    # "End" and the like are ordinary words within a longer message.
    is_keyword = _bare_keyword(part.split()) is Wording.STOP and "end " not in part
    return is_keyword or _finds("revokes", "patterns", [part]) or _says_together("revokes", part)


def _says_together(table: str, part: str) -> bool:
    """True for a clause that has a word of every kind of a group, and none that is about something else."""
    if _finds("revokes", "elsewhere", [part]):
        return False
    return any(all(pattern.search(part) for pattern in group) for group in _groups(table))


def _is_wrong_number(texts: Iterable[str]) -> bool:
    parts = [part for text in texts for part in _without(text, "wrong_number", "innocent")]
    return _finds("wrong_number", "patterns", parts) or any(map(_names_somebody_else, parts))


def _names_somebody_else(part: str) -> bool:
    """True for "this is not Maria": a pattern with a word in it that people are called by."""
    for pattern in _patterns("wrong_number", "naming"):
        for match in pattern.finditer(part):
            name = match["name"]
            if is_given_name(name) or (name.endswith("s") and is_given_name(name[:-1])):
                return True
    return False


def _without(text: str, table: str, entry: str) -> list[str]:
    """A clause without what is about something else: the pieces that are left of it."""
    for pattern in _patterns(table, entry):
        text = pattern.sub("\n", text)
    return [part for part in text.split("\n") if part.strip()]


def _finds(table: str, entry: str, parts: Iterable[str]) -> bool:
    return any(pattern.search(part) for part in parts for pattern in _patterns(table, entry))


# ---------------------------------------------------------------- tables


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((files("service.usecases") / "wording.toml").read_text(encoding="utf-8"))


@cache
def _real_words() -> frozenset[str]:
    """Words that are a letter away from another, and meant as they stand."""
    return frozenset(_tables()["slips"]["real"].split())


@cache
def _keywords(wording: Wording) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(keyword.split()) for keyword in _tables()["keywords"][wording])


@cache
def _fillers(name: str) -> frozenset[str]:
    return frozenset(_tables()["words"][name].split())


@cache
def _patterns(table: str, entry: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_compiled(pattern)) for pattern in _tables()[table][entry])


@cache
def _unspaced() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_bare(pattern)) for pattern in _tables()["revokes"]["unspaced"])


@cache
def _groups(table: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    groups = _tables()[table]["together"]
    return tuple(tuple(re.compile(_compiled(each)) for each in group) for group in groups)


_TOKEN = re.compile(r"\^\??|\$|\*\d|\((?:[^()]|\([^()]*\))*\)\??|<\w+>\??|\S+")


def _compiled(pattern: str) -> str:
    """A pattern of the tables as a regular expression over words that each end in a space."""
    return r"(?<!\S)" + "".join(map(_compiled_token, _TOKEN.findall(_bare(pattern))))


def _compiled_token(token: str) -> str:
    for begins, build in _BUILDERS:
        if token.startswith(begins):
            return build(token)
    return _compiled_word(token)


def _compiled_word(token: str) -> str:
    word = token.rstrip("?")
    ending = r"\w*" if word.endswith("~") else ""
    expression = f"(?:{re.escape(word.rstrip('~'))}{ending} )"
    return f"{expression}?" if token.endswith("?") else expression


def _compiled_choice(token: str) -> str:
    inside = token.rstrip("?")[1:-1]
    choices = "|".join(_compiled_sequence(each) for each in _split_choices(inside))
    return f"(?:{choices}){'?' if token.endswith('?') else ''}"


def _compiled_sequence(choice: str) -> str:
    return "".join(map(_compiled_token, _TOKEN.findall(choice)))


def _split_choices(inside: str) -> list[str]:
    """`a|b (c|d)|e` at its own bars."""
    choices, depth = [""], 0
    for character in inside:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "|" and depth == 0:
            choices.append("")
        else:
            choices[-1] += character
    return choices


def _compiled_list(token: str) -> str:
    name = token.rstrip("?")[1:-1]
    if name == "name":
        return r"(?P<name>\w+) "
    words = " ".join(_tables()["words"][name].split()).replace("| ", "|")
    return _compiled_choice(f"({words}){'?' if token.endswith('?') else ''}")


def _compiled_end(_token: str) -> str:
    fillers = "|".join(map(re.escape, sorted(_fillers("fillers"))))
    return rf"(?:(?:{fillers}) )*\Z"


_BUILDERS: Sequence[tuple[str, Callable[[str], str]]] = (
    ("^", lambda part: r"\A" if part == "^" else ""),
    ("$", _compiled_end),
    ("*", lambda part: rf"(?:\S+ ){{0,{part[1:]}}}"),
    ("(", _compiled_choice),
    ("<", _compiled_list),
)
