"""Computing in half as many bits, or at another size: what is published has all bits, and the bundle's weights."""

from __future__ import annotations

import dataclasses

import keras
import numpy as np
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.card import card_of
from mmbm_desktop.training.recipes.image_text import ImageTextRecipe
from mmbm_desktop.training.recipes.image_text_precision import plain_twin
from mmbm_desktop.training.spec import read_spec

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorflow", "ignore::UserWarning:tensorflow")


def _spec(spec_file, **changes):
    return dataclasses.replace(read_spec(spec_file), **changes)


def test_a_run_goes_on_from_a_bundle_with_its_weights_at_another_size_of_pictures(spec_file, tmp_path):
    before = ImageTextRecipe(read_spec(spec_file), tmp_path / "cache", no_progress)
    bundle = before.publish(tmp_path / "bundle", {})
    spec = _spec(spec_file, seed=9, version="0.2.0", network={"image_size": 48}, options={"start": str(bundle)})
    after = ImageTextRecipe(spec, tmp_path / "cache", no_progress)
    assert after.config.image_size == 48 != before.config.image_size
    assert after.config.widths == before.config.widths
    names = weight_names(before.network)
    for name, variable in weight_names(after.network).items():
        np.testing.assert_array_equal(to_numpy(variable), to_numpy(names[name]))
    card = card_of(spec, "shapes", 16, ("en",), {})
    assert card.version == "0.2.0"
    assert "going on from the bundle `bundle`." in card.text
    wider = dataclasses.replace(spec, network={"pooled_width": 24})
    with pytest.raises(EnvironmentFault) as caught:
        ImageTextRecipe(wider, tmp_path / "cache", no_progress)
    assert caught.value.code == ErrorCode.BUNDLE_INVALID


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
