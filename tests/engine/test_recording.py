"""Recordings, written down by a real worker: kept, thrown away, unplugged, killed; and from a virtual microphone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mmbm_desktop.base import paths
from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.media.audio import blocks_16k
from mmbm_desktop.protocol.events import MicrophoneLevel, PartialTranscript, WorkerChanged, WorkerState
from mmbm_desktop.protocol.jobs import JobId, JobSnapshot, JobState
from mmbm_desktop.protocol.requests import CaptionRequest, RecordRequest
from mmbm_desktop.protocol.results import TranscriptResult
from tests.engine.workshop import Workshop
from tests.virtual_microphone import missing_programs, speak_to_file, virtual_microphone

SPOKEN = Path(__file__).parents[1] / "data" / "speech" / "espeak_thousand_people.wav"
SPOKEN_S = 2.5


class PlayedFile:
    """A microphone that hears a file ten times as fast as real time, then silence, until stopped or unplugged."""

    def __init__(self, unplug_after_s: float | None = None) -> None:
        self.unplug_after_s = unplug_after_s
        self.stopped = threading.Event()
        self.closed = False

    def __enter__(self) -> PlayedFile:
        return self

    def __exit__(self, *error: object) -> None:
        self.closed = True

    def __iter__(self) -> Iterator[npt.NDArray[np.int16]]:
        heard_s = 0.0
        for block in self._sound():
            if self.stopped.wait(0.005):
                return
            if self.unplug_after_s is not None and heard_s >= self.unplug_after_s:
                raise EnvironmentFault(ErrorCode.MICROPHONE_FAILED, "it went silent", device="")
            yield block
            heard_s += len(block) / 16_000

    def stop(self) -> None:
        self.stopped.set()

    def _sound(self) -> Iterator[npt.NDArray[np.int16]]:
        yield from blocks_16k(SPOKEN, 0.05)
        while True:
            yield np.zeros(800, np.int16)


class Studio(Workshop):
    """A workshop whose microphone plays the file."""

    def __init__(self, make_engine: Callable[..., LocalEngine], **microphone: float) -> None:
        self.microphones: list[PlayedFile] = []

        def open_microphone(device: str | None) -> PlayedFile:
            self.microphones.append(PlayedFile(**microphone))
            return self.microphones[-1]

        super().__init__(make_engine(open_microphone=open_microphone))

    def wait_until_heard(self, seconds: float) -> None:
        self.wait_for(lambda event: isinstance(event, MicrophoneLevel) and event.seconds >= seconds)

    def record(self, seconds: float = SPOKEN_S + 1.0, **options: object) -> JobSnapshot:
        job_id = self.engine.submit(RecordRequest(**options))  # pyright: ignore[reportArgumentType]
        self.wait_until_heard(seconds)
        self.engine.finish_recording(job_id)
        return self.end(job_id)


def transcript(job: JobSnapshot) -> TranscriptResult:
    assert isinstance(job.result, TranscriptResult), job.failure
    return job.result


def kept_files() -> list[Path]:
    folder = paths.recordings_dir()
    return sorted(folder.iterdir()) if folder.exists() else []


def seconds_of(path: Path | str) -> float:
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()


def test_what_is_said_is_written_down_while_it_is_said_and_kept(make_engine: Callable[..., LocalEngine]) -> None:
    studio = Studio(make_engine)

    job_id = studio.engine.submit(RecordRequest())
    studio.wait_for(lambda event: isinstance(event, PartialTranscript) and "thousand" in event.text)
    studio.engine.finish_recording(job_id)
    job = studio.end(job_id)

    result = transcript(job)
    assert job.state is JobState.DONE
    assert "thousand people" in result.text
    assert kept_files() == [Path(result.path)]
    assert seconds_of(result.path) == pytest.approx(result.duration_s, abs=0.1)
    assert studio.microphones[0].closed
    levels = [event for event in studio.events if isinstance(event, MicrophoneLevel)]
    assert max(level.peak for level in levels) > 0.1
    assert [level.seconds for level in levels] == sorted(level.seconds for level in levels)


def test_audio_that_is_not_to_be_kept_leaves_no_file(make_engine: Callable[..., LocalEngine]) -> None:
    studio = Studio(make_engine)

    result = transcript(studio.record(keep_audio=False))

    assert "thousand people" in result.text
    assert result.path == ""
    assert kept_files() == []
    assert not list(paths.cache_dir().rglob("*.wav"))


def test_a_cancelled_recording_is_thrown_away(make_engine: Callable[..., LocalEngine]) -> None:
    studio = Studio(make_engine)
    job_id = studio.engine.submit(RecordRequest())
    studio.wait_until_heard(0.5)

    studio.engine.cancel(job_id)

    assert studio.end(job_id).state is JobState.CANCELLED
    assert studio.microphones[0].closed
    assert kept_files() == []


def test_closing_the_program_keeps_what_was_recorded(make_engine: Callable[..., LocalEngine]) -> None:
    studio = Studio(make_engine)
    studio.engine.submit(RecordRequest())
    studio.wait_until_heard(2.0)

    studio.engine.close()

    (kept,) = kept_files()
    assert seconds_of(kept) >= 2.0


def test_an_unplugged_microphone_fails_the_job_and_keeps_what_it_heard(
    make_engine: Callable[..., LocalEngine],
) -> None:
    studio = Studio(make_engine, unplug_after_s=SPOKEN_S + 0.5)

    job = studio.end(studio.engine.submit(RecordRequest()))

    assert job.state is JobState.FAILED
    assert job.failure is not None
    assert job.failure.code is ErrorCode.MICROPHONE_FAILED
    assert "thousand people" in transcript(job).text
    assert seconds_of(transcript(job).path) == pytest.approx(3.0, abs=0.1)


def test_a_worker_that_dies_meanwhile_is_given_the_sound_from_its_beginning(
    make_engine: Callable[..., LocalEngine],
) -> None:
    studio = Studio(make_engine)
    job_id = studio.engine.submit(RecordRequest())
    studio.wait_for(lambda event: isinstance(event, WorkerChanged) and event.state is WorkerState.BUSY)
    studio.wait_until_heard(1.5)

    os.kill(studio.worker_pid(), signal.SIGKILL)
    studio.wait_until_heard(SPOKEN_S + 1.0)
    studio.engine.finish_recording(job_id)

    job = studio.end(job_id)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert "thousand people" in transcript(job).text


def test_a_recording_does_not_wait_for_a_picture_that_takes_long(
    make_engine: Callable[..., LocalEngine], pictures: Path
) -> None:
    studio = Studio(make_engine)
    studio.run(CaptionRequest(str(pictures / "00.jpg")))
    studio.freeze_worker()
    stuck = studio.engine.submit(CaptionRequest(str(pictures / "01.jpg")))

    assert "thousand people" in transcript(studio.record()).text
    lanes = [e.lane for e in studio.events if isinstance(e, WorkerChanged) and e.state is WorkerState.STARTING]
    assert lanes == ["pictures", "live"]
    studio.engine.cancel(stuck)
    studio.end(stuck)


def test_a_recording_finished_before_it_began_ends_at_once(make_engine: Callable[..., LocalEngine]) -> None:
    studio = Studio(make_engine)
    first, second = (studio.engine.submit(RecordRequest()) for _ in range(2))

    studio.engine.finish_recording(second)
    studio.wait_until_heard(0.2)
    studio.engine.finish_recording(first)
    studio.engine.finish_recording(JobId(999))

    assert studio.end(first).state is JobState.DONE
    assert transcript(studio.end(second)).duration_s < 0.2


def test_a_language_the_recogniser_does_not_know_is_refused_and_the_microphone_let_go(
    make_engine: Callable[..., LocalEngine],
) -> None:
    studio = Studio(make_engine)

    job = studio.end(studio.engine.submit(RecordRequest(language="zh")))

    assert job.failure is not None
    assert job.failure.code is ErrorCode.LANGUAGE_UNSUPPORTED
    assert studio.microphones[0].closed
    assert [str(path) for path in kept_files()] == [one for one in [job.failure.params["path"]] if one]


def test_a_microphone_that_is_not_there_is_told(shop: Workshop) -> None:
    job = shop.run(RecordRequest(device="no such microphone"))

    assert job.failure is not None
    assert job.failure.code in (ErrorCode.MICROPHONE_MISSING, ErrorCode.AUDIO_LIBRARY_MISSING)
    assert kept_files() == []


_LISTEN = """
import json, sys, threading
from pathlib import Path
from mmbm_desktop.base.settings import Settings
from mmbm_desktop.engine.local import LocalEngine
from mmbm_desktop.protocol.events import MicrophoneLevel
from mmbm_desktop.protocol.requests import RecordRequest

