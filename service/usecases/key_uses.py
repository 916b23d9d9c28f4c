"""When keys are used: noted by requests, written down by the worker, so that no request waits for a database's writer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.tables import ApiKey


class KeyUses:
    """The keys that were used and are to be written down, each with its last minute: one write a minute and key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: dict[str, datetime] = {}

    def note(self, key: ApiKey, *, now: datetime) -> None:
        """Note a use, unless the database knows of one in this minute already."""
        minute = now.replace(second=0, microsecond=0)
        if key.last_used_at is None or key.last_used_at < minute:
            with self._lock:
                self._noted[key.id] = minute

    def take(self) -> dict[str, datetime]:
        """All that was noted since the last call. What is lost then is noted again by the key's next use."""
        with self._lock:
            taken, self._noted = self._noted, {}
        return taken
