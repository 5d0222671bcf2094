"""The data folder of a run to be: looking it over is a job; its progress and its report. QtCore only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.protocol.jobs import JobState
from mmbm_desktop.protocol.requests import ExamineDataRequest
from mmbm_desktop.protocol.results import ExamineDataResult

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.dataset import DataReport
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot


class DataFolder(QObject):
    """The folder that is looked at, `job` while it is being looked over, then `report` or `failure`."""

    changed = Signal()
    """Another folder, or its report or failure is there."""
    advanced = Signal(object)
    """A newer `JobSnapshot` of the examination."""

    def __init__(self, engine: Engine, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.path = ""
        self.report: DataReport | None = None
        self.failure: Failure | None = None
        self.job: JobSnapshot | None = None
        self._request: ExamineDataRequest | None = None
        self._job_id: JobId | None = None
        bridge.job_changed.connect(self._job_changed)

    @property
    def examining(self) -> bool:
        """Whether the folder is being looked over now."""
        return self._request is not None

    def examine(self, path: str) -> None:
        """Look a folder over; one that is being looked over is left."""
        self._leave()
        self.path, self.report, self.failure, self.job = path, None, None, None
        self._request = ExamineDataRequest(path)
        self._job_id = self._engine.submit(self._request)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop looking; no folder is chosen then."""
        self.clear()

    def clear(self) -> None:
        """Choose no folder."""
        self._leave()
        self.path, self.report, self.failure, self.job = "", None, None, None
        self.changed.emit()

    def _leave(self) -> None:
        request, self._request = self._request, None
        if request is not None and self._job_id is not None:
            self._engine.cancel(self._job_id)

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if self._request is None or job.request is not self._request:
            return
        self.job = job
        if not job.state.final:
            self.advanced.emit(job)
            return
        self._request = None
        if isinstance(job.result, ExamineDataResult):
            self.report = job.result.report
        elif job.state is JobState.CANCELLED:
            self.path = ""
        self.failure = job.failure
        self.changed.emit()
