"""Sound as log-mel frames, the way YAMNet hears it, for whole recordings and for streams. NumPy only.

The recipe is that of YAMNet (tensorflow/models, research/audioset/yamnet, params.py and features.py): magnitudes of a
short-time Fourier transform, 64 triangular bands on the HTK mel scale, and the logarithm of a small offset more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.media.audio import SAMPLE_RATE_HZ
from mmbm_desktop.media.levels import FULL_SCALE

if TYPE_CHECKING:
    import numpy.typing as npt

WINDOW_SAMPLES = 400
HOP_SAMPLES = 160
MEL_BANDS = 64
FRAMES_PER_SECOND = SAMPLE_RATE_HZ // HOP_SAMPLES
LOG_OFFSET = 0.001

_FFT_SIZE = 512
_LOWEST_HZ, _HIGHEST_HZ = 125.0, 7500.0
_FRAMES_AT_ONCE = 2048


def log_mel(pcm: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return log(mel + 0.001) of 16 kHz mono sound, shape (frames, 64).

    Frame t covers the samples [160 t, 160 t + 400): 25 ms every 10 ms, so n samples make 1 + (n - 400) // 160 frames
    and fewer than 400 samples make none. Nothing is padded.

    Args:
        pcm: shape (n,): int16, or float with full scale 1.0.
    """
    samples = pcm.astype(np.float32)
    if pcm.dtype == np.int16:
        samples /= FULL_SCALE
    if len(samples) < WINDOW_SAMPLES:
        return np.zeros((0, MEL_BANDS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW_SAMPLES)[::HOP_SAMPLES]
    out = np.empty((len(frames), MEL_BANDS), np.float32)
    for start in range(0, len(frames), _FRAMES_AT_ONCE):
        windowed = frames[start : start + _FRAMES_AT_ONCE] * _hann()
        magnitudes = np.abs(np.fft.rfft(windowed, _FFT_SIZE)).astype(np.float32)
        np.log(magnitudes @ mel_matrix() + LOG_OFFSET, out=out[start : start + _FRAMES_AT_ONCE])
    return out


@dataclass
class MelStream:
    """The frames of a stream that arrives block by block: the same as `log_mel` of all its blocks in one piece."""

    _kept: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    def push(self, block: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Return the frames, (frames, 64), that the next block, (n,), completes."""
        scale = np.float32(FULL_SCALE if block.dtype == np.int16 else 1.0)
        samples = np.concatenate([self._kept, block.astype(np.float32) / scale])
        frames = log_mel(samples)
        self._kept = samples[len(frames) * HOP_SAMPLES :]
        return frames


@cache
def mel_matrix() -> npt.NDArray[np.float32]:
    """Return the weights, (257, 64), from magnitudes to bands: triangles on the mel scale, nothing from 0 Hz.

    The bands' edges lie at equal distances on 1127 ln(1 + f / 700) (O'Shaughnessy 1987, as in HTK) between 125 and
    7500 Hz; the triangles are straight on that scale, not in Hz, as in `tf.signal.linear_to_mel_weight_matrix`.
    """
    bins = _mel(np.linspace(0.0, SAMPLE_RATE_HZ / 2, _FFT_SIZE // 2 + 1))[:, None]
    edges = np.linspace(_mel(_LOWEST_HZ), _mel(_HIGHEST_HZ), MEL_BANDS + 2)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    weights = np.maximum(0.0, np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)))
    weights[0] = 0.0
    return weights.astype(np.float32)


def _mel(hertz: Any) -> Any:
    return 1127.0 * np.log1p(np.asarray(hertz) / 700.0)


@cache
def _hann() -> npt.NDArray[np.float32]:
    """Return the periodic Hann window, (400,)."""
    turn = np.arange(WINDOW_SAMPLES) / WINDOW_SAMPLES
    return (0.5 - 0.5 * np.cos(2 * np.pi * turn)).astype(np.float32)
