"""Reads `NAME=VALUE` as a person types it on a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault

if TYPE_CHECKING:
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
