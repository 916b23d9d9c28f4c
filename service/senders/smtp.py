"""Email by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager, suppress
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from service.messages import Fault, SendingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.messages import Mail

NAME = "smtp"
TIMEOUT_SECONDS = 15.0
_PERMANENT = 500
_LONG_LINES = policy.SMTP.clone(max_line_length=998)
_PORTS = {"smtp": 587, "smtps": 465}


class SmtpSender:
    """Hands mail to one server: `smtps://` speaks TLS from the start, `smtp://` as soon as the server offers it.

    A password is only told over TLS, or to this very machine.
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

    def send(self, message: Mail) -> str:
        """Hand a message over; its Message-ID."""
        written = self._written(message)
        with self._connection() as server:
            try:
                server.send_message(written)
            except smtplib.SMTPRecipientsRefused as error:
                [(code, _)] = error.recipients.values()
                raise SendingError(_by_code(code, Fault.RECIPIENT), f"rcpt_{code}") from None
            except smtplib.SMTPResponseException as error:
                raise SendingError(
                    _by_code(error.smtp_code, Fault.REFUSED), f"smtp_{error.smtp_code}"
                ) from None
            except smtplib.SMTPNotSupportedError:
                raise SendingError(Fault.RECIPIENT, "no_smtputf8") from None
            except (smtplib.SMTPException, OSError):
                raise SendingError(Fault.UNCERTAIN, "connection_lost") from None
        return str(written["Message-ID"])

    def _written(self, message: Mail) -> EmailMessage:
        shown, address = parseaddr(self._from)
        # A folded link would be encoded beyond what a mail program understands.
        written = EmailMessage(policy=_LONG_LINES)
        written["From"] = Address(display_name=shown, addr_spec=address)
        written["To"] = message.to
        written["Subject"] = message.subject
        written["Message-ID"] = f"<{message.key}@{address.rpartition('@')[2]}>"
        # Nobody's holiday responder is to answer it (RFC 3834).
        written["Auto-Submitted"] = "auto-generated"
        for name, value in message.headers.items():
            written[name] = value
        written.set_content(message.body)
        return written

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """A connection that is ready for a message; what goes wrong until then leaves nothing in doubt."""
        try:
            server = self._open()
        except OSError as error:
            # Also what smtplib raises of its own: its exceptions are OSErrors.
            raise SendingError(Fault.UNREACHABLE, type(error).__name__) from None
        try:
            self._prepare(server)
            yield server
        finally:
            with suppress(OSError):
                server.quit()
            server.close()

    def _open(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        return smtplib.SMTP(self._host, self._port, timeout=self._timeout)

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


def _by_code(code: int, permanent: Fault) -> Fault:
    return permanent if code >= _PERMANENT else Fault.BUSY


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
