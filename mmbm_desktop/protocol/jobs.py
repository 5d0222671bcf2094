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
    """One job at one moment. Times are seconds since the epoch; `total` is None while unknown.

    Attributes:
        paused: it waits, and goes on where it is.
        done_before: how much of `done` there was to begin with.
        pace_s: seconds that a unit takes, a moving average; None while it cannot be known.
    """

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
    paused: bool = False
    done_before: int = 0
    pace_s: float | None = None

    @property
    def seconds_left(self) -> float | None:
        """Time left at the pace of late, else at the pace so far; None while it cannot be known, and while paused."""
        done = self.done - self.done_before
        if self.state is not JobState.RUNNING or self.paused or not self.total or done <= 0:
            return None
        if self.pace_s is not None:
            return self.pace_s * (self.total - self.done)
        if self.started_s is None or self.updated_s is None:
            return None
        return (self.updated_s - self.started_s) / done * (self.total - self.done)
