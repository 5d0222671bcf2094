"""Opens the window, captions one drawn picture through the real worker, and closes: timings and memory as JSON."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QColor, QImage, QPainter

from mmbm_desktop.protocol.requests import CaptionRequest
from mmbm_desktop.protocol.results import CaptionResult

if TYPE_CHECKING:
    from mmbm_desktop.gui.context import AppContext
    from mmbm_desktop.gui.main_window import MainWindow
    from mmbm_desktop.protocol.jobs import JobSnapshot

_LIMIT_MS = 60_000
_SETTLE_MS = 1500


class SelfTest(QObject):
    """Runs once the event loop runs; `report` is complete when the window has closed.

    Args:
        window: the window to watch and close.
        context: its context.
        started_s: `time.perf_counter()` at the start of the program's main function.
    """

    def __init__(self, window: MainWindow, context: AppContext, started_s: float) -> None:
        super().__init__(window)
        self._window, self._context, self._started_s = window, context, started_s
        self._folder = tempfile.TemporaryDirectory(prefix="mmbm-self-test-")
        self._found: dict[str, object] = {}
        window.installEventFilter(self)
        context.bridge.job_changed.connect(self._job_changed)
        QTimer.singleShot(0, self._ask)
        QTimer.singleShot(_LIMIT_MS, window.close)

    def report(self) -> str:
        """Return what was measured as one JSON object."""
        return json.dumps(self._found, ensure_ascii=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and "window_ms" not in self._found:
            self._found["window_ms"] = self._elapsed_ms()
        return super().eventFilter(watched, event)

    @Slot()
    def _ask(self) -> None:
        picture = Path(self._folder.name) / "beach.jpg"
        _draw(picture)
        self._context.engine.submit(CaptionRequest(str(picture)))

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if not isinstance(job.request, CaptionRequest) or not job.state.final or "first_caption_ms" in self._found:
            return
        self._found["first_caption_ms"] = self._elapsed_ms()
        if isinstance(job.result, CaptionResult):
            self._found["caption"] = job.result.captions[0].text
            self._found["model"] = job.result.made.model
        elif job.failure is not None:
            self._found["error"] = job.failure.code.value
        QTimer.singleShot(_SETTLE_MS, self._finish)

    @Slot()
    def _finish(self) -> None:
        process = psutil.Process()
        self._found["window_rss_bytes"] = process.memory_info().rss
        self._found["worker_rss_bytes"] = sum(child.memory_info().rss for child in process.children(recursive=True))
        self._folder.cleanup()
        self._window.close()

    def _elapsed_ms(self) -> float:
        return round((time.perf_counter() - self._started_s) * 1000, 1)


def _draw(target: Path) -> None:
    """Draw a beach: sky, sea, sand and a ball."""
    picture = QImage(640, 480, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    for top, height, colour in ((0, 220, "#8ec5ef"), (220, 110, "#2d74b8"), (330, 150, "#e2cd9a")):
        painter.fillRect(0, top, 640, height, QColor(colour))
    painter.setBrush(QColor("#d43c32"))
    painter.drawEllipse(280, 330, 80, 80)
    painter.end()
    picture.save(str(target))
