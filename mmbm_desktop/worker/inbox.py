"""Takes in what the engine sends, in a thread of its own, so that a cancellation is heard in the middle of a work."""

from __future__ import annotations

import logging
import os
import queue
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.protocol.messages import Audio, CancelWork, EndOfAudio, Quit, Work
from mmbm_desktop.protocol.wire import PipeClosedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mmbm_desktop.protocol.jobs import JobId
    from mmbm_desktop.protocol.wire import Receiver

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class Job:
    """A work with its token and, for a live transcription, the sound that has arrived (None: the end)."""

    work: Work
    token: CancelToken = field(default_factory=CancelToken)
    sound: queue.SimpleQueue[bytes | None] = field(default_factory=queue.SimpleQueue)

    def heard(self) -> Iterator[bytes]:
        """Yield the sound as it arrives, everything that is waiting in one piece, up to its end.

        Raises:
            Cancelled: the token was cancelled meanwhile.
        """
        ended = False
        while not ended:
            self.token.check()
            try:
                pieces = [self.sound.get(timeout=_LOOK_EVERY_S)]
            except queue.Empty:
                continue
            while not self.sound.empty():
                pieces.append(self.sound.get())
            ended = None in pieces
            yield b"".join(piece for piece in pieces if piece is not None)


class Inbox:
    """The jobs that have arrived and not ended."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._jobs: dict[JobId, Job] = {}
        self._waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()

    def start(self) -> None:
        """Begin to take messages in; the process ends at once when the engine says so or is gone."""
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def next(self) -> Job:
        """Wait for a job."""
        return self._waiting.get()

    def forget(self, job: Job) -> None:
        """Ignore what else arrives for a job that has ended."""
        self._jobs.pop(job.work.job_id, None)

    def _read(self) -> None:
        try:
            while self._take(self._receiver.receive()):
                pass
        except PipeClosedError:
            log.info("the engine has gone")
        except BaseException:
            log.exception("a message could not be read")
            leave(1)
        leave(0)

    def _take(self, message: object) -> bool:
        """Handle one message; return whether to go on."""
        match message:
            case Work(job_id=job_id):
                self._jobs[job_id] = job = Job(message)
                self._waiting.put(job)
            case Audio(job_id=job_id, pcm=pcm) if job_id in self._jobs:
                self._jobs[job_id].sound.put(pcm)
            case EndOfAudio(job_id=job_id) if job_id in self._jobs:
                self._jobs[job_id].sound.put(None)
            case CancelWork(job_id=job_id) if job_id in self._jobs:
                self._jobs[job_id].token.cancel()
            case Quit():
                return False
            case _:
                log.debug("ignored: %r", type(message).__name__)
        return True


def leave(status: int) -> None:
    """End the process at once, even while another thread is in the middle of a native call."""
    logging.shutdown()
    os._exit(status)
