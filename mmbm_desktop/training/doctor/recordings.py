"""Listens to recordings once, block by block, and keeps a few numbers of each: how long, how loud, cut off or not."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted, sha256_of
from mmbm_desktop.media.audio import native_blocks
from mmbm_desktop.training.doctor.reading import read_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.progress import CancelToken, ReportProgress
    from mmbm_desktop.training.doctor.survey import Item

    Floats = npt.NDArray[np.float32]

SILENT_DB = -60.0
"""Root mean square against full scale, of the loudest tenth of a second of a recording that cannot be heard."""
_NEAR_FULL = 0.95
_FLAT_PART = 0.001
_FLAT_STEP = 1.5 / 32_768
_OUTER, _INNER = 0.97, 0.90


@dataclass(frozen=True)
class Heard:
    """What is known of a recording.

    Attributes:
        digest: SHA-256 of the file, 32 bytes.
        seconds: its length.
        rate_hz: its sample rate.
        loudest_db: root mean square of its loudest tenth of a second, against full scale.
        clipped: the tops of its waves are cut off.
    """

    digest: bytes
    seconds: float
    rate_hz: int
    loudest_db: float
    clipped: bool


@dataclass
class HeardRecordings:
    """The recordings that could be read with what was heard, and the others by the error's code."""

    items: list[Item] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    unreadable: dict[ErrorCode, list[str]] = field(default_factory=dict)


def hear_recordings(items: Sequence[Item], token: CancelToken, report: ReportProgress) -> HeardRecordings:
    """Listen to every recording once; an hour costs no more memory than a second.

    Raises:
        Cancelled: `token` was cancelled.
    """
    found = HeardRecordings()
    for number, (item, heard) in enumerate(read_each(items, lambda one: hear(one.path, token), token), start=1):
        if isinstance(heard, ErrorCode):
            found.unreadable.setdefault(heard, []).append(item.name)
        else:
            found.items.append(item)
            found.heard.append(heard)
        report(number, len(items))
    return found


def hear(name: str, token: CancelToken) -> Heard:
    """Listen to one recording.

    Raises:
        Cancelled: `token` was cancelled.
        InputFault: see `media.audio.blocks_16k`.
    """
    path = Path(name)
    with os_errors_sorted(path):
        if path.exists() and not path.is_file():
            raise InputFault(ErrorCode.UNSUPPORTED_TYPE, path=name, suffix=path.suffix)
    levels = _Levels()
    rate = samples = 0
    for rate, frames in native_blocks(path):
        token.check()
        samples += len(frames)
        levels.take(frames, rate)
    if not samples:
        raise InputFault(ErrorCode.AUDIO_EMPTY, path=name)
    digest = bytes.fromhex(sha256_of(path))
    return Heard(digest, samples / rate, rate, levels.loudest_db, levels.clipped(samples))


class _Levels:
    """Counts samples by how loud they are, channel by channel."""

    def __init__(self) -> None:
        self._loudest = 0.0
        self._flat = 0
        self._bins = np.zeros(1025, np.int64)
        self._channels = 1

    def take(self, frames: Floats, rate: int) -> None:
        """Count a block, (samples, channels), full scale 1.0."""
        self._channels = frames.shape[1]
        size = max(1, rate // 10)
        for start in range(0, len(frames), size):
            part = frames[start : start + size].mean(1)
            if len(part) >= size // 2 or not start:
                self._loudest = max(self._loudest, float(np.sqrt(np.mean(np.square(part)))))
        sizes = np.abs(frames)
        self._bins += np.bincount((np.minimum(sizes, 1.0) * 1024).astype(np.int64).ravel(), minlength=1025)
        flat = (np.abs(np.diff(frames, axis=0)) <= _FLAT_STEP) & (sizes[1:] >= 0.98)
        self._flat += int((flat[1:] & flat[:-1]).sum())

    @property
    def loudest_db(self) -> float:
        return 20.0 * math.log10(max(self._loudest, 1e-10))

    def clipped(self, samples: int) -> bool:
        """Whether waves are flat at full scale, or, after a lossy codec, pile up close below their highest value."""
        total = samples * self._channels
        peak = int(np.flatnonzero(self._bins)[-1])
        if peak < _NEAR_FULL * 1024:
            return False
        outer = int(self._bins[round(_OUTER * peak) :].sum())
        inner = int(self._bins[round(_INNER * peak) : round(_OUTER * peak)].sum())
        return self._flat > _FLAT_PART * total or (outer > 1.5 * inner and outer > 3 * _FLAT_PART * total)
