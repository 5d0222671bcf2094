"""The sound tagger: scores of windows of any length, from the mean, the highest and the deviation of its patches."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.sound_tagger import SoundTagger, StatisticsHead, build_sound_tagger
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


def test_the_head_hears_what_lasts_what_happens_once_and_what_changes():
    """One feature of 1 and 3: mean 2, highest 3, deviation 1; each of three classes looks at one of them."""
    head = StatisticsHead(3, 0.0)
    head(np.zeros((1, 2, 1), np.float32))
    head.to_logits.set_weights([np.eye(3), np.zeros(3)])

    scores = to_numpy(head(np.array([[[1.0], [3.0]]], np.float32), training=False))[0]

    assert np.log(scores / (1 - scores)) == pytest.approx([2.0, 3.0, 1.0], abs=0.01)


def test_every_weight_has_a_name_of_its_own(network):
    names = weight_names(network)

    assert len(names) == len(network.weights)
    assert "encoder.stage_1_block_1.pointwise.convolution.kernel" in names
    assert "head.to_logits.bias" in names
