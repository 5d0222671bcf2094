"""Numbers of classifiers against small cases worked out by hand, and against their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from mmbm_desktop.training.metrics.classes import auroc, class_numbers, confusions
from mmbm_desktop.training.metrics.classification import macro_f1
from mmbm_desktop.training.metrics.reliability import reliability
from mmbm_desktop.training.metrics.temperature import fit_temperature, softmax

TRUTH = np.array([0, 0, 0, 1, 1, 2])
PROBABLE = np.array(
    [[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.1, 0.8, 0.1], [0.5, 0.4, 0.1], [0.3, 0.1, 0.6]]
)


def test_precision_recall_and_f1_of_each_class():
    found = class_numbers(("a", "b", "c"), TRUTH, PROBABLE)

    assert confusions(TRUTH, PROBABLE.argmax(axis=1), 3) == ((2, 1, 0), (1, 1, 0), (0, 0, 1))
    assert [one.items for one in found] == [3, 2, 1]
    assert [one.precision for one in found] == pytest.approx([2 / 3, 1 / 2, 1])
    assert [one.recall for one in found] == pytest.approx([2 / 3, 1 / 2, 1])
    assert macro_f1(PROBABLE, TRUTH) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)


def test_a_class_without_items_has_no_area_and_does_not_count():
    truth = np.array([0, 0, 1])
    probable = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.1, 0.8, 0.1]])

    last = class_numbers(("a", "b", "c"), truth, probable)[2]

    assert (last.auroc, last.precision, last.recall, last.f1) == (None, 0, 0, 0)
    assert macro_f1(probable, truth) == pytest.approx((2 / 3 + 1) / 2)


def test_the_area_is_the_share_of_pairs_in_the_right_order():
    random = np.random.default_rng(2)
    scores = random.integers(0, 6, 60) / 5
    right = random.random(60) < 0.3 + 0.4 * scores
    pairs = [(a > b) + (a == b) / 2 for a in scores[right] for b in scores[~right]]

    assert auroc(scores, right) == pytest.approx(np.mean(pairs))


def drawn(sharpness: float, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Return logits that are `sharpness` times too large, and classes drawn from what they should have been."""
    random = np.random.default_rng(5)
    logits = random.normal(0, 1.5, (count, 4))
    chances = softmax(logits).cumsum(axis=1)
    return logits * sharpness, (random.random((count, 1)) > chances).sum(axis=1).clip(0, 3)


@pytest.mark.parametrize("sharpness", [0.4, 1.0, 3.0])
def test_the_temperature_finds_how_much_too_sure_the_scores_are(sharpness):
    logits, truth = drawn(sharpness)

    temperature = fit_temperature(logits, truth)

    assert temperature == pytest.approx(sharpness, rel=0.08)
    probable = softmax(logits, temperature)
    assert reliability(probable.max(axis=1), probable.argmax(axis=1) == truth).error < 0.03


def test_a_few_answers_that_are_all_right_do_not_make_the_model_sure_of_everything():
    logits = np.array([[2.0, 0.0], [0.0, 2.0], [3.0, 0.0]])

    assert 0.2 < fit_temperature(logits, np.array([0, 1, 0])) < 1


def test_probabilities_of_enormous_scores_are_still_numbers():
    assert softmax(np.array([[1e4, 0.0]])).tolist() == [[1.0, 0.0]]
