"""The linear algebra of doubting labels, against slow and plain ways."""

from __future__ import annotations

import numpy as np
import pytest

from mmbm_desktop.base.errors import Cancelled
from mmbm_desktop.base.progress import CancelToken
from mmbm_desktop.training.doctor.mislabels import judge, left_out_scores


def clouds(each: int, classes: int, dim: int = 8, apart: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    centres = random.normal(0, apart, (classes, dim))
    labels = np.repeat(np.arange(classes), each)
    return (centres[labels] + random.normal(0, 1, (len(labels), dim))).astype(np.float32), labels


def test_scores_are_those_of_a_fit_without_the_picture() -> None:
    vectors, labels = clouds(6, 3)
    columns = np.concatenate([vectors.astype(float), np.ones((len(vectors), 1))], axis=1)
    targets = np.eye(3)[labels]

    scores = left_out_scores(vectors.astype(float), labels)

    for row in (0, 7, 17):
        rest = np.arange(len(labels)) != row
        penalty = 0.5 * columns.shape[1] * np.eye(columns.shape[1])
        weights = np.linalg.solve(columns[rest].T @ columns[rest] + penalty, columns[rest].T @ targets[rest])
        np.testing.assert_allclose(scores[row], columns[row] @ weights, atol=1e-9)


def test_planted_errors_are_doubted_and_the_right_class_named() -> None:
    vectors, truth = clouds(30, 4)
    labels = truth.copy()
    planted = [3, 40, 77, 118]
    labels[planted] = (labels[planted] + 1) % 4

    judgement = judge(vectors, labels, CancelToken())

    assert sorted(judgement.doubted) == planted
    assert dict(zip(judgement.doubted, judgement.likelier, strict=True)) == {row: int(truth[row]) for row in planted}
    assert judgement.accuracy == pytest.approx(116 / 120, abs=0.03)
    assert judgement.usable


def test_vectors_without_meaning_are_not_usable() -> None:
    random = np.random.default_rng(2)

    judgement = judge(random.normal(0, 1, (200, 8)).astype(np.float32), random.integers(0, 10, 200), CancelToken())

    assert not judgement.usable


def test_two_clean_classes_have_no_doubts() -> None:
    vectors, labels = clouds(40, 2)

    assert judge(vectors, labels, CancelToken()).doubted == ()


def test_judging_can_be_cancelled() -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        judge(*clouds(10, 2), token)
