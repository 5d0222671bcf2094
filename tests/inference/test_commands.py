"""The shipped command recogniser: digits, alone and in a row, from files and live; and what is no digit."""

from __future__ import annotations

import itertools
import json
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.inference.commands import CommandRecogniser
from mmbm_desktop.inference.families import open_bundle
from mmbm_desktop.inference.live import LiveTranscriber
from mmbm_desktop.inference.transcribe import transcribe_file
from mmbm_desktop.media.audio import blocks_16k
from mmbm_desktop.protocol.requests import TranscribeRequest
from tests.virtual_microphone import speak_to_file

SHIPPED = Path(__file__).parents[2] / "models" / "digits-en-small"
SPOKEN = ("three", "nine", "four", "one")
needs_speech = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


@pytest.fixture(scope="module")
def digits() -> CommandRecogniser:
    return CommandRecogniser(SHIPPED, threads=1)


def write_wav(path: Path, sound: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(sound.astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """Return digits spoken by a synthesiser, each with its pauses."""
    folder = tmp_path_factory.mktemp("said")
    return {word: np.concatenate(list(blocks_16k(speak_to_file(word, folder / f"{word}.wav")))) for word in SPOKEN}


def test_its_family_opens_it_and_its_probe_answers_as_it_did() -> None:
    assert isinstance(open_bundle(SHIPPED, threads=1), CommandRecogniser)
    assert check_bundle(SHIPPED, threads=1).probe_difference < 1e-4


@needs_speech
def test_a_synthesised_digit_is_recognised(digits: CommandRecogniser, said: dict[str, np.ndarray]) -> None:
    written = {word: [one.text for one in digits.words(sound)] for word, sound in said.items()}
    assert sum(heard == [word] for word, heard in written.items()) >= len(SPOKEN) - 1, written


@needs_speech
def test_a_file_of_digits_is_streamed_in_segments(
    digits: CommandRecogniser, said: dict[str, np.ndarray], tmp_path: Path
) -> None:
    pause = np.zeros(16_000, np.int16)
    sound = np.concatenate([part for word in ("three", "nine") for part in (pause, said[word], pause)])
    result = transcribe_file(TranscribeRequest(str(write_wav(tmp_path / "digits.wav", sound))), digits)
    assert result.text == "three nine"
    assert len(result.segments) == 2
    assert (result.made.model, result.made.device) == (digits.name, "CPU")
    assert result.duration_s == pytest.approx(len(sound) / 16_000)
    words = [word for segment in result.segments for word in segment.words]
    assert words[0].start_s >= 1.0
    assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(words))
    assert all(word.start_s < word.end_s and 0.5 <= word.confidence <= 1.0 for word in words)


@needs_speech
def test_live_digits_are_heard_as_in_a_file(digits: CommandRecogniser, said: dict[str, np.ndarray]) -> None:
    pause = np.zeros(16_000, np.int16)
    live = LiveTranscriber(digits)
    data = np.concatenate([pause, said["three"], pause, said["nine"], pause]).astype("<i2").tobytes()
    texts = [live.feed(data[start : start + 3200]) for start in range(0, len(data), 3200)]
    assert live.finish().text == texts[-1] == "three nine"


def sine(hertz: float) -> np.ndarray:
    return 8000 * np.sin(2 * np.pi * hertz * np.arange(48_000) / 16_000)


@pytest.mark.parametrize(
    "noise",
    [np.zeros(48_000), np.random.default_rng(0).normal(0, 1000, 48_000), sine(220), sine(440), sine(1000)],
    ids=["silence", "hiss", "low tone", "tone", "high tone"],
)
def test_what_is_no_speech_has_no_words(digits: CommandRecogniser, tmp_path: Path, noise: np.ndarray) -> None:
    assert transcribe_file(TranscribeRequest(str(write_wav(tmp_path / "a.wav", noise))), digits).segments == ()


def test_an_utterance_of_no_length_has_no_words(digits: CommandRecogniser) -> None:
    digits.begin(np.zeros(0, np.int16))
    assert digits.end(0.0) == ()


def test_another_language_is_refused(digits: CommandRecogniser, tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.zeros(9000))
    with pytest.raises(InputFault) as caught:
        transcribe_file(TranscribeRequest(str(path), "zh"), digits)
    assert caught.value.code is ErrorCode.LANGUAGE_UNSUPPORTED


@pytest.mark.parametrize(
    ("name", "value"),
    [("letters", None), ("letters", ""), ("words", [1]), ("mel", {"bands": 40}), ("step_s", 0.5), ("letters", " ab")],
)
def test_a_bundle_that_spells_otherwise_is_refused(tmp_path: Path, name: str, value: object) -> None:
    folder = Path(shutil.copytree(SHIPPED, tmp_path / "bundle"))
    manifest = json.loads((folder / "bundle.json").read_text("utf-8"))
    manifest["preprocessing"][name] = value
    (folder / "bundle.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(EnvironmentFault) as caught:
        CommandRecogniser(folder, threads=1).words(np.zeros(8000, np.int16))
    assert caught.value.code is ErrorCode.BUNDLE_INVALID
