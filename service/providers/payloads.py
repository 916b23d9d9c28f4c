"""Reading a provider's JSON or form so that every database can keep it, and naming events by it."""

from __future__ import annotations

import json
import math
import re
from urllib.parse import parse_qs

from service.errors import ErrorCode, Refusal
from service.events import fingerprint

#: No provider nests deeper than ten; without a bound, a few kilobytes of brackets exhaust the stack.
MAX_DEPTH = 64
#: The event key is indexed, and PostgreSQL refuses index entries of more than 2,704 bytes.
MAX_KEY_LENGTH = 255
MAX_FORM_FIELDS = 1_000

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def decode(body: bytes) -> object:
    """Decode JSON into what PostgreSQL's text and jsonb can hold.

    NUL characters are taken out, halves of surrogate pairs become U+FFFD. NaN and infinities are no JSON. Of a key
    that occurs twice, the last value counts.

    Raises:
        Refusal: MALFORMED, when it is no JSON or is nested deeper than `MAX_DEPTH`.
    """
    try:
        return _storable(json.loads(body), MAX_DEPTH)
    except (ValueError, RecursionError):
        # The parser's own message quotes nothing of the body, but its cause holds all of it.
        raise Refusal(ErrorCode.MALFORMED, "The body is not valid JSON.") from None


def decode_form(body: bytes) -> dict[str, object]:
    """Decode an urlencoded form into what a database can hold; a list where a name has several values.

    Raises:
        Refusal: MALFORMED, when it has more fields than any form.
    """
    try:
        found = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS
        )
    except ValueError:
        raise Refusal(ErrorCode.MALFORMED, "The body has too many fields.") from None
    return {
        storable(name): _storable(values[0] if len(values) == 1 else values, MAX_DEPTH)
        for name, values in found.items()
    }


def _storable(value: object, depth: int) -> object:
    if depth == 0:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("no number of JSON's")
        return value
    if isinstance(value, list):
        return [_storable(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {storable(key): _storable(item, depth - 1) for key, item in value.items()}
    return value


def storable(text: str) -> str:
    """Text as every database can hold it."""
    return _LONE_SURROGATE.sub(_REPLACEMENT, text.replace("\0", ""))


def bounded_key(key: str) -> str:
    """An event key as it is; a hash of it where it is too long to be indexed."""
    return key if len(key) <= MAX_KEY_LENGTH else f"sha256:{fingerprint(key)}"
