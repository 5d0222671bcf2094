"""The end in stages: latch, the pages' threads, the engine off the main thread (it pauses training), window, loop.

No stage is skipped because an earlier one failed.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmbm_desktop.protocol.requests import TrainRequest, TuneRequest

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.main_window import MainWindow

log = logging.getLogger(__name__)
_PAINT_FIRST_MS = 20


class Shutdown(QObject):
    """Ends the program when the window asks for it; later requests change nothing."""

    finished = Signal()
    _engine_closed = Signal()

    def __init__(self, window: MainWindow, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window, self._context = window, context
        self._begun = False
        self._engine_closed.connect(self._close_window)
        window.close_asked.connect(self.begin)

    @Slot()
    def begin(self) -> None:
        """Start ending; the window says so and takes no more requests."""
        if self._begun:
            return
        self._begun = True
        self._window.show_closing(training=self._training())
        self._context.bridge.close()
        QTimer.singleShot(_PAINT_FIRST_MS, self._close_pages)

    def _training(self) -> bool:
        """Whether a training run is under way, which the engine pauses when it is closed."""
        jobs = self._context.engine.jobs()
        return any(isinstance(job.request, TrainRequest | TuneRequest) and not job.state.final for job in jobs)

    @Slot()
    def _close_pages(self) -> None:
        """Let saves in hand reach the library, then close the engine where a stuck worker cannot freeze the window."""
        for page in self._window.pages.values():
            try:
                page.close_workers()
            except Exception:
                log.exception("the page %s did not end in order", page.name)
        threading.Thread(target=self._close_engine, name="close engine").start()

    def _close_engine(self) -> None:
        try:
            self._context.engine.close()
        finally:
            self._engine_closed.emit()

    @Slot()
    def _close_window(self) -> None:
        self._window.end()
        QTimer.singleShot(0, self.finished.emit)
