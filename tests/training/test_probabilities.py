"""Platt's fit, reliability and agreement against values worked by hand or known by construction."""

from __future__ import annotations

import numpy as np
import pytest

from mmbm_desktop.training.metrics.agreement import Agreement
from mmbm_desktop.training.metrics.cider import cider_d
from mmbm_desktop.training.metrics.platt import FEWEST_OF_EACH, best_threshold, fit_platt, probabilities
from mmbm_desktop.training.metrics.reliability import reliability


def drawn(slope, offset, count=40_000):
    """Return similarities, and truths drawn with the probabilities that a curve gives them."""
    random = np.random.default_rng(0)
    similarities = random.uniform(0, 1, count)
    return similarities, random.uniform(size=count) < probabilities(similarities, (slope, offset))


@pytest.mark.parametrize("line", [(10.0, -7.0), (3.0, 1.0), (25.0, -20.0)])
def test_the_curve_that_truths_were_drawn_from_is_found_again(line):
    assert fit_platt(*drawn(*line)) == pytest.approx(line, rel=0.06)


def test_the_fit_is_a_minimum_of_the_cross_entropy_to_platts_targets():
    similarities, right = drawn(6.0, -4.0, 400)
    slope, offset = fit_platt(similarities, right)
    count, wrong = right.sum(), (~right).sum()
    targets = np.where(right, (count + 1) / (count + 2), 1 / (wrong + 2))
    errors = probabilities(similarities, (slope, offset)) - targets
    assert [errors.sum(), errors @ similarities] == pytest.approx([0, 0], abs=1e-6)


def test_answers_that_one_similarity_parts_get_a_finite_curve():
    similarities = np.concatenate([np.linspace(0, 0.4, 30), np.linspace(0.6, 1, 30)])
    right = similarities > 0.5
    line = fit_platt(similarities, right)
    assert np.isfinite(line).all()
    assert probabilities(np.array([0.0, 0.5, 1.0]), line) == pytest.approx([0, 0.5, 1], abs=0.03)


def test_too_few_of_a_kind_or_a_falling_curve_are_no_fit():
    similarities, right = drawn(6.0, -4.0, 400)
    few = np.zeros(400, bool)
    few[: FEWEST_OF_EACH - 1] = True
    assert fit_platt(similarities, few) is None
    assert fit_platt(similarities, ~few) is None
    assert fit_platt(-similarities, right) is None
    assert fit_platt(np.full(400, 0.5), right) is None


def test_the_threshold_is_where_f1_is_best():
    """Showing the first three finds 2 of 2 among 3: F1 0.8; one finds 1 of 2: 0.67; all five: 0.57."""
    probable = np.array([0.9, 0.6, 0.3, 0.2, 0.1])
    assert best_threshold(probable, np.array([True, False, True, False, False])) == 0.3


def test_reliability_weighs_bins_by_their_answers():
    """Bin 0.2: said 0.25 of 4, true 0.5. Bin 0.9: said 0.95 of 2, true 1. An end point belongs to the last bin."""
    probable = np.array([0.25, 0.25, 0.25, 0.25, 0.9, 1.0])
    found = reliability(probable, np.array([True, True, False, False, True, True]))
    assert [(one.count, one.predicted, one.observed) for one in found.bins] == [(4, 0.25, 0.5), (2, 0.95, 1.0)]
    assert found.error == pytest.approx((4 * 0.25 + 2 * 0.05) / 6)
    assert found.brier == pytest.approx((2 * 0.75**2 + 2 * 0.25**2 + 0.1**2) / 6)
    assert found.base == pytest.approx(4 / 6)


REFERENCES = [
    [["a", "dog", "runs"], ["a", "brown", "dog", "runs", "fast"]],
    [["a", "girl", "swims"], ["the", "girl", "swims", "in", "a", "lake"], ["a", "girl"]],
    [["two", "men", "talk"], ["men", "talk", "in", "a", "bar"]],
]


@pytest.mark.parametrize("words", [["a", "dog", "runs"], ["the", "girl", "talks", "in", "a", "bar"], ["nothing"], []])
def test_agreement_with_each_picture_is_its_cider(words):
    expected = [_alone(words, picture) for picture in range(3)]
    assert Agreement(REFERENCES).with_pictures(words) == pytest.approx(expected, abs=1e-5)


def _alone(words, picture):
    """Return the CIDEr-D of one picture by the slow way: the mean over all, with captions that score nothing elsewhere."""
    captions = [[] for _ in REFERENCES]
    captions[picture] = words
    return cider_d(captions, REFERENCES) * len(REFERENCES)


def test_people_are_compared_with_the_others_of_their_picture():
    people = Agreement(REFERENCES)
    each = people.with_each(["a", "dog", "runs"])
    assert people.among_people(0, 0, ["a", "dog", "runs"]) == pytest.approx(float(each[1]))
    assert each[0] == pytest.approx(10 * 3 / 4)
