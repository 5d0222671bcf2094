"""From a similarity to a probability: Platt's logistic fit, and where to stop showing. Knows no model and no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]
    Truths = npt.NDArray[np.bool_]

FEWEST_OF_EACH = 10
"""Fewer right or fewer wrong answers than this say nothing about a probability."""
_MOST_STEPS = 100
_ENOUGH = 1e-9
_RIDGE = 1e-9
"""Keeps the Hessian invertible where all similarities are the same."""


def fit_platt(similarities: Floats, right: Truths) -> tuple[float, float] | None:
    """Return slope and offset of the logistic curve through answers that were right or wrong.

    The probability that an answer of similarity s is right is 1 / (1 + exp(-(slope s + offset))). The two numbers
    minimise the cross-entropy to Platt's smoothed targets, (r + 1) / (r + 2) for the r right answers and 1 / (w + 2)
    for the w wrong ones (Platt, "Probabilistic Outputs for Support Vector Machines", 1999, section 2.2), by Newton's
    method with halved steps where a whole one goes too far (Lin, Lin and Weng, "A Note on Platt's Probabilistic
    Outputs", 2007).

    Args:
        similarities: shape (answers,).
        right: shape (answers,).

    Returns:
        None where there are too few right or wrong answers, or where similar does not mean right: no positive slope.
    """
    x, count = np.asarray(similarities, np.float64), int(right.sum())
    wrong = len(right) - count
    if min(count, wrong) < FEWEST_OF_EACH:
        return None
    targets = np.where(right, (count + 1) / (count + 2), 1 / (wrong + 2))
    inputs = np.stack([x, np.ones_like(x)], axis=1)
    line = np.array([0.0, np.log((count + 1) / (wrong + 1))])
    loss = _cross_entropy(inputs @ line, targets)
    for _ in range(_MOST_STEPS):
        step = _newton_step(inputs, line, targets)
        new, new_loss = line + step, _cross_entropy(inputs @ (line + step), targets)
        while new_loss > loss and np.abs(step).max() > _ENOUGH:
            step = step / 2
            new, new_loss = line + step, _cross_entropy(inputs @ (line + step), targets)
        line, loss = new, new_loss
        if np.abs(step).max() <= _ENOUGH:
            break
    return (float(line[0]), float(line[1])) if line[0] > 0 else None


def probabilities(similarities: Floats, line: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Return what a fitted `line` (slope, offset) makes of similarities, in their shape."""
    slope, offset = line
    return np.exp(-np.logaddexp(0.0, -(slope * np.asarray(similarities, np.float64) + offset)))


def best_threshold(probable: Floats, right: Truths) -> float:
    """Return the probability from which on answers are to be shown, so that F1 over all answers is highest.

    Below it another answer costs more precision than it brings recall; on calibrated probabilities that is near half of
    the best F1 (Lipton, Elkan and Narayanaswamy, "Optimal Thresholding of Classifiers to Maximize F1 Measure", 2014).

    Args:
        probable: shape (answers,).
        right: shape (answers,), at least one.
    """
    order = np.argsort(-probable, kind="stable")
    found = np.cumsum(right[order])
    shown = np.arange(1, len(order) + 1)
    return float(probable[order[np.argmax(2 * found / (shown + right.sum()))]])


def _newton_step(inputs: Floats, line: Floats, targets: Floats) -> Floats:
    probable = probabilities(inputs @ line, (1.0, 0.0))
    curvature = inputs * (probable * (1 - probable))[:, None]
    hessian = inputs.T @ curvature + _RIDGE * np.eye(2)
    return np.linalg.solve(hessian, inputs.T @ (targets - probable))


def _cross_entropy(logits: Floats, targets: Floats) -> float:
    return float((np.logaddexp(0.0, logits) - targets * logits).sum())
