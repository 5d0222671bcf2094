"""What the window offers for a recipe is what its spec may say."""

from __future__ import annotations

import dataclasses

import pytest

from mmbm_desktop.engine.tuning.drawing import drawn_trials
from mmbm_desktop.protocol.recipe_catalogue import RECIPES as OFFERED
from mmbm_desktop.protocol.recipes import RecipeInfo
from mmbm_desktop.protocol.training import RunSettings
from mmbm_desktop.protocol.tried_settings import NO_RANGE_TEST, TRIED
from mmbm_desktop.training.recipe_rules import RECIPES
from mmbm_desktop.training.settings import spec_of


@pytest.mark.parametrize("info", OFFERED, ids=lambda info: info.name)
def test_presets_and_settings_are_those_of_the_rules(info: RecipeInfo, tmp_path):
    rules = RECIPES[info.name]
    assert {preset.name for preset in info.presets} <= set(rules.presets)
    defaults = {one.name: one.default for one in dataclasses.fields(rules.options)}
    assert {option.name: option.default for option in info.options}.items() <= defaults.items()
    for preset in info.presets:
        if preset.name in rules.plans:
            assert rules.plans[preset.name].learning_rate == preset.learning_rate
        settings = RunSettings(info.name, str(tmp_path) if info.kinds else "", "birds", preset.name)
        assert preset.weight_decay == (None if rules.acts else spec_of(settings).weight_decay)


@pytest.mark.parametrize("info", OFFERED, ids=lambda info: info.name)
def test_what_a_search_tries_is_what_a_spec_may_say(info: RecipeInfo, tmp_path):
    for preset in info.presets:
        settings = RunSettings(info.name, str(tmp_path) if info.kinds else "", "birds", preset.name)
        plain, *trials = (spec_of(one) for one in drawn_trials(settings, 8))
        assert plain == spec_of(dataclasses.replace(settings, name="birds-t1"))
        assert len({spec.phases[0].learning_rate for spec in trials}) > 4
        tried = {one.name for one in TRIED[info.name]}
        assert ("weight_decay" in tried) == (len({spec.weight_decay for spec in trials}) > 1)


def test_agents_have_no_range_test():
    assert {name for name, why in NO_RANGE_TEST.items() if why == "acts"} == {
        name for name, rules in RECIPES.items() if rules.acts
    }
