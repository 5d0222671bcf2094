"""Holds indexing back: while it is paused, and, at low priority, while the computer is needed for something else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.base.settings import Settings
    from mmbm_desktop.engine.job_queue import RunningJob

_LOOK_S = 0.1
_REST_SHARE = 2.0
_LONGEST_REST_S = 5.0
BUSY_CORES = 0.25
"""So much work of others, in processor cores, means that somebody is using the computer."""


class Brake:
    """Asked between two pieces of work. `needed` says whether the computer is needed for something else."""

    def __init__(self, settings: Settings, needed: Callable[[], bool]) -> None:
        self.settings = settings
        self._needed = needed

    @property
    def paused(self) -> bool:
        """Whether indexing is paused."""
        return self.settings.flag("indexing.paused")

    @property
    def low_priority(self) -> bool:
        """Whether the settings want indexing to give way."""
        return self.settings.flag("indexing.low_priority")

    def hold(self, job: RunningJob) -> None:
        """Wait as long as indexing is paused.

        Raises:
            Cancelled: the job was cancelled meanwhile.
        """
        job.token.check()
        if not self.paused:
            return
        job.pause()
        while self.paused:
            job.token.wait(_LOOK_S)
            job.token.check()
        job.go_on()

    def rest(self, job: RunningJob, worked_s: float) -> None:
        """Let others have the processor for twice as long as was worked, if they need it.

        Raises:
            Cancelled: the job was cancelled meanwhile.
        """
        if self._needed():
            job.token.wait(min(_REST_SHARE * worked_s, _LONGEST_REST_S))
            job.token.check()


class OthersLoad:
    """How many processor cores everything but this program and its children uses, between two questions."""

    def __init__(self) -> None:
        self._own = psutil.Process()
        self._before: tuple[float, float, float] | None = None

    def cores(self) -> float:
        """Return the load since the last question, in cores; 0.0 at least, and at first."""
        if self._before is None:
            self._before = self._now()
            return 0.0
        then_s, busy_then_s, own_then_s = self._before
        self._before = now_s, busy_s, own_s = self._now()
        passed_s = now_s - then_s
        return max(0.0, (busy_s - busy_then_s) - (own_s - own_then_s)) / passed_s if passed_s else 0.0

    def _now(self) -> tuple[float, float, float]:
        times = psutil.cpu_times()
        busy_s = sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)
        return time.monotonic(), busy_s - getattr(times, "guest_nice", 0.0), self._own_s()

    def _own_s(self) -> float:
        total_s = 0.0
        for process in (self._own, *self._own.children(recursive=True)):
            try:
                used = process.cpu_times()
            except psutil.Error:
                continue
            total_s += used.user + used.system
        return total_s
