"""Keeps one inference worker: starts it when needed, gives it one work at a time, watches it, ends it.

A call blocks the thread that makes it. The worker holds no state that matters: it may be killed at any moment.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Protocol

from mmbm_desktop.base.errors import Cancelled, EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.engine.turns import Turns
from mmbm_desktop.engine.worker_process import WorkerGoneError, WorkerProcess
from mmbm_desktop.protocol.events import WorkerChanged, WorkerState
from mmbm_desktop.protocol.jobs import JobId
from mmbm_desktop.protocol.messages import (
    Advanced,
    Audio,
    Broken,
    CancelWork,
    EndOfAudio,
    Finished,
    Heard,
    Stopped,
    Work,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.messages import FromWorker
    from mmbm_desktop.protocol.requests import WorkerRequest
    from mmbm_desktop.protocol.results import Result

log = logging.getLogger(__name__)

ATTEMPTS = 2
"""How often a work is begun when the worker dies of it."""
_SOUND_BYTES = 32_000


class Sound(Protocol):
    """Sound that grows while it is recorded: 16 kHz mono int16 little-endian, kept from its first byte."""

    @property
    def ended(self) -> bool:
        """Whether no more will come."""
        ...

    def read(self, offset: int, size: int) -> bytes:
        """Return up to `size` bytes from `offset` on; nothing when there are none yet."""
        ...


@dataclass(frozen=True)
class Timings:
    """How patient the supervisor is, in seconds.

    Attributes:
        start_s: until a started worker must have said that it is ready.
        silent_s: without a message, after which a worker is taken for hung.
        cancel_s: between asking a work to stop and terminating the worker.
        terminate_s: between terminating and killing.
        quit_s: between asking an idle worker to end and terminating it.
        poll_s: how often cancellation and new sound are looked for while waiting.
        tick_s: how often silence and idleness are looked for.
    """

    start_s: float = 60.0
    silent_s: float = 30.0
    cancel_s: float = 5.0
    terminate_s: float = 2.0
    quit_s: float = 1.0
    poll_s: float = 0.05
    tick_s: float = 1.0


def _ignore() -> None:
    pass


def _ignore_text(text: str) -> None:
    del text


@dataclass(frozen=True)
class Call:
    """One work for the worker, and whom to tell about it. The functions are called in the calling thread.

    Attributes:
        bundle: folder of the model that answers; None for a built-in recogniser.
        pixel_limit: largest picture that is opened, in pixels.
        heard: takes the text so far of a transcription.
        tried_again: called when the worker died and the work is begun once more.
        sound: what a live transcription listens to.
    """

    request: WorkerRequest
    bundle: str | None
    pixel_limit: int
    priority: int
    token: CancelToken = field(default_factory=CancelToken)
    progress: ReportProgress = no_progress
    heard: Callable[[str], None] = _ignore_text
    tried_again: Callable[[], None] = _ignore
    sound: Sound | None = None


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
                result = _Conversation(process, work.job_id, call, self._timings, self._closing).result()
            except _WillNotStopError as stuck:
                self._replace(stuck.process)
                raise Cancelled from stuck
            finally:
                self._used_s = time.monotonic()
                if (alive := self._process) is not None and alive.ready.is_set() and not alive.ended.is_set():
                    self._tell(WorkerState.READY, alive.pid)
            return result

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
        """End a worker that does not stop, and start the next one so that it is ready when it is needed."""
        log.warning("worker %d does not stop its work and is ended", process.pid)
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


class _WillNotStopError(Exception):
    """The worker was asked to stop its work and did not in time."""

    def __init__(self, process: WorkerProcess) -> None:
        super().__init__(process.pid)
        self.process = process


class _Conversation:
    """One work from its sending to its end."""

    def __init__(
        self, process: WorkerProcess, work_id: JobId, call: Call, timings: Timings, closing: threading.Event
    ) -> None:
        self._process = process
        self._work_id = work_id
        self._call = call
        self._timings = timings
        self._closing = closing
        self._stop_by_s: float | None = None
        self._sent_bytes = 0
        self._sound_over = call.sound is None

    def result(self) -> Result:
        """Return the worker's answer; the sound of the call is sent as it comes."""
        while True:
            self._check_cancelled()
            self._send_sound()
            message = self._process.receive(self._timings.poll_s)
            result = None if message is None else self._take(message)
            if result is not None:
                return result

    def _check_cancelled(self) -> None:
        if self._stop_by_s is not None:
            if time.monotonic() > self._stop_by_s:
                raise _WillNotStopError(self._process)
        elif self._call.token.cancelled or self._closing.is_set():
            self._process.send(CancelWork(self._work_id))
            self._stop_by_s = time.monotonic() + self._timings.cancel_s

    def _send_sound(self) -> None:
        sound = self._call.sound
        if sound is None or self._sound_over or self._stop_by_s is not None:
            return
        ended = sound.ended  # asked first: what is there afterwards is all
        while pcm := sound.read(self._sent_bytes, _SOUND_BYTES):
            self._process.send(Audio(self._work_id, pcm))
            self._sent_bytes += len(pcm)
        if ended:
            self._process.send(EndOfAudio(self._work_id))
            self._sound_over = True

    def _take(self, message: FromWorker) -> Result | None:
        """Handle one message; return the result if it is the answer.

        Raises:
            Cancelled: the work stopped, or was to stop and has ended.
            MmbmError: the worker could not do it.
        """
        match message:
            case Advanced(job_id=self._work_id, done=done, total=total):
                self._call.progress(done, total)
            case Heard(job_id=self._work_id, text=text):
                self._call.heard(text)
            case Finished(job_id=self._work_id, result=result) if self._stop_by_s is None:
                return result
            case Broken(job_id=self._work_id, failure=failure) if self._stop_by_s is None:
                raise failure.as_error()
            case Finished(job_id=self._work_id) | Broken(job_id=self._work_id) | Stopped(job_id=self._work_id):
                raise Cancelled
            case _:
                log.debug("a message of another work: %s", type(message).__name__)
        return None


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
