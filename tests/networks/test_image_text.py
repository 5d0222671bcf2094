"""The image-text network: its parts agree with themselves, whole or step by step."""

from __future__ import annotations

import json
from dataclasses import asdict

import keras
import numpy as np
import pytest

from mmbm_desktop.networks.image_text import ImageTextNetwork, build_image_text, weight_names
from mmbm_desktop.networks.image_text_config import ImageTextConfig
from mmbm_desktop.networks.tensors import to_numpy

SMALL = ImageTextConfig(
    image_size=32,
    stem_widths=(4, 6),
    widths=(6, 8),
    blocks=(1, 1),
    pooled_width=12,
    width=12,
    embed_dim=10,
    heads=3,
    text_layers=2,
    decoder_layers=2,
    vocab=40,
    max_tokens=9,
    teacher_dim=5,
)


@pytest.fixture(scope="module")
def network() -> ImageTextNetwork:
    keras.utils.set_random_seed(3)
    return build_image_text(SMALL)


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(2, 32, 32, 3)).astype(np.float32)


IDS = np.array([[1, 9, 8, 7, 6, 3], [2, 11, 12, 3, 0, 0]], np.int32)


def test_one_token_at_a_time_gives_the_numbers_of_the_whole_sentence(network, pixels):
    features = network.image_encoder(pixels, training=False)["features"]
    whole = to_numpy(network.caption_decoder(IDS, features, training=False))
    memory = network.caption_decoder.memory(features)
    empty = np.zeros((SMALL.decoder_layers, 2, SMALL.heads, 0, SMALL.head_dim), np.float32)
    cache = (empty, empty)
    for position in range(IDS.shape[1]):
        at = np.array([position], np.int32)
        logits, *cache = network.caption_decoder.step(IDS[:, position], at, tuple(cache), memory)
        np.testing.assert_allclose(to_numpy(logits), whole[:, position], atol=1e-5)
        assert tuple(cache[0].shape) == (SMALL.decoder_layers, 2, SMALL.heads, position + 1, SMALL.head_dim)


def test_a_caption_does_not_depend_on_the_words_after_it(network, pixels):
    features = network.image_encoder(pixels, training=False)["features"]
    changed = IDS.copy()
    changed[:, 4:] = 20
    before, after = (to_numpy(network.caption_decoder(ids, features, training=False)) for ids in (IDS, changed))
    np.testing.assert_allclose(before[:, :4], after[:, :4], atol=1e-6)
    assert np.abs(before[:, 4:] - after[:, 4:]).max() > 1e-3


def test_a_caption_depends_on_its_picture(network, pixels):
    features = to_numpy(network.image_encoder(pixels, training=False)["features"])
    ids = np.repeat(IDS[:1], 2, axis=0)
    first, second = to_numpy(network.caption_decoder(ids, features, training=False))
    assert np.abs(first - second).max() > 1e-3


def test_embeddings_have_length_one(network, pixels):
    pictures = to_numpy(network.image_encoder(pixels, training=False)["embedding"])
    sentences = to_numpy(network.text_encoder(IDS, training=False))
    for rows in (pictures, sentences):
        assert rows.shape == (2, SMALL.embed_dim)
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_padding_changes_no_sentence(network):
    padded = np.pad(IDS, ((0, 0), (0, 3)))
    np.testing.assert_allclose(
        to_numpy(network.text_encoder(IDS, training=False)),
        to_numpy(network.text_encoder(padded, training=False)),
        atol=1e-6,
    )


@pytest.mark.parametrize("size", [32, 33, 47])
def test_the_map_has_as_many_places_as_the_sizes_say(size):
    from dataclasses import replace

    config = replace(SMALL, image_size=size)
    encoder = build_image_text(config).image_encoder
    outputs = encoder(np.zeros((1, size, size, 3), np.float32), training=False)
    assert tuple(outputs["features"].shape) == (1, config.map_edge**2, config.width)


def test_the_teacher_is_guessed_only_where_there_is_one(network, pixels):
    from dataclasses import replace

    assert tuple(network.image_encoder(pixels, training=False)["teacher"].shape) == (2, 5)
    alone = build_image_text(replace(SMALL, teacher_dim=0))
    assert "teacher" not in alone.image_encoder(pixels, training=False)


def test_a_config_written_as_json_rebuilds_the_network(network):
    table = json.loads(json.dumps(asdict(SMALL)))
    table.pop("rules")
    again = ImageTextConfig(**{k: tuple(v) if isinstance(v, list) else v for k, v in table.items()})
    assert again == SMALL
    shapes = {name: tuple(v.shape) for name, v in weight_names(network).items()}
    assert {name: tuple(v.shape) for name, v in weight_names(build_image_text(again)).items()} == shapes
    assert len(shapes) == len(network.weights)


def test_weights_have_the_published_names(network):
    names = set(weight_names(network))
    assert {
        "image_encoder.stem_0.convolution.kernel",
        "image_encoder.stage_1_block_0.shortcut.norm.moving_variance",
        "text_encoder.tokens.table",
        "caption_decoder.block_1.cross_attention.query.kernel",
    } <= names