engine = LocalEngine(Settings(Path(sys.argv[1])))
peaks, listening = [], threading.Event()
def listener(event):
    if isinstance(event, MicrophoneLevel):
        peaks.append(event.peak)
        listening.set()
engine.subscribe(listener)
names = [one.name for one in engine.microphones()]
job_id = engine.submit(RecordRequest())
listening.wait(60)
print("listening", flush=True)
sys.stdin.readline()
engine.finish_recording(job_id)
job = engine.wait(job_id, 60)
engine.close()
failure = job.failure and job.failure.detail
text = job.result.text if job.result else ""
print(json.dumps({"names": names, "text": text, "path": job.result.path, "peak": max(peaks), "failure": failure}))
"""


@pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {missing_programs()}")
def test_speech_in_a_virtual_microphone_is_written_down(tmp_path: Path) -> None:
    with virtual_microphone() as microphone:
        listener = subprocess.Popen(
            [sys.executable, "-c", _LISTEN, tmp_path / "settings.json"],
            env={**os.environ, **microphone.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert listener.stdout is not None
        assert listener.stdout.readline().strip() == "listening"
        microphone.play(speak_to_file("Seven hundred thousand people.", tmp_path / "spoken.wav"))
        heard = json.loads(listener.communicate("finish\n", timeout=120)[0].splitlines()[-1])

    assert heard["failure"] is None
    assert heard["names"]
    assert "hundred thousand" in heard["text"]
    assert heard["peak"] > 0.05
    assert seconds_of(heard["path"]) > 2.0
