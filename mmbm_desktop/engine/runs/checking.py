"""Refuses settings of a run that make no sense before anything is made of them. The training process looks again."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.recipes import OptionInfo, RecipeInfo
    from mmbm_desktop.protocol.training import RunSettings, SettingValue

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


def check_settings(settings: RunSettings, recipes: Sequence[RecipeInfo], devices: Sequence[str]) -> None:
    """Accept settings of a new run.

    Raises:
        InputFault: ARGUMENT_INVALID (`name`, `value`), SPEC_INVALID (a bad name) or FOLDER_NOT_FOUND.
    """
    recipe = next((one for one in recipes if one.name == settings.recipe), None)
    if recipe is None:
        raise _refused("recipe", settings.recipe)
    if not _NAME.fullmatch(settings.name):
        detail = "small letters, digits, dots and hyphens"
        raise InputFault(ErrorCode.SPEC_INVALID, detail, reason="bad-name", name=settings.name)
    if recipe.kinds or settings.data:
        _check_folder(settings.data)
    if settings.preset is not None and settings.preset not in (one.name for one in recipe.presets):
        raise _refused("preset", settings.preset)
    _check_numbers(settings, recipe)
    if settings.device not in devices:
        raise _refused("device", settings.device)
    if settings.device == "all" and recipe.one_device:
        raise InputFault(ErrorCode.SPEC_INVALID, recipe.name, reason="one-device")
    for name, value in settings.options.items():
        _check_option(name, value, recipe.options)


def _check_numbers(settings: RunSettings, recipe: RecipeInfo) -> None:
    for name, number in (("epochs", settings.epochs), ("batch", settings.batch)):
        if number is not None and number < 1:
            raise _refused(name, number)
    if settings.learning_rate is not None and not 0 < settings.learning_rate < 1:
        raise _refused("learning_rate", settings.learning_rate)
    if settings.weight_decay is not None and not 0 <= settings.weight_decay < math.inf:
        raise _refused("weight_decay", settings.weight_decay)
    if settings.patience < 0 or (settings.patience and not recipe.kinds):
        raise _refused("patience", settings.patience)
    if not 0 <= settings.min_delta < math.inf:
        raise _refused("min_delta", settings.min_delta)


def _check_folder(data: str) -> None:
    try:
        data.encode()
        there = bool(data) and Path(data).is_dir()
    except (UnicodeEncodeError, ValueError) as error:
        raise InputFault(ErrorCode.FOLDER_UNREADABLE, str(error), path=ascii(data)) from error
    except OSError as error:
        raise InputFault(ErrorCode.FOLDER_UNREADABLE, str(error), path=data) from error
    if not there:
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=data)


def _check_option(name: str, value: SettingValue, options: Sequence[OptionInfo]) -> None:
    """Look at the options that the catalogue describes; the others are the training process's to know."""
    option = next((one for one in options if one.name == name), None)
    if option is None:
        return
    number = isinstance(value, int | float) and not isinstance(value, bool)
    wanted = type(option.default)
    fits = type(value) is wanted or (wanted is float and type(value) is int)
    low, high = option.lowest, option.highest
    if fits and number and isinstance(value, int | float):
        fits = (low is None or value >= low) and (high is None or value <= high)
    if not fits or (option.choices and value not in option.choices):
        raise _refused(name, value)


def _refused(name: str, value: SettingValue) -> InputFault:
    return InputFault(ErrorCode.ARGUMENT_INVALID, name=name, value=value)
