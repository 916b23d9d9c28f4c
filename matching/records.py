"""The values the engine compares: frozen, normalized, each with how it reached us."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType


class Value(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What normalizing makes: immutable, compared by what it holds.

    Structs rather than dataclasses, since an import makes millions of them: they are made in C.
    """


class Provenance(StrEnum):
    """How a value reached us, from the strongest to the weakest claim."""

    PLATFORM = "platform"
    """The platform vouches for it (an Instagram username that the profile API returned)."""
    VERIFIED = "verified"
    """A code sent to it came back."""
    ASSERTED = "asserted"
    """Typed by the person into a form."""
    IMPORTED = "imported"
    """Loaded from another system."""
    MENTIONED = "mentioned"
    """Found in free text; perhaps somebody else's."""


class PersonName(Value, frozen=True, kw_only=True):
    """A name taken apart. All parts but `display` are folded: ASCII, lower case, no punctuation.

    `display` is the name as people should read it: trimmed, decoration removed, capitals as typed.
    `tokens` holds every word in order (suffixes and titles excluded); `given` and `family` are ''
    where the name does not have them.
    """

    display: str
    given: str = ""
    family: str = ""
    middle: tuple[str, ...] = ()
    suffix: str = ""
    tokens: tuple[str, ...] = ()
    script: str = "Latin"
    provenance: Provenance = Provenance.ASSERTED


class Phone(Value, frozen=True, kw_only=True):
    """A phone number in E.164, such as `+19165551234`."""

    e164: str
    provenance: Provenance = Provenance.ASSERTED


class LocalPhone(Value, frozen=True, kw_only=True):
    """Digits as one dials them in some country or town, where nobody told which: only a query has such.

    "867-5309", and "612 345 678" where numbers have ten digits.
    """

    digits: str
    provenance: Provenance = Provenance.ASSERTED


class Email(Value, frozen=True, kw_only=True):
    """An email address.

    `address` is what mail is delivered to (case and IDN normalized, nothing else); `canonical` is what
    is compared: without what the mailbox provider ignores (Gmail's dots, plus tags).
    """

    address: str
    canonical: str
    provenance: Provenance = Provenance.ASSERTED

    @property
    def local(self) -> str:
        return self.canonical.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.canonical.rpartition("@")[2]


class Handle(Value, frozen=True, kw_only=True):
    """A user name on a platform, without @; `skeleton` is what a person would recognise in it.

    The skeleton of `johndoe_biz`, `john.doe` and `john_doe_77` is `johndoe`.
    """

    platform: str
    value: str
    skeleton: str
    provenance: Provenance = Provenance.PLATFORM


class Record(Value, frozen=True, kw_only=True):
    """All that is known of one person, or all that one inbound contact brings: several of each.

    `local_phones` are unset where there are none, so that packed records need not tell of what they never have.
    """

    names: tuple[PersonName, ...] = ()
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    handles: tuple[Handle, ...] = ()
    local_phones: tuple[LocalPhone, ...] | UnsetType = UNSET

    def __bool__(self) -> bool:
        return bool(self.names or self.phones or self.emails or self.handles or self.local_phones)


class Rejected(Value, frozen=True, kw_only=True):
    """Why a value could not be normalized: a stable `code` and a sentence for the person who typed it."""

    code: str
    detail: str


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Record)


def pack(record: Record) -> bytes:
    """Encode a record compactly, for storage beside a customer."""
    return _encoder.encode(record)


def unpack(packed: bytes) -> Record:
    """Decode what `pack` wrote.

    Raises:
        msgspec.DecodeError: the bytes are not a packed record (a format of another version).
    """
    return _decoder.decode(packed)
