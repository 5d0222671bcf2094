"""Going on from a bundle, and computing in half as many bits: what is published has all of them."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.networks.image_text import weight_names
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.card import card_of
from mmbm_desktop.training.recipes.image_text import ImageTextRecipe
from mmbm_desktop.training.recipes.image_text_weights import plain_twin, take_weights
from mmbm_desktop.training.spec import read_spec
from mmbm_desktop.training.tokenizer import read_tokenizer
from tests.training.conftest import SPEC, make_shapes

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorflow", "ignore::UserWarning:tensorflow")


def _spec(spec_file, **changes):
    return dataclasses.replace(read_spec(spec_file), **changes)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory):
    """Return an untrained recipe, its bundle, and its spec in a folder with its data."""
    folder = tmp_path_factory.mktemp("published")
    make_shapes(folder / "shapes")
    (folder / "spec.toml").write_text(SPEC, "utf-8")
    recipe = ImageTextRecipe(read_spec(folder / "spec.toml"), folder / "cache", no_progress)
    return recipe, recipe.publish(folder / "bundle", {}), folder / "spec.toml"


def test_a_run_goes_on_from_a_bundle_with_its_weights_and_tokenizer(published, tmp_path):
    before, bundle, spec_file = published
    spec = _spec(spec_file, seed=9, vocab=60, version="0.2.0", start=str(bundle))
    after = ImageTextRecipe(spec, tmp_path / "cache", no_progress)
    assert after.data.tokenizer.to_str() == before.data.tokenizer.to_str()
    names = weight_names(before.network)
    assert set(names) == set(weight_names(after.network))
    for name, variable in weight_names(after.network).items():
        np.testing.assert_array_equal(to_numpy(variable), to_numpy(names[name]))
    card = card_of(spec, "shapes", 16, ("en",), {})
    assert card.version == "0.2.0"
    assert "4 epochs of joint, going on from the bundle `bundle`." in card.text


def test_a_bundle_of_other_sizes_cannot_be_gone_on_from(published, tmp_path):
    _, bundle, spec_file = published
    spec = _spec(spec_file, start=str(bundle))
    wider = dataclasses.replace(spec, network={**spec.network, "pooled_width": 24})
    with pytest.raises(EnvironmentFault) as caught:
        ImageTextRecipe(wider, tmp_path / "cache", no_progress)
    assert caught.value.code == ErrorCode.BUNDLE_INVALID
    assert caught.value.params["field"] == "network"


def test_a_broken_bundle_cannot_be_gone_on_from(published, tmp_path):
    bundle = Path(shutil.copytree(published[1], tmp_path / "broken"))
    (bundle / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(EnvironmentFault) as caught:
        read_tokenizer(bundle)
    assert caught.value.params["field"] == "tokenizer.json"
    (bundle / "model.safetensors").write_bytes(b"x" * 20)
    with pytest.raises(EnvironmentFault) as caught:
        take_weights(published[0].network, bundle)
    assert caught.value.params["field"] == "model.safetensors"


def test_only_recipes_that_can_go_on_may_be_told_to(tmp_path):
    file = tmp_path / "spec.toml"
    file.write_text(
        'recipe = "translation"\nname = "a"\ndata = "."\nstart = "b"\n[[phases]]\ngoal = "translate"\nepochs = 1\n',
        "utf-8",
    )
    with pytest.raises(InputFault):
        read_spec(file)


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
