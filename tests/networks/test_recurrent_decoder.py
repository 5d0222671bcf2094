"""The recurrent caption decoder: whole sentences and single steps agree, and its bundle is answered with by inference."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest
from PIL import Image

from mmbm_desktop.inference.caption import caption
from mmbm_desktop.inference.check import check_bundle
from mmbm_desktop.inference.image_text import ImageTextBundle
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.networks.image_text import ImageTextNetwork, build_image_text
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.protocol.requests import CaptionRequest
from mmbm_desktop.training.tiny_bundle import make_tiny_bundle, tiny_config

IDS = np.array([[1, 9, 8, 7, 6, 3], [2, 11, 12, 3, 0, 0]], np.int32)


@pytest.fixture(scope="module")
def network() -> ImageTextNetwork:
    keras.utils.set_random_seed(3)
    return build_image_text(replace(tiny_config(60), recurrent=True))


@pytest.fixture(scope="module")
def features(network) -> np.ndarray:
    pixels = np.random.default_rng(0).normal(size=(2, 32, 32, 3)).astype(np.float32)
    return to_numpy(network.image_encoder(pixels, training=False)["features"])


def test_one_token_at_a_time_gives_the_numbers_of_the_whole_sentence(network, features):
    decoder = network.caption_decoder
    whole = to_numpy(decoder(IDS, features, training=False))
    memory, cache = decoder.memory(features), decoder.empty_cache(2)
    for position in range(IDS.shape[1]):
        logits, *cache = decoder.step(IDS[:, position], None, tuple(cache), memory)
        np.testing.assert_allclose(to_numpy(logits), whole[:, position], atol=1e-5)


def test_a_caption_depends_on_its_picture_and_on_the_words_before(network, features):
    ids = np.repeat(IDS[:1], 2, axis=0)
    first, second = to_numpy(network.caption_decoder(ids, features, training=False))
    assert np.abs(first - second).max() > 1e-3
    changed = ids.copy()
    changed[:, 2] = 20
    other, _ = to_numpy(network.caption_decoder(changed, features, training=False))
    np.testing.assert_allclose(first[:2], other[:2], atol=1e-6)
    assert np.abs(first[2:] - other[2:]).max() > 1e-3


def test_its_bundle_is_checked_and_writes_captions(tmp_path):
    place = make_tiny_bundle(tmp_path / "recurrent", recurrent=True)
    assert check_bundle(place).probe_difference < 1e-4
    bundle = ImageTextBundle(place, threads=1)
    assert bundle.states == {"state": (2, 16)}
    Image.new("RGB", (40, 30), "#d02020").save(tmp_path / "red.png")
    result = caption(CaptionRequest(str(tmp_path / "red.png"), ("en", "zh")), bundle, DEFAULT_PIXEL_LIMIT)
    assert {written.language for written in result.captions} == {"en", "zh"}
