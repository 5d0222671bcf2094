"""Decoded pictures as one array on disk, made once and mapped into memory: 8-bit RGB, squashed to squares."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import os_errors_sorted, write_atomically
from mmbm_desktop.media.images import open_image

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress


@dataclass(frozen=True)
class PictureSource:
    """Where a picture's bytes are: a file, or a member of a zip file."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """What the picture is called in reports."""
        return f"{self.path}!{self.member}" if self.member else str(self.path)


@dataclass(frozen=True)
class PictureArray:
    """Pictures that could be read.

    Attributes:
        pixels: uint8, (pictures, edge, edge, 3), mapped from disk.
        places: for each source its row in `pixels`, or -1 where it could not be read.
        unreadable: the names of those.
        key: identifies sources and edge; equal keys mean equal pixels.
    """

    pixels: npt.NDArray[np.uint8]
    places: npt.NDArray[np.int64]
    unreadable: tuple[str, ...]
    key: str


def load_pictures(sources: Sequence[PictureSource], edge: int, cache: Path, report: ReportProgress) -> PictureArray:
    """Decode pictures into `cache`, or map what an earlier run left there.

    Raises:
        InputFault: none of the pictures could be read.
        MmbmError: the cache cannot be written.
    """
    key = _key(sources, edge)
    pixels_file, list_file = cache / f"pictures-{key}.npy", cache / f"pictures-{key}.json"
    if not (pixels_file.is_file() and list_file.is_file()):
        _decode_all(sources, edge, pixels_file, list_file, report)
    with os_errors_sorted(list_file):
        unreadable = [int(index) for index in json.loads(list_file.read_text("utf-8"))]
        pixels = np.load(pixels_file, mmap_mode="r")
    readable = np.ones(len(sources), bool)
    readable[unreadable] = False
    places = np.where(readable, np.cumsum(readable) - 1, -1)
    return PictureArray(pixels, places, tuple(sources[i].name for i in unreadable), key)


def _key(sources: Sequence[PictureSource], edge: int) -> str:
    digest = hashlib.sha256(f"{edge}".encode())
    stamps: dict[Path, str] = {}
    for source in sources:
        if source.path not in stamps:
            try:
                found = source.path.stat()
                stamps[source.path] = f"{found.st_size} {found.st_mtime_ns}"
            except OSError:
                stamps[source.path] = "missing"
        digest.update(f"{source.name}\0{stamps[source.path]}\0".encode())
    return digest.hexdigest()[:16]


def _decode_all(
    sources: Sequence[PictureSource], edge: int, pixels_file: Path, list_file: Path, report: ReportProgress
) -> None:
    temporary = pixels_file.with_suffix(".making")
    with os_errors_sorted(pixels_file):
        pixels_file.parent.mkdir(parents=True, exist_ok=True)
        unreadable: list[int] = []
        with temporary.open("wb") as file, Opener() as opened:
            file.write(b"\0" * 128)
            for index, source in enumerate(sources):
                try:
                    square = opened(source).resize((edge, edge), Image.Resampling.BILINEAR)
                except (OSError, MmbmError):
                    unreadable.append(index)
                else:
                    file.write(square.tobytes())
                report(index + 1, len(sources))
            count = len(sources) - len(unreadable)
            file.seek(0)
            file.write(_npy_header((count, edge, edge, 3)))
        if not count:
            temporary.unlink()
            raise InputFault(ErrorCode.DATASET_INVALID, path=str(sources[0].path.parent), reason="no-readable-picture")
        temporary.replace(pixels_file)
    write_atomically(list_file, json.dumps(unreadable).encode())


def _npy_header(shape: tuple[int, ...]) -> bytes:
    """Return the 128 bytes that open a version 1.0 .npy file of uint8 (numpy.lib.format)."""
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    return b"\x93NUMPY\x01\x00\x76\x00" + text.ljust(117).encode() + b"\n"


class Opener(contextlib.ExitStack):
    """Opens sources as upright RGB pictures and keeps zip files open until the end."""

    def __init__(self) -> None:
        super().__init__()
        self._archives: dict[Path, zipfile.ZipFile] = {}

    def __enter__(self) -> Opener:
        super().__enter__()
        return self

    def __call__(self, source: PictureSource) -> Image.Image:
        """Return the picture.

        Raises:
            MmbmError: a file is missing, broken or no picture.
            OSError: a member of a zip file is.
        """
        if not source.member:
            return open_image(source.path)
        try:
            if source.path not in self._archives:
                self._archives[source.path] = self.enter_context(zipfile.ZipFile(source.path))
            with Image.open(io.BytesIO(self._archives[source.path].read(source.member))) as image:
                return image.convert("RGB")
        except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
            raise OSError(str(error)) from error
