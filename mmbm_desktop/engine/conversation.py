"""One work of an inference worker, from its sending to its answer: how it is asked, stopped and answered."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.base.progress import CancelToken, no_progress
from mmbm_desktop.protocol.messages import (
    Advanced,
    Audio,
    Broken,
    CancelWork,
    EndOfAudio,
    Finished,
    Heard,
    Stopped,
)

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.engine.worker_process import WorkerProcess
    from mmbm_desktop.protocol.jobs import JobId
    from mmbm_desktop.protocol.messages import FromWorker
    from mmbm_desktop.protocol.requests import WorkerRequest
    from mmbm_desktop.protocol.results import Result

log = logging.getLogger(__name__)

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


class Conversation:
    """One work from its sending to its end.

    Attributes:
        over: whether the worker has said that the work ended; one that has not may still be busy with it.
    """

    def __init__(
        self, process: WorkerProcess, work_id: JobId, call: Call, timings: Timings, closing: threading.Event
    ) -> None:
        self.over = False
        self._process = process
        self._work_id = work_id
        self._call = call
        self._timings = timings
        self._closing = closing
        self._stop_by_s: float | None = None
        self._sent_bytes = 0
        self._sound_over = call.sound is None

    def result(self) -> Result:
        """Return the worker's answer; the sound of the call is sent as it comes.

        Raises:
            Cancelled: the call was cancelled; where the worker did not stop in time, `over` is False.
            WorkerGoneError: the worker died.
            MmbmError: the worker could not do it.
        """
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
                raise Cancelled
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
        self.over = isinstance(message, Finished | Broken | Stopped) and message.job_id == self._work_id
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
