"""Image-text runs that start from a bundle, and runs for search or captions alone."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.files import sha256_of
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.bundles.manifest import FileEntry, read_manifest, write_manifest
from mmbm_desktop.networks.image_text import build_image_text, weight_names
from mmbm_desktop.networks.tensors import to_numpy
from mmbm_desktop.training.recipes.image_text import ImageTextRecipe
from mmbm_desktop.training.recipes.image_text_goals import tasks_of
from mmbm_desktop.training.recipes.image_text_start import read_start
from mmbm_desktop.training.spec import FurtherData, PhaseSpec, TrainSpec, default_spec, read_spec, spec_from, to_toml


def _recipe(data: Path, bundle: Path, goal: str = "joint", **more) -> ImageTextRecipe:
    options = {"start": str(bundle), "replay": 0.5}
    spec = TrainSpec("image-text", "mine", str(data), (PhaseSpec(goal, 1),), batch=4, options=options, **more)
    return ImageTextRecipe(spec, data.parent / "cache", no_progress)


def test_a_run_starts_with_the_bundles_weights_and_its_tokenizer(shapes, tiny_bundle):
    recipe = _recipe(shapes, tiny_bundle)
    arrays = load_file(tiny_bundle / "model.safetensors")
    for name, variable in weight_names(recipe.network).items():
        np.testing.assert_array_equal(to_numpy(variable), arrays[name])
    assert recipe.data.tokenizer.get_vocab() == read_start(str(tiny_bundle)).tokenizer.get_vocab()


def test_a_bundle_with_other_weights_than_its_sizes_say_is_refused(tiny_bundle, tmp_path):
    bundle = Path(shutil.copytree(tiny_bundle, tmp_path / "odd"))
    weights = bundle / "model.safetensors"
    arrays = load_file(weights)
    save_file({name: array for name, array in arrays.items() if name != "text_encoder.norm.beta"}, weights)
    manifest = read_manifest(bundle)
    entry = FileEntry(weights.stat().st_size, sha256_of(weights))
    write_manifest(bundle, dataclasses.replace(manifest, files={**manifest.files, weights.name: entry}))
    start = read_start(str(bundle))
    with pytest.raises(EnvironmentFault) as caught:
        start.fill(build_image_text(start.config))
    assert caught.value.detail == "text_encoder.norm.beta"


def test_a_start_that_is_not_there_is_said_to_be_missing():
    with pytest.raises(EnvironmentFault) as caught:
        read_start("no-such-bundle")
    assert caught.value.code == ErrorCode.MODEL_MISSING


def test_a_share_of_every_batch_comes_from_the_general_folder(shapes, tiny_bundle, tmp_path):
    general = shutil.copytree(shapes, tmp_path / "general")
    english = shapes / "metadata.jsonl"
    english.write_text(english.read_text("utf-8").replace("caption_zh", "note"), "utf-8")
    recipe = _recipe(shapes, tiny_bundle, further=(FurtherData(str(general), "replay"),))
    phase = recipe.spec.phases[0]
    assert recipe.languages == ("en", "zh")
    assert recipe.steps(phase) == 16 // 2
    inputs, targets = recipe.batch(phase, 0, 0)
    assert (inputs["pixels"].shape, inputs["ids"].shape, targets) == ((4, 32, 32, 3), (8, 16), {})
    assert inputs["ids"][:, 0].tolist() == [1, 1, 1, 1, 1, 2, 1, 2]
    again, _ = recipe.batch(phase, 0, 0)
    np.testing.assert_array_equal(inputs["ids"], again["ids"])


def test_a_further_folder_for_something_else_is_refused(shapes, tiny_bundle):
    with pytest.raises(InputFault) as caught:
        _recipe(shapes, tiny_bundle, further=(FurtherData(str(shapes), "speech"),))
    assert caught.value.params["reason"] == "unknown-role"


def _trained(recipe: ImageTextRecipe) -> set[str]:
    recipe.start_phase(recipe.spec.phases[0])
    return {variable.path.split("/", 1)[1].replace("/", ".") for variable in recipe.network.trainable_variables}


def test_teaching_search_leaves_a_bundles_captions_alone_and_the_other_way_round(shapes, tiny_bundle):
    recipe = _recipe(shapes, tiny_bundle, "caption")
    captions = _trained(recipe)
    assert captions
    assert all(
        name.startswith(("caption_decoder.", "image_encoder.to_f", "image_encoder.features_")) for name in captions
    )
    recipe.spec = dataclasses.replace(recipe.spec, phases=(PhaseSpec("contrast", 1),))
    search = _trained(recipe)
    assert search
    assert all(name.startswith(("text_encoder.", "image_encoder.to_embedding")) for name in search)
    assert not any("tokens.table" in name for name in captions | search)


@pytest.mark.parametrize(("goal", "silent"), [("caption", "contrast"), ("contrast", "caption")])
def test_a_goal_adds_up_its_own_losses_and_is_judged_by_them(spec_file, goal, silent):
    spec_file.write_text(spec_file.read_text("utf-8").replace('"joint"', f'"{goal}"'), "utf-8")
    recipe = ImageTextRecipe(read_spec(spec_file), spec_file.parent / "cache", no_progress)
    phase = recipe.spec.phases[0]
    recipe.start_phase(phase)
    recipe.learner.compile(optimizer=keras.optimizers.Adam(0.001))
    told = recipe.learner.train_on_batch(*recipe.batch(phase, 0, 0), return_dict=True)
    assert told[silent] == 0
    assert told[goal] == pytest.approx(told["loss"])
    assert any(variable.path.endswith("tokens/table") for variable in recipe.network.trainable_variables)
    numbers = recipe.validate(phase)
    assert numbers["score"] == (-numbers["caption"] if goal == "caption" else pytest.approx(_recall(numbers)))


def _recall(numbers: dict[str, float]) -> float:
    return (numbers["recall@10 en"] + numbers["recall@10 zh"]) / 2


def test_a_bundle_says_it_can_do_what_it_was_taught():
    assert tasks_of(["distil", "caption"], started=False) == ("caption",)
    assert tasks_of(["contrast"], started=False) == ("embed-image", "embed-text")
    assert tasks_of(["contrast"], started=True) == tasks_of(["joint"], started=False)


def test_presets_name_their_start_and_a_relative_folder_begins_at_the_spec(tmp_path):
    spec = default_spec("image-text", tmp_path, "mine", 3, "fine-tune")
    assert spec.options == {"start": "image-text-small"}
    assert spec.phases[0].learning_rate < PhaseSpec("joint", 1).learning_rate
    file = tmp_path / "spec.toml"
    file.write_text(to_toml(dataclasses.replace(spec, options={"start": "../bundles/mine"})), "utf-8")
    assert read_spec(file).options["start"] == str(tmp_path.parent / "bundles" / "mine")


@pytest.mark.parametrize("options", [{"reward": "gold"}, {"kl": -1.0}, {"drawn": 0}, {"start": ""}])
def test_rewards_that_make_no_sense_are_refused(options):
    table = {"recipe": "caption-reward", "name": "a", "data": "b", "phases": [{"goal": "self-critical", "epochs": 1}]}
    with pytest.raises(ValueError, match="makes no sense"):
        spec_from({**table, "options": options})
