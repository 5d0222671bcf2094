"""The translation network: step by step it says what it says of whole sentences, and padding changes nothing."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.networks.translation import TranslationNetwork, build_translation
from mmbm_desktop.networks.translation_config import TranslationConfig

SMALL = TranslationConfig(width=12, heads=3, encoder_layers=2, decoder_layers=2, vocab=30, max_tokens=9)
SOURCE = np.array([[1, 9, 8, 7, 6, 3], [1, 11, 12, 3, 0, 0]], np.int32)
TARGET = np.array([[2, 20, 21, 3, 0], [2, 22, 23, 24, 3]], np.int32)


@pytest.fixture(scope="module")
def network() -> TranslationNetwork:
    keras.utils.set_random_seed(3)
    return build_translation(SMALL)


def _logits(network: TranslationNetwork, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    return to_numpy(network({"source": source, "target": target}, training=False)["logits"])


def test_one_token_at_a_time_gives_the_numbers_of_the_whole_sentence(network):
    whole = _logits(network, SOURCE, TARGET)
    features = network.encoder(SOURCE, training=False)
    memory, seen = network.decoder.memory(features), network.encoder.seen(SOURCE)
    empty = np.zeros((SMALL.decoder_layers, 2, SMALL.heads, 0, SMALL.head_dim), np.float32)
    cache = (empty, empty)
    for position in range(TARGET.shape[1]):
        at = np.array([position], np.int32)
        logits, *cache = network.decoder.step(TARGET[:, position], at, tuple(cache), memory, seen)
        np.testing.assert_allclose(to_numpy(logits), whole[:, position], atol=1e-5)


def test_the_padding_of_the_source_changes_nothing(network):
    alone = _logits(network, SOURCE[1:, :4], TARGET[1:])
    np.testing.assert_allclose(_logits(network, SOURCE, TARGET)[1:], alone, atol=1e-5)


def test_the_source_and_the_language_asked_for_matter(network):
    asked = _logits(network, SOURCE, TARGET)
    other_source = _logits(network, SOURCE[::-1], TARGET)
    other_language = _logits(network, SOURCE, np.where(TARGET == 2, 1, TARGET))
    assert np.abs(asked - other_source).max() > 1e-3
    assert np.abs(asked - other_language).max() > 1e-3


def test_a_translation_does_not_depend_on_the_words_after_it(network):
    changed = TARGET.copy()
    changed[:, 3:] = 15
    np.testing.assert_allclose(
        _logits(network, SOURCE, changed)[:, :3], _logits(network, SOURCE, TARGET)[:, :3], atol=1e-5
    )
