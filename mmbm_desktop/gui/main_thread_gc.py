"""Python's cyclic garbage collector, run in the main thread only: elsewhere it would destroy Qt objects there."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK_EVERY_MS = 200
_MANY = 10_000
"""So many new objects are collected at once; ten seconds of fast scrolling make 200,000, which take 70 ms."""
_EVERY_S = 10.0
_WHOLE_EVERY_S = 600.0
"""So long what survived an earlier collection is left alone, then everything is looked at again.

Looking at 100,000 items takes 40 ms or more, in which the window stands still: every ten seconds would be felt.
"""


class MainThreadCollector(QObject):
    """Switches automatic collection off and collects by a timer: soon where much is new, else every ten seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._clock = clock
        self._last_s = self._whole_s = clock()
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def set_aside(self) -> None:
        """Leave alone what is there now, like what survived a collection: to look at it takes 50 ms at the start."""
        gc.freeze()
        self._last_s = self._clock()

    def close(self) -> None:
        """Switch automatic collection on again, over everything."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def look(self) -> None:
        """Collect what is new, or everything, when it is time for that, and set what survives aside."""
        now = self._clock()
        if now - self._last_s < _EVERY_S and gc.get_count()[0] < _MANY:
            return
        if now - self._whole_s >= _WHOLE_EVERY_S:
            self._whole_s = now
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._last_s = now
