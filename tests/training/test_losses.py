"""The losses against values worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mmbm_desktop.training.recipes.image_text_learner import caption_loss, contrastive_loss, teacher_loss


def test_contrast_of_perfect_pairs_is_what_is_left_of_the_other():
    """Two orthogonal pairs at scale 3: each softmax is over (3, 0), so -log(e^3 / (e^3 + 1)) = log(1 + e^-3)."""
    pairs = np.eye(2, dtype=np.float32)
    assert float(contrastive_loss(pairs, pairs, np.float32(3))) == pytest.approx(math.log1p(math.exp(-3)), rel=1e-5)


def test_contrast_of_equal_vectors_is_guessing():
    same = np.ones((4, 1), np.float32)
    assert float(contrastive_loss(same, same, np.float32(5))) == pytest.approx(math.log(4), rel=1e-5)


def test_caption_loss_is_the_mean_over_real_tokens():
    """Of four targets one is padding; two are sure and right (0), one is a guess among five (log 5)."""
    targets = np.array([[2, 3], [4, 0]], np.int32)
    logits = np.zeros((2, 2, 5), np.float32)
    logits[0, 0, 2] = logits[0, 1, 3] = 50
    assert float(caption_loss(logits, targets, pad=0)) == pytest.approx(math.log(5) / 3, rel=1e-5)


def test_teacher_loss_is_squared_error_and_direction():
    """Guess (1, 0), features (0, 2): squares 1 and 4, mean 2.5; at right angles, so 1 more."""
    guess, features = np.array([[1, 0]], np.float32), np.array([[0, 2]], np.float32)
    assert float(teacher_loss(guess, features)) == pytest.approx(3.5)
    assert float(teacher_loss(features, features)) == pytest.approx(0, abs=1e-6)
