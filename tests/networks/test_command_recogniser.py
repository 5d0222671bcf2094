"""The command recogniser: shapes, independence of what lies behind an utterance, and that it can learn."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from mmbm_desktop.networks.command_recogniser import CommandRecogniser, build_command_recogniser, steps_of
from mmbm_desktop.networks.command_recogniser_config import CommandRecogniserConfig
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.recipes.speech_commands_learner import ctc_losses

SIZES = CommandRecogniserConfig(letters=" abc", heard_bands=46, stem_widths=(4, 6), width=16, blocks=2, kernel=5)


@pytest.fixture(scope="module")
def network() -> CommandRecogniser:
    keras.utils.set_random_seed(3)
    return build_command_recogniser(SIZES)


def _frames(count: int, length: int) -> np.ndarray:
    return np.random.default_rng(length).normal(-3, 2, (count, length, SIZES.bands)).astype(np.float32)


@pytest.mark.parametrize("length", [1, 8, 61])
def test_there_is_a_score_for_the_blank_and_each_letter_every_second_frame(network, length):
    logits = network(_frames(2, length), np.array([length, 1], np.int32), training=False)
    assert logits.shape == (2, (length + 1) // 2, 1 + 4)
    assert steps_of(length) == logits.shape[1]


@pytest.mark.parametrize("length", [30, 31])
def test_an_utterance_in_a_batch_scores_as_it_does_alone(network, length):
    batch = _frames(2, 64)
    alone = to_numpy(network(batch[:1, :length], np.array([length], np.int32), training=False))
    together = to_numpy(network(batch, np.array([length, 64], np.int32), training=False))
    np.testing.assert_allclose(together[:1, : steps_of(length)], alone, atol=1e-5)


def test_what_lies_behind_an_utterance_does_not_matter_in_training_either(network):
    batch = _frames(2, 40)
    other = batch.copy()
    other[0, 20:] += 9.0
    lengths = np.array([20, 40], np.int32)
    stem, normalise = network.stem, network.normalise
    mask = (np.arange(40)[None, :, None] < lengths[:, None, None]).astype(np.float32)
    steps = mask[:, ::2]
    results = [
        to_numpy(stem(normalise(one[:, :, : SIZES.heard_bands], mask), steps, training=True)) for one in (batch, other)
    ]
    np.testing.assert_allclose(results[0][0, :10], results[1][0, :10], atol=1e-5)
    np.testing.assert_allclose(results[0][1], results[1][1], atol=1e-5)


def test_bands_it_does_not_hear_change_nothing(network):
    frames = _frames(1, 24)
    other = frames.copy()
    other[:, :, SIZES.heard_bands :] = 5.0
    length = np.array([24], np.int32)
    np.testing.assert_array_equal(
        to_numpy(network(frames, length, training=False)), to_numpy(network(other, length, training=False))
    )


def test_loudness_changes_nothing(network):
    frames = _frames(1, 24)
    length = np.array([24], np.int32)
    quiet, loud = (to_numpy(network(frames + shift, length, training=False)) for shift in (0.0, 1.5))
    np.testing.assert_allclose(quiet, loud, atol=1e-4)


def test_the_loss_is_the_probability_of_all_paths_that_spell_the_transcript():
    """Three steps of even odds between a blank and one letter: six of the eight paths spell "a"."""
    logits = np.zeros((1, 3, 2), np.float32)
    loss = ctc_losses(logits, np.array([3], np.int32), np.array([[1]], np.int32), np.array([1], np.int32))
    assert float(loss[0]) == pytest.approx(-np.log(6 / 8), abs=1e-5)
