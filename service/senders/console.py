"""Where no provider is configured: the message is shown to whoever started the service, and reaches nobody.

Standard output, never the log: it holds an address and a code.
"""

from __future__ import annotations

import sys
import uuid
from typing import TYPE_CHECKING

from service.messages import Mail, Text, unclaimed

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "console"


class ConsoleSender:
    """Prints what would have been sent."""

    name = NAME

    def send(self, message: Mail | Text, claim: Callable[[], None] = unclaimed) -> str:
        claim()
        subject = f"Subject: {message.subject}\n" if isinstance(message, Mail) else ""
        headers = message.headers if isinstance(message, Mail) else {}
        told = "".join(f"{name}: {value}\n" for name, value in headers.items())
        kind = "mail" if isinstance(message, Mail) else "text message"
        sys.stdout.write(
            f"\n--- not sent: no provider is configured for a {kind} ---\n"
            f"To: {message.to}\n{subject}{told}\n{message.body}\n---\n"
        )
        sys.stdout.flush()
        return f"{NAME}:{uuid.uuid4()}"
