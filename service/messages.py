"""What goes out, and how sending it can fail: the vocabulary of service.senders and of whoever hands them a message."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A plain text email. `headers` are added as they are; `key` makes its Message-ID the same at every attempt."""

    to: str
    subject: str
    body: str
    key: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An SMS to a number in E.164."""

    to: str
    body: str


def unclaimed() -> None:
    """The claim of a message that nobody else could be sending, and that is not tried again."""


Message_contra = TypeVar("Message_contra", bound=Mail | Text, contravariant=True)


class Sender(Protocol[Message_contra]):
    """A way out, used from any thread."""

    @property
    def name(self) -> str:
        """`smtp`, `twilio`, `console`."""
        ...

    def send(self, message: Message_contra, claim: Callable[[], None] = unclaimed) -> str:
        """Hand a message over; the id by which the provider knows it.

        `claim` is called when the provider has all but the end of it, without which it takes nothing: all that takes
        time or may fail is over by then. What `claim` raises ends it there.

        Raises:
            SendingError: it was not taken, or nobody knows whether it was.
        """
        ...


class Fault(StrEnum):
    """Why a message was not taken."""

    RECIPIENT = "recipient"
    """The provider will not deliver to this address: trying again does not help."""
    MESSAGE = "message"
    """The provider will not take this message, and says nothing against others: likewise."""
    DELAYED = "delayed"
    """The provider will take it later (a full mailbox, a server that lets strangers wait), and says nothing against others."""
    REFUSED = "refused"
    """The provider refuses us: credentials, the sender's address."""
    BUSY = "busy"
    """The provider asks for patience."""
    UNREACHABLE = "unreachable"
    """Nothing was handed over."""
    UNCERTAIN = "uncertain"
    """The connection broke while the provider had the message: it may have been taken."""


class SendingError(Exception):
    """A message that was not taken. `code` is the provider's own, and quotes no address.

    `is_revoked` where the recipient told the provider that they want no more.
    """

    def __init__(self, fault: Fault, code: str, *, is_revoked: bool = False) -> None:
        super().__init__(f"{fault}: {code}")
        self.fault = fault
        self.code = code
        self.is_revoked = is_revoked
