"""How fast a job is of late: seconds a unit, averaged over the last stretch of work."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW_S = 30.0


class Pace:
    """A moving average: what a unit took within the last `window_s` seconds. Rests do not count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, window_s: float = WINDOW_S) -> None:
        self._clock = clock
        self._window_s = window_s
        self._marks: deque[tuple[float, int]] = deque()
        self._rest_since_s: float | None = None

    def note(self, done: int) -> float | None:
        """Note that `done` units are finished; return seconds a unit, None while nothing can be said."""
        now = self._clock()
        self._marks.append((now, done))
        while len(self._marks) > 2 and self._marks[1][0] <= now - self._window_s:
            self._marks.popleft()
        began_s, before = self._marks[0]
        return (now - began_s) / (done - before) if done > before else None

    def rest(self) -> None:
        """Stop counting the time."""
        self._rest_since_s = self._clock()

    def go_on(self) -> None:
        """Count the time again."""
        if self._rest_since_s is not None:
            rested_s = self._clock() - self._rest_since_s
            self._marks = deque((then + rested_s, done) for then, done in self._marks)
            self._rest_since_s = None
