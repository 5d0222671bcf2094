"""A recording as a small picture: time to the right, pitch upwards, loudness as brightness. An hour costs no memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.media.audio import blocks_16k, probe_audio
from mmbm_desktop.media.mel import FRAMES_PER_SECOND, LOG_OFFSET, MEL_BANDS, MelStream

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.base.progress import CancelToken

_BLOCK_S = 5.0
_FLOOR = float(np.log(LOG_OFFSET))


def spectrogram(path: Path, columns: int, token: CancelToken) -> npt.NDArray[np.uint8]:
    """Return loudness 0..255, shape (64, columns), the highest band in the first row; the loudest of each place.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: see `media.audio.blocks_16k`.
    """
    frames_in_all = max(1, round(probe_audio(path).duration_s * FRAMES_PER_SECOND))
    loudest = np.full((columns, MEL_BANDS), _FLOOR, np.float32)
    stream, done = MelStream(), 0
    for block in blocks_16k(path, _BLOCK_S):
        token.check()
        frames = stream.push(block)
        places = np.minimum((np.arange(done, done + len(frames)) * columns) // frames_in_all, columns - 1)
        np.maximum.at(loudest, places, frames)
        done += len(frames)
    if 0 < done < columns:
        loudest = loudest[np.arange(columns) * done // columns * columns // frames_in_all]
    shown = (loudest - _FLOOR) / max(float(loudest.max()) - _FLOOR, 1e-6)
    return np.clip(shown.T[::-1] * 255, 0, 255).astype(np.uint8)
