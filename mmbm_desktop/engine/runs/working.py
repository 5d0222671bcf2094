"""Works on one run: starts its process, follows it, stops it by the kill ladder. Blocks the thread of its job."""

from __future__ import annotations

import logging
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.engine.line_process import LineProcess, ProcessEndedError
from mmbm_desktop.engine.runs.tracker import Tracker
from mmbm_desktop.engine.runs.use import EVERY_S, UseWatch
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.results import TrainResult
from mmbm_desktop.protocol.training import RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.runs.run_store import RunStore
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.jobs import JobId
    from mmbm_desktop.protocol.requests import TrainRequest
    from mmbm_desktop.protocol.training import RunInfo

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How patient the engine is with a training process, in seconds.

    Attributes:
        stop_s: between asking it to stop and terminating it; it stops between two steps.
        terminate_s: between terminating and killing.
        poll_s: how often cancellation and silence are looked for.
        silent_s: without a line, after which a running one is said to be silent, again and again.
        use_s: how often what it uses of the computer is looked at.
    """

    stop_s: float = 3.5
    terminate_s: float = 1.0
    poll_s: float = 0.05
    silent_s: float = 60.0
    use_s: float = EVERY_S


def training_command(run: Path, *, finish: bool) -> tuple[str, ...]:
    """Return the command that goes on with a run; `finish`: only publishes its best weights."""
    command = (sys.executable, "-P", "-m", "mmbm_desktop.training", "--resume", str(run), "--parent-pipe")
    return (*command, "--finish") if finish else command


class Working:
    """One process at work on one run.

    Attributes:
        job_id: of the job whose thread it blocks.
        ended: how the run ended and why it failed, if it did; None before.
    """

    def __init__(
        self,
        job: RunningJob,
        store: RunStore,
        announce: Callable[[Event], None],
        patience: Patience,
    ) -> None:
        self.job_id: JobId = job.id
        self.ended: tuple[RunState, Failure | None] | None = None
        self._job, self._store, self._announce, self._patience = job, store, announce, patience
        request = cast("TrainRequest", job.request)
        self._run, self._until = request.run, request.until_epoch
        before = store.info(self._run)
        if before.state.active:
            raise _busy(before.path)
        self._tracker = Tracker(before)
        self._process: LineProcess | None = None
        self._guard = threading.Lock()
        self._finish = False
        self._asked_s: float | None = None
        self._terminated = False
        self._end_by = float("inf")

    @property
    def info(self) -> RunInfo:
        """The run as it is now."""
        return self._tracker.info if self.ended is None else replace(self._tracker.info, state=self.ended[0])

    def finish(self) -> None:
        """Ask the process to stop and publish the best weights."""
        with self._guard:
            self._finish = True
            process = self._process
        if process is not None:
            process.tell("finish")
            self._announce(self._tracker.stopping())

    def end_by(self, moment: float) -> None:
        """Have no more patience than until a moment of the monotonic clock: the program is ending."""
        self._end_by = moment

    def run(self, command: Callable[..., Sequence[str]]) -> TrainResult:
        """Follow the process to its end.

        Raises:
            Cancelled: the run was paused before it had come where it was to come; it can be resumed.
            MmbmError: why it failed, or that its process is gone.
        """
        path = Path(self._tracker.info.path)
        with self._guard:
            until = () if self._until is None else ("--until-epoch", str(self._until))
            process = LineProcess((*command(path, finish=self._finish), *until), path / "process.log")
            self._process = process
        self._announce(self._tracker.silent(None))
        watch = UseWatch(process.pid, lambda: self._tracker.gpus, self._patience.use_s)
        try:
            self._follow(process, watch)
        finally:
            watch.close()
            process.close_input()
            if process.exit_status is None:
                process.kill()
        return self._outcome(process)

    def _follow(self, process: LineProcess, watch: UseWatch) -> None:
        while True:
            try:
                line = process.receive(self._patience.poll_s)
            except ProcessEndedError:
                return
            if line is not None:
                for event in self._tracker.take(line):
                    self._announce(event)
                if line.get("event") == "points":
                    self._job.progress(*self._tracker.steps)
            if watch.latest is not None and watch.latest is not self._tracker.info.use:
                self._announce(self._tracker.using(watch.latest))
            self._look_for_silence(process)
            if self._job.token.cancelled:
                self._stop(process)

    def _look_for_silence(self, process: LineProcess) -> None:
        known, now = self._tracker.info.silent_s, process.silent_s()
        if now >= (known or 0.0) + self._patience.silent_s and self.info.state is RunState.RUNNING:
            log.warning("run %s: nothing heard for %.0f s", self._run, now)
            self._announce(self._tracker.silent(now))
        elif known is not None and now < self._patience.silent_s:
            self._announce(self._tracker.silent(None))

    def _stop(self, process: LineProcess) -> None:
        """Ask the process to stop, and see to it that it does."""
        now = time.monotonic()
        if self._asked_s is None:
            self._asked_s = now
            self._announce(self._tracker.stopping())
            process.close_input()
        until = min(self._asked_s + self._patience.stop_s, self._end_by - self._patience.terminate_s / 2)
        if now >= until and not self._terminated:
            self._terminated = True
            process.terminate()
        if now >= min(until + self._patience.terminate_s, self._end_by):
            log.warning("run %s: its process does not stop and is killed", self._run)
            process.kill()

    def _outcome(self, process: LineProcess) -> TrainResult:
        told = self._tracker
        if told.published:
            self.ended = (RunState.FINISHED, None)
            return TrainResult(self._run, told.info.bundle, told.info.metrics)
        if told.reached:
            self._end(RunState.PAUSED, None)
            return TrainResult(self._run, "", told.info.metrics)
        if told.stopped or self._job.token.cancelled:
            self._end(RunState.PAUSED, None)
            raise Cancelled
        if told.failure is not None:
            self._end(RunState.FAILED, told.failure)
            raise told.failure.as_error()
        detail = f"exit status {process.exit_status}\n{process.last_lines()}"
        gone = EnvironmentFault(ErrorCode.TRAINING_FAILED, detail, path=told.info.path, reason="process-ended")
        self._end(RunState.INTERRUPTED, Failure.of(gone))
        raise gone

    def _end(self, state: RunState, failure: Failure | None) -> None:
        """Note how the run ended, also where its process could not: it was killed, or the disk was full then."""
        self.ended = (state, failure)
        try:
            self._store.note(self._run, state, failure)
        except MmbmError as error:
            log.warning("run %s: its state cannot be written: %s", self._run, error)


def _busy(path: str) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.TRAINING_FAILED, "", path=path, reason="run-busy")
