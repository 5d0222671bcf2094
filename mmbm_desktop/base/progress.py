"""Progress and cancellation, as plain objects that any thread may hold. No Qt, no processes."""

from __future__ import annotations

import threading
from typing import Protocol

from mmbm_desktop.base.errors import Cancelled


class ReportProgress(Protocol):
    """Called as work advances."""

    def __call__(self, done: int, total: int | None) -> None:
        """Say that `done` of `total` units are finished; `total` is None while unknown."""
        ...


def no_progress(done: int, total: int | None) -> None:
    """Ignore progress."""


class CancelToken:
    """A flag one thread sets and another checks between two pieces of work."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the holder to stop at its next check."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise if cancelled.

        Raises:
            Cancelled: `cancel` was called.
        """
        if self._event.is_set():
            raise Cancelled

    def wait(self, timeout_s: float) -> bool:
        """Sleep up to `timeout_s` seconds; return at once, and True, when cancelled."""
        return self._event.wait(timeout_s)
