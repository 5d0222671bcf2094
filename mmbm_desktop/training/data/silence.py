"""Silence to learn from: digital, faint noise, and rooms that are quieter than anything one would name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.media.mel import HOP_SAMPLES, LOG_OFFSET, MEL_BANDS, WINDOW_SAMPLES, log_mel
from mmbm_desktop.training.data.sound_augment import SILENT, added

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

_FAINTEST_DB, _LOUDEST_DB = -100.0, -64.0
"""Of noise, root mean square against full scale."""
_REMOTE_DB = (-60.0, -46.0)
"""By how much an ordinary sound is lowered until nobody hears it."""


def silent_window(frames: int, remote: Floats, random: np.random.Generator) -> Floats:
    """Return a silent window, (frames, 64): a third each digital silence, faint noise, and `remote`, far away."""
    kind = random.integers(3)
    if kind == 0:
        return np.full((frames, MEL_BANDS), SILENT, np.float32)
    if kind == 1:
        loud = 10.0 ** (random.uniform(_FAINTEST_DB, _LOUDEST_DB) / 20.0)
        return log_mel(random.normal(0.0, loud, frames * HOP_SAMPLES + WINDOW_SAMPLES - HOP_SAMPLES))
    nothing = np.full((1, frames, MEL_BANDS), np.log(LOG_OFFSET), np.float32)
    return added(nothing, remote[None], random.uniform(*_REMOTE_DB, 1).astype(np.float32))[0]
