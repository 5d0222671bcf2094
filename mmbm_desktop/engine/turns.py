"""Turns at one thing that only one thread may use at a time, given by priority."""

from __future__ import annotations

import heapq
import threading
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Generator

    from mmbm_desktop.base.progress import CancelToken

_POLL_S = 0.05


class Turns:
    """Gives the turn to the waiting thread with the smallest priority number, then to the one that asked first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._line: list[tuple[int, int]] = []
        self._numbers = count()
        self._taken = False
        self._closed = False

    @contextmanager
    def take(self, priority: int, token: CancelToken) -> Generator[None]:
        """Wait for the turn and hold it for the length of the block.

        Raises:
            Cancelled: `token` was cancelled, or `close` called, before the turn came.
        """
        place = (priority, next(self._numbers))
        with self._changed:
            heapq.heappush(self._line, place)
            try:
                while self._taken or self._line[0] != place:
                    self._raise_if_over(token)
                    self._changed.wait(_POLL_S)
                self._raise_if_over(token)
                self._taken = True
            finally:
                self._line.remove(place)
                heapq.heapify(self._line)
                self._changed.notify_all()
        try:
            yield
        finally:
            self._give_back()

    @contextmanager
    def take_if_free(self) -> Generator[bool]:
        """Hold the turn for the length of the block if nobody holds it or waits for it; gives whether that is so."""
        with self._changed:
            free = not (self._taken or self._line or self._closed)
            self._taken = self._taken or free
        try:
            yield free
        finally:
            if free:
                self._give_back()

    def close(self, timeout_s: float) -> bool:
        """Refuse further turns and wait until the present one is over; return whether it is."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._taken, timeout_s)

    def _raise_if_over(self, token: CancelToken) -> None:
        if self._closed:
            raise Cancelled
        token.check()

    def _give_back(self) -> None:
        with self._changed:
            self._taken = False
            self._changed.notify_all()
