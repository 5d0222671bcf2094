"""Which pictures look like another class than their own, judged by their vectors. Linear algebra only.

As in confident learning (Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels",
2021), a model that never saw a picture says how probable its label is, and the least probable ones are looked at first.
The model is ridge regression on one-hot labels, whose answers without the picture itself follow from one fit (Allen,
"The Relationship between Variable Selection and Data Augmentation and a Method for Prediction", 1974: PRESS). A picture
is named only if its nearest neighbours, too, have other labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from mmbm_desktop.base.progress import CancelToken

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

NEIGHBOURS = 15
IMPROBABLE = 0.2
"""A label is doubted below this part of what chance would give it, 1 / classes."""
FEW_NEIGHBOURS = 0.5
"""So are neighbours' votes for it, in the same measure."""
FEWEST, FEWEST_OF_CLASS = 40, 8
"""Pictures, and pictures of the smallest class compared, that a judgement needs."""
_RIDGE = 0.5
"""Weight of the penalty, for each column of standardised vectors."""
_SHARPNESS = np.geomspace(1.0, 60.0, 25)
_ROWS_AT_ONCE = 512


@dataclass(frozen=True)
class Judgement:
    """What the vectors say about labels.

    Attributes:
        accuracy: part of the pictures whose label is the most probable one.
        doubted: places of pictures with doubtful labels, the most doubtful first.
        likelier: the class that each of those looks like.
    """

    accuracy: float
    doubted: tuple[int, ...]
    likelier: tuple[int, ...]

    @property
    def usable(self) -> bool:
        """Whether the vectors tell the classes apart at all; with fewer right than this, doubts say nothing."""
        return self.accuracy >= 0.25


def judge(vectors: npt.NDArray[np.float32], labels: Ints, token: CancelToken) -> Judgement:
    """Compare labels with vectors.

    Args:
        vectors: (pictures, dim).
        labels: (pictures,), classes from 0 on, each with a few pictures.
        token: checked between the steps.

    Raises:
        Cancelled: `token` was cancelled.
    """
    scores = left_out_scores(_standardised(vectors), labels)
    token.check()
    chances = _probabilities(scores, labels)
    votes = _votes(vectors, labels, chances.shape[1], token)
    rows = np.arange(len(labels))
    own, support = chances[rows, labels], votes[rows, labels]
    classes = chances.shape[1]
    doubtful = (own < IMPROBABLE / classes) & (support < FEW_NEIGHBOURS / classes)
    others = chances.copy()
    others[rows, labels] = -1.0
    order = np.argsort(np.log(own + 1e-4) + 0.5 * np.log(support + 0.02), kind="stable")
    doubted = order[doubtful[order]]
    accuracy = float((chances.argmax(1) == labels).mean())
    return Judgement(accuracy, tuple(doubted.tolist()), tuple(others[doubted].argmax(1).tolist()))


def left_out_scores(vectors: Floats, labels: Ints) -> Floats:
    """Return what a ridge regression fitted to all other pictures says of each picture: (pictures, classes).

    With H = X (X'X + penalty)^-1 X', the answer without picture i is (HY - h_ii Y)_i / (1 - h_ii).
    """
    targets = np.eye(int(labels.max()) + 1)[labels]
    columns = np.concatenate([vectors, np.ones((len(vectors), 1))], axis=1)
    penalty = _RIDGE * columns.shape[1] * np.eye(columns.shape[1])
    fitted = np.linalg.solve(columns.T @ columns + penalty, columns.T)
    leverage = np.einsum("ij,ji->i", columns, fitted)[:, None]
    return (columns @ (fitted @ targets) - leverage * targets) / (1.0 - leverage)


def _standardised(vectors: npt.NDArray[np.float32]) -> Floats:
    values = vectors.astype(np.float64)
    return (values - values.mean(0)) / (values.std(0) + 1e-6)


def _probabilities(scores: Floats, labels: Ints) -> Floats:
    """Return the softmax of the scores at the sharpness that makes the labels most probable together."""
    rows = np.arange(len(labels))

    def surprise(sharpness: float) -> float:
        return -float(np.log(_softmax(sharpness * scores)[rows, labels] + 1e-9).mean())

    return _softmax(min(_SHARPNESS.tolist(), key=surprise) * scores)


def _softmax(values: Floats) -> Floats:
    powers = np.exp(values - values.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def _votes(vectors: npt.NDArray[np.float32], labels: Ints, classes: int, token: CancelToken) -> Floats:
    """Return which part of each picture's nearest neighbours, by cosine, has which label: (pictures, classes)."""
    unit = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    count = min(NEIGHBOURS, len(unit) - 1)
    votes = np.zeros((len(unit), classes))
    for start in range(0, len(unit), _ROWS_AT_ONCE):
        token.check()
        cosines = unit[start : start + _ROWS_AT_ONCE] @ unit.T
        rows = np.arange(len(cosines))
        cosines[rows, start + rows] = -2.0
        nearest = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        np.add.at(votes, (start + rows[:, None], labels[nearest]), 1.0 / count)
    return votes
