"""Python's cyclic garbage collector, run in the main thread only: elsewhere it would destroy Qt objects there."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 10_000


class MainThreadCollector(QObject):
    """Switches automatic collection off and collects on a timer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def close(self) -> None:
        """Switch automatic collection on again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _collect(self) -> None:
        gc.collect()
