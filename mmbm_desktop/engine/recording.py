"""Recording: a microphone to a file on disk, to the window's level meter, and to the worker that writes it down.

Three threads: the microphone's own, the one that stores what it hears, and the job's, which talks to the worker.
The sound on disk is the truth: a worker that dies is given all of it again.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, Self, cast

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import Cancelled, MmbmError
from mmbm_desktop.engine.growing_wav import GrowingWav, new_recording
from mmbm_desktop.engine.job_queue import PartlyDone
from mmbm_desktop.protocol.events import MicrophoneLevel, PartialTranscript
from mmbm_desktop.protocol.failure import Failure
from mmbm_desktop.protocol.requests import LiveTranscribeRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    import numpy.typing as npt

    from mmbm_desktop.engine.job_queue import RunningJob
    from mmbm_desktop.engine.worker_lanes import WorkerLanes
    from mmbm_desktop.protocol.events import Event
    from mmbm_desktop.protocol.jobs import JobId
    from mmbm_desktop.protocol.requests import RecordRequest
    from mmbm_desktop.protocol.results import TranscriptResult

log = logging.getLogger(__name__)


class Ears(Protocol):
    """What is asked of a microphone: entered it listens, iterated it yields int16 blocks of 16 kHz mono sound."""

    def __enter__(self) -> Self:
        """Begin to listen."""
        ...

    def __exit__(self, *error: object) -> None:
        """End for good."""
        ...

    def __iter__(self) -> Iterator[npt.NDArray[np.int16]]:
        """Yield blocks of about 50 ms until `stop`."""
        ...

    def stop(self) -> None:
        """End the iteration after what was heard so far; any thread may call it."""
        ...


def system_microphone(device: str | None) -> Ears:
    """Open a real microphone; the audio library is loaded only now.

    Raises:
        EnvironmentFault: AUDIO_LIBRARY_MISSING, MICROPHONE_MISSING, MICROPHONE_FAILED.
    """
    from mmbm_desktop.media.microphone import Microphone

    return Microphone(device)


class Recording:
    """Answers `RecordRequest`s."""

    def __init__(
        self,
        lanes: WorkerLanes,
        announce: Callable[[Event], None],
        open_microphone: Callable[[str | None], Ears] = system_microphone,
    ) -> None:
        self._lanes = lanes
        self._announce = announce
        self._open_microphone = open_microphone
        self._guard = threading.Lock()
        self._listening: dict[JobId, Ears] = {}
        self._finished: set[JobId] = set()
        self._closing = False

    def run(self, job: RunningJob) -> TranscriptResult:
        """Record until `finish`, then return the transcript; text and loudness are announced on the way.

        The audio is kept if the request says so, also when something fails, but for a cancelled job; when the program
        is closed in the middle it is kept too.

        Raises:
            Cancelled: the job was cancelled.
            PartlyDone: the microphone or the disk failed on the way; the result says what was heard before.
            MmbmError: there is no microphone, or no worker to write down what is said (`path`: the audio kept).
        """
        request = cast("RecordRequest", job.request)
        with self._open_microphone(request.device) as ears:
            wav = _opened_wav(request)
            kept = False
            try:
                result, error = self._heard(job, ears, wav)
                kept = bool(request.keep_audio and wav.size_bytes)
            except Cancelled:
                kept = bool(request.keep_audio and wav.size_bytes and self._closing)
                raise
            except MmbmError as error:
                kept = bool(request.keep_audio and wav.size_bytes)
                error.params = {**error.params, "path": str(wav.path) if kept else ""}
                raise
            finally:
                wav.close(delete=not kept)
        result = replace(result, path=str(wav.path) if kept else "")
        if error is not None:
            raise PartlyDone(error, result)
        return result

    def finish(self, job_id: JobId) -> None:
        """Stop listening, now or as soon as the job begins to; its transcript follows."""
        with self._guard:
            self._finished.add(job_id)
            ears = self._listening.get(job_id)
        if ears is not None:
            ears.stop()

    def begin_close(self) -> None:
        """Keep the audio of jobs that are cancelled from now on."""
        self._closing = True

    def _heard(self, job: RunningJob, ears: Ears, wav: GrowingWav) -> tuple[TranscriptResult, MmbmError | None]:
        """Return the transcript of all that was heard, and what ended the listening if it was not `finish`."""
        request = cast("RecordRequest", job.request)
        storing = _Storing(job.id, ears, wav, self._announce)
        storing.start()
        with self._guard:
            self._listening[job.id] = ears
            finished = job.id in self._finished
        if finished:
            ears.stop()
        try:
            answer = self._lanes.call(
                LiveTranscribeRequest(request.language, request.model),
                job,
                heard=lambda text: self._announce(PartialTranscript(job.id, text)),
                sound=wav,
            )
        finally:
            with self._guard:
                del self._listening[job.id]
                self._finished.discard(job.id)
            ears.stop()
            storing.join()
        return cast("TranscriptResult", answer), storing.error


class _Storing(threading.Thread):
    """Takes what the microphone hears to the disk and tells how loud it is."""

    def __init__(self, job_id: JobId, ears: Ears, wav: GrowingWav, announce: Callable[[Event], None]) -> None:
        super().__init__(name=f"recording-{job_id}", daemon=True)
        self.error: MmbmError | None = None
        self._job_id = job_id
        self._ears = ears
        self._wav = wav
        self._announce = announce

    def run(self) -> None:
        try:
            for block in self._ears:
                self._wav.append(block.astype("<i2", copy=False).tobytes())
                self._tell_level(block)
        except MmbmError as error:
            log.warning("the recording ended early: %s", error)
            self.error = error
        except Exception as error:
            log.exception("the recording ended by a bug")
            self.error = Failure.of(error).as_error()
        finally:
            self._end()

    def _tell_level(self, block: npt.NDArray[np.int16]) -> None:
        from mmbm_desktop.media.levels import level_of

        level = level_of(block)
        self._announce(MicrophoneLevel(self._job_id, level.rms, level.peak, self._wav.seconds, level.outline))

    def _end(self) -> None:
        try:
            self._wav.end()
        except MmbmError as error:
            self.error = self.error or error


def _opened_wav(request: RecordRequest) -> GrowingWav:
    if not request.keep_audio:
        return GrowingWav(None, paths.cache_dir())
    folder = paths.recordings_dir()
    return GrowingWav(new_recording(folder, datetime.now().astimezone()), folder)
