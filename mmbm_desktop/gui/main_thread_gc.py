"""Python's cyclic garbage collector, run in the main thread only: elsewhere it would destroy Qt objects there."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 10_000
_WHOLE_EVERY = 60
"""So many collections leave alone what survived an earlier one, the next looks at everything again.

Looking at 100,000 items takes 40 ms or more, in which the window stands still: every ten seconds would be felt.
"""


class MainThreadCollector(QObject):
    """Switches automatic collection off and collects on a timer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._turn = 0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def close(self) -> None:
        """Switch automatic collection on again, over everything."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def collect(self) -> None:
        """Collect what is new, or everything when it is time for that, and set what survives aside."""
        self._turn = (self._turn + 1) % _WHOLE_EVERY
        if self._turn == 0:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
