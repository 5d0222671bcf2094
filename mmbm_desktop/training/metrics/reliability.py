"""Whether probabilities keep their word: calibration error, Brier score and the table behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Answers whose probabilities lie together: how many, what was said of them on average, what was true."""

    count: int
    predicted: float
    observed: float


@dataclass(frozen=True)
class Reliability:
    """How far probabilities can be believed.

    Attributes:
        bins: of equal width from 0 to 1, those without an answer left out.
        error: the expected calibration error, 0 where every bin says what is true of it.
        brier: mean squared difference of probability and truth.
        base: share of right answers; saying it of each answer would have the Brier score base (1 - base).
    """

    bins: tuple[Bin, ...]
    error: float
    brier: float
    base: float


def reliability(probable: npt.NDArray[np.floating], right: npt.NDArray[np.bool_]) -> Reliability:
    """Compare probabilities with what was true.

    The expected calibration error is the bins' |predicted - observed| weighted by their counts, with ten bins of equal
    width (Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015);
    the Brier score is that of Brier, "Verification of Forecasts Expressed in Terms of Probability", 1950, halved as
    usual for two outcomes.

    Args:
        probable: 0..1, shape (answers,), at least one.
        right: shape (answers,).
    """
    places = np.minimum((probable * BINS).astype(np.int64), BINS - 1)
    bins = tuple(
        Bin(int(inside.sum()), float(probable[inside].mean()), float(right[inside].mean()))
        for inside in (places == number for number in range(BINS))
        if inside.any()
    )
    error = sum(one.count * abs(one.predicted - one.observed) for one in bins) / len(probable)
    return Reliability(bins, error, float(((probable - right) ** 2).mean()), float(right.mean()))
