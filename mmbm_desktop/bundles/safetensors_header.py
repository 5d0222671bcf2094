"""Reads the header of a .safetensors file and trusts none of it. Format: https://github.com/huggingface/safetensors.

Eight bytes give the header's length, then JSON names each tensor's dtype, shape and place among the bytes that follow.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode
from mmbm_desktop.base.files import os_errors_sorted

if TYPE_CHECKING:
    from pathlib import Path

ITEM_BYTES = {
    "F64": 8,
    "F32": 4,
    "F16": 2,
    "BF16": 2,
    "I64": 8,
    "I32": 4,
    "I16": 2,
    "I8": 1,
    "U8": 1,
    "BOOL": 1,
}
_LENGTH = struct.Struct("<Q")
_HEADER_LIMIT_BYTES = 100 * (1 << 20)


@dataclass(frozen=True)
class TensorPlace:
    """Where one tensor lies: `offset` bytes from the start of the file, `length` bytes long."""

    dtype: str
    shape: tuple[int, ...]
    offset: int
    length: int


def read_places(path: Path) -> dict[str, TensorPlace]:
    """Return every tensor's place.

    Raises:
        EnvironmentFault: BUNDLE_DAMAGED, the header is not valid or points outside the file or tensors overlap.
        MmbmError: the file cannot be read.
    """
    with os_errors_sorted(path), path.open("rb") as file:
        size = path.stat().st_size
        start = file.read(_LENGTH.size)
        if len(start) < _LENGTH.size:
            raise _damaged(path, "no header")
        (length,) = _LENGTH.unpack(start)
        if length > min(_HEADER_LIMIT_BYTES, size - _LENGTH.size):
            raise _damaged(path, "header longer than the file")
        raw = file.read(length)
    try:
        header = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, "header is not JSON") from error
    if not isinstance(header, dict):
        raise _damaged(path, "header is not an object")
    first = _LENGTH.size + length
    places = {name: _place(path, name, entry, first) for name, entry in header.items() if name != "__metadata__"}
    _check_layout(path, places, first, size)
    return places


def _place(path: Path, name: str, entry: Any, first: int) -> TensorPlace:
    try:
        dtype, shape, (begin, end) = entry["dtype"], tuple(entry["shape"]), entry["data_offsets"]
        whole = all(type(number) is int and number >= 0 for number in (*shape, begin, end))
        expected = math.prod(shape) * ITEM_BYTES[dtype]
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, f"tensor {name} is not described") from error
    if not whole or end - begin != expected:
        raise _damaged(path, f"tensor {name} has another size than its shape")
    return TensorPlace(dtype, shape, first + begin, expected)


def _check_layout(path: Path, places: dict[str, TensorPlace], first: int, size: int) -> None:
    end = first
    for name, place in sorted(places.items(), key=lambda item: (item[1].offset, item[1].length)):
        if place.offset < end:
            raise _damaged(path, f"tensor {name} overlaps another")
        end = place.offset + place.length
    if end > size:
        raise _damaged(path, "tensors lie beyond the end of the file")


def _damaged(path: Path, reason: str) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.BUNDLE_DAMAGED, reason, name=path.parent.name, file=path.name)
