"""Turns raw scores into probabilities that come true as often as they say (Platt 1999), and chooses thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mmbm_desktop.inference.calibrated import calibrated, logits
from mmbm_desktop.training.metrics.platt import fit_line
from mmbm_desktop.training.metrics.tagging import f1

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]
    Bools = npt.NDArray[np.bool_]

_USUAL = (1.0, 0.0)
"""Slope and offset that change nothing."""
_PRIOR = 2.0
"""Weight of "leave the score as it is", as that of as many sounds: few sounds cannot bend the curve far."""
_LOWEST, _HIGHEST = 0.3, 0.8
"""Of a threshold: below, too much is said; above, almost nothing."""


@dataclass(frozen=True)
class Fit:
    """One class: p = 1 / (1 + exp(-(slope x logit + offset))), said from `threshold` on."""

    slope: float
    offset: float
    threshold: float


def fit(scores: Floats, right: Bools) -> Fit:
    """Fit one class on held-out scores (N,)."""
    line = fit_line(logits(scores), right.astype(np.float64), _USUAL, _PRIOR)
    slope, offset = max(0.1, line[0]), line[1]
    return Fit(slope, offset, _threshold(calibrated(scores, slope, offset), right))


def fit_classes(scores: Floats, right: Bools) -> dict[str, Any]:
    """Return the `calibration` of a manifest: slope, offset and threshold of each column of scores (N, classes)."""
    fits = [fit(s, r) for s, r in zip(scores.T, right.T, strict=True)]
    return {
        "slope": [round(one.slope, 5) for one in fits],
        "offset": [round(one.offset, 5) for one in fits],
        "threshold": [round(one.threshold, 3) for one in fits],
        "sounds": len(scores),
    }


def _threshold(probabilities: Floats, right: Bools) -> float:
    """Return the threshold of the best F1; the one nearest to a half where several are."""
    if not right.any():
        return 0.5
    steps = np.arange(_LOWEST, _HIGHEST + 0.001, 0.02)
    best = max((f1(probabilities >= step, right), -abs(float(step) - 0.5), float(step)) for step in steps)
    return best[2]
