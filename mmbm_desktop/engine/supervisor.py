"""Keeps one inference worker: starts it when needed, gives it one work at a time, watches it, ends it.

A call blocks the thread that makes it. The worker holds no state that matters: it may be killed at any moment.
"""

from __future__ import annotations

import logging
import threading
import time
from itertools import count
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.engine.conversation import Conversation, Timings
from mmbm_desktop.engine.turns import Turns
from mmbm_desktop.engine.worker_process import WorkerGoneError, WorkerProcess
from mmbm_desktop.protocol.events import WorkerChanged, WorkerState
from mmbm_desktop.protocol.jobs import JobId
from mmbm_desktop.protocol.messages import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mmbm_desktop.base.progress import CancelToken
    from mmbm_desktop.engine.conversation import Call
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.results import Result

log = logging.getLogger(__name__)

ATTEMPTS = 2
"""How often a work is begun when the worker dies of it."""


class Supervisor:
    """Owns at most one worker process.

    Args:
        command: gives the worker's program and arguments at each start.
        log_file: takes the worker's stderr.
        announce: takes `WorkerChanged` events; must return at once.
        idle_s: gives the seconds without work after which the worker is ended; 0 for never.
        lane: which worker the events are about.
    """

    def __init__(
        self,
        command: Callable[[], Sequence[str]],
        log_file: Path,
        announce: Callable[[Event], None],
        idle_s: Callable[[], float],
        timings: Timings | None = None,
        lane: str = "pictures",
    ) -> None:
        self._command = command
        self._log_file = log_file
        self._announce = announce
        self._lane = lane
        self._idle_s = idle_s
        self._timings = timings or Timings()
        self._turns = Turns()
        self._work_ids = count(1)
        self._process: WorkerProcess | None = None
        self._used_s = time.monotonic()
        self._closing = threading.Event()

    def call(self, call: Call) -> Result:
        """Wait for the worker's attention, give it the work and return its answer.

        Raises:
            Cancelled: the token was cancelled, or the supervisor is closing.
            MmbmError: what the worker could not do; WORKER_START_FAILED; WORKER_CRASHED or WORKER_UNRESPONSIVE when
                the worker died of this work twice.
        """
        death = EnvironmentFault(ErrorCode.WORKER_CRASHED)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._attempt(call)
            except WorkerGoneError as gone:
                gone.process.kill()  # its pipe is closed, it may not have ended yet
                if call.token.cancelled or self._closing.is_set():
                    raise Cancelled from gone
                log.warning("the worker died of %s, attempt %d", type(call.request).__name__, attempt)
                death = _death(gone.process)
            if attempt < ATTEMPTS:
                call.tried_again()
        raise death

    def start(self) -> None:
        """Start the worker if it is not running, without waiting until it is ready."""
        with self._turns.take_if_free() as mine:
            if mine and not self._closing.is_set():
                self._running_process()

    def begin_close(self) -> None:
        """Let the work in hand and all later ones end as cancelled; returns at once."""
        self._closing.set()

    def close(self, timeout_s: float) -> None:
        """End the worker: work in hand gets a third of the time to stop, then it is terminated, then killed."""
        self.begin_close()
        free = self._turns.close(timeout_s / 3)
        process = self._process
        if process is None or process.ended.is_set():
            return
        process.expected_to_end = True
        if free:
            process.quit(min(self._timings.quit_s, timeout_s / 3), min(self._timings.terminate_s, timeout_s / 3))
        else:
            process.kill(min(self._timings.terminate_s, timeout_s / 3))
            self._turns.close(timeout_s / 3)

    # --- one attempt ---------------------------------------------------------------------------------------------

    def _attempt(self, call: Call) -> Result:
        with self._turns.take(call.priority, call.token):
            try:
                process = self._ready_process(call.token)
                work = Work(JobId(next(self._work_ids)), call.request, call.bundle, call.pixel_limit)
                process.send(work)
                self._tell(WorkerState.BUSY, process.pid)
                return self._answer(process, work.job_id, call)
            finally:
                self._used_s = time.monotonic()
                if (alive := self._process) is not None and alive.ready.is_set() and not alive.ended.is_set():
                    self._tell(WorkerState.READY, alive.pid)

    def _answer(self, process: WorkerProcess, work_id: JobId, call: Call) -> Result:
        """Return the answer to a work that was sent; a worker that is left busy with it is replaced."""
        conversation = Conversation(process, work_id, call, self._timings, self._closing)
        try:
            return conversation.result()
        except WorkerGoneError:
            raise
        except BaseException:
            if not conversation.over:
                self._replace(process)
            raise

    def _ready_process(self, token: CancelToken) -> WorkerProcess:
        """Return a worker that is ready, starting one if there is none.

        Raises:
            Cancelled: `token` was cancelled meanwhile; the worker goes on starting.
            WorkerGoneError: it was killed while it started.
            EnvironmentFault: WORKER_START_FAILED.
        """
        process = self._running_process()
        deadline = time.monotonic() + self._timings.start_s
        while not process.ready.wait(self._timings.poll_s):
            token.check()
            if self._closing.is_set():
                raise Cancelled
            if process.ended.is_set() and process.killed:
                raise WorkerGoneError(process)
            if process.ended.is_set() or time.monotonic() > deadline:
                raise _start_failure(process)
        return process

    def _running_process(self) -> WorkerProcess:
        process = self._process
        if process is None or process.ended.is_set():
            try:
                process = WorkerProcess(self._command(), self._log_file, self._on_ready, self._on_end)
            except (MmbmError, OSError) as error:
                raise EnvironmentFault(ErrorCode.WORKER_START_FAILED, str(error)) from error
            log.info("worker %d started", process.pid)
            self._process = process
            self._used_s = time.monotonic()
            self._tell(WorkerState.STARTING, process.pid)
            threading.Thread(target=self._watch, args=(process,), name=f"watch-{process.pid}", daemon=True).start()
        return process

    def _replace(self, process: WorkerProcess) -> None:
        """End a worker that is still busy, and start the next one so that it is ready when it is needed."""
        log.warning("worker %d did not stop its work and is ended", process.pid)
        process.expected_to_end = True
        process.kill(self._timings.terminate_s)
        if not self._closing.is_set():
            self._running_process()

    # --- watching ------------------------------------------------------------------------------------------------

    def _watch(self, process: WorkerProcess) -> None:
        """End a worker that hangs or has been idle for long; one thread for each process, as long as it lives."""
        ticked_s = time.monotonic()
        while not process.ended.wait(self._timings.tick_s):
            late_s = time.monotonic() - ticked_s - self._timings.tick_s
            ticked_s = time.monotonic()
            if late_s > self._timings.silent_s / 2:
                process.excuse_silence()  # the computer slept, and the worker with it
            elif process.ready.is_set() and process.silent_s() > self._timings.silent_s:
                log.error("worker %d has been silent for %.0f s and is killed", process.pid, process.silent_s())
                process.unresponsive = True
                process.kill()
            elif self._is_idle():
                self._unload(process)

    def _is_idle(self) -> bool:
        idle_s = self._idle_s()
        return idle_s > 0 and time.monotonic() - self._used_s > idle_s

    def _unload(self, process: WorkerProcess) -> None:
        with self._turns.take_if_free() as mine:
            if mine and self._is_idle():
                log.info("worker %d is idle and unloaded", process.pid)
                process.quit(self._timings.quit_s, self._timings.terminate_s)

    def _on_ready(self, process: WorkerProcess) -> None:
        self._tell(WorkerState.READY, process.pid)

    def _on_end(self, process: WorkerProcess) -> None:
        state = WorkerState.STOPPED if process.expected_to_end or self._closing.is_set() else WorkerState.CRASHED
        level = logging.INFO if state is WorkerState.STOPPED else logging.ERROR
        log.log(level, "worker %d ended with status %s", process.pid, process.exit_status)
        self._tell(state, process.pid)

    def _tell(self, state: WorkerState, pid: int) -> None:
        self._announce(WorkerChanged(state, pid, self._lane))


def _start_failure(process: WorkerProcess) -> EnvironmentFault:
    if process.ended.is_set():
        status = f"exit status {process.exit_status}"
    else:
        status = "not ready in time"
        process.kill()
    return EnvironmentFault(ErrorCode.WORKER_START_FAILED, f"{status}\n{process.last_lines()}")


def _death(process: WorkerProcess) -> EnvironmentFault:
    code = ErrorCode.WORKER_UNRESPONSIVE if process.unresponsive else ErrorCode.WORKER_CRASHED
    return EnvironmentFault(code, f"exit status {process.exit_status}\n{process.last_lines()}")
