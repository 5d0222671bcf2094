"""Transcription by a real worker process, from files and while recording."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from mmbm_desktop.base.errors import ErrorCode
from mmbm_desktop.media.audio import blocks_16k
from mmbm_desktop.protocol.jobs import JobId
from mmbm_desktop.protocol.messages import Advanced, Audio, CancelWork, EndOfAudio, Finished, Heard, Stopped
from mmbm_desktop.protocol.requests import LiveTranscribeRequest, TranscribeRequest
from mmbm_desktop.protocol.results import TranscriptResult
from tests.virtual_microphone import speak_to_file

if TYPE_CHECKING:
    from tests.worker.conftest import RunningWorker

SPOKEN = Path(__file__).parents[1] / "data" / "speech" / "espeak_thousand_people.wav"


def pcm(repeat: int = 1) -> bytes:
    sound = np.concatenate([*blocks_16k(SPOKEN), np.zeros(16_000, np.int16)])
    return np.tile(sound, repeat).astype("<i2").tobytes()


def write_wav(path: Path, sound: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(sound)
    return path


def test_a_file_is_written_down_with_progress(shared_worker: RunningWorker) -> None:
    message, before = shared_worker.until_end(shared_worker.begin(TranscribeRequest(str(SPOKEN))))
    assert isinstance(message, Finished)
    assert isinstance(message.result, TranscriptResult)
    assert "thousand people" in message.result.text
    assert Advanced(message.job_id, 2, 3) in before
    assert Heard(message.job_id, message.result.text) in before


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_speech_made_just_now_is_written_down(shared_worker: RunningWorker, tmp_path: Path) -> None:
    path = speak_to_file("Seven hundred thousand people.", tmp_path / "said.wav")
    assert "hundred thousand" in shared_worker.ask(TranscribeRequest(str(path))).text


def test_live_sound_is_heard_piece_by_piece(shared_worker: RunningWorker) -> None:
    job_id = shared_worker.begin(LiveTranscribeRequest())
    sound = pcm(2)
    middle = len(sound) // 2 + 1
    for start in range(0, middle, 3200):
        shared_worker.send(Audio(job_id, sound[start : min(start + 3200, middle)]))
    texts = [heard_next(shared_worker, job_id)]
    while "people" not in texts[-1]:
        texts.append(heard_next(shared_worker, job_id))
    shared_worker.send(Audio(job_id, sound[middle:]))
    shared_worker.send(EndOfAudio(job_id))
    message, before = shared_worker.until_end(job_id)
    assert isinstance(message, Finished)
    assert message.result.text.count("people") == 2
    assert message.result.duration_s == pytest.approx(len(sound) / 32_000)
    assert all(isinstance(heard, Heard) for heard in before)


def heard_next(worker: RunningWorker, job_id: JobId) -> str:
    message = worker.receive()
    assert isinstance(message, Heard)
    assert message.job_id == job_id
    return message.text


def test_a_recording_can_be_cancelled_while_nothing_arrives(shared_worker: RunningWorker) -> None:
    job_id = shared_worker.begin(LiveTranscribeRequest())
    shared_worker.send(Audio(job_id, pcm()[:30_000]))
    shared_worker.send(CancelWork(job_id))
    message, _ = shared_worker.until_end(job_id)
    assert message == Stopped(job_id)
    shared_worker.send(Audio(job_id, pcm()))
    assert "people" in shared_worker.ask(TranscribeRequest(str(SPOKEN))).text


def test_a_long_transcription_stops_soon_after_it_is_cancelled(shared_worker: RunningWorker, tmp_path: Path) -> None:
    path = write_wav(tmp_path / "long.wav", pcm(200))
    job_id = shared_worker.begin(TranscribeRequest(str(path)))
    while not isinstance(first := shared_worker.receive(), Heard):
        assert isinstance(first, Advanced)
    shared_worker.send(CancelWork(job_id))
    message, since = shared_worker.until_end(job_id)
    assert message == Stopped(job_id)
    assert len([m for m in since if isinstance(m, Heard)]) <= 2
    done = max(m.done for m in since if isinstance(m, Advanced)) if since else 0
    assert done < 30


def test_a_job_cancelled_before_its_turn_is_never_begun(shared_worker: RunningWorker) -> None:
    first = shared_worker.begin(TranscribeRequest(str(SPOKEN)))
    second = shared_worker.begin(TranscribeRequest(str(SPOKEN)))
    shared_worker.send(CancelWork(second))
    assert isinstance(shared_worker.until_end(first)[0], Finished)
    message, before = shared_worker.until_end(second)
    assert message == Stopped(second)
    assert before == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.wav", b"", ErrorCode.FILE_EMPTY),
        ("rubbish.wav", b"RIFF\0\0\0\0WAVE" + bytes(range(256)) * 4, ErrorCode.AUDIO_BROKEN),
        ("rubbish.mp3", b"ID3" + bytes(range(256)) * 4, ErrorCode.AUDIO_BROKEN),
    ],
)
def test_what_is_no_sound_is_refused_and_the_worker_lives_on(
    shared_worker: RunningWorker, tmp_path: Path, name: str, content: bytes, code: ErrorCode
) -> None:
    (tmp_path / name).write_bytes(content)
    assert shared_worker.ask(TranscribeRequest(str(tmp_path / name))).code is code
    assert "people" in shared_worker.ask(TranscribeRequest(str(SPOKEN))).text


def test_a_header_without_sound_is_empty(shared_worker: RunningWorker, tmp_path: Path) -> None:
    assert shared_worker.ask(TranscribeRequest(str(write_wav(tmp_path / "e.wav", b"")))).code is ErrorCode.AUDIO_EMPTY


@pytest.mark.parametrize("request_", [TranscribeRequest(str(SPOKEN), "zh"), LiveTranscribeRequest("zh")])
def test_other_languages_are_refused(shared_worker: RunningWorker, request_: TranscribeRequest) -> None:
    failure = shared_worker.ask(request_)
    assert failure.code is ErrorCode.LANGUAGE_UNSUPPORTED


def test_a_bundle_that_is_named_writes_down_files_and_live_sound(shared_worker: RunningWorker, tmp_path: Path) -> None:
    digits = Path(__file__).parents[2] / "models" / "digits-en-small"
    path = write_wav(tmp_path / "quiet.wav", bytes(64_000))
    result = shared_worker.ask(TranscribeRequest(str(path), model=digits.name), digits)
    assert isinstance(result, TranscriptResult)
    assert (result.text, result.made.model.split()[0]) == ("", digits.name)
    job_id = shared_worker.begin(LiveTranscribeRequest(model=digits.name), digits)
    shared_worker.send(Audio(job_id, bytes(64_000)))
    shared_worker.send(EndOfAudio(job_id))
    message, _ = shared_worker.until_end(job_id)
    assert isinstance(message, Finished)
    assert (message.result.text, message.result.made.model.split()[0]) == ("", digits.name)


def test_a_bundle_of_another_family_cannot_transcribe(
    shared_worker: RunningWorker, tiny_bundle: Path, tmp_path: Path
) -> None:
    path = write_wav(tmp_path / "quiet.wav", bytes(64_000))
    assert shared_worker.ask(TranscribeRequest(str(path)), tiny_bundle).code is ErrorCode.BUNDLE_INVALID
    assert "people" in shared_worker.ask(TranscribeRequest(str(SPOKEN))).text
