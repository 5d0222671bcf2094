"""Records as plain data for JSON, and back: what a training process tells and what lies in a run's folder.

Reading trusts nothing: what has another shape than its record is refused.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from mmbm_desktop.base.errors import ErrorCode, Fault, MmbmError, ParamValue
from mmbm_desktop.protocol.failure import Failure

Record = TypeVar("Record")
_APART = ("event", "error", "detail", "fault")


def plain(record: Any) -> dict[str, Any]:
    """Return a frozen record as a dictionary that JSON can hold."""
    return dataclasses.asdict(record)


def record_of(kind: type[Record], data: Any) -> Record:
    """Return the record that `plain` was given; unknown keys are passed over, missing ones take their defaults.

    Raises:
        ValueError: a value is missing or of another type.
    """
    if not isinstance(data, Mapping):
        raise ValueError(f"{kind.__name__}: {data!r}")  # noqa: TRY004 - one exception for whatever is wrong
    given = cast("Mapping[str, Any]", data)
    hints = get_type_hints(kind)
    names = [one.name for one in dataclasses.fields(cast("Any", kind)) if one.name in given]
    try:
        return kind(**{name: _value(hints[name], given[name]) for name in names})
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


def _value(hint: Any, data: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _one_of(inner, data)
    if origin is tuple:
        return _many(inner, data)
    if origin is dict:
        if not isinstance(data, dict):
            raise ValueError(f"{data!r} is no table")
        return {str(key): _value(inner[1], value) for key, value in cast("dict[str, Any]", data).items()}
    if dataclasses.is_dataclass(hint):
        return record_of(cast("type[Any]", hint), data)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(data)
    return _simple(hint, data)


def _one_of(kinds: tuple[Any, ...], data: Any) -> Any:
    for kind in kinds:
        try:
            return _value(kind, data)
        except ValueError:
            continue
    raise ValueError(f"{data!r} is none of {kinds}")


def _many(inner: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if not isinstance(data, list | tuple):
        raise ValueError(f"{data!r} is no list")  # noqa: TRY004
    return tuple(_value(inner[0], one) for one in cast("list[Any]", data))


def _simple(hint: Any, data: Any) -> Any:
    if hint is float and type(data) is int:
        return float(data)
    if type(data) is hint or (hint is type(None) and data is None):
        return data
    raise ValueError(f"{data!r} is no {hint}")


def told(error: MmbmError) -> dict[str, Any]:
    """Return an error as a line of a process's report."""
    return {
        "event": "error",
        "error": str(error.code),
        "fault": str(error.fault),
        **error.params,
        "detail": error.detail,
    }


def failure_told(line: Mapping[str, Any]) -> Failure:
    """Return the failure of such a line, whose fault may be missing; an unknown code is TRAINING_FAILED."""
    name = str(line.get("error", ""))
    code = ErrorCode(name) if name in set(ErrorCode) else ErrorCode.TRAINING_FAILED
    usual = Fault.BUG if code is ErrorCode.BUG else Fault.INPUT
    fault = Fault(line["fault"]) if line.get("fault") in set(Fault) else usual
    params: dict[str, ParamValue] = {
        key: value for key, value in line.items() if key not in _APART and isinstance(value, str | int | float)
    }
    return Failure(code, fault, params, str(line.get("detail", "")))
