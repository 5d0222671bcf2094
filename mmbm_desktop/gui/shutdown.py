"""The end in stages: stop listening, close the engine off the main thread, close the window, leave the loop."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.main_window import MainWindow


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
        self._window.show_notice(self.tr("Closing …"))
        self._window.setEnabled(False)
        self._context.bridge.close()
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
