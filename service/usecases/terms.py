"""What the installation decides about resolving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from service.usecases.identify import Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the installation decides about resolving."""

    identifier: Identifier
    region: str
    prompt_ttl: timedelta
