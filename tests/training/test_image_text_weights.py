"""Larger pictures than a run began with, and computing in half as many bits: what is published has all of them."""

from __future__ import annotations

import dataclasses

import keras
import numpy as np
import pytest

from mmbm_desktop.base.errors import InputFault
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.card import card_of
from mmbm_desktop.training.recipes.image_text import ImageTextRecipe
from mmbm_desktop.training.recipes.image_text_weights import plain_twin
from mmbm_desktop.training.spec import read_spec
from tests.training.conftest import SPEC, make_shapes

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorflow", "ignore::UserWarning:tensorflow")


def _spec(spec_file, **changes):
    return dataclasses.replace(read_spec(spec_file), **changes)


def test_a_run_that_goes_on_may_look_at_larger_pictures_and_its_card_says_where_it_began(tmp_path):
    make_shapes(tmp_path / "shapes")
    (tmp_path / "spec.toml").write_text(SPEC, "utf-8")
    spec = read_spec(tmp_path / "spec.toml")
    before = ImageTextRecipe(spec, tmp_path / "cache", no_progress)
    options = {"start": str(before.publish(tmp_path / "bundle", {}))}
    larger = dataclasses.replace(spec, version="0.2.0", network={"image_size": 48}, options=options)
    after = ImageTextRecipe(larger, tmp_path / "cache", no_progress)
    assert after.config.image_size == 48
    weights = weight_names(before.network)
    for name, variable in weight_names(after.network).items():
        np.testing.assert_array_equal(to_numpy(variable), to_numpy(weights[name]))
    card = card_of(larger, "shapes", 16, ("en",), {})
    assert card.version == "0.2.0"
    assert "4 epochs of joint, going on from the bundle `bundle`." in card.text


def test_an_unknown_precision_is_refused(spec_file):
    spec_file.write_text(spec_file.read_text("utf-8") + '\n[options]\nprecision = "float16"\n', "utf-8")
    with pytest.raises(InputFault):
        read_spec(spec_file)


def test_half_the_bits_give_nearly_the_same_and_what_is_published_has_all(spec_file, tmp_path):
    whole = ImageTextRecipe(read_spec(spec_file), tmp_path / "cache", no_progress)
    half = ImageTextRecipe(_spec(spec_file, options={"precision": "bfloat16"}), tmp_path / "cache", no_progress)
    assert keras.config.dtype_policy().name == "float32"
    inputs, _ = whole.batch(read_spec(spec_file).phases[0], 0, 0)
    exact, near = (recipe.learner(inputs, training=False) for recipe in (whole, half))
    for name in ("embedding", "text_embedding", "logits"):
        assert near[name].dtype == "float32"
        np.testing.assert_allclose(to_numpy(near[name]), to_numpy(exact[name]), atol=0.1)
    assert all(variable.dtype == "float32" for variable in half.network.trainable_variables)
    half.start_phase(read_spec(spec_file).phases[0])
    half.learner.compile(optimizer="sgd")
    losses = half.learner.train_on_batch(inputs, {}, return_dict=True)
    assert all(np.isfinite(loss) for loss in losses.values())
    twin = plain_twin(half.network)
    again = to_numpy(twin.image_encoder(inputs["pixels"], training=False)["embedding"])
    expected = to_numpy(half.network.image_encoder(inputs["pixels"], training=False)["embedding"])
    np.testing.assert_allclose(again, expected, atol=0.1)
    assert twin.image_encoder.last.convolution.compute_dtype == "float32"
    assert half.network.image_encoder.last.convolution.compute_dtype == "bfloat16"
    theirs = weight_names(half.network)
    for name, variable in weight_names(twin).items():
        np.testing.assert_array_equal(to_numpy(variable), to_numpy(theirs[name]))
