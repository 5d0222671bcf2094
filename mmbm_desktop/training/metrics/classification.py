"""How well items are told apart: confusion, precision, recall, F1 by class and on average, AUROC. NumPy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]
    Ints = npt.NDArray[np.integer]
    Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ClassScores:
    """Numbers of each class, (classes,). `auroc` is NaN where a class has no items, or all of them."""

    items: npt.NDArray[np.int64]
    precision: npt.NDArray[np.float64]
    recall: npt.NDArray[np.float64]
    f1: npt.NDArray[np.float64]
    auroc: npt.NDArray[np.float64]


def confusion(truth: Ints, guess: Ints, classes: int) -> npt.NDArray[np.int64]:
    """Return how many items of class i were taken for class j at [i, j], (classes, classes)."""
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (truth, guess), 1)
    return counts


def class_scores(probable: Floats, truth: Ints) -> ClassScores:
    """Return the numbers of each class; what is divided by nothing is 0.

    Args:
        probable: shape (items, classes); the highest of a row is its guess.
        truth: shape (items,).
    """
    counts = confusion(truth, probable.argmax(axis=1), probable.shape[1])
    hits, items, guessed = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    ranked = np.array([auroc(column, truth == index) for index, column in enumerate(probable.T)])
    return ClassScores(items, hits / np.maximum(guessed, 1), hits / np.maximum(items, 1), _f1(counts), ranked)


def macro_f1(probable: Floats, truth: Ints) -> float:
    """Return the mean F1 of the classes that have items, of which there is one at least; see `class_scores`."""
    counts = confusion(truth, probable.argmax(axis=1), probable.shape[1])
    return float(_f1(counts)[counts.sum(axis=1) > 0].mean())


def _f1(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    return 2 * np.diag(counts) / np.maximum(counts.sum(axis=1) + counts.sum(axis=0), 1)


def auroc(scores: Floats, right: Bools) -> float:
    """Return the area under the ROC curve: how often a right item scores higher than a wrong one, ties counting half.

    From the ranks (Mann and Whitney 1947; Fawcett, "An Introduction to ROC Analysis", 2006, section 7). NaN where all
    items are right, or none.

    Args:
        scores: shape (items,).
        right: shape (items,).
    """
    count = int(right.sum())
    wrong = len(right) - count
    if not count or not wrong:
        return float("nan")
    ranks = _ranks(scores)
    return float((ranks[right].sum() - count * (count + 1) / 2) / (count * wrong))


def _ranks(values: Floats) -> npt.NDArray[np.float64]:
    """Return ranks from 1 on; equal values share the mean of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[places]
