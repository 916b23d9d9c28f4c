"""Instagram's profile API: who is behind a sender id."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import httpx

from service.errors import Refusal
from service.events import Profile
from service.providers.payloads import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A profile is 100 bytes; an error is 500.
MAX_ANSWER_BYTES = 65_536
MAX_NAME_LENGTH = 200

#: An id becomes part of a path.
_SENDER_ID = re.compile(r"[0-9A-Za-z]{1,64}", re.ASCII)
#: A local stand-in for the API is never behind the proxy that the environment names.
_LOOPBACK = ("all://localhost", "all://127.0.0.1", "all://[::1]")


class Unavailability(StrEnum):
    """Why there is no profile to be had now. Asking again helps only after the person writes again."""

    NO_CONSENT = "no_consent"
    NO_SUCH_USER = "no_such_user"
    OUTSIDE_WINDOW = "outside_window"


class Failure(StrEnum):
    """What went wrong with a look-up that may go right later."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    HTTP_5XX = "http_5xx"
    RATE_LIMITED = "rate_limited"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a code
    """Concerns every look-up, not only this one: someone has to renew the token or its permissions."""
    MALFORMED = "malformed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The platform's answer."""

    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """The platform does not show this profile: do not poll, ask again at the next inbound message."""

    reason: Unavailability


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No answer; to be tried again, later each time."""

    reason: Failure


ProfileAnswer = Found | Unavailable | Failed

#: Meta's codes with their subcodes; a code alone stands for all of its other subcodes.
_BY_ERROR: Mapping[tuple[object, object], Unavailable | Failed] = {
    (230, None): Unavailable(reason=Unavailability.NO_CONSENT),
    (9010, None): Unavailable(reason=Unavailability.NO_SUCH_USER),
    (100, 2534014): Unavailable(reason=Unavailability.NO_SUCH_USER),
    (100, 33): Unavailable(reason=Unavailability.NO_SUCH_USER),
    (10, 2534022): Unavailable(reason=Unavailability.OUTSIDE_WINDOW),
    (190, None): Failed(reason=Failure.BAD_TOKEN),
    (102, None): Failed(reason=Failure.BAD_TOKEN),
    (10, None): Failed(reason=Failure.BAD_TOKEN),
    (200, None): Failed(reason=Failure.BAD_TOKEN),
    (4, None): Failed(reason=Failure.RATE_LIMITED),
    (17, None): Failed(reason=Failure.RATE_LIMITED),
    (32, None): Failed(reason=Failure.RATE_LIMITED),
    (613, None): Failed(reason=Failure.RATE_LIMITED),
    (80002, None): Failed(reason=Failure.RATE_LIMITED),
    (1, None): Failed(reason=Failure.HTTP_5XX),
    (2, None): Failed(reason=Failure.HTTP_5XX),
}
_BY_STATUS: Mapping[int, Unavailable | Failed] = {
    401: Failed(reason=Failure.BAD_TOKEN),
    404: Unavailable(reason=Unavailability.NO_SUCH_USER),
    408: Failed(reason=Failure.TIMEOUT),
    429: Failed(reason=Failure.RATE_LIMITED),
}


class ProfileClient:
    """Looks profiles up, from any thread.

    `timeout` is in seconds, for each step and for reading the answer; so is `rest`, for which nobody is asked after
    the API could not be reached.
    """

    def __init__(self, *, api_url: str, access_token: str | None, timeout: float, rest: float = 0.0) -> None:
        self._api_url = api_url.rstrip("/")
        self._rest = rest
        self._resting_until = 0.0
        self._parameters = {"fields": "name,username"}
        if access_token:
            self._parameters["access_token"] = access_token
        self._timeout = timeout
        _silence_request_logs()
        self._http = httpx.Client(
            timeout=timeout,
            follow_redirects=False,
            # Uncompressed, so that the bound on the size is a bound on the memory.
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            mounts=dict.fromkeys(_LOOPBACK),
        )

    def fetch(self, sender_id: str) -> ProfileAnswer:
        """Ask for one profile. Whatever goes wrong is an answer, not an exception."""
        if _SENDER_ID.fullmatch(sender_id) is None:
            return Unavailable(reason=Unavailability.NO_SUCH_USER)
        if time.monotonic() < self._resting_until:
            return Failed(reason=Failure.UNREACHABLE)
        try:
            status, body = self._answer(sender_id)
        except (httpx.TimeoutException, TimeoutError):
            return self._rest_after(Failure.TIMEOUT)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            return self._rest_after(Failure.UNREACHABLE)
        return _understood(status, body)

    def _rest_after(self, reason: Failure) -> Failed:
        """Ask nobody for a while: each further sender would cost its thread a timeout of its own."""
        self._resting_until = time.monotonic() + self._rest
        return Failed(reason=reason)

    def close(self) -> None:
        self._http.close()

    def _answer(self, sender_id: str) -> tuple[int, bytes]:
        """Status and body; no body where it is longer than `MAX_ANSWER_BYTES`."""
        deadline = time.monotonic() + self._timeout
        received = bytearray()
        with self._http.stream("GET", f"{self._api_url}/{sender_id}", params=self._parameters) as response:
            for chunk in response.iter_raw():
                received += chunk
                if len(received) > MAX_ANSWER_BYTES:
                    return response.status_code, b""
                if time.monotonic() > deadline:
                    # The client's own timeout bounds the wait for a byte, not for all of them.
                    raise TimeoutError
            return response.status_code, bytes(received)


def _silence_request_logs() -> None:
    """Both write each URL to the log, and the URL has the token and the sender's id in it."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _understood(status: int, body: bytes) -> ProfileAnswer:
    document = _document(body)
    error = document.get("error") if document else None
    if isinstance(error, dict):
        return _by_error(error) or _by_status(status)
    if status != httpx.codes.OK:
        return _by_status(status)
    return Found(profile=_profile(document)) if document is not None else Failed(reason=Failure.MALFORMED)


def _document(body: bytes) -> dict[str, object] | None:
    """The JSON object that came, or None."""
    try:
        document = decode(body)
    except Refusal:
        return None
    return document if isinstance(document, dict) else None


def _by_error(error: Mapping[str, object]) -> Unavailable | Failed | None:
    code, subcode = error.get("code"), error.get("error_subcode")
    if not isinstance(code, int):
        return None
    exact = _BY_ERROR.get((code, subcode)) if isinstance(subcode, int) else None
    return exact or _BY_ERROR.get((code, None))


def _by_status(status: int) -> Unavailable | Failed:
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return Failed(reason=Failure.HTTP_5XX)
    return _BY_STATUS.get(status) or Failed(reason=Failure.REFUSED)


def _profile(document: Mapping[str, object]) -> Profile:
    return Profile(username=_text(document.get("username")), name=_text(document.get("name")))


def _text(value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    return value.strip()[:MAX_NAME_LENGTH]
