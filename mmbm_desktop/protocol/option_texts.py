"""Reads what a person types of a run on a command line: its settings, `NAME=VALUE`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.protocol.training import RunSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mmbm_desktop.protocol.training import SettingValue

_WORDS = {"true": True, "false": False}


def option_value(text: str) -> tuple[str, SettingValue]:
    """Return a setting's name and its value: true or false, a whole number, a number, or else the text.

    Raises:
        InputFault: there is no "=" behind a name.
    """
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise InputFault(ErrorCode.ARGUMENT_INVALID, "NAME=VALUE is wanted", name="--option", value=text)
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, _WORDS.get(value.lower(), value)


def typed_settings(typed: Mapping[str, Any]) -> RunSettings:
    """Return the settings of a run whose task and name were typed; what was not is None, and left to the recipe.

    Raises:
        InputFault: see `option_value`.
    """
    return RunSettings(
        recipe=typed["task"],
        data=str(Path(typed["data"]).absolute()) if typed["data"] else "",
        name=typed["name"],
        preset=typed["preset"],
        epochs=typed["epochs"],
        learning_rate=typed["learning_rate"],
        batch=typed["batch"],
        weight_decay=typed["weight_decay"],
        seed=1 if typed["seed"] is None else typed["seed"],
        device=typed["device"] or "auto",
        options=dict(option_value(text) for text in typed["option"] or ()),
        patience=typed["patience"] or 0,
        min_delta=typed["min_delta"] or 0.0,
    )
