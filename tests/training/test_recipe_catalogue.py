"""What the window offers for a recipe is what its spec may say."""

from __future__ import annotations

import dataclasses

import pytest

from mmbm_desktop.protocol.recipe_catalogue import RECIPES as OFFERED
from mmbm_desktop.protocol.recipes import RecipeInfo
from mmbm_desktop.training.recipe_rules import RECIPES


@pytest.mark.parametrize("info", OFFERED, ids=lambda info: info.name)
def test_presets_and_settings_are_those_of_the_rules(info: RecipeInfo):
    rules = RECIPES[info.name]
    assert {preset.name for preset in info.presets} <= set(rules.presets)
    defaults = {one.name: one.default for one in dataclasses.fields(rules.options)}
    assert {option.name: option.default for option in info.options}.items() <= defaults.items()
    for preset in info.presets:
        if preset.name in rules.plans:
            assert rules.plans[preset.name].learning_rate == preset.learning_rate
