"""Drawn trials: reproducible, within their ranges, well spread, the first one as the person had it."""

from __future__ import annotations

import dataclasses
import math

import pytest

from mmbm_desktop.engine.runs.checking import check_settings
from mmbm_desktop.engine.tuning.drawing import drawn_trials, planned_epochs, tried_names, values_of
from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.protocol.training import RunSettings

PRESETS = [(recipe.name, preset.name) for recipe in RECIPES for preset in recipe.presets]


@pytest.mark.parametrize(("recipe", "preset"), PRESETS)
def test_every_trial_of_every_preset_makes_sense(recipe, preset, tmp_path):
    settings = RunSettings(recipe, str(tmp_path), "birds", preset, seed=3)
    trials = drawn_trials(settings, 16)
    assert trials[0] == dataclasses.replace(settings, name="birds-t1")
    assert [one.name for one in trials] == [f"birds-t{number}" for number in range(1, 17)]
    for trial in trials:
        check_settings(trial, RECIPES, ("auto",))
        assert set(values_of(trial, tried_names(settings))) == set(tried_names(settings)) >= {"learning_rate"}
    assert len({repr(values_of(one, tried_names(settings))) for one in trials}) == 16


def test_the_seed_decides_and_what_was_typed_is_where_it_looks(tmp_path):
    settings = RunSettings("picture-classes", str(tmp_path), "b" * 100, "residual", learning_rate=0.004, batch=10)
    trials = drawn_trials(settings, 8)
    assert trials == drawn_trials(settings, 8) != drawn_trials(dataclasses.replace(settings, seed=2), 8)
    assert all(len(one.name) <= 100 for one in trials)
    rates = sorted(one.learning_rate or 0.0 for one in trials[1:])
    parts = [int(7 * math.log(rate / 0.0008) / math.log(25)) for rate in rates]
    assert sum(abs(part - wanted) for part, wanted in zip(parts, range(7), strict=True)) <= 1, "rounding moves one"
    assert {one.batch for one in trials} == {5, 10, 20}
    assert all("head" not in one.options and 0.5 <= one.options["augmentation"] <= 1.5 for one in trials[1:])
    assert planned_epochs(settings) == 40


def test_other_options_stay_and_a_preset_decides_what_is_tried(tmp_path):
    settings = RunSettings("picture-classes", str(tmp_path), "birds", "frozen", options={"balanced": True})
    trials = drawn_trials(settings, 8)
    assert all(one.options["balanced"] is True for one in trials)
    assert "augmentation" not in tried_names(settings)
    assert {one.options["head"] for one in trials[1:]} == {"linear", "mlp"}
    assert values_of(trials[0], tried_names(settings)) == {
        "learning_rate": 0.01, "batch": 128, "weight_decay": None, "head": None, "label_smoothing": None
    }  # fmt: skip
