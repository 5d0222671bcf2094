"""Sounds made of noise, clicks and tones, for a teacher to name: what recordings at hand do not hold.

They sound roughly like surf, drops, ticking, motors and cries. Nobody labels them: only the answers of a teacher are
learned, so that a network hears as the teacher does far from the recordings it is shown (Beyer et al. 2022).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.media.audio import SAMPLE_RATE_HZ
from mmbm_desktop.media.mel import HOP_SAMPLES, WINDOW_SAMPLES, log_mel

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def made_sound(frames: int, random: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return log-mel frames, (frames, 64), of a sound of a random kind."""
    sound = made_waveform(frames * HOP_SAMPLES + WINDOW_SAMPLES - HOP_SAMPLES, random)
    loud = 10.0 ** random.uniform(-2.0, -0.3)
    return log_mel(sound * (loud / max(1e-9, float(np.abs(sound).max()))))


def made_waveform(samples: int, random: np.random.Generator) -> Floats:
    """Return a sound of a random kind, (samples,) at 16 kHz, of any scale."""
    kinds = (_surf, _drops, _ticks, _motor, _cry)
    return kinds[random.integers(len(kinds))](samples, random)


def _noise(samples: int, random: np.random.Generator) -> Floats:
    """Return noise whose power falls with a random power of the frequency, from white to darker than brown."""
    spectrum = np.fft.rfft(random.normal(size=samples))
    return np.fft.irfft(spectrum / np.arange(1, len(spectrum) + 1) ** random.uniform(0.0, 1.2), samples)


def _surf(samples: int, random: np.random.Generator) -> Floats:
    """Noise that swells and fades slowly, or hardly at all."""
    points = 1.0 + random.uniform(0.0, 1.0) * random.uniform(-0.95, 1.0, 4)
    return _noise(samples, random) * np.interp(np.linspace(0, 3, samples), np.arange(4), points)


def _drops(samples: int, random: np.random.Generator) -> Floats:
    """Short bursts at random times, from a few to a thousand a second, over faint noise."""
    count = max(1, round(samples / SAMPLE_RATE_HZ * 10 ** random.uniform(0.5, 3.0)))
    hits = np.zeros(samples)
    hits[random.integers(0, samples, count)] = random.exponential(1.0, count) * random.choice([-1.0, 1.0], count)
    return _ringing(hits, random) + _noise(samples, random) * random.uniform(0.0, 1.0)


def _ticks(samples: int, random: np.random.Generator) -> Floats:
    """Short bursts at equal distances."""
    hits = np.zeros(samples)
    period = round(SAMPLE_RATE_HZ / 10 ** random.uniform(0.0, 1.2))
    hits[random.integers(0, min(period, samples)) :: period] = 1.0
    return _ringing(hits, random)


def _ringing(hits: Floats, random: np.random.Generator) -> Floats:
    """Let every hit ring with a random pitch, noise mixed in, for a millisecond to a tenth of a second."""
    time = np.arange(3200) / SAMPLE_RATE_HZ
    body = np.sin(2 * np.pi * 10 ** random.uniform(2.3, 3.8) * time) + random.normal(0, random.uniform(0, 1.5), 3200)
    body *= np.exp(-time / 10 ** random.uniform(-3.0, -1.0))
    size = len(hits) + len(body)
    return np.fft.irfft(np.fft.rfft(hits, size) * np.fft.rfft(body, size), size)[: len(hits)]


def _motor(samples: int, random: np.random.Generator) -> Floats:
    """Noise and a buzz, both beating at a rate between a rotor's and a saw's."""
    time = np.arange(samples) / SAMPLE_RATE_HZ
    turn = np.cumsum(10 ** random.uniform(0.9, 2.4) * (1 + random.uniform(-0.2, 0.2) * time)) / SAMPLE_RATE_HZ
    beat = (0.5 + 0.5 * np.cos(2 * np.pi * turn)) ** random.uniform(0.5, 6.0)
    rough = _noise(samples, random)
    buzz = np.mod(turn, 1.0) - 0.5
    return rough / rough.std() * beat + random.uniform(0.0, 3.0) * buzz


def _cry(samples: int, random: np.random.Generator) -> Floats:
    """A voice-like tone with harmonics, its pitch rising and falling, with pauses."""
    place = np.linspace(0, 5, samples)
    pitch = 10 ** random.uniform(2.1, 3.2) * 2 ** np.interp(place, np.arange(6), random.normal(0, 0.4, 6))
    turn = np.cumsum(pitch) / SAMPLE_RATE_HZ
    loud = np.clip(np.interp(place, np.arange(6), random.uniform(-0.5, 1.0, 6)), 0.0, 1.0)
    slope = random.uniform(0.3, 2.0)
    tone = sum(np.sin(2 * np.pi * k * turn) / k**slope * (k * pitch < 7500) for k in range(1, 9))
    return tone * loud + _noise(samples, random) * random.uniform(0.0, 0.3)
