"""Transcription of files, with the real recogniser."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.errors import Cancelled, ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.inference.speech.recogniser import Recogniser
from mmbm_desktop.inference.transcribe import transcribe_blocks, transcribe_file
from mmbm_desktop.inference.word_errors import word_error_rate
from mmbm_desktop.media.audio import blocks_16k
from mmbm_desktop.protocol.requests import TranscribeRequest
from tests.virtual_microphone import speak_to_file

SPEECH = Path(__file__).parents[1] / "data" / "speech"
SPOKEN = SPEECH / "espeak_thousand_people.wav"
READ = SPEECH / "read_speech.opus"
READ_TEXT = (
    "Now, as all books not primarily intended as picture-books consist principally of types composed to form "
    "letterpress,"
)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser()


@pytest.fixture(scope="module")
def spoken() -> np.ndarray:
    return np.concatenate(list(blocks_16k(SPOKEN)))


def write_wav(path: Path, sound: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(sound.astype("<i2").tobytes())
    return path


def test_a_file_of_read_speech_is_mostly_right(recogniser: Recogniser) -> None:
    result = transcribe_file(TranscribeRequest(str(READ)), recogniser)
    assert word_error_rate([READ_TEXT], [result.text]) < 0.35
    assert result.duration_s == pytest.approx(8.82, abs=0.05)
    assert 0.0 < result.score <= 1.0
    assert result.made.device == "CPU"
    assert result.made.ms > 0
    assert result.path == str(READ)


def test_times_count_from_the_start_of_the_file(recogniser: Recogniser, spoken: np.ndarray, tmp_path: Path) -> None:
    quiet = np.zeros(5 * 16_000, np.int16)
    path = write_wav(tmp_path / "late.wav", np.concatenate([quiet, spoken, quiet, spoken]))
    result = transcribe_file(TranscribeRequest(str(path)), recogniser)
    first, second = result.segments
    assert 5.0 <= first.start_s < 5.3
    assert 12.5 <= second.start_s < 12.9
    assert first.words[-1].text == second.words[-1].text == "people"
    assert [(w.start_s, w.end_s) for s in result.segments for w in s.words] == sorted(
        (w.start_s, w.end_s) for s in result.segments for w in s.words
    )


def test_progress_is_told_in_seconds_of_all(recogniser: Recogniser) -> None:
    told: list[tuple[int, int | None]] = []
    transcribe_file(TranscribeRequest(str(SPOKEN)), recogniser, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (2, 3)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_text_is_heard_while_it_goes_on(recogniser: Recogniser, spoken: np.ndarray, tmp_path: Path) -> None:
    path = write_wav(tmp_path / "twice.wav", np.concatenate([spoken, np.zeros(32_000, np.int16), spoken]))
    heard: list[str] = []
    result = transcribe_file(TranscribeRequest(str(path)), recogniser, heard=heard.append)
    assert len(heard) == 2
    assert heard[1].startswith(heard[0])
    assert heard[1] == result.text


@pytest.mark.parametrize(
    "noise",
    [
        np.zeros(80_000),
        np.random.default_rng(0).normal(0, 20, 80_000),
        np.random.default_rng(0).normal(0, 2000, 80_000),
        3000 * np.sin(2 * np.pi * 50 / 16_000 * np.arange(80_000)),
    ],
    ids=["silence", "dither", "hiss", "mains hum"],
)
def test_what_is_no_speech_has_no_segments(recogniser: Recogniser, tmp_path: Path, noise: np.ndarray) -> None:
    result = transcribe_file(TranscribeRequest(str(write_wav(tmp_path / "quiet.wav", noise))), recogniser)
    assert result.segments == ()
    assert result.text == ""
    assert result.score == 0.0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.wav", b"", ErrorCode.FILE_EMPTY),
        ("text.wav", b"this is no sound at all, only words" * 9, ErrorCode.AUDIO_BROKEN),
    ],
)
def test_what_is_no_sound_is_refused(
    recogniser: Recogniser, tmp_path: Path, name: str, content: bytes, code: ErrorCode
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MmbmError) as caught:
        transcribe_file(TranscribeRequest(str(tmp_path / name)), recogniser)
    assert caught.value.code is code


def test_samples_that_are_no_numbers_are_refused(recogniser: Recogniser, tmp_path: Path) -> None:
    import soundfile

    sound = np.zeros(32_000, np.float32)
    sound[20_000] = np.nan
    soundfile.write(tmp_path / "nan.wav", sound, 16_000, subtype="FLOAT")
    with pytest.raises(InputFault) as caught:
        transcribe_file(TranscribeRequest(str(tmp_path / "nan.wav")), recogniser)
    assert caught.value.code is ErrorCode.AUDIO_NOT_FINITE


def test_only_english_is_known(recogniser: Recogniser) -> None:
    with pytest.raises(InputFault) as caught:
        transcribe_file(TranscribeRequest(str(SPOKEN), language="zh"), recogniser)
    assert caught.value.code is ErrorCode.LANGUAGE_UNSUPPORTED


class CancelsAtCheck(CancelToken):
    """A token that is cancelled at its n-th check."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.left = count

    def check(self) -> None:
        self.left -= 1
        if self.left <= 0:
            self.cancel()
        super().check()


@pytest.mark.parametrize("check", [1, 3, 20])
def test_cancelling_stops_between_two_pieces_and_the_recogniser_goes_on(
    recogniser: Recogniser, spoken: np.ndarray, check: int
) -> None:
    blocks = np.array_split(np.tile(np.concatenate([spoken, np.zeros(16_000, np.int16)]), 4), 28)
    token = CancelsAtCheck(check)
    with pytest.raises(Cancelled):
        list(transcribe_blocks(blocks, recogniser, token))
    assert token.left == 0
    (segment,) = transcribe_blocks([spoken], recogniser, CancelToken())
    assert segment.words[-1].text == "people"


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_freshly_synthesised_speech_is_understood(recogniser: Recogniser, tmp_path: Path) -> None:
    path = speak_to_file("Seven hundred thousand people.", tmp_path / "said.wav")
    assert "hundred thousand" in transcribe_file(TranscribeRequest(str(path)), recogniser).text
