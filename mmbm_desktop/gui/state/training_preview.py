"""What training will make of a few items of the data folder: asked for when somebody looks. QtCore only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmbm_desktop.protocol.preview import PREVIEWED, PreviewRequest, PreviewResult

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.training import RunSettings

_APART_MS = 300
"""Settings that are being typed are waited for."""


class TrainingPreview(QObject):
    """Keeps `result` or `failure` up to date while it is `watched`; `possible`: there is something to be shown."""

    changed = Signal()

    def __init__(self, engine: Engine, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.result: PreviewResult | None = None
        self.failure: Failure | None = None
        self.watched = False
        self._settings: RunSettings | None = None
        self._draw = 0
        self._request: PreviewRequest | None = None
        self._job_id: JobId | None = None
        self._timer = QTimer(self, singleShot=True, interval=_APART_MS)
        self._timer.timeout.connect(self._ask)
        bridge.job_changed.connect(self._job_changed)

    @property
    def possible(self) -> bool:
        """Whether the recipe changes what it is shown."""
        return self._settings is not None and self._settings.recipe in PREVIEWED

    @property
    def busy(self) -> bool:
        """Whether other items are on their way."""
        return self._request is not None or self._timer.isActive()

    def follow(self, settings: RunSettings | None) -> None:
        """Show what these settings mean; None: there is no data to show."""
        before = self._settings
        self._settings = settings
        if before == settings:
            return
        if before is None or settings is None or (before.data, before.recipe) != (settings.data, settings.recipe):
            self.result = self.failure = None
        self._begin()

    def watch(self, *, watched: bool) -> None:
        """Keep up to date from now on, or no longer."""
        self.watched = watched
        if watched and self.result is None:
            self._begin()
        elif not watched:
            self._leave()
            self.changed.emit()

    def draw_again(self) -> None:
        """Show other items."""
        self._draw += 1
        self._begin()

    def _begin(self) -> None:
        self._leave()
        if self.watched and self.possible:
            self._timer.start()
        self.changed.emit()

    @Slot()
    def _ask(self) -> None:
        if self._settings is not None:
            self._request = PreviewRequest(self._settings, self._draw)
            self._job_id = self._engine.submit(self._request)
            self.changed.emit()

    def _leave(self) -> None:
        self._timer.stop()
        request, self._request = self._request, None
        if request is not None and self._job_id is not None:
            self._engine.cancel(self._job_id)

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if self._request is None or job.request is not self._request or not job.state.final:
            return
        self._request = None
        self.result = job.result if isinstance(job.result, PreviewResult) else None
        self.failure = job.failure
        self.changed.emit()
