"""A run's curve as the event files that TensorBoard reads. Nothing of TensorFlow is needed to write them.

A file is a row of records (tensorflow/core/lib/io/record_writer.h): the length as 8 bytes, its checksum, the data, its
checksum; all little-endian. The data are `Event` messages (tensorflow/core/util/event.proto) in the wire format of
protocol buffers. Checksums are CRC-32C (Castagnoli; RFC 3720, appendix B.4), turned and moved as that header says.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING

from mmbm_desktop.base.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from mmbm_desktop.protocol.training import CurvePoint

STEPS_AN_EPOCH = 1000
"""TensorBoard counts whole steps; so many stand for an epoch, whatever the batch, and runs lie side by side."""
_VERSION = b"brain.Event:2"
_POLYNOMIAL = 0x82F63B78
_MASK = 0xA282EAD8
_WORD = 0xFFFFFFFF


def write_event_files(points: Sequence[CurvePoint], folder: Path) -> tuple[Path, ...]:
    """Write the train and the val curve below `folder`, one whole file each, and return those that have points.

    A file written before is replaced: the curve is one, however often the run was resumed. The curve keeps no times of
    day, so an epoch counts as a second.

    Raises:
        MmbmError: the disk is full or the folder cannot be written.
    """
    written = []
    for name, validation in (("train", False), ("val", True)):
        chosen = [point for point in points if point.validation is validation]
        if chosen:
            file = folder / name / "events.out.tfevents.0.mmbm"
            write_atomically(file, b"".join(_records(chosen)))
            written.append(file)
    return tuple(written)


def _records(points: Iterable[CurvePoint]) -> Iterator[bytes]:
    yield _record(_double(1, 0.0) + _bytes(3, _VERSION))
    for point in points:
        step = _key(2, 0) + _varint(round(point.epoch * STEPS_AN_EPOCH))
        values = b"".join(
            _bytes(1, _bytes(1, name.encode()) + _key(2, 5) + struct.pack("<f", value))
            for name, value in point.values.items()
        )
        yield _record(_double(1, point.epoch) + step + _bytes(5, values))


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _checksum(length) + data + _checksum(data)


def _checksum(data: bytes) -> bytes:
    table, crc = _table(), _WORD
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= _WORD
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + _MASK) & _WORD)


@cache
def _table() -> tuple[int, ...]:
    table = []
    for number in range(256):
        crc = number
        for _ in range(8):
            crc = (crc >> 1) ^ (_POLYNOMIAL if crc & 1 else 0)
        table.append(crc)
    return tuple(table)


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _double(field: int, value: float) -> bytes:
    return _key(field, 1) + struct.pack("<d", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _key(field, 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
