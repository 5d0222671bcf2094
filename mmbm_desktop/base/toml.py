"""Writes the TOML of `spec.toml`; reading is the standard library's `tomllib`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

_EMPTY: tuple[Any, ...] = (None, {}, "", (), [])


def to_toml(table: Mapping[str, Any]) -> str:
    """Return a table as TOML that reads back to the same values; what is empty is left out.

    Args:
        table: values, lists of values, tables of values, and lists of such tables, which are written last.
    """
    rest = {name: value for name, value in table.items() if value not in _EMPTY}
    lists = {name: rest.pop(name) for name in list(rest) if _is_tables(rest[name])}
    tables = {name: rest.pop(name) for name in list(rest) if isinstance(rest[name], Mapping)}
    lines = [f"{key} = {_value(value)}" for key, value in rest.items()]
    for name, inner in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {_value(value)}" for key, value in inner.items())]
    for name, inner in ((name, inner) for name, entries in lists.items() for inner in entries):
        lines += ["", f"[[{name}]]", *(f"{key} = {_value(value)}" for key, value in inner.items())]
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    if not isinstance(value, list | tuple):
        return False
    return any(isinstance(one, Mapping) for one in cast("Sequence[Any]", value))


def _value(value: Any) -> str:
    """Return one value; JSON spells strings, numbers, booleans and lists of them as TOML does, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
