"""Reads which files a hollow ONNX structure points into, without the `onnx` package, whose import takes too long.

Only the wire format's shape is used (protobuf.dev/programming-guides/encoding) and the numbers of the fields that can
hold a tensor (onnx.proto, IR version 10). Unknown fields are skipped. Nothing is executed and no tensor is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_DEEPEST = 32

# message -> field number -> message inside it; "external" is what is looked for
_INSIDE: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "external"},
}


@dataclass(frozen=True)
class ExternalData:
    """Where one tensor's bytes lie; `length` None means up to the end of the file."""

    location: str
    offset: int
    length: int | None


def require_inside(structure: bytes, name: str, sizes: Mapping[str, int]) -> None:
    """Accept a structure all of whose outside tensors lie within the named files of its own folder.

    Args:
        structure: the ONNX file's bytes.
        name: what the file is called, for the error.
        sizes: file name to bytes, of the files that the manifest lists.

    Raises:
        EnvironmentFault: it points elsewhere or is not an ONNX structure (`BUNDLE_INVALID`).
    """
    try:
        for data in external_data(structure):
            size = sizes.get(data.location)
            if size is None:
                raise ValueError(f"points to {data.location!r}, which the manifest does not list")
            if min(data.offset, data.length or 0) < 0 or data.offset + (data.length or 0) > size:
                raise ValueError(f"points behind the end of {data.location!r}")
    except (ValueError, IndexError) as error:
        raise EnvironmentFault(ErrorCode.BUNDLE_INVALID, str(error), file=name) from error


def external_data(structure: bytes) -> Iterator[ExternalData]:
    """Yield the external data entries of all tensors, those of subgraphs and functions too.

    Raises:
        ValueError: the bytes are not a protobuf message.
        IndexError: they end too early.
    """
    for tensor in _messages(memoryview(structure), "model", 0):
        entries = dict(_entry(part) for part in tensor)
        if len(entries) < len(tensor):
            raise ValueError("says twice where a tensor lies")
        length = entries.get("length")
        yield ExternalData(
            entries.get("location", ""), int(entries.get("offset", "0")), int(length) if length else None
        )


def _messages(data: memoryview, kind: str, depth: int) -> Iterator[list[memoryview]]:
    """Yield, for each tensor within a message of that kind, its external data entries."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    external: list[memoryview] = []
    for number, value in _fields(data):
        inside = _INSIDE[kind].get(number)
        if inside == "external":
            external.append(value)
        elif inside:
            yield from _messages(value, inside, depth + 1)
    if external:
        yield external


def _entry(data: memoryview) -> tuple[str, str]:
    """Return the key and value of a StringStringEntryProto."""
    parts = {number: bytes(value).decode() for number, value in _fields(data)}
    return parts.get(1, ""), parts.get(2, "")


def _fields(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield (number, bytes) of the length-delimited fields of a message; numbers are skipped."""
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        kind = tag & 7
        if kind == _VARINT:
            _, place = _varint(data, place)
            continue
        if kind not in (_FIXED64, _BYTES, _FIXED32):
            raise ValueError("not an ONNX structure")
        size, place = _varint(data, place) if kind == _BYTES else ({_FIXED64: 8, _FIXED32: 4}[kind], place)
        if place + size > len(data):
            raise IndexError("ends too early")
        if kind == _BYTES:
            yield tag >> 3, data[place : place + size]
        place += size


def _varint(data: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, place
        if shift > 63:
            raise ValueError("not an ONNX structure")
