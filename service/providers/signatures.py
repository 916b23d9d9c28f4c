"""The signature schemes that providers use. Every failure is the same refusal, which tells nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from service.errors import ErrorCode, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

#: How far a sender's clock may be off, either way (Standard Webhooks' own libraries: five minutes).
TOLERANCE_SECONDS = 300

_HUB_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})", re.ASCII)
_UNIX_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_SECRET_PREFIX = "whsec_"  # noqa: S105 - the mark of a secret, not a secret


def unauthenticated() -> Refusal:
    return Refusal(ErrorCode.UNAUTHENTICATED, "The signature is missing or not valid.")


def verify_hub_signature(body: bytes, signature: str | None, *, secrets: Sequence[str]) -> None:
    """Check `sha256=<64 lowercase hex>`, an HMAC-SHA256 over the raw bytes, against any of the secrets.

    Raises:
        Refusal: UNAUTHENTICATED, also when no secret is configured.
    """
    match = _HUB_SIGNATURE.fullmatch(signature or "")
    keys = [secret.encode() for secret in secrets if secret]
    expected = (hmac.digest(key, body, hashlib.sha256).hex() for key in keys)
    if match is None or not is_any(match[1], expected):
        raise unauthenticated()


def verify_standard_webhook(
    body: bytes, headers: Mapping[str, str], *, secrets: Sequence[str], now: datetime
) -> str:
    """Check the three headers of Standard Webhooks 1.0 and return the webhook's id.

    Own code, since the standardwebhooks package reads the clock itself, raises anything on a malformed header, and
    takes fractional timestamps; the tests hold the two against each other.

    Args:
        body: the raw bytes.
        headers: of any capitalization.
        secrets: as `whsec_<base64>`; what does not decode is passed over.
        now: the time to hold the timestamp against, aware.

    Raises:
        Refusal: UNAUTHENTICATED, also when no secret is configured.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    webhook_id = lowered.get("webhook-id", "")
    timestamp = lowered.get("webhook-timestamp", "")
    if not (webhook_id.isascii() and webhook_id.strip() and _is_timely(timestamp, now)):
        raise unauthenticated()
    content = f"{webhook_id}.{timestamp}.".encode() + body
    expected = [_standard_signature(key, content) for key in _standard_keys(secrets)]
    candidates = lowered.get("webhook-signature", "").split()
    if not _is_any_of_any(candidates, expected):
        raise unauthenticated()
    return webhook_id


def _is_timely(timestamp: str, now: datetime) -> bool:
    if _UNIX_SECONDS.fullmatch(timestamp) is None:
        return False
    return abs(now.timestamp() - int(timestamp)) <= TOLERANCE_SECONDS


def _standard_keys(secrets: Sequence[str]) -> Iterable[bytes]:
    for secret in secrets:
        try:
            # Padding is optional in the secrets of some senders; more of it than needed does no harm.
            key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX) + "==")
        except ValueError:
            continue
        if key:
            yield key


def _standard_signature(key: bytes, content: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def _is_any_of_any(candidates: Iterable[str], expected: Sequence[str]) -> bool:
    matches = [is_any(candidate, expected) for candidate in candidates]
    return any(matches)


def is_any(candidate: str, expected: Iterable[str]) -> bool:
    """Compare with every one, in a time that tells neither which matched nor how much of it did."""
    given = candidate.encode(errors="replace")
    matches = [hmac.compare_digest(given, value.encode()) for value in expected]
    return any(matches)
