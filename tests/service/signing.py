"""Signing as the providers do."""

from __future__ import annotations

import hashlib
import hmac


def hub_signature(body: bytes, secret: str) -> str:
    """Meta's X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
