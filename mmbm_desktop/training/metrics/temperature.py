"""One number that makes a classifier's probabilities come true as often as they say: the temperature. NumPy only."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]

_LOWEST, _HIGHEST = 0.05, 20.0
_PRIOR = 2.0
"""Weight of "leave it at 1", as that of as many items: few items cannot bend it far."""
_STEPS = 60
_GOLDEN = (math.sqrt(5) - 1) / 2


def softmax(logits: Floats, temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Return probabilities of logits (..., classes), which are divided by the temperature first."""
    scaled = np.asarray(logits, np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def fit_temperature(logits: Floats, truth: npt.NDArray[np.integer]) -> float:
    """Return the temperature whose probabilities have the least cross-entropy on held-out items.

    Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017; a weak prior holds it near 1. The
    loss has one minimum over the logarithm of the temperature, which a golden-section search finds.

    Args:
        logits: shape (items, classes), at least one item.
        truth: shape (items,).
    """

    def loss(log_temperature: float) -> float:
        scaled = np.asarray(logits, np.float64) / math.exp(log_temperature)
        highest = scaled.max(axis=1)
        total = highest + np.log(np.exp(scaled - highest[:, None]).sum(axis=1))
        right = scaled[np.arange(len(truth)), truth]
        return float((total - right).sum()) + _PRIOR * log_temperature**2

    low, high = math.log(_LOWEST), math.log(_HIGHEST)
    for _ in range(_STEPS):
        first, second = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        low, high = (low, second) if loss(first) < loss(second) else (first, high)
    return math.exp((low + high) / 2)
