"""A job as the window sees it: an unchangeable snapshot, replaced by a newer one as the job advances."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from mmbm_desktop.protocol.failure import Failure
    from mmbm_desktop.protocol.requests import Request
    from mmbm_desktop.protocol.results import Result

JobId = NewType("JobId", int)


class JobState(StrEnum):
    """Where a job is. The last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to the job."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True)
class JobSnapshot:
    """One job at one moment. Times are seconds since the epoch; `total` is None while unknown."""

    id: JobId
    request: Request
    state: JobState
    created_s: float
    priority: int = 0
    done: int = 0
    total: int | None = None
    started_s: float | None = None
    finished_s: float | None = None
    updated_s: float | None = None
    attempts: int = 0
    result: Result | None = None
    failure: Failure | None = None
    retry_of: JobId | None = None

    @property
    def seconds_left(self) -> float | None:
        """Time left at the pace so far; None while it cannot be known."""
        if self.state is not JobState.RUNNING or not self.total or not self.done:
            return None
        if self.started_s is None or self.updated_s is None:
            return None
        return (self.updated_s - self.started_s) / self.done * (self.total - self.done)
