"""Log-mel frames: tones land in their bands, loudness adds up, and a stream gives what a whole recording gives."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from mmbm_desktop.media.mel import FRAMES_PER_SECOND, LOG_OFFSET, MEL_BANDS, MelStream, log_mel, mel_matrix


def tone(frequency_hz: float, seconds: float = 1.0, amplitude: float = 0.5) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * 16_000)) / 16_000)).astype(
        np.float32
    )


def centre_hz(band: int) -> float:
    low, high = (2595 * math.log10(1 + edge / 700) for edge in (125, 7500))
    return 700 * (10 ** ((low + (high - low) * (band + 1) / 65) / 2595) - 1)


def frame_by_hand(samples: np.ndarray, band: int) -> float:
    """One band of one frame, written out with a plain Fourier sum and triangles on the mel scale."""
    mel = [1127 * math.log(1 + edge / 700) for edge in (125, 7500)]
    width = (mel[1] - mel[0]) / 65
    total = 0.0
    for k in range(1, 257):
        distance = abs(1127 * math.log(1 + k * 31.25 / 700) - (mel[0] + (band + 1) * width)) / width
        if distance < 1:
            window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
            value = np.sum(samples[:400] * window * np.exp(-2j * np.pi * k * np.arange(400) / 512))
            total += (1 - distance) * abs(value)
    return math.log(total + 0.001)


@pytest.mark.parametrize("band", [20, 40, 63])
def test_a_tone_is_loudest_in_the_band_around_it(band: int) -> None:
    frames = log_mel(tone(centre_hz(band)))

    assert (frames.argmax(axis=1) == band).all()
    assert frames[:, band].min() > frames[:, max(0, band - 10)].max() + 3


@pytest.mark.parametrize("band", [0, 31, 63])
def test_a_frame_equals_one_worked_out_by_hand(band: int) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 400).astype(np.float32)

    assert log_mel(noise)[0, band] == pytest.approx(frame_by_hand(noise, band), abs=1e-4)


def test_twice_as_loud_is_twice_the_magnitude() -> None:
    quiet, loud = log_mel(tone(1000, amplitude=0.2)), log_mel(tone(1000, amplitude=0.4))

    assert np.exp(loud[:, 25]) - LOG_OFFSET == pytest.approx(2 * (np.exp(quiet[:, 25]) - LOG_OFFSET), rel=1e-3)


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16_000, 98)])
def test_every_full_window_is_a_frame_and_nothing_is_padded(samples: int, frames: int) -> None:
    assert log_mel(np.zeros(samples, np.float32)).shape == (frames, MEL_BANDS)


def test_silence_is_the_offset_and_whole_numbers_equal_fractions() -> None:
    sound = np.round(tone(700) * 32_768).astype(np.int16)

    assert log_mel(np.zeros(800, np.int16)) == pytest.approx(math.log(0.001), abs=1e-5)
    assert np.array_equal(log_mel(sound), log_mel(sound / np.float32(32_768)))


def test_a_stream_in_odd_blocks_gives_the_frames_of_the_whole() -> None:
    sound = np.random.default_rng(2).integers(-9000, 9000, 40_000).astype(np.int16)
    stream = MelStream()
    cuts = [0, 1, 399, 400, 9000, 9001, 25_555, 40_000]

    pieces = [stream.push(sound[a:b]) for a, b in itertools.pairwise(cuts)]

    assert np.allclose(np.concatenate(pieces), log_mel(sound), atol=1e-5)
    assert len(log_mel(sound)) == pytest.approx(2.5 * FRAMES_PER_SECOND, abs=3)


def test_bands_touch_nothing_below_125_or_above_7500_hertz() -> None:
    weights = mel_matrix()

    assert weights.shape == (257, 64)
    assert not weights[:4].any()
    assert not weights[241:].any()
    assert weights[15:228].sum(axis=1) == pytest.approx(1.0, abs=1e-5)
