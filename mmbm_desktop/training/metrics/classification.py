"""One number for how well classes are told from each other where some are rarer than others: macro F1. NumPy only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.training.metrics.classes import confusions

if TYPE_CHECKING:
    import numpy.typing as npt


def macro_f1(scores: npt.NDArray[np.floating], truth: npt.NDArray[np.integer]) -> float:
    """Return the mean F1 of the classes that have items, of which there is one at least.

    Args:
        scores: shape (items, classes); the highest of a row is its guess.
        truth: numbers of the right classes, shape (items,).
    """
    counts = np.array(confusions(truth, scores.argmax(axis=1), scores.shape[1]))
    items, guessed = counts.sum(axis=1), counts.sum(axis=0)
    f1 = 2 * np.diag(counts) / np.maximum(items + guessed, 1)
    return float(f1[items > 0].mean())
