"""Cutting sound at its pauses."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from mmbm_desktop.inference.speech.splitting import SAMPLE_RATE_HZ, SpeechSplitter, SplitOptions, Stretch
from mmbm_desktop.media.audio import blocks_16k


@pytest.fixture(scope="module")
def sentence() -> np.ndarray:
    """Return 8.8 s of read speech."""
    path = Path(__file__).parents[2] / "data" / "speech" / "read_speech.opus"
    return np.concatenate(list(blocks_16k(path)))


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.int16)


def split(sound: np.ndarray, piece: int = 8000, options: SplitOptions | None = None) -> list[Stretch]:
    splitter = SpeechSplitter(options)
    stretches = [s for start in range(0, len(sound), piece) for s in splitter.push(sound[start : start + piece])]
    return [*stretches, *splitter.finish()]


@pytest.mark.parametrize(
    "noise",
    [
        np.zeros(80_000),
        np.random.default_rng(0).normal(0, 3, 80_000),
        np.random.default_rng(0).normal(0, 300, 80_000),
    ],
    ids=["zeros", "dither", "hiss"],
)
def test_silence_and_hiss_are_no_speech(noise: np.ndarray) -> None:
    assert split(noise.astype(np.int16)) == []


def test_a_click_is_no_speech() -> None:
    click = silence(2.0)
    click[16_000:16_400] = 20_000
    assert split(click) == []


def test_speech_is_found_where_it_is(sentence: np.ndarray) -> None:
    (first, *_) = split(np.concatenate([silence(3.0), sentence]))
    assert first.start_s == pytest.approx(2.7, abs=0.2)


def test_a_long_pause_separates_and_times_stay_absolute(sentence: np.ndarray) -> None:
    two = np.concatenate([sentence[:32_000], silence(2.0), sentence[:32_000], silence(1.0)])
    first, second = split(two)
    assert first.end_s < 3.5 < second.start_s < 4.2


def test_every_sample_of_speech_is_in_exactly_one_stretch(sentence: np.ndarray) -> None:
    sound = np.concatenate([sentence, sentence, sentence])
    stretches = split(sound)
    for stretch in stretches:
        start = round(stretch.start_s * SAMPLE_RATE_HZ)
        kept = stretch.pcm[: max(0, len(sound) - start)]
        np.testing.assert_array_equal(kept, sound[start : start + len(kept)])
    for before, after in itertools.pairwise(stretches):
        assert before.end_s <= after.start_s + 1e-9
    covered = sum(len(stretch.pcm) for stretch in stretches) / len(sound)
    assert covered > 0.9


def test_speech_without_a_pause_is_cut_at_the_longest_length(sentence: np.ndarray) -> None:
    voiced = np.concatenate(
        [sentence[i : i + 3200] for i in range(0, 140_000, 3200) if np.abs(sentence[i : i + 3200]).max() > 3000]
    )
    options = SplitOptions(longest_s=5.0, pauses=((0.0, 60.0),))
    stretches = split(np.tile(voiced, 3), options=options)
    assert len(stretches) > 2
    assert all(len(stretch.pcm) <= 5.1 * SAMPLE_RATE_HZ for stretch in stretches)
    assert all(a.end_s == pytest.approx(b.start_s) for a, b in itertools.pairwise(stretches))


@pytest.mark.parametrize("piece", [1, 479, 480, 8001])
def test_the_length_of_the_pieces_changes_nothing(sentence: np.ndarray, piece: int) -> None:
    sound = sentence[:20_000] if piece == 1 else sentence
    expected = split(sound)
    found = split(sound, piece)
    assert [s.start_s for s in found] == [s.start_s for s in expected]
    assert all(np.array_equal(a.pcm, b.pcm) for a, b in zip(found, expected, strict=True))


def test_the_growing_stretch_is_a_beginning_of_the_one_that_ends(sentence: np.ndarray) -> None:
    splitter = SpeechSplitter()
    splitter.push(sentence[:32_000])
    growing = splitter.growing()
    assert growing is not None
    ended = [*splitter.push(sentence[32_000:]), *splitter.finish()][0]
    assert ended.start_s == growing.start_s
    np.testing.assert_array_equal(ended.pcm[: len(growing.pcm)], growing.pcm)


def test_nothing_grows_in_silence() -> None:
    splitter = SpeechSplitter()
    splitter.push(silence(2.0))
    assert splitter.growing() is None
