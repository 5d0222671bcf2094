"""Sounds to write nothing down of: tones, tunes, hisses, motors, and other people's talk. Waveforms, full scale 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.media.audio import SAMPLE_RATE_HZ
from mmbm_desktop.media.levels import FULL_SCALE
from mmbm_desktop.training.data.made_sounds import made_waveform

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Pcm = npt.NDArray[np.int16]
    Floats = npt.NDArray[np.float64]

_SHORTEST_S, _LONGEST_S = 0.2, 1.2
_TALK = 0.4
"""Share of pieces of talk, where there is any."""
_LOWEST_HZ, _HIGHEST_HZ = 80.0, 4000.0


def wordless_sound(talk: Sequence[Pcm], random: np.random.Generator) -> Pcm:
    """Return a sound without any word of interest, (samples,), 0.2 to 1.2 s.

    Args:
        talk: recordings of other words, pieces of which may be taken; may be empty.
        random: decides everything.
    """
    samples = int(random.uniform(_SHORTEST_S, _LONGEST_S) * SAMPLE_RATE_HZ)
    if talk and random.random() < _TALK:
        whole = talk[int(random.integers(len(talk)))]
        first = int(random.integers(0, max(1, len(whole) - samples)))
        return whole[first : first + samples]
    kinds = (_chord, _glide, _tune, _hiss, made_waveform)
    sound = kinds[random.integers(len(kinds))](samples, random)
    return (sound * (0.5 * FULL_SCALE / max(1e-9, float(np.abs(sound).max())))).astype(np.int16)


def _chord(samples: int, random: np.random.Generator) -> Floats:
    """One to three steady tones."""
    time = np.arange(samples) / SAMPLE_RATE_HZ
    count = int(random.integers(1, 4))
    hertz = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, 1000)[random.integers(0, 1000, count)]
    return random.uniform(0.2, 1.0, count) @ np.sin(2 * np.pi * hertz[:, None] * time)


def _glide(samples: int, random: np.random.Generator) -> Floats:
    """A tone whose pitch moves from one place to another."""
    first, last = np.log(_LOWEST_HZ), np.log(_HIGHEST_HZ)
    begin, end = random.uniform(first, last, 2).tolist()
    pitch = np.exp(np.linspace(begin, end, samples))
    return np.sin(2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE_HZ)


def _tune(samples: int, random: np.random.Generator) -> Floats:
    """One to five notes of an instrument with harmonics, plucked or blown."""
    count = int(random.integers(1, 6))
    place = np.arange(samples) * count / samples
    pitch = np.exp(random.uniform(np.log(_LOWEST_HZ), np.log(1200.0), count))[place.astype(np.int64)]
    turn = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE_HZ
    strength = random.uniform(0.0, 1.0, int(random.integers(1, 12)))
    tone = sum(share * np.sin(number * turn) / number for number, share in enumerate(strength, start=1))
    return tone * np.exp(-(place % 1.0) * random.uniform(0.0, 5.0))


def _hiss(samples: int, random: np.random.Generator) -> Floats:
    """Noise of any colour, steady or swelling."""
    spectrum = np.fft.rfft(random.normal(size=samples))
    colour = np.interp(np.linspace(0, 1, len(spectrum)), np.linspace(0, 1, 8), random.uniform(-3.0, 3.0, 8))
    noise = np.fft.irfft(spectrum * np.exp(colour), samples)
    return noise * np.interp(np.linspace(0, 4, samples), np.arange(5), random.uniform(0.2, 1.0, 5))
