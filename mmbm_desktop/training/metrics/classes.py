"""How well classes are told from each other, class by class: precision, recall, F1, AUROC, confusions. NumPy only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.protocol.training import ClassNumbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]
    Ints = npt.NDArray[np.integer]


def confusions(truth: Ints, guesses: Ints, classes: int) -> tuple[tuple[int, ...], ...]:
    """Count items by class and guessed class, `[truth][guess]`; both (N,)."""
    table = np.zeros((classes, classes), np.int64)
    np.add.at(table, (truth, guesses), 1)
    return tuple(tuple(int(count) for count in row) for row in table)


def class_numbers(labels: Sequence[str], truth: Ints, scores: Floats) -> tuple[ClassNumbers, ...]:
    """Return every class's numbers, the highest score of a row being its guess.

    Args:
        labels: of the classes.
        truth: numbers of the right classes, (N,).
        scores: of the classes, (N, classes).
    """
    guesses = scores.argmax(axis=1)
    found = []
    for number, label in enumerate(labels):
        there, said = truth == number, guesses == number
        hits = int((there & said).sum())
        precision, recall = hits / max(1, int(said.sum())), hits / max(1, int(there.sum()))
        f1 = 2 * hits / max(1, int(said.sum() + there.sum()))
        found.append(ClassNumbers(label, int(there.sum()), precision, recall, f1, auroc(scores[:, number], there)))
    return tuple(found)


def auroc(scores: Floats, right: npt.NDArray[np.bool_]) -> float | None:
    """Return the probability that a right item scores higher than another one, ties counting half.

    The Mann-Whitney statistic over its largest value (Hanley and McNeil 1982); None where one of the two is missing.
    """
    positives, negatives = int(right.sum()), int((~right).sum())
    if not positives or not negatives:
        return None
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[place]
    above = ranks[right].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))
