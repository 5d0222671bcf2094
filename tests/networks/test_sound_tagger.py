"""The sound tagger: scores of windows of any length, and attention that finds the patch in which a sound is."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.sound_tagger import AttentionHead, SoundTagger, build_sound_tagger
from mmbm_desktop.networks.sound_tagger_config import SoundTaggerConfig
from mmbm_desktop.networks.tensors import to_numpy

SMALL = SoundTaggerConfig(("a", "b", "c"), stem_width=4, widths=(4, 6, 8), blocks=(1, 2, 1), teacher_dim=5)


@pytest.fixture(scope="module")
def network() -> SoundTagger:
    keras.utils.set_random_seed(3)
    return build_sound_tagger(SMALL)


def patches(windows: int, count: int) -> np.ndarray:
    return np.random.default_rng(0).normal(-3, 2, (windows, count, 96, 64)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 5, 7])
def test_windows_of_any_length_have_a_score_a_class(network, count):
    outputs = {name: to_numpy(x) for name, x in network(patches(2, count), training=False).items()}

    assert {name: x.shape for name, x in outputs.items()} == {
        "scores": (2, 3), "embedding": (2, 8), "teacher": (2, count, 5),
    }  # fmt: skip
    assert ((outputs["scores"] > 0) & (outputs["scores"] < 1)).all()


def test_windows_do_not_hear_each_other_nor_the_order_of_patches(network):
    batch = patches(3, 4)
    scores = to_numpy(network(batch, training=False)["scores"])

    assert to_numpy(network(batch[1:2], training=False)["scores"]) == pytest.approx(scores[1:2], abs=1e-5)
    assert to_numpy(network(batch[:, ::-1], training=False)["scores"]) == pytest.approx(scores, abs=1e-5)


def test_attention_weighs_each_patch_by_its_own_say():
    """Logits and attention are the two features; the patch with attention log 3 more counts three times as much."""
    head = AttentionHead(1, 0.0)
    head(np.zeros((1, 2, 2), np.float32))
    head.to_logits.set_weights([np.array([[1.0], [0.0]]), np.zeros(1)])
    head.to_attention.set_weights([np.array([[0.0], [1.0]]), np.zeros(1)])
    features = np.array([[[np.log(4), np.log(3)], [0.0, 0.0]]], np.float32)

    assert to_numpy(head(features)).item() == pytest.approx(0.75 * 0.8 + 0.25 * 0.5)


def test_late_stages_are_not_early(network):
    assert network.encoder.early == [network.encoder.stem, network.encoder.blocks[0]]


def test_every_weight_has_a_name_of_its_own(network):
    names = weight_names(network)

    assert len(names) == len(network.weights)
    assert "encoder.stage_1_block_1.pointwise.convolution.kernel" in names
    assert "head.to_attention.bias" in names
