"""What training asks of whoever keeps the jobs. No work here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mmbm_desktop.protocol.jobs import JobId, JobSnapshot
    from mmbm_desktop.protocol.requests import Request


class Jobs(Protocol):
    """What is asked of whoever keeps the jobs; an `Engine` is one."""

    def submit(self, request: Request) -> JobId:
        """Queue a request."""
        ...

    def cancel(self, job_id: JobId) -> None:
        """Stop a job."""
        ...

    def jobs(self) -> tuple[JobSnapshot, ...]:
        """Return every job."""
        ...

    def wait(self, job_id: JobId, timeout_s: float | None = None) -> JobSnapshot:
        """Block until a job has ended."""
        ...
