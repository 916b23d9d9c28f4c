"""SMS by Twilio's REST API."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx

from service.messages import Fault, SendingError, unclaimed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from service.messages import Text

NAME = "twilio"
TIMEOUT_SECONDS = 15.0
#: A messaging service chooses the number itself; its ids begin so.
_SERVICE = "MG"
#: A local stand-in for the API is never behind the proxy that the environment names.
_LOOPBACK = ("all://localhost", "all://127.0.0.1", "all://[::1]")
#: Twilio's code for a number that sent it STOP.
_UNSUBSCRIBED = 21610
#: Twilio's codes that say: not to this number. (https://www.twilio.com/docs/api/errors)
_OF_THE_RECIPIENT = {
    21211,  # not a phone number
    21214,  # cannot be reached
    21217,  # not a phone number that can be called
    21265,  # a short code
    21266,  # our own number
    21268,  # a premium rate
    21408,  # no permission for this region
    21608,  # not verified, which a trial account asks for
    _UNSUBSCRIBED,
    21612,  # no route
    21614,  # not a mobile number
    21635,  # a landline
    572002,  # a trial account has another number of ours for it
    572005,  # its verification was begun and not ended
}


class TwilioSender:
    """Hands texts to Twilio. `sender` is a number of ours, or the id of a messaging service."""

    name = NAME

    def __init__(
        self,
        *,
        api_url: str,
        account_sid: str,
        auth_token: str,
        sender: str,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._url = f"{api_url}/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._sender = {"MessagingServiceSid" if sender.startswith(_SERVICE) else "From": sender}
        for name in ("httpx", "httpcore"):
            # Both write each URL to the log, and this one has the account in it.
            logging.getLogger(name).setLevel(logging.WARNING)
        self._http = httpx.Client(
            timeout=timeout,
            auth=(account_sid, auth_token),
            follow_redirects=False,
            headers={"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"},
            mounts=dict.fromkeys(_LOOPBACK),
        )

    def send(self, message: Text, claim: Callable[[], None] = unclaimed) -> str:
        """Hand a text over; its sid."""
        form = urlencode({"To": message.to, **self._sender, "Body": message.body}).encode()
        try:
            response = self._http.post(
                self._url,
                content=_claimed_at_the_end(form, claim),
                headers={"Content-Length": f"{len(form)}"},
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise SendingError(Fault.UNREACHABLE, type(error).__name__) from None
        except httpx.HTTPError as error:
            raise SendingError(Fault.UNCERTAIN, type(error).__name__) from None
        answer = _document(response)
        if response.status_code != httpx.codes.CREATED:
            raise _failure(response.status_code, answer)
        return str(answer.get("sid", ""))

    def close(self) -> None:
        self._http.close()


def _claimed_at_the_end(form: bytes, claim: Callable[[], None]) -> Iterator[bytes]:
    """A request's body: a form that lacks its last byte is none."""
    yield form[:-1]
    claim()
    yield form[-1:]


def _document(response: httpx.Response) -> Mapping[str, Any]:
    try:
        answer = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _failure(status: int, answer: Mapping[str, Any]) -> SendingError:
    code = answer.get("code")
    told = f"twilio_{code}" if isinstance(code, int) else f"http_{status}"
    if code in _OF_THE_RECIPIENT:
        return SendingError(Fault.RECIPIENT, told, is_revoked=code == _UNSUBSCRIBED)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return SendingError(Fault.BUSY, told)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        # Twilio may have queued it before it broke.
        return SendingError(Fault.UNCERTAIN, told)
    return SendingError(Fault.REFUSED, told)
