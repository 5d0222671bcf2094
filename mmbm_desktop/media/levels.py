"""How loud a block of sound is and how its waveform looks. Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

FULL_SCALE = 32_768.0


@dataclass(frozen=True)
class Level:
    """Loudness of a block, 0..1 of full scale; `outline` holds the peaks of its consecutive slices."""

    rms: float
    peak: float
    outline: tuple[float, ...]


def level_of(block: npt.NDArray[Any], slices: int = 4) -> Level:
    """Measure a mono block, shape (n,): int16, or float with full scale 1.0. An empty block is silent."""
    values = np.abs(block.astype(np.float64) / (FULL_SCALE if block.dtype == np.int16 else 1.0))
    if not values.size:
        return Level(0.0, 0.0, (0.0,) * slices)
    peaks = tuple(min(1.0, float(part.max(initial=0.0))) for part in np.array_split(values, slices))
    return Level(min(1.0, float(np.sqrt(np.mean(values**2)))), max(peaks), peaks)


def outline_of(blocks: list[float], bars: int) -> tuple[float, ...]:
    """Reduce a list of peaks to `bars` peaks."""
    if not blocks:
        return (0.0,) * bars
    parts = np.array_split(np.asarray(blocks), bars)
    return tuple(float(part.max(initial=0.0)) for part in parts)
