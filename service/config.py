"""Settings: environment variables `ISTHISYOU_*` and a `.env` file, read once and checked at the start."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass, field, fields
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
from dotenv import dotenv_values

from matching import Costs, Model, is_region, load_model
from matching.model import parse_model

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

PREFIX = "ISTHISYOU_"
#: Where Meta serves profiles; a token is needed to ask there.
INSTAGRAM_API_URL = "https://graph.instagram.com/v23.0"
#: Stricter hours of states for telemarketing, as far as we know; have yours checked.
STRICTER_HOURS = "CT=9-20,FL=8-20,MD=8-20,MS=8-20,NJ=8-20,OK=8-20,RI=9-18,TX=9-21,TX-SUN=12-21"
_HOURS_OF_A_DAY = 24
_STATE = re.compile(r"[A-Z]{2}(-(MON|TUE|WED|THU|FRI|SAT|SUN))?")
#: Every decision keeps the version of the model that it is by.
LONGEST_VERSION = 64
TWILIO_API_URL = "https://api.twilio.com"


class SettingsError(Exception):
    """One or more settings cannot be used. The text names each, and never shows a value."""


def _text(raw: str) -> str:
    return raw


def _list(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def _flag(raw: str) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    try:
        return words[raw.lower()]
    except KeyError:
        raise ValueError("must be 1 or 0") from None


def _seconds(raw: str) -> float:
    return _positive(raw, "a number of seconds above 0")


def _rate(raw: str) -> float:
    return _positive(raw, "a number above 0")


def _cost(raw: str) -> float:
    return _positive(raw, "a number above 0")


def _count(raw: str) -> int:
    if not raw.isascii() or not raw.isdecimal() or int(raw) == 0:
        raise ValueError("must be a whole number above 0")
    return int(raw)


def _count_or_zero(raw: str) -> int:
    if not raw.isascii() or not raw.isdecimal():
        raise ValueError("must be a whole number")
    return int(raw)


def _positive(raw: str, wanted: str) -> float:
    try:
        value = float(raw)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ValueError(f"must be {wanted}")
    return value


def _database_url(raw: str) -> str:
    if not raw.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
    if raw in {"sqlite:///", "sqlite:///:memory:"}:
        raise ValueError("must name a file, such as sqlite:///isthisyou.db")
    return raw


def _http_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("must be a URL that starts with http:// or https://")
    return raw.rstrip("/")


def _smtp_url(raw: str) -> str:
    parts = urlsplit(raw)
    try:
        usable = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("must be smtp://user:password@host:port, or smtps://…")
    return raw


def _mail_from(raw: str) -> str:
    shown, address = parseaddr(raw)
    try:
        usable = bool(Address(display_name=shown, addr_spec=address).domain)
    except (ValueError, HeaderParseError, IndexError):
        usable = False
    if not usable:
        raise ValueError('must be an address, such as "Our name <news@example.com>"')
    return raw


def _region(raw: str) -> str:
    if not is_region(raw.upper()):
        raise ValueError("must be a country's two letters, such as US")
    return raw.upper()


def _one_of(*known: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if raw.lower() not in known:
            raise ValueError(f"must be {' or '.join(known)}")
        return raw.lower()

    return read


def _hours(raw: str) -> tuple[int, int]:
    opens, _, closes = raw.partition("-")
    try:
        hours = int(opens), int(closes)
    except ValueError:
        hours = (0, 0)
    if not 0 <= hours[0] < hours[1] <= _HOURS_OF_A_DAY:
        raise ValueError("must be hours of the day such as 8-21")
    return hours


def _hours_by_state(raw: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    found = []
    for entry in _list(raw):
        state, _, hours = entry.partition("=")
        if _STATE.fullmatch(state.strip()) is None:
            raise ValueError("must be a list such as FL=8-20,TX-SUN=12-21")
        found.append((state.strip(), _hours(hours)))
    return tuple(found)


def _only(known: str) -> Callable[[str], str]:
    """A reader for a setting of which this version knows one value: whoever asks for another must not get this one."""

    def read(raw: str) -> str:
        if raw.lower() != known:
            raise ValueError(f"can only be {known} in this version")
        return known

    return read


def _webhook_secrets(raw: str) -> tuple[str, ...]:
    secrets = _list(raw)
    for secret in secrets:
        prefix, _, encoded = secret.partition("_")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if prefix != "whsec" or not key:
            raise ValueError("must be a comma-separated list of whsec_ and base64")
    return secrets


def read_model(path: str) -> Model:
    """The model in a file.

    Raises:
        ValueError: says what is wrong with it.
    """
    try:
        return parse_model(Path(path).read_bytes())
    except OSError as error:
        raise ValueError(f"must name a file that can be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        # Of a model, not of people: what is wrong with it, and where, may be told.
        raise ValueError(f"must name a model: {error}") from None


def _model(raw: str) -> Model:
    model = read_model(raw)
    if not 0 < len(model.version) <= LONGEST_VERSION:
        raise ValueError(f"must name a model with a version of 1 to {LONGEST_VERSION} characters")
    if model.version == load_model().version and model != load_model():
        raise ValueError(f"must name a model with a version of its own: {model.version!r} is the shipped one")
    return model


def _setting(default: object, read: Callable[[str], object]) -> Any:  # noqa: ANN401 - a dataclass field
    return field(default=default, metadata={"read": read})


#: Settings that mean something only together.
_TOGETHER = (("smtp_url", "mail_from"),)
#: A setting that means nothing without others, which do without it: they verify what comes in.
_NEEDED_BY = {"twilio_from": ("twilio_account_sid", "twilio_auth_token")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting. A field `x` is read from `ISTHISYOU_X`; an empty variable counts as unset."""

    database_url: str = _setting("sqlite:///isthisyou.db", _database_url)
    #: Signs prompt tokens; made once and kept in the database where it is unset.
    secret_key: str | None = _setting(None, _text)
    #: How people reach this service, as far as it was said.
    public_url: str | None = _setting(None, _http_url)
    #: Where it listens, which is as good as nowhere for people elsewhere.
    local_url: str = "http://127.0.0.1:8000"
    #: How many proxies of ours a request passes: each adds to X-Forwarded-For whom it had it from.
    trusted_proxies: int = _setting(0, _count_or_zero)
    #: The country of a phone number that does not name its own.
    default_region: str = _setting("US", _region)
    instagram_app_secret: tuple[str, ...] = _setting((), _list)
    instagram_verify_token: str | None = _setting(None, _text)
    instagram_access_token: str | None = _setting(None, _text)
    instagram_api_url: str = _setting(INSTAGRAM_API_URL, _http_url)
    #: How long a direct message waits for its sender's profile, in seconds.
    instagram_profile_wait: float = _setting(5.0, _seconds)
    webhook_secret: tuple[str, ...] = _setting((), _webhook_secrets)
    #: What STOP by text is about: everything, or marketing alone.
    revocation_scope: str = _setting("everything", _one_of("everything", "marketing"))
    #: What texts that say STOP, START and HELP are answered with.
    sms_stop_text: str = _setting(
        "You will get no more messages from us. Reply START to get them again.", _text
    )
    sms_start_text: str = _setting("You will get messages from us again. Reply STOP to end them.", _text)
    sms_help_text: str = _setting(
        "Reply STOP to get no more messages. Msg frequency varies, msg & data rates may apply.", _text
    )
    #: How long "Is this you?" can be answered, in seconds.
    prompt_ttl: float = _setting(86_400.0, _seconds)
    #: What prompts show, and how many customers must share a hint: masked, for one.
    prompt_hints: str = _setting("masked", _only("masked"))
    prompt_hint_k: str = _setting("1", _only("1"))
    #: What a yes proves: that somebody says so.
    prompt_proof: str = _setting("claim", _only("claim"))
    #: Where mail is handed over, and whom it is from; without them it is shown on the console.
    smtp_url: str | None = _setting(None, _smtp_url)
    mail_from: str | None = _setting(None, _mail_from)
    #: Likewise for texts: a number of ours, or the id of a messaging service. Account and token verify what comes in, too.
    twilio_account_sid: str | None = _setting(None, _text)
    twilio_auth_token: str | None = _setting(None, _text)
    twilio_from: str | None = _setting(None, _text)
    twilio_api_url: str = _setting(TWILIO_API_URL, _http_url)
    #: How many codes may be asked for in ten minutes: by one API key, for one client address, from one network, to one
    #: range of numbers (all but the last four digits).
    codes_per_key: int = _setting(300, _count)
    codes_per_client: int = _setting(10, _count)
    codes_per_network: int = _setting(30, _count)
    codes_per_number_range: int = _setting(20, _count)
    #: After so many days without a sign of life a number may be somebody else's: it is verified no more.
    verified_days: int = _setting(180, _count)
    #: When a text may reach somebody, at their own place, and where the law is stricter.
    sending_hours: tuple[int, int] = _setting((8, 21), _hours)
    sending_hours_by_state: tuple[tuple[str, tuple[int, int]], ...] = _setting(
        _hours_by_state(STRICTER_HOURS), _hours_by_state
    )
    #: How many campaigns may reach one person, or one number or mailbox, in seven days.
    campaigns_per_week: int = _setting(3, _count)
    #: How fast a campaign is handed over, by each process.
    mails_per_second: float = _setting(10.0, _rate)
    texts_per_second: float = _setting(1.0, _rate)
    #: What decisions cost, in needless questions: see matching.decisions.Costs.
    cost_wrong_link: float = _setting(200.0, _cost)
    cost_missed_match: float = _setting(4.0, _cost)
    cost_question: float = _setting(1.0, _cost)
    #: The model in this file, instead of the shipped one.
    model_file: Model | None = _setting(None, _model)  # noqa: RUF009 - a field
    #: True serves /demo, a page to play with; never on a public installation.
    demo: bool = _setting(False, _flag)  # noqa: FBT003
    #: Threads that resolve what the inbox holds.
    inbox_threads: int = 2

    @property
    def base_url(self) -> str:
        """What links to our pages start with."""
        return self.public_url or self.local_url

    @property
    def sends_dead_links(self) -> bool:
        """True where mail really leaves, and nobody said what its links are to start with."""
        return self.smtp_url is not None and self.public_url is None

    @property
    def asks_for_profiles(self) -> bool:
        """True where there is somebody to ask: a token, or a profile API of one's own."""
        return self.instagram_access_token is not None or self.instagram_api_url != INSTAGRAM_API_URL

    @property
    def model(self) -> Model:
        """The figures that decisions go by."""
        return self.model_file or load_model()

    @property
    def costs(self) -> Costs:
        """What decisions cost."""
        return Costs(
            wrong_link=self.cost_wrong_link,
            missed_match=self.cost_missed_match,
            question=self.cost_question,
        )

    @classmethod
    def from_variables(cls, variables: Mapping[str, str | None]) -> Settings:
        """Read the settings out of `variables`.

        Raises:
            SettingsError: names every variable at fault.
        """
        values: dict[str, object] = {}
        complaints = []
        for setting in fields(cls):
            name = PREFIX + setting.name.upper()
            raw = (variables.get(name) or "").strip()
            if not raw or "read" not in setting.metadata:
                continue
            try:
                values[setting.name] = setting.metadata["read"](raw)
            except ValueError as error:
                complaints.append(f"{name} {error}")
        settings = cls(**values)  # type: ignore[arg-type]  # each reader returns its field's type
        if settings.cost_question >= min(settings.cost_wrong_link, settings.cost_missed_match):
            complaints.append(
                f"{PREFIX}COST_QUESTION must be below the costs of a wrong link and of a missed match"
            )
        complaints += settings._incomplete()
        if complaints:
            raise SettingsError("; ".join(complaints))
        return settings

    def _incomplete(self) -> list[str]:
        """What was set in part: it would look as if messages were sent."""
        halves = [
            f"{', '.join(PREFIX + name.upper() for name in names)} must all be set, or none"
            for names in _TOGETHER
            if len({getattr(self, name) is None for name in names}) > 1
        ]
        alone = [
            f"{PREFIX}{name.upper()} needs {' and '.join(PREFIX + other.upper() for other in needed)}"
            for name, needed in _NEEDED_BY.items()
            if getattr(self, name) is not None and None in {getattr(self, other) for other in needed}
        ]
        return [*halves, *alone]

    @classmethod
    def from_environment(
        cls, directory: Path | None = None, *, only: Collection[str] | None = None
    ) -> Settings:
        """Read the settings from the environment, and from `.env` in `directory` (the environment wins).

        `only` names fields: the others are left at their defaults, whatever their variables hold.
        """
        file = (directory or Path.cwd()) / ".env"
        variables = {**dotenv_values(file), **os.environ}  # noqa: TID251 - the one place
        if only is None:
            return cls.from_variables(variables)
        return cls.from_variables(
            {PREFIX + name.upper(): variables.get(PREFIX + name.upper()) for name in only}
        )
