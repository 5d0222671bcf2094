"""The sound tagger that ships, on a voice that travels with the tests and on sounds made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmbm_desktop.base.paths import shipped_models_dir
from mmbm_desktop.inference.sounds import SoundTagger, find_sounds
from mmbm_desktop.protocol.requests import SoundsRequest

RATE = 16_000
BUNDLE = shipped_models_dir() / "sounds-small"


@pytest.fixture(scope="module")
def tagger() -> SoundTagger:
    return SoundTagger(BUNDLE, threads=1)


def labels(tagger: SoundTagger, file: Path) -> set[str]:
    return {sound.label for sound in find_sounds(SoundsRequest(str(file)), tagger).sounds}


def written(folder: Path, sound: np.ndarray) -> Path:
    file = folder / "sound.wav"
    soundfile.write(file, sound.astype(np.float32), RATE, subtype="FLOAT")
    return file


def test_a_voice_is_speech(tagger: SoundTagger, data: Path) -> None:
    result = find_sounds(SoundsRequest(str(data / "speech" / "read_speech.opus")), tagger)

    speech = [sound for sound in result.sounds if sound.label == "speech"]
    assert speech
    assert speech[0].start_s == 0.0
    assert speech[-1].end_s == pytest.approx(result.duration_s, abs=2.5)


@pytest.mark.parametrize("loudness", [0.0, 1e-5, 2e-4])
def test_nothing_and_faint_noise_are_silence(tagger: SoundTagger, tmp_path: Path, loudness: float) -> None:
    noise = np.random.default_rng(0).normal(0, 1, 10 * RATE) * loudness

    result = find_sounds(SoundsRequest(str(written(tmp_path, noise))), tagger)

    assert [(sound.label, sound.start_s) for sound in result.sounds] == [("silence", 0.0)]
    assert result.sounds[0].end_s == pytest.approx(10.0, abs=0.1)


def test_loud_noise_and_a_whistle_are_neither_silence_nor_speech(tagger: SoundTagger, tmp_path: Path) -> None:
    time = np.arange(10 * RATE) / RATE
    for sound in (0.2 * np.random.default_rng(0).normal(size=10 * RATE), 0.5 * np.sin(2 * np.pi * 1500 * time)):
        assert not labels(tagger, written(tmp_path, sound)) & {"silence", "speech"}


def test_every_sound_has_a_name_in_both_languages(tagger: SoundTagger) -> None:
    assert len(tagger.labels) == 21
    assert all(tagger.names["en"][label] and tagger.names["zh"][label] != label for label in tagger.labels)
