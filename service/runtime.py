"""What a running process holds: settings, database, model, clock, and the ways to the outside."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, URLSafeSerializer

from service.providers import booking_form, demo, email, instagram, twilio
from service.usecases.consent import MARKETING, PURPOSES
from service.usecases.key_uses import KeyUses
from service.usecases.terms import Replies, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from service.config import Settings
    from service.events import Submission
    from service.messages import Mail, Sender, Text
    from service.providers.profiles import ProfileClient
    from service.store.session import Database
    from service.usecases.identify import Identifier

#: How an event of each source is read, once it is to be resolved.
READERS: Mapping[str, Callable[[Mapping[str, Any]], Submission]] = {
    instagram.SOURCE: instagram.read,
    booking_form.SOURCE: booking_form.read,
    demo.SOURCE: demo.read,
    twilio.SOURCE: twilio.read,
    email.SOURCE: email.read,
}


def utc_now() -> datetime:
    """The one clock; everything below an entry point takes `now` as an argument."""
    return datetime.now(UTC)  # noqa: TID251


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Everything an entry point needs, composed once in service.app."""

    settings: Settings
    database: Database
    identifier: Identifier
    secret_key: str
    #: None where no profile API is configured.
    profiles: ProfileClient | None
    #: Where mail and texts are handed over.
    mail: Sender[Mail]
    texts: Sender[Text]
    #: Names this process in leases, the same after a restart.
    owner: str
    clock: Callable[[], datetime] = utc_now
    #: Set when something was put into the inbox, so that a worker need not wait for its next look.
    inbox_bell: threading.Event = field(default_factory=threading.Event)
    #: Uses of API keys that the worker is to write down.
    key_uses: KeyUses = field(default_factory=KeyUses)

    @property
    def terms(self) -> Terms:
        """What the installation decides about resolving."""
        return Terms(
            identifier=self.identifier,
            region=self.settings.default_region,
            prompt_ttl=timedelta(seconds=self.settings.prompt_ttl),
            revoked_purposes=PURPOSES if self.settings.revocation_scope == "everything" else (MARKETING,),
            replies=Replies(
                stop=self.settings.sms_stop_text,
                start=self.settings.sms_start_text,
                help=self.settings.sms_help_text,
            ),
        )

    def token(self, purpose: str, subject_id: str) -> str:
        """The token of a prompt, a code …: signed from its id, so that it need not be stored."""
        return str(URLSafeSerializer(self.secret_key, salt=purpose).dumps(subject_id))

    def opened_by(self, purpose: str, token: str) -> str | None:
        """The id that `token` was made from for this purpose, or None for a token that we did not make."""
        try:
            subject_id = URLSafeSerializer(self.secret_key, salt=purpose).loads(token)
        except BadSignature:
            return None
        return subject_id if isinstance(subject_id, str) else None

    def prompt_token(self, prompt_id: str) -> str:
        """The token of a prompt."""
        return self.token("prompt", prompt_id)

    def prompt_id(self, token: str) -> str | None:
        """The prompt that `token` opens, or None for a token that we did not make."""
        return self.opened_by("prompt", token)
