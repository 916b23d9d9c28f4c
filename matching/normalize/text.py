"""Text as people paste it, made plain: compatibility forms folded, invisible characters gone, positions kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
"""Unicode categories that show nothing: bidi marks around a pasted number, zero-width joiners, controls."""

KEPT_CONTROLS = frozenset("\n\r\t")

COMBINING_ENCLOSURES = frozenset("\ufe0e\ufe0f\u20e3")
"""Variation selectors and the keycap, which turn a digit into a picture of that digit."""

LOOKALIKES = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-",
    }
)  # fmt: skip
"""Typographic quotes and hyphens, one character each; dashes that part clauses (em dash) stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainText:
    """Plain text and, for each of its characters, where that character stood in the original.

    `offsets` has one entry more than `text`: the length of the original.
    """

    text: str
    offsets: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stood in the original; `end` must be greater than `start`."""
        return self.offsets[start], self.offsets[end - 1] + 1


def plain_text(original: str) -> PlainText:
    """Fold character by character, so that every position can be traced back."""
    if original.isascii() and original.isprintable():
        return PlainText(text=original.replace("`", "'"), offsets=tuple(range(len(original) + 1)))
    pairs = [
        (plain, index) for index, character in enumerate(original) for plain in _plain_character(character)
    ]
    return PlainText(
        text="".join(plain for plain, _ in pairs),
        offsets=(*(index for _, index in pairs), len(original)),
    )


def plain(original: str) -> str:
    """Fold as a whole (which also composes letter and accent) and drop what shows nothing."""
    if original.isascii() and original.isprintable():
        return original.replace("`", "'")
    visible = "".join(_plain_character(character) for character in original)
    return unicodedata.normalize("NFKC", visible)


def _plain_character(character: str) -> str:
    """Fold one character: '' where it shows nothing, several characters for a ligature."""
    if character.isascii():
        return "" if _is_invisible(character) else character.replace("`", "'")
    if character in COMBINING_ENCLOSURES or _is_invisible(character):
        return ""
    folded = unicodedata.normalize("NFKC", character.translate(LOOKALIKES)).translate(LOOKALIKES)
    # The compatibility form of some accents (U+00B4, U+00A8) is a space and a combining mark: no such space was typed.
    return folded if folded.isspace() or not folded.startswith(" ") else character


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in INVISIBLE and character not in KEPT_CONTROLS


_IDEOGRAPH = re.compile(r"([\u3400-\u9fff])")


_SPACED = {code: " " for code in range(128) if not chr(code).isalnum()} | {ord("'"): "", ord("`"): ""}
"""What becomes of ASCII that is neither letter nor digit."""

_REMEMBERED_LENGTH = 64
"""Characters of a text whose folding is remembered: words and names come again and again, messages do not."""


def fold(text: str) -> str:
    """Reduce to ASCII: lower-case letters, digits and single spaces. "O'Neil-García" becomes "oneil garcia"."""
    return _remembered_fold(text) if len(text) <= _REMEMBERED_LENGTH else _fold(text)


def _fold(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.lower()
    # Ideographs transliterate to one syllable each, without a space between them.
    readable = plain(text)
    ascii_text = (readable if readable.isascii() else anyascii(_IDEOGRAPH.sub(r" \1 ", readable))).lower()
    return " ".join(ascii_text.translate(_SPACED).split())


_remembered_fold = lru_cache(maxsize=65_536)(_fold)
