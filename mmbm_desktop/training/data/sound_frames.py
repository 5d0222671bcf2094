"""Recordings as one array of log-mel frames on disk, made once and mapped into memory."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import os_errors_sorted, write_atomically
from mmbm_desktop.media.audio import blocks_16k
from mmbm_desktop.media.mel import MEL_BANDS, MelStream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress

_BLOCK_S = 10.0
_ROW_BYTES = 2 * MEL_BANDS


@dataclass(frozen=True)
class FrameArray:
    """Recordings that could be read.

    Attributes:
        frames: log-mel values, float16 (frames, 64), mapped from disk, one recording after the other.
        stretches: for each readable recording the first frame and the one after its last.
        unreadable: why the others were left out.
    """

    frames: npt.NDArray[np.float16]
    stretches: Mapping[Path, tuple[int, int]]
    unreadable: Mapping[str, ErrorCode]


def load_frames(paths: Sequence[Path], cache: Path, report: ReportProgress) -> FrameArray:
    """Decode recordings into `cache`, or map what an earlier run left there.

    Raises:
        InputFault: none of them could be read.
        MmbmError: the cache cannot be written.
    """
    unique = list(dict.fromkeys(paths))
    key = _key(unique)
    frames_file, list_file = cache / f"sounds-{key}.f16", cache / f"sounds-{key}.json"
    if not (frames_file.is_file() and list_file.is_file()):
        _decode_all(unique, frames_file, list_file, report)
    with os_errors_sorted(list_file):
        ends, unreadable = json.loads(list_file.read_text("utf-8"))
        frames = np.memmap(frames_file, np.float16, "r").reshape(-1, MEL_BANDS)
    starts = [0, *ends[:-1]]
    readable = [path for path in unique if str(path) not in unreadable]
    stretches = dict(zip(readable, zip(starts, ends, strict=True), strict=True))
    return FrameArray(frames, stretches, {name: ErrorCode(code) for name, code in unreadable.items()})


def _key(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        try:
            found = path.stat()
            stamp = f"{found.st_size} {found.st_mtime_ns}"
        except OSError:
            stamp = "missing"
        digest.update(f"{path}\0{stamp}\0".encode())
    return digest.hexdigest()[:16]


def _decode_all(paths: Sequence[Path], frames_file: Path, list_file: Path, report: ReportProgress) -> None:
    temporary = frames_file.with_suffix(".making")
    ends: list[int] = []
    unreadable: dict[str, str] = {}
    with os_errors_sorted(frames_file):
        frames_file.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            for index, path in enumerate(paths):
                try:
                    heard = _decoded(path)
                except MmbmError as error:
                    unreadable[str(path)] = str(error.code)
                else:
                    file.write(heard.tobytes())
                    ends.append(file.tell() // _ROW_BYTES)
                report(index + 1, len(paths))
        if not ends or not ends[-1]:
            temporary.unlink()
            raise InputFault(ErrorCode.DATASET_INVALID, path=str(paths[0].parent), reason="no-readable-sound")
        temporary.replace(frames_file)
    write_atomically(list_file, json.dumps([ends, unreadable]).encode())


def _decoded(path: Path) -> npt.NDArray[np.float16]:
    stream = MelStream()
    return np.concatenate([stream.push(block) for block in blocks_16k(path, _BLOCK_S)]).astype(np.float16)
