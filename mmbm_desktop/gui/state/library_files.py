"""Exports and imports of the Library page: previews, and jobs that are followed to their end. No words here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.protocol.sidecars import ExportRequest, ImportRequest

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot


class LibraryFiles(QObject):
    """Asks for one preview at a time: a newer one cancels the older."""

    previewed = Signal(object)
    """The ended `JobSnapshot` of the newest preview."""
    ended = Signal(object)
    """The ended `JobSnapshot` of an export or import."""

    def __init__(self, engine: Engine, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._preview: JobId | None = None
        self._running: set[JobId] = set()
        bridge.job_changed.connect(self._job_changed)

    def preview(self, request: ExportRequest) -> None:
        """Ask what an export would write; `previewed` has the answer."""
        self.forget_preview()
        self._preview = self._engine.submit(request)
        self._catch_up(self._preview)

    def forget_preview(self) -> None:
        """Wait for no preview any more."""
        if self._preview is not None:
            preview, self._preview = self._preview, None
            self._engine.cancel(preview)

    def start(self, request: ExportRequest | ImportRequest) -> None:
        """Begin an export or import; the Activity page shows it, `ended` tells its end."""
        job_id = self._engine.submit(request)
        self._running.add(job_id)
        self._catch_up(job_id)

    def _catch_up(self, job_id: JobId) -> None:
        """Take an answer that was there before `submit` returned its job's id."""
        for job in self._engine.jobs():
            if job.id == job_id:
                self._job_changed(job)
                return

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if not job.state.final:
            return
        if job.id == self._preview:
            self._preview = None
            self.previewed.emit(job)
        elif job.id in self._running:
            self._running.discard(job.id)
            self.ended.emit(job)
