"""Framing of messages over a byte pipe between this program's own processes: 4-byte length, then a pickled record.

Pickle is used only between a process and the child it started itself, over a pipe nobody else can open.
Nothing that came from a file or a network is ever read with this module.
"""

from __future__ import annotations

import pickle
import struct
import threading
from typing import BinaryIO

_LENGTH = struct.Struct("<I")


class PipeClosedError(Exception):
    """The other side has gone."""


class Sender:
    """Writes whole messages; any thread may call `send`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: object) -> None:
        """Write one message.

        Raises:
            PipeClosedError: the reader has gone.
        """
        data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
        try:
            with self._lock:
                self._stream.write(_LENGTH.pack(len(data)) + data)
                self._stream.flush()
        except (OSError, ValueError) as error:
            raise PipeClosedError from error


class Receiver:
    """Reads whole messages; one thread only."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def receive(self) -> object:
        """Wait for one message.

        Raises:
            PipeClosedError: the writer has gone, perhaps in the middle of a message.
        """
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        return pickle.loads(self._read(length))  # noqa: S301 - see the module's first lines

    def _read(self, count: int) -> bytes:
        try:
            data = self._stream.read(count)
        except (OSError, ValueError) as error:
            raise PipeClosedError from error
        if len(data) < count:
            raise PipeClosedError
        return data
