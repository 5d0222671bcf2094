"""How well windows are tagged: accuracy, average precision, F1. NumPy only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]
    Bools = npt.NDArray[np.bool_]


def accuracy(scores: Floats, right: npt.NDArray[np.integer]) -> float:
    """Return the share of rows of scores (N, classes) whose highest is the right one, (N,)."""
    return float(np.mean(scores.argmax(axis=1) == right))


def average_precision(scores: Floats, right: Bools) -> float:
    """Return the mean of the precision at every hit, ranked by scores (N,); 0.0 where nothing is right.

    As `trec_eval` and scikit-learn define it, without interpolation.
    """
    hits = right[np.argsort(-scores, kind="stable")]
    if not hits.any():
        return 0.0
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def mean_average_precision(scores: Floats, right: Bools) -> float:
    """Return the mean of `average_precision` over the columns, (N, classes), that have anything right."""
    values = [average_precision(s, r) for s, r in zip(scores.T, right.T, strict=True) if r.any()]
    return float(np.mean(values)) if values else 0.0


def f1(guessed: Bools, right: Bools) -> float:
    """Return the harmonic mean of precision and recall of yes-or-no answers (N,); 0.0 without a hit."""
    hits = int((guessed & right).sum())
    return 2 * hits / max(1, int(guessed.sum()) + int(right.sum()))
