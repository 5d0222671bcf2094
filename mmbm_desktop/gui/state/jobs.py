"""The session's jobs as an observable list, newest first. QtCore only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from mmbm_desktop.engine.interface import Engine
    from mmbm_desktop.gui.state.engine_bridge import EngineBridge
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot


class JobList(QObject):
    """Keeps the newest snapshot of each job."""

    added = Signal(object)
    """A `JobSnapshot` that was not there."""
    updated = Signal(object)
    """A newer `JobSnapshot`."""
    cleared = Signal()
    """Ended jobs were dropped; read `jobs` again."""

    def __init__(self, engine: Engine, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._jobs: dict[JobId, JobSnapshot] = {job.id: job for job in reversed(engine.jobs())}
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
        """Ask again for what an ended job asked for."""
        self._engine.retry(job_id)

    def clear_ended(self) -> None:
        """Drop the ended jobs."""
        self._engine.forget_ended_jobs()
        self._jobs = {number: job for number, job in self._jobs.items() if not job.state.final}
        self.cleared.emit()

    @Slot(object)
    def _job_changed(self, job: JobSnapshot) -> None:
        known = job.id in self._jobs
        self._jobs[job.id] = job
        (self.updated if known else self.added).emit(job)
