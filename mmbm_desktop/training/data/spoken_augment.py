"""One utterance of a batch: clips joined, by another voice, faster or slower, in a room, with noise, masked.

Masks as in SpecAugment (Park et al. 2019); the moved bands stand for longer and shorter throats (vocal tract length
perturbation, Jaitly & Hinton 2013). Nothing here looks at who speaks or what is said.
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
_TWELFTH = 12
_SILENT = 1e-5
_ECHO_S = (0.05, 0.5)
"""Of a cupboard, and of a large room."""
_ECHO_SHARE = (0.1, 0.7)
"""Of the sound's own energy, as amplitudes."""


@dataclass(frozen=True)
class Changes:
    """How much utterances are changed.

    Attributes:
        speed: logarithm of the factor by which a clip runs faster or slower, at most. Pitch and throat move with it,
            as from men to women and children.
        pace: logarithm of the factor by which words become longer or shorter without it, at most.
        throat: shares by which the bands are stretched, at most.
        trimmed_s: of a clip's beginning and end that may be missing, and at most a twelfth of it.
        quietest_db: loudness at least, root mean square of the utterance against full scale.
        loudest_db: loudness at most.
        uneven_db: by how much clips said one after the other are louder or quieter, at most.
        echo_share: share of utterances that are said in a room.
        noisiest_db: signal over noise at least.
        cleanest_db: signal over noise at most.
        clean_share: share of utterances without noise.
        pause_s: longest pause before, between and behind clips.
        colour_db: gain or loss of a frequency, smooth over the bands, at most: microphones and rooms differ.
        masks: how many stretches of time, and how many of bands, are blotted out.
        masked_frames: the longest of the first.
        masked_bands: the widest of the second.
    """

    speed: float = 0.2
    pace: float = 0.15
    throat: float = 0.12
    trimmed_s: float = 0.03
    quietest_db: float = -40.0
    loudest_db: float = -14.0
    uneven_db: float = 3.0
    echo_share: float = 0.1
    noisiest_db: float = 8.0
    cleanest_db: float = 40.0
    clean_share: float = 0.5
    pause_s: float = 0.3
    colour_db: float = 6.0
    masks: int = 2
    masked_frames: int = 5
    masked_bands: int = 8


def changed_utterance(clips: Sequence[Pcm], random: np.random.Generator, changes: Changes) -> Floats:
    """Return the log-mel frames, (frames, 64), of clips said one after the other, changed at random."""
    speed = float(np.exp(random.uniform(-changes.speed, changes.speed)))
    pieces = [_pause(random, changes)]
    for clip in clips:
        gain = _gain(random.uniform(-changes.uneven_db, changes.uneven_db))
        pieces += [at_speed(_trimmed(clip, random, changes), speed) * gain, _pause(random, changes)]
    sound = np.concatenate(pieces)
    sound *= _gain(random.uniform(changes.quietest_db, changes.loudest_db)) / max(_loudness(sound), _SILENT)
    if random.random() < changes.echo_share:
        sound = _in_a_room(sound, random)
    frames = log_mel(with_margins(np.clip(_with_noise(sound, random, changes), -1, 1)))
    frames = _paced(frames, float(np.exp(random.uniform(-changes.pace, changes.pace))))
    frames = _stretched(frames, 1 + random.uniform(-changes.throat, changes.throat)) + _colour(random, changes)
    return _masked(frames, random, changes)


def lengthened(frames: Floats, fewest: int) -> Floats:
    """Return at least `fewest` frames, silence behind them where there are fewer."""
    missing = max(0, fewest - len(frames))
    silence = log_mel(np.zeros(WINDOW_SAMPLES + missing * HOP_SAMPLES, np.float32))[:missing]
    return np.concatenate([frames, silence])


def _pause(random: np.random.Generator, changes: Changes) -> Floats:
    return np.zeros(int(random.uniform(0, changes.pause_s) * SAMPLE_RATE_HZ), np.float32)


def _gain(decibels: float) -> np.float32:
    return np.float32(10 ** (decibels / 20))


def _trimmed(clip: Pcm, random: np.random.Generator, changes: Changes) -> Floats:
    most = int(min(changes.trimmed_s * SAMPLE_RATE_HZ, len(clip) / _TWELFTH))
    first, last = random.integers(0, most + 1, 2)
    return clip[first : len(clip) - last].astype(np.float32) / FULL_SCALE


def at_speed(sound: Floats, speed: float) -> Floats:
    """Return sound, (samples,), so many times faster: straight lines between samples, for little is above 4 kHz."""
    places = np.arange(int(len(sound) / speed)) * speed
    return np.interp(places, np.arange(len(sound)), sound).astype(np.float32) if len(sound) else sound


def _in_a_room(sound: Floats, random: np.random.Generator) -> Floats:
    """Add an echo that fades like that of a room: noise under an exponential (Polack 1988), by 60 dB in its length."""
    length = int(random.uniform(*_ECHO_S) * SAMPLE_RATE_HZ)
    echo = random.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
    echo *= random.uniform(*_ECHO_SHARE) / max(float(np.linalg.norm(echo)), _SILENT)
    echo[0] = 1.0
    size = 1 << (len(sound) + length).bit_length()
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(echo, size), size)
    return heard[: len(sound) + length // 3].astype(np.float32)


def _with_noise(sound: Floats, random: np.random.Generator, changes: Changes) -> Floats:
    """Add hiss or rumble: white noise through a one-pole filter of random colour."""
    if random.random() < changes.clean_share:
        return sound
    noise = random.standard_normal(len(sound), dtype=np.float32)
    colour = random.uniform(0, 0.95)
    noise[1:] = (1 - colour) * noise[1:] + colour * noise[:-1]
    over = 10 ** (random.uniform(changes.noisiest_db, changes.cleanest_db) / 20)
    share = _loudness(sound) / (over * max(_loudness(noise), _SILENT))
    return (sound + noise * share).astype(np.float32)


def _loudness(sound: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(sound)))) if len(sound) else 0.0


def _paced(frames: Floats, factor: float) -> Floats:
    """Return `factor` times as many frames, in between by straight lines."""
    places = np.linspace(0, len(frames) - 1, max(1, round(len(frames) * factor)))
    low = places.astype(np.int64)
    high = np.minimum(low + 1, len(frames) - 1)
    share = (places - low).astype(np.float32)[:, None]
    return (frames[low] * (1 - share) + frames[high] * share).astype(np.float32)


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
