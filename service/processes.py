"""Processes that end with the one that started them."""

from __future__ import annotations

import multiprocessing
import signal
import threading


def end_with_parent() -> None:
    """End this process when the one that started it is gone, however it went; on its own, it goes on."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def _wait() -> None:
        parent.join()
        signal.raise_signal(signal.SIGKILL)

    threading.Thread(target=_wait, name="parent-watch", daemon=True).start()


def work_for_parent() -> None:
    """Start a process of a pool: it ends with its parent, and leaves interrupts to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
