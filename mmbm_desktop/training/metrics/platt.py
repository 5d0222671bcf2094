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
    for the w wrong ones (Platt, "Probabilistic Outputs for Support Vector Machines", 1999, section 2.2).

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
    start = (0.0, float(np.log((count + 1) / (wrong + 1))))
    line = fit_line(x, targets, start, _RIDGE)
    return line if line[0] > 0 else None


def fit_line(similarities: Floats, targets: Floats, start: tuple[float, float], prior: float) -> tuple[float, float]:
    """Return the slope and offset whose logistic curve has the least cross-entropy to targets.

    By Newton's method with halved steps where a whole one goes too far (Lin, Lin and Weng, "A Note on Platt's
    Probabilistic Outputs", 2007).

    Args:
        similarities: shape (answers,).
        targets: 0..1, shape (answers,).
        start: where to begin, and where `prior` holds the line.
        prior: weight of half the squared distance from `start`: with it few answers cannot bend the curve far.
    """
    x = np.asarray(similarities, np.float64)
    inputs, goal = np.stack([x, np.ones_like(x)], axis=1), np.asarray(start, np.float64)
    line, loss = goal, _cross_entropy(inputs @ goal, targets)
    for _ in range(_MOST_STEPS):
        step = _newton_step(inputs, line, targets, prior, goal)
        while (new_loss := _loss(inputs, line + step, targets, prior, goal)) > loss and np.abs(step).max() > _ENOUGH:
            step = step / 2
        line, loss = line + step, new_loss
        if np.abs(step).max() <= _ENOUGH:
            break
    return float(line[0]), float(line[1])


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


def _newton_step(inputs: Floats, line: Floats, targets: Floats, prior: float, goal: Floats) -> Floats:
    probable = probabilities(inputs @ line, (1.0, 0.0))
    curvature = inputs * (probable * (1 - probable))[:, None]
    hessian = inputs.T @ curvature + prior * np.eye(2)
    return np.linalg.solve(hessian, inputs.T @ (targets - probable) - prior * (line - goal))


def _loss(inputs: Floats, line: Floats, targets: Floats, prior: float, goal: Floats) -> float:
    return _cross_entropy(inputs @ line, targets) + prior / 2 * float(((line - goal) ** 2).sum())


def _cross_entropy(logits: Floats, targets: Floats) -> float:
    return float((np.logaddexp(0.0, logits) - targets * logits).sum())
