"""What the installation decides about resolving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from service.usecases.identify import Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """What a text message is answered with."""

    stop: str
    start: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the installation decides about resolving."""

    identifier: Identifier
    region: str
    prompt_ttl: timedelta
    #: What a text that says stop is about: marketing alone, or answers to a booking as well.
    revoked_purposes: tuple[str, ...]
    replies: Replies
