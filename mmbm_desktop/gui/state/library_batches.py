"""The batch of the moment: started, followed, cancelled; the engine does one after the other. No words here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.protocol.batches import BatchRequest

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.jobs import JobSnapshot


class LibraryBatches(QObject):
    """Keeps the newest batch that has not been dismissed."""

    changed = Signal()

    def __init__(self, engine: Engine, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._job: JobSnapshot | None = None
        self._dismissed = 0
        for job in reversed(engine.jobs()):
            if not job.state.final:
                self._follow(job)
        bridge.job_changed.connect(self._follow)

    @property
    def job(self) -> JobSnapshot | None:
        """The batch that is shown, running or ended."""
        return self._job

    def start(self, request: BatchRequest) -> None:
        """Do something to many items."""
        if request.items:
            self._engine.submit(request)

    @Slot()
    def cancel(self) -> None:
        """Stop the batch; what was stored stays."""
        if self._job is not None and not self._job.state.final:
            self._engine.cancel(self._job.id)

    @Slot()
    def dismiss(self) -> None:
        """Show an ended batch no longer."""
        if self._job is not None and self._job.state.final:
            self._dismissed = self._job.id
            self._job = None
            self.changed.emit()

    @Slot(object)
    def _follow(self, job: JobSnapshot) -> None:
        if not isinstance(job.request, BatchRequest) or job.id <= self._dismissed:
            return
        shown = self._job
        if shown is None or job.id == shown.id or (shown.state.final and job.id > shown.id):
            self._job = job
            self.changed.emit()
