"""Windows of log-mel frames, cut at random places and changed: louder, coloured, mixed, shifted, masked.

Sounds are added as magnitudes, as if they met in phase: what a mixture looks like to within a decibel or two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.media.mel import LOG_OFFSET

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

SILENT = float(np.log(LOG_OFFSET))
"""Every band of digital silence."""
_COLOUR_POINTS = 5


@dataclass(frozen=True)
class Strength:
    """How much windows are changed.

    Attributes:
        quieter_db: largest loss of loudness.
        louder_db: largest gain.
        colour_db: largest gain or loss of a frequency, smooth over the bands.
        bands: bands everything is moved up or down by, at most.
        pace: shares by which a sound runs faster or slower, at most.
        reversed_share: share of windows that run backwards.
        masked_frames: longest stretch of time that is blotted out.
        masked_bands: widest stretch of bands that is blotted out.
    """

    quieter_db: float = 12.0
    louder_db: float = 6.0
    colour_db: float = 6.0
    bands: int = 2
    pace: float = 0.15
    reversed_share: float = 0.0
    masked_frames: int = 24
    masked_bands: int = 10


def cut(frames: npt.NDArray[np.floating], start: int, count: int, pace: float = 1.0) -> Floats:
    """Return `count` frames from `start` on, taken at another pace; silence where there are none."""
    places = start + (np.arange(count) * pace).astype(np.int64)
    inside = (places >= 0) & (places < len(frames))
    out = np.full((count, frames.shape[1]), SILENT, np.float32)
    out[inside] = frames[places[inside]]
    return out


def cut_anywhere(frames: npt.NDArray[np.floating], count: int, random: np.random.Generator, pace: float) -> Floats:
    """Return `count` frames from a random place: short sounds somewhere in the window, long ones without a gap."""
    rate = 1.0 + random.uniform(-pace, pace)
    spare = len(frames) - int(count * rate)
    low, high = min(0, spare), max(0, spare)
    return cut(frames, int(random.integers(low, high + 1)), count, rate)


def varied(windows: Floats, strength: Strength, random: np.random.Generator) -> Floats:
    """Return windows (B, T, bands), each differently loud and coloured, moved and maybe run backwards."""
    count, _, bands = windows.shape
    gain = random.uniform(-strength.quieter_db, strength.louder_db, (count, 1))
    points = random.uniform(-strength.colour_db, strength.colour_db, (count, _COLOUR_POINTS))
    decibels = gain + points @ _tents(bands)
    out = np.exp(windows) - LOG_OFFSET
    out *= (10.0 ** (decibels / 20.0)).astype(np.float32)[:, None, :]
    for index in range(count):
        moved = int(random.integers(-strength.bands, strength.bands + 1))
        if moved:
            out[index] = _moved(out[index], moved)
        if random.random() < strength.reversed_share:
            out[index] = out[index, ::-1]
    return np.log(np.maximum(out, 0.0) + LOG_OFFSET)


def added(first: Floats, second: Floats, decibels: Floats) -> Floats:
    """Return both windows at once, (B, T, bands), the second changed by `decibels`, (B,)."""
    gain = (10.0 ** (decibels / 20.0)).astype(np.float32)[:, None, None]
    return np.log(np.maximum(np.exp(first) + gain * (np.exp(second) - LOG_OFFSET), LOG_OFFSET))


def masked(windows: Floats, strength: Strength, random: np.random.Generator) -> Floats:
    """Blot out a stretch of time and one of bands in every window (SpecAugment, Park et al. 2019), in place."""
    count, frames, bands = windows.shape
    for index in range(count):
        length, width = random.integers(0, strength.masked_frames + 1), random.integers(0, strength.masked_bands + 1)
        at, low = random.integers(0, frames - length + 1), random.integers(0, bands - width + 1)
        windows[index, at : at + length] = SILENT
        windows[index, :, low : low + width] = SILENT
    return windows


def _tents(bands: int) -> Floats:
    """Return the weights, (points, bands), that draw straight lines between a few points over the bands."""
    places = np.linspace(0.0, _COLOUR_POINTS - 1, bands)
    return np.maximum(0.0, 1.0 - np.abs(places - np.arange(_COLOUR_POINTS)[:, None])).astype(np.float32)


def _moved(window: Floats, bands: int) -> Floats:
    out = np.roll(window, bands, axis=1)
    if bands > 0:
        out[:, :bands] = 0.0
    else:
        out[:, bands:] = 0.0
    return out
