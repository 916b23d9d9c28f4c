"""Email by SMTP."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from service.messages import Fault, SendingError, unclaimed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from service.messages import Mail

NAME = "smtp"
TIMEOUT_SECONDS = 15.0
#: A line that is a dot ends a message, so that one in it gets another (RFC 5321, 4.5.2).
_LEADING_DOT = re.compile(rb"(?m)^\.")
_LONG_LINES = policy.SMTP.clone(max_line_length=998)
_OK, _CLOSING = 250, 421
#: How many times as long a server may look through a message that it has in whole: given up, nobody knows what became of it.
_FINAL_PATIENCE = 8
_PORTS = {"smtp": 587, "smtps": 465}
#: How long a connection that nothing goes over is kept: servers close theirs after some minutes.
_KEPT_SECONDS = 30.0
#: Servers let go of a client after so many, some with an answer that looks like a fault.
_MESSAGES_A_CONNECTION = 100


@dataclass(slots=True)
class _Connection:
    """A connection that is ready for a message."""

    server: smtplib.SMTP
    messages: int = 0
    used_at: float = field(default_factory=time.monotonic)

    def is_usable(self) -> bool:
        """Ask the server whether it is still there."""
        if self.messages >= _MESSAGES_A_CONNECTION or time.monotonic() > self.used_at + _KEPT_SECONDS:
            return False
        with suppress(OSError):
            return self.server.rset()[0] == _OK
        return False

    def close(self) -> None:
        # What became of the message is known: the answer to this is not worth waiting for.
        with suppress(OSError):
            self.server.putcmd("QUIT")
        self.server.close()


class SmtpSender:
    """Hands mail to one server: `smtps://` speaks TLS from the start, `smtp://` as soon as the server offers it.

    A password is only told over TLS, or to this very machine. A connection is kept for the next message.
    """

    name = NAME

    def __init__(self, *, url: str, mail_from: str, timeout: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._from = mail_from
        self._timeout = timeout
        self._kept: _Connection | None = None
        self._lock = threading.Lock()

    def send(self, message: Mail, claim: Callable[[], None] = unclaimed) -> str:
        """Hand a message over; its Message-ID."""
        written = self._written(message)
        with self._connected() as server:
            _transmit(server, parseaddr(self._from)[1], message.to, written)
            claim()
            _finish(server)
        return str(written["Message-ID"])

    def _written(self, message: Mail) -> EmailMessage:
        shown, address = parseaddr(self._from)
        # A folded link would be encoded beyond what a mail program understands.
        written = EmailMessage(policy=_LONG_LINES)
        written["From"] = Address(display_name=shown, addr_spec=address)
        written["To"] = message.to
        written["Subject"] = message.subject
        written["Message-ID"] = f"<{message.key}@{address.rpartition('@')[2]}>"
        # RFC 5322 wants one, and a server that relays need not add it.
        written["Date"] = formatdate(localtime=True)
        # Nobody's holiday responder is to answer it (RFC 3834).
        written["Auto-Submitted"] = "auto-generated"
        for name, value in message.headers.items():
            written[name] = value
        written.set_content(message.body)
        return written

    def close(self) -> None:
        kept = self._take()
        if kept is not None:
            kept.close()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection that is ready for a message. One that was not finished is thrown away by the server."""
        connection = self._usable() or _Connection(self._ready())
        try:
            yield connection.server
        except BaseException:
            connection.close()
            raise
        connection.messages += 1
        connection.used_at = time.monotonic()
        self._keep(connection)

    def _usable(self) -> _Connection | None:
        kept = self._take()
        if kept is None or kept.is_usable():
            return kept
        kept.close()
        return None

    def _take(self) -> _Connection | None:
        with self._lock:
            kept, self._kept = self._kept, None
            return kept

    def _keep(self, connection: _Connection) -> None:
        """Keep one for the next message; another thread's may be kept already."""
        with self._lock:
            if self._kept is None:
                self._kept = connection
                return
        connection.close()

    def _ready(self) -> smtplib.SMTP:
        try:
            server = self._open()
        except OSError as error:
            # Also what smtplib raises of its own: its exceptions are OSErrors.
            raise SendingError(Fault.UNREACHABLE, type(error).__name__) from None
        try:
            self._prepare(server)
        except BaseException:
            server.close()
            raise
        return server

    def _open(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        if server.sock is not None:
            # The end of a message must not wait until the server has acknowledged the rest.
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return server

    def _prepare(self, server: smtplib.SMTP) -> None:
        try:
            server.ehlo_or_helo_if_needed()
            is_private = self._scheme == "smtps" or _is_loopback(self._host)
            if self._scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                is_private = True
            if self._login is None:
                return
            if not is_private:
                raise SendingError(Fault.REFUSED, "no_tls")
            server.login(*self._login)
        except smtplib.SMTPAuthenticationError as error:
            raise SendingError(Fault.REFUSED, f"smtp_{error.smtp_code}") from None
        except OSError as error:
            raise SendingError(Fault.UNREACHABLE, type(error).__name__) from None


def _transmit(server: smtplib.SMTP, sender: str, to: str, written: EmailMessage) -> None:
    """Everything but the line that ends a message, without which the server has none."""
    options = []
    content = written.as_bytes()
    if not (sender + to).isascii():
        if not server.has_extn("smtputf8"):
            raise SendingError(Fault.RECIPIENT, "no_smtputf8")
        options += ["SMTPUTF8", "BODY=8BITMIME"]
        content = written.as_bytes(policy=_LONG_LINES.clone(utf8=True))
    if server.has_extn("size"):
        options.append(f"SIZE={len(content)}")
    try:
        _expect(2, server.mail(sender, options), Fault.REFUSED, "smtp")
        _expect(2, server.rcpt(to), Fault.RECIPIENT, "rcpt", later=Fault.DELAYED)
        _expect(3, server.docmd("DATA"), Fault.REFUSED, "smtp")
        server.send(_LEADING_DOT.sub(b"..", content))
    except OSError as error:
        raise SendingError(Fault.UNREACHABLE, type(error).__name__) from None


def _finish(server: smtplib.SMTP) -> None:
    """The line that ends a message: from here on the server may have taken it, whatever becomes of us."""
    try:
        if server.sock is not None:
            server.sock.settimeout(_FINAL_PATIENCE * server.timeout)
        server.send(b".\r\n")
        reply = server.getreply()
        if server.sock is not None:
            server.sock.settimeout(server.timeout)
    except OSError:
        raise SendingError(Fault.UNCERTAIN, "connection_lost") from None
    _expect(2, reply, Fault.MESSAGE, "data", later=Fault.DELAYED)


def _expect(
    kind: int, reply: tuple[int, bytes], permanent: Fault, step: str, *, later: Fault = Fault.BUSY
) -> None:
    """Refuse another reply than one of a kind (2 for 2xx).

    5xx is `permanent`, 4xx is `later`, but for 421, by which a server takes leave. What is no reply leaves all in doubt.
    """
    code, _ = reply
    if code // 100 != kind:
        fault = {4: Fault.BUSY if code == _CLOSING else later, 5: permanent}.get(code // 100, Fault.UNCERTAIN)
        raise SendingError(fault, f"{step}_{code}")


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
