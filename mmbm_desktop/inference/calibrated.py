"""Raw scores to the probabilities that are shown. NumPy only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_LEAST = 1e-6


def logits(scores: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return log(p / (1 - p)) of scores from 0 to 1, which are kept a millionth away from both ends."""
    kept = np.clip(scores.astype(np.float64), _LEAST, 1 - _LEAST)
    return np.log(kept) - np.log1p(-kept)


def calibrated(scores: npt.NDArray[Any], slope: Any, offset: Any) -> npt.NDArray[np.float64]:
    """Return 1 / (1 + exp(-(slope x logit + offset))) of scores (..., classes); slope and offset are (classes,)."""
    return 1.0 / (1.0 + np.exp(-(logits(scores) * slope + offset)))
