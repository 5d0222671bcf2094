"""A WAV file that grows while it is recorded and can be played whatever happens: its header is kept right."""

from __future__ import annotations

import contextlib
import struct
import tempfile
import threading
from itertools import chain, count
from typing import TYPE_CHECKING, cast

from mmbm_desktop.base.errors import MmbmError
from mmbm_desktop.base.files import os_errors_sorted

if TYPE_CHECKING:
    from datetime import datetime
    from io import RawIOBase
    from pathlib import Path

SAMPLE_RATE_HZ = 16_000
BYTES_PER_S = 2 * SAMPLE_RATE_HZ
HEADER_BYTES = 44
_LONGEST_BYTES = 0xFFFF_FFFF - HEADER_BYTES
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


class GrowingWav:
    """16 kHz mono int16 sound on disk. One thread appends, any other may `read` what is there.

    The header is rewritten after every second of sound, so that a crash loses none of it.

    Args:
        path: a file that does not exist yet; None for one without a name, which goes when it is closed, or when this
            process ends in whatever way.
        folder: where a file without a name lies.

    Raises:
        MmbmError: the file exists, the disk is full, or the folder cannot be written.
    """

    def __init__(self, path: Path | None, folder: Path) -> None:
        self.path = path
        self.size_bytes = 0
        self._place = path or folder
        self._ended = threading.Event()
        self._guard = threading.Lock()
        self._headed_bytes = 0
        with os_errors_sorted(self._place):
            folder.mkdir(parents=True, exist_ok=True)
            self._file = _opened(path, folder)
        try:
            self._write_header()
        except MmbmError:
            self.close(delete=True)
            raise

    @property
    def ended(self) -> bool:
        """Whether no more will come."""
        return self._ended.is_set()

    @property
    def seconds(self) -> float:
        """Length of the sound so far."""
        return self.size_bytes / BYTES_PER_S

    def append(self, pcm: bytes) -> None:
        """Write more sound.

        Raises:
            MmbmError: the disk is full; what was written before is whole.
        """
        with self._guard, os_errors_sorted(self._place):
            self._file.seek(HEADER_BYTES + self.size_bytes)
            written = 0
            while written < len(pcm):
                written += self._file.write(pcm[written:]) or 0
            self.size_bytes += len(pcm)
        if self.size_bytes - self._headed_bytes >= BYTES_PER_S:
            self._write_header()

    def read(self, offset: int, size: int) -> bytes:
        """Return up to `size` bytes of sound from byte `offset` on; nothing when there are none yet."""
        with self._guard, os_errors_sorted(self._place):
            self._file.seek(HEADER_BYTES + offset)
            return self._file.read(min(size, max(0, self.size_bytes - offset))) or b""

    def end(self) -> None:
        """Write the last header; reading goes on to work.

        Raises:
            MmbmError: the disk failed.
        """
        try:
            self._write_header()
        finally:
            self._ended.set()

    def close(self, *, delete: bool = False) -> None:
        """Close the file, and delete it where that is wanted; safe to call twice."""
        self._ended.set()
        self._file.close()
        if delete and self.path is not None:
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)

    def _write_header(self) -> None:
        with self._guard, os_errors_sorted(self._place):
            self._file.seek(0)
            self._file.write(wav_header(self.size_bytes))
            self._headed_bytes = self.size_bytes


def _opened(path: Path | None, folder: Path) -> RawIOBase:
    if path is not None:
        return path.open("xb+", buffering=0)
    return cast("RawIOBase", tempfile.TemporaryFile(buffering=0, dir=folder))


def wav_header(size_bytes: int) -> bytes:
    """Return the 44 bytes before `size_bytes` of 16 kHz mono int16 sound (RIFF, format 1)."""
    size = min(size_bytes, _LONGEST_BYTES)
    return _HEADER.pack(
        b"RIFF", size + HEADER_BYTES - 8, b"WAVE", b"fmt ", 16, 1, 1, SAMPLE_RATE_HZ, BYTES_PER_S, 2, 16, b"data", size
    )


def new_recording(folder: Path, now: datetime) -> Path:
    """Return a free file name made of the time, with a number behind it where that name is taken."""
    stem = now.strftime("%Y-%m-%d %H-%M-%S")
    names = chain([f"{stem}.wav"], (f"{stem} {number}.wav" for number in count(2)))
    return next(path for path in (folder / name for name in names) if not path.exists())
