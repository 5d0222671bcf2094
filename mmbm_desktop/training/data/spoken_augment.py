"""One utterance of a batch: clips joined, at another speed and loudness, by another voice, with noise, masked.

Masks as in SpecAugment (Park et al. 2019); the moved bands stand for longer and shorter throats (vocal tract length
perturbation, Jaitly & Hinton 2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.inference.speech.letters import with_margins
from mmbm_desktop.media.audio import SAMPLE_RATE_HZ
from mmbm_desktop.media.levels import FULL_SCALE
from mmbm_desktop.media.mel import HOP_SAMPLES, MEL_BANDS, WINDOW_SAMPLES, log_mel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Pcm = npt.NDArray[np.int16]
    Floats = npt.NDArray[np.float32]

_COLOUR_POINTS = 5


@dataclass(frozen=True)
class Changes:
    """How much utterances are changed.

    Attributes:
        speed: shares by which a clip runs faster or slower, at most.
        throat: shares by which the bands are stretched, at most.
        quietest_db: gain at least.
        loudest_db: gain at most.
        noisiest_db: signal over noise at least.
        cleanest_db: signal over noise at most.
        clean_share: share of utterances without noise.
        pause_s: longest pause before, between and behind clips.
        colour_db: gain or loss of a frequency, smooth over the bands, at most: microphones and rooms differ.
        masks: how many stretches of time, and how many of bands, are blotted out.
        masked_frames: the longest of the first.
        masked_bands: the widest of the second.
    """

    speed: float = 0.1
    throat: float = 0.15
    quietest_db: float = -20.0
    loudest_db: float = 6.0
    noisiest_db: float = 8.0
    cleanest_db: float = 40.0
    clean_share: float = 0.2
    pause_s: float = 0.3
    colour_db: float = 5.0
    masks: int = 2
    masked_frames: int = 5
    masked_bands: int = 8


def changed_utterance(clips: Sequence[Pcm], random: np.random.Generator, changes: Changes) -> Floats:
    """Return the log-mel frames, (frames, 64), of clips said one after the other, changed at random."""
    pieces = [_pause(random, changes)]
    for clip in clips:
        pieces += [_at_speed(clip, random.uniform(1 - changes.speed, 1 + changes.speed)), _pause(random, changes)]
    sound = np.concatenate(pieces)
    sound *= 10 ** (random.uniform(changes.quietest_db, changes.loudest_db) / 20)
    frames = log_mel(with_margins(np.clip(_with_noise(sound, random, changes), -1, 1)))
    frames = _stretched(frames, 1 + random.uniform(-changes.throat, changes.throat)) + _colour(random, changes)
    return _masked(frames, random, changes)


def lengthened(frames: Floats, fewest: int) -> Floats:
    """Return at least `fewest` frames, silence behind them where there are fewer."""
    missing = max(0, fewest - len(frames))
    silence = log_mel(np.zeros(WINDOW_SAMPLES + missing * HOP_SAMPLES, np.float32))[:missing]
    return np.concatenate([frames, silence])


def _pause(random: np.random.Generator, changes: Changes) -> Floats:
    return np.zeros(int(random.uniform(0, changes.pause_s) * SAMPLE_RATE_HZ), np.float32)


def _at_speed(clip: Pcm, speed: float) -> Floats:
    import soxr

    sound = clip.astype(np.float32) / FULL_SCALE
    return soxr.resample(sound, SAMPLE_RATE_HZ * speed, SAMPLE_RATE_HZ, quality="LQ")


def _with_noise(sound: Floats, random: np.random.Generator, changes: Changes) -> Floats:
    """Add hiss or rumble: white noise through a one-pole filter of random colour."""
    if random.random() < changes.clean_share:
        return sound
    noise = random.standard_normal(len(sound), dtype=np.float32)
    colour = random.uniform(0, 0.95)
    noise[1:] = (1 - colour) * noise[1:] + colour * noise[:-1]
    over = 10 ** (random.uniform(changes.noisiest_db, changes.cleanest_db) / 20)
    share = _loudness(sound) / (over * max(_loudness(noise), 1e-9))
    return (sound + noise * share).astype(np.float32)


def _loudness(sound: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(sound)))) if len(sound) else 0.0


def _stretched(frames: Floats, factor: float) -> Floats:
    """Move band b to b * factor, in between by straight lines."""
    places = np.clip(np.arange(MEL_BANDS) / factor, 0, MEL_BANDS - 1)
    low = places.astype(np.int64)
    high = np.minimum(low + 1, MEL_BANDS - 1)
    share = (places - low).astype(np.float32)
    return (frames[:, low] * (1 - share) + frames[:, high] * share).astype(np.float32)


def _colour(random: np.random.Generator, changes: Changes) -> Floats:
    """Return what to add to every frame, (64,): straight lines between random gains."""
    gains = random.uniform(-changes.colour_db, changes.colour_db, _COLOUR_POINTS) * np.log(10) / 20
    places = np.linspace(0, MEL_BANDS - 1, _COLOUR_POINTS)
    return np.interp(np.arange(MEL_BANDS), places, gains).astype(np.float32)


def _masked(frames: Floats, random: np.random.Generator, changes: Changes) -> Floats:
    mean = frames.mean(axis=0)
    for _ in range(changes.masks):
        length = int(random.integers(0, changes.masked_frames + 1))
        start = int(random.integers(0, max(1, len(frames) - length)))
        frames[start : start + length] = mean
        width = int(random.integers(0, changes.masked_bands + 1))
        band = int(random.integers(0, MEL_BANDS - width + 1))
        frames[:, band : band + width] = mean[band : band + width]
    return frames
