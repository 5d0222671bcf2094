"""Draws the settings of a search's trials. The same settings and seed draw the same trials on every computer."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from mmbm_desktop.protocol.recipe_catalogue import RECIPES
from mmbm_desktop.protocol.tried_settings import BATCH, DECAY, RATE, tried_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.recipes import PresetInfo
    from mmbm_desktop.protocol.training import RunSettings, SettingValue
    from mmbm_desktop.protocol.tried_settings import TriedSetting

_LONGEST_NAME = 95
_HIGHEST_RATE = 0.9
_OF_RUNS = (RATE, BATCH, DECAY)


def tried_names(settings: RunSettings) -> tuple[str, ...]:
    """Return the names of what a search tries for a run."""
    return tuple(one.name for one in tried_for(settings.recipe, _preset(settings).name))


def drawn_trials(settings: RunSettings, count: int) -> tuple[RunSettings, ...]:
    """Return the settings of every trial: first the person's own, then drawn ones.

    Each setting's range is cut into as many parts as there are drawn trials, and each part is drawn from once (Latin
    hypercube: McKay, Beckman & Conover, "A Comparison of Three Methods for Selecting Values of Input Variables",
    Technometrics 1979), so that a few trials spread well in every setting.
    """
    preset = _preset(settings)
    tried = tried_for(settings.recipe, preset.name)
    draw = random.Random(settings.seed)
    columns = [_drawn(one, settings, preset, count - 1, draw) for one in tried]
    rows = ({one.name: column[row] for one, column in zip(tried, columns, strict=True)} for row in range(count - 1))
    trials = [settings, *(_with(settings, row) for row in rows)]
    return tuple(
        replace(one, name=f"{settings.name[:_LONGEST_NAME]}-t{number}") for number, one in enumerate(trials, start=1)
    )


def values_of(settings: RunSettings, names: Sequence[str]) -> dict[str, SettingValue | None]:
    """Return the named settings of a run; None of one that is left to the preset and not known here."""
    preset = _preset(settings)
    own = {RATE: preset.learning_rate, BATCH: preset.batch}
    found: dict[str, SettingValue | None] = {}
    for name in names:
        chosen = getattr(settings, name) if name in _OF_RUNS else settings.options.get(name)
        found[name] = own.get(name) if chosen is None else chosen
    return found


def planned_epochs(settings: RunSettings) -> int:
    """Return the epochs of a whole run."""
    return settings.epochs or _preset(settings).epochs


def _preset(settings: RunSettings) -> PresetInfo:
    presets = next(one.presets for one in RECIPES if one.name == settings.recipe)
    return next(one for one in presets if settings.preset in (None, one.name))


def _drawn(
    one: TriedSetting, settings: RunSettings, preset: PresetInfo, count: int, draw: random.Random
) -> list[SettingValue]:
    own = {RATE: settings.learning_rate or preset.learning_rate, BATCH: settings.batch or preset.batch}
    unit = float(own[one.name]) if one.relative else 1.0
    parts = list(range(count))
    draw.shuffle(parts)
    return [_value(one, (part + draw.random()) / count, unit) for part in parts]


def _value(one: TriedSetting, along: float, unit: float) -> SettingValue:
    """Return what lies so far along a setting's range, 0..1; fractions to two digits, as a person would type them."""
    if one.values:
        chosen = one.values[min(int(along * len(one.values)), len(one.values) - 1)]
        value = chosen * unit if one.relative and isinstance(chosen, float) else chosen
    elif one.logarithmic:
        value = unit * one.lowest * (one.highest / one.lowest) ** along
    else:
        value = unit * (one.lowest + along * (one.highest - one.lowest))
    if one.name == BATCH:
        return max(1, round(float(value)))
    if isinstance(value, float):
        value = float(f"{value:.1e}")
    return min(value, _HIGHEST_RATE) if one.name == RATE and isinstance(value, float) else value


def _with(settings: RunSettings, values: dict[str, SettingValue]) -> RunSettings:
    """Return the settings with some changed: fields of runs, the others as options of the recipe."""
    known = {one.name for one in fields(settings)}
    changes = {name: value for name, value in values.items() if name in known}
    options = {name: value for name, value in values.items() if name not in known}
    return replace(settings, **changes, options={**settings.options, **options})  # pyright: ignore[reportArgumentType]
