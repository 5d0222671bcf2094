"""The session's jobs as an observable list, newest first. QtCore only; keeps no pictures, vectors or library pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.protocol.preview import PreviewRequest
from mmbm_desktop.protocol.requests import BrowseRequest, ExportRequest
from mmbm_desktop.protocol.results import IndexResult

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot


ENDED_KEPT = 500
"""As many as the engine keeps."""


class JobList(QObject):
    """Keeps the newest snapshot of each job but the library's own reading; of the ended ones the last `ENDED_KEPT`."""

    added = Signal(object)
    """A `JobSnapshot` that was not there."""
    updated = Signal(object)
    """A newer `JobSnapshot`."""
    cleared = Signal()
    """Ended jobs were dropped; read `jobs` again."""

    def __init__(self, engine: Engine, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._jobs: dict[JobId, JobSnapshot] = {job.id: _light(job) for job in reversed(engine.jobs()) if _counts(job)}
        bridge.job_changed.connect(self._job_changed)

    @property
    def jobs(self) -> tuple[JobSnapshot, ...]:
        """Every known job, newest first."""
        return tuple(sorted(self._jobs.values(), key=lambda job: -job.id))

    @property
    def running(self) -> int:
        """How many jobs have not ended."""
        return sum(not job.state.final for job in self._jobs.values())

    def cancel(self, job_id: JobId) -> None:
        """Stop a job."""
        self._engine.cancel(job_id)

    def retry(self, job_id: JobId) -> None:
        """Ask again for what an ended job asked for, even where the engine has forgotten that job."""
        try:
            self._engine.retry(job_id)
        except InputFault:
            self._engine.submit(self._jobs[job_id].request)

    def clear_ended(self) -> None:
        """Drop the ended jobs."""
        self._engine.forget_ended_jobs()
        self._jobs = {number: job for number, job in self._jobs.items() if not job.state.final}
        self.cleared.emit()

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        if not _counts(job):
            return
        known = job.id in self._jobs
        self._jobs[job.id] = _light(job)
        if job.state.final:
            self._drop_oldest()
        (self.updated if known else self.added).emit(self._jobs.get(job.id, job))

    def _drop_oldest(self) -> None:
        ended = sorted(number for number, job in self._jobs.items() if job.state.final)
        for number in ended[:-ENDED_KEPT]:
            del self._jobs[number]


def _counts(job: JobSnapshot) -> bool:
    preview = isinstance(job.request, ExportRequest) and job.request.dry_run
    return not preview and not isinstance(job.request, BrowseRequest | PreviewRequest)


def _light(job: JobSnapshot) -> JobSnapshot:
    return job if job.result is None or isinstance(job.result, IndexResult) else replace(job, result=None)
