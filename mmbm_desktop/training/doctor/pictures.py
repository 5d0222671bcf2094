"""Opens pictures once and keeps a few bytes of each: its content's hash, how it looks, and a sample's vectors."""

from __future__ import annotations

import hashlib
import io
import logging
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted, sha256_of
from mmbm_desktop.inference.pixels import load_pixels, squashed
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT, image_size
from mmbm_desktop.training.doctor.looks import LOOK_EDGE, look_of, small_of
from mmbm_desktop.training.doctor.reading import read_each

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from mmbm_desktop.base.progress import CancelToken, ReportProgress
    from mmbm_desktop.training.doctor.seeing import Seer
    from mmbm_desktop.training.doctor.survey import Item

log = logging.getLogger(__name__)

PICTURES_AT_ONCE = 16
_LARGE_PIXELS = 40_000_000
_one_large_picture = threading.Lock()
"""Pictures of more than `_LARGE_PIXELS` are decoded one at a time, or memory would decide how many."""


@dataclass
class SeenPictures:
    """What was kept of the pictures that could be read, in one order.

    Attributes:
        items: those.
        digests: SHA-256 of each content, 32 bytes.
        looks: see `looks.look_of`, uint64 (pictures,).
        smalls: see `looks.small_of`, uint8 (pictures, 192).
        unreadable: the others, by the error's code.
        vectors: of the sample, float32 (sample, dim).
        sampled: places of the sample in `items`.
        blind: the model failed; there are no vectors.
    """

    items: list[Item] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    looks: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    smalls: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 192), np.uint8))
    unreadable: dict[ErrorCode, list[str]] = field(default_factory=dict)
    vectors: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    sampled: list[int] = field(default_factory=list)
    blind: bool = False


def see_pictures(
    items: Sequence[Item], sample: Collection[str], seer: Seer | None, token: CancelToken, report: ReportProgress
) -> SeenPictures:
    """Open every picture once.

    Args:
        items: a picture each, none twice.
        sample: names of those whose vectors are wanted.
        seer: makes vectors; None where there is no model for it.
        token: checked between two pictures.
        report: told the pictures done.

    Raises:
        Cancelled: `token` was cancelled.
    """
    eye = _Eye(seer.size if seer else LOOK_EDGE)
    seen, looks, smalls = SeenPictures(), np.zeros(len(items), np.uint64), np.zeros((len(items), 192), np.uint8)
    batch: list[npt.NDArray[np.uint8]] = []
    vectors: list[npt.NDArray[np.float32]] = []
    for number, (item, glimpse) in enumerate(read_each(items, eye.look, token), start=1):
        if isinstance(glimpse, ErrorCode):
            seen.unreadable.setdefault(glimpse, []).append(item.name)
        else:
            place = len(seen.items)
            seen.items.append(item)
            seen.digests.append(glimpse.digest)
            looks[place], smalls[place] = look_of(glimpse.pixels), small_of(glimpse.pixels)
            if seer is not None and item.name in sample:
                seen.sampled.append(place)
                batch.append(glimpse.pixels)
        if seer is not None and (len(batch) == PICTURES_AT_ONCE or (batch and number == len(items))):
            try:
                vectors.append(seer.vectors(batch))
            except EnvironmentFault as error:
                log.warning("pictures are looked over without a model: %s", error)
                seer, seen.blind = None, True
            batch.clear()
        report(number, len(items))
    seen.looks, seen.smalls = looks[: len(seen.items)], smalls[: len(seen.items)]
    if seen.blind:
        seen.sampled.clear()
    elif vectors:
        seen.vectors = np.concatenate(vectors)
    return seen


@dataclass(frozen=True)
class _Glimpse:
    digest: bytes
    pixels: npt.NDArray[np.uint8]


class _Eye:
    """Opens pictures, from several threads; keeps zip files open."""

    def __init__(self, edge: int) -> None:
        self._edge = edge
        self._archives: dict[str, zipfile.ZipFile] = {}
        self._lock = threading.Lock()

    def look(self, item: Item) -> _Glimpse:
        """Return a picture's hash and its pixels, squashed to a square, uint8 (edge, edge, 3).

        Raises:
            MmbmError: it is missing, broken or no picture.
        """
        if item.member:
            return self._in_archive(item)
        path = Path(item.path)
        with os_errors_sorted(path):
            if not path.stat().st_size:
                raise InputFault(ErrorCode.FILE_EMPTY, path=item.path)
            if not path.is_file():
                raise InputFault(ErrorCode.UNSUPPORTED_TYPE, path=item.path, suffix=path.suffix)
        width, height = image_size(path)
        if width * height <= _LARGE_PIXELS:
            pixels = load_pixels(path, self._edge, DEFAULT_PIXEL_LIMIT)
        else:
            with _one_large_picture:
                pixels = load_pixels(path, self._edge, DEFAULT_PIXEL_LIMIT)
        return _Glimpse(bytes.fromhex(sha256_of(path)), pixels)

    def _in_archive(self, item: Item) -> _Glimpse:
        try:
            with self._lock:
                if item.path not in self._archives:
                    self._archives[item.path] = zipfile.ZipFile(item.path)
            data = self._archives[item.path].read(item.member)
            with Image.open(io.BytesIO(data)) as image:
                return _Glimpse(hashlib.sha256(data).digest(), squashed(image.convert("RGB"), self._edge))
        except KeyError as error:
            raise InputFault(ErrorCode.FILE_NOT_FOUND, path=item.name) from error
        except (zipfile.BadZipFile, OSError, ValueError, SyntaxError, RuntimeError) as error:
            raise InputFault(ErrorCode.IMAGE_BROKEN, str(error), path=item.name) from error
