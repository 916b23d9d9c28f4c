"""A mail server on this machine that takes what it is given: real SMTP, in the few verbs that a client needs."""

from __future__ import annotations

import socketserver
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from tests.fakes.serving import Serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message as it arrived."""

    to: str
    message: EmailMessage

    @property
    def body(self) -> str:
        return str(self.message.get_content())


class FakeMailServer(Serving):
    """Takes mail at `url`.

    `replies` maps a verb (`RCPT`, `DATA`, `.` for the message itself) to another reply than the right one; `drops` names
    the verb at which it hangs up instead; `before` maps a verb to what happens before it is answered. `connections` counts
    who called.
    """

    def __init__(self) -> None:
        self.mailbox: list[Delivery] = []
        self.connections = 0
        self.replies: dict[str, str] = {}
        self.drops: str | None = None
        self.before: dict[str, Callable[[], object]] = {}
        super().__init__(_Server(self))

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[Delivery]:
        """What came for an address."""
        return [each for each in self.mailbox if each.to == address]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, fake: FakeMailServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fake = fake


_RIGHT = {"EHLO": "250 fake", "HELO": "250 fake", "DATA": "354 go on", "QUIT": "221 bye", ".": "250 taken"}


def _nothing() -> None:
    """Happens before most replies."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.recipients: list[str] = []
        # A client that was killed hangs up as it is.
        with suppress(ConnectionError):
            self.converse()

    def converse(self) -> None:
        self.server.fake.connections += 1
        self.say("220 fake ESMTP")
        while line := self.rfile.readline():
            verb = line.strip().upper()[:4].decode()
            if verb == self.server.fake.drops or not self.goes_on_after(verb, line.decode()):
                return

    def goes_on_after(self, verb: str, line: str) -> bool:
        self.server.fake.before.get(verb, _nothing)()
        reply = self.server.fake.replies.get(verb, _RIGHT.get(verb, "250 ok"))
        if verb == "RCPT" and reply.startswith("2"):
            self.recipients.append(line.partition("<")[2].partition(">")[0])
        self.say(reply)
        if verb == "DATA" and reply.startswith("354"):
            return self.take()
        return verb != "QUIT"

    def take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                # Without its end it is no message.
                return False
            lines.append(line.removeprefix(b"."))
        fake = self.server.fake
        reply = fake.replies.get(".", _RIGHT["."])
        if reply.startswith("2"):
            message = message_from_bytes(b"".join(lines), policy=policy.default)
            fake.mailbox += [Delivery(to=each, message=message) for each in self.recipients]
        fake.before.get(".", _nothing)()
        if fake.drops == ".":
            return False
        self.recipients = []
        self.say(reply)
        return True

    def say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())
