"""Specs: read, refused, written back."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.protocol import recipe_catalogue
from mmbm_desktop.protocol.training import RunSettings
from mmbm_desktop.training.recipe_rules import RECIPES
from mmbm_desktop.training.settings import spec_of
from mmbm_desktop.training.spec import FurtherData, TeacherSpec, default_spec, read_spec, to_toml

SPECS = Path(__file__).parents[2] / "models" / "specs"
SHIPPED = sorted(SPECS.glob("*.toml"))


def test_relative_paths_start_at_the_spec(spec_file):
    spec = read_spec(spec_file)
    assert spec.data == str(spec_file.parent / "shapes")
    assert spec.phases[0].goal == "joint"
    assert spec.network["stem_widths"] == [8, 8]


def test_a_spec_written_out_reads_back_the_same(spec_file, tmp_path):
    spec = read_spec(spec_file)
    spec = dataclasses.replace(
        spec,
        teacher=TeacherSpec("/t", "/p", 0.25),
        further=(FurtherData("/more", "noise"),),
        title={"en": 'A "B"', "zh": "二"},
        sources=({"name": "a", "terms": "b"},),
    )
    copy = tmp_path / "copy.toml"
    copy.write_text(to_toml(spec), "utf-8")
    assert read_spec(copy) == spec


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('recipe = "image-text"', 'recipe = "magic"'),
        ('name = "shapes"', 'name = "../shapes"'),
        ("batch = 4", "batch = 0"),
        ("batch = 4", 'batch = "four"'),
        ("batch = 4", "batches = 4"),
        ("epochs = 4", "epochs = 0"),
        ('goal = "joint"', 'goal = "distil"'),
        ("image_size = 32", 'image_size = "big"'),
        ("image_size = 32", "picture_size = 32"),
        ("[network]", "[network"),
        ("[network]", "[options]\nmagic = 1\n\n[network]"),
        ("image_size = 32", "rules = 1"),
        ("[network]", '[[sources]]\nname = "nameless"\n\n[network]'),
        ("learning_rate = 0.005", "learning_rate = 50.0"),
    ],
)
def test_nonsense_is_refused_with_the_reason(spec_file, old, new):
    spec_file.write_text(spec_file.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(InputFault) as caught:
        read_spec(spec_file)
    assert caught.value.code == ErrorCode.SPEC_INVALID
    assert caught.value.detail


def test_a_missing_spec_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputFault) as caught:
        read_spec(tmp_path / "spec.toml")
    assert caught.value.code == ErrorCode.FILE_NOT_FOUND


PRESETS = [(recipe, preset) for recipe, rules in RECIPES.items() for preset in rules.presets]


@pytest.mark.parametrize(("recipe", "preset"), PRESETS)
def test_a_folder_and_a_name_make_a_spec(tmp_path, recipe, preset):
    spec = default_spec(recipe, tmp_path, "mine", 3, preset)
    assert (spec.name, spec.data, spec.phases[0].epochs) == ("mine", str(tmp_path), 3)
    assert spec.phases[-1].goal == RECIPES[recipe].goals[0]
    assert spec.network == RECIPES[recipe].presets[preset]


@pytest.mark.parametrize(("recipe", "preset"), [("magic", None), ("image-text", "huge")])
def test_an_unknown_recipe_or_preset_is_refused(tmp_path, recipe, preset):
    with pytest.raises(InputFault) as caught:
        default_spec(recipe, tmp_path, "mine", 3, preset)
    assert caught.value.code == ErrorCode.ARGUMENT_INVALID


def test_a_name_is_needed(tmp_path):
    with pytest.raises(InputFault) as caught:
        default_spec("image-text", tmp_path, None, 3)
    assert caught.value.code == ErrorCode.SPEC_INVALID
    assert caught.value.params["reason"] == "task-data-name"


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_shipped_specs_are_sound_and_name_no_absolute_path(file):
    assert read_spec(file).name == file.stem
    assert '= "/' not in file.read_text("utf-8")


@pytest.mark.parametrize("file", sorted(SPECS.glob("picture-classes/*.toml")), ids=lambda file: file.stem)
def test_specs_of_measured_classifiers_are_their_presets(file, tmp_path):
    spec = read_spec(file)
    usual = spec_of(RunSettings("picture-classes", str(tmp_path), "any", file.stem))

    assert '= "/' not in file.read_text("utf-8")
    assert (spec.network, spec.phases, spec.batch) == (usual.network, usual.phases, usual.batch)
    assert spec.weight_decay == usual.weight_decay
    assert {**spec.options, **usual.options} == spec.options


@pytest.mark.parametrize("recipe", recipe_catalogue.RECIPES, ids=lambda recipe: recipe.name)
def test_the_catalogue_shows_what_a_spec_may_say(recipe):
    rules = RECIPES[recipe.name]
    defaults = {one.name: one.default for one in dataclasses.fields(rules.options)}

    assert [preset.name for preset in recipe.presets] == list(rules.presets)
    assert {option.name: option.default for option in recipe.options}.items() <= defaults.items()


def test_a_preset_brings_its_own_rate_batch_and_options(tmp_path):
    spec = spec_of(RunSettings("picture-classes", str(tmp_path), "mine", "tiny-cnn"))

    assert (spec.phases[0].epochs, spec.phases[0].learning_rate, spec.batch) == (10, 1e-4, 32)
    assert (spec.weight_decay, spec.options["augmentation"]) == (0.0, 0.0)


@pytest.mark.parametrize(("table", "key", "value"), [("options", "head", "forest"), ("network", "body", "transformer")])
def test_a_text_that_is_none_of_the_choices_is_refused(tmp_path, table, key, value):
    file = tmp_path / "spec.toml"
    text = to_toml(default_spec("picture-classes", tmp_path, "mine", 3))
    text = text.replace('body = "encoder"\n', "") + f'\n[{table}]\n{key} = "{value}"\n'
    file.write_text(text.replace("[network]\nfrozen = true\n", "") if table == "network" else text, "utf-8")

    with pytest.raises(InputFault) as caught:
        read_spec(file)
    assert value in caught.value.detail
