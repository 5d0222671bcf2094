"""Features of pictures by an image encoder, plain and mirrored, kept on disk by encoder and by content."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, MmbmError
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.inference.pixels import load_pixels, squashed
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT
from mmbm_desktop.training.data.pictures import Opener

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set
    from pathlib import Path

    import numpy.typing as npt

    from mmbm_desktop.base.progress import ReportProgress
    from mmbm_desktop.training.data.labelled_pictures import LabelledPicture
    from mmbm_desktop.training.data.pictures import PictureSource
    from mmbm_desktop.training.picture_encoder import PictureEncoder

    Floats = npt.NDArray[np.float32]
    Pixels = npt.NDArray[np.uint8]

_AT_ONCE = 16


@dataclass(frozen=True)
class EncodedPictures:
    """Features of the pictures that could be read.

    Attributes:
        features: by content, (2, width): of the picture as it is, and mirrored.
        unreadable: names of the others, and why.
    """

    features: Mapping[str, Floats]
    unreadable: Mapping[str, ErrorCode]

    def of(self, pictures: Iterable[LabelledPicture]) -> Floats:
        """Return the features of pictures that could be read, (pictures, 2, width)."""
        return np.stack([self.features[one.content] for one in pictures])


def encode_pictures(
    pictures: Sequence[LabelledPicture], encoder: PictureEncoder, cache: Path, report: ReportProgress
) -> EncodedPictures:
    """Encode pictures, or take what an earlier run left in `cache`: only new pictures and new encoders cost time.

    Raises:
        MmbmError: the encoder cannot be run or the cache cannot be written.
    """
    file = cache / f"encoded-{encoder.key}.sqlite"
    with os_errors_sorted(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(file, timeout=60)) as store:
            store.execute("CREATE TABLE IF NOT EXISTS encoded (content TEXT PRIMARY KEY, features BLOB NOT NULL)")
            known = _known(store, {one.content for one in pictures}, encoder.width)
            unreadable = _encode_new(pictures, known, encoder, store, report)
    except sqlite3.DatabaseError as error:
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        code = ErrorCode.DISK_FULL if full else ErrorCode.FILE_UNREADABLE
        raise EnvironmentFault(code, str(error), path=str(file)) from error
    return EncodedPictures(known, unreadable)


def _known(store: sqlite3.Connection, wanted: Set[str], width: int) -> dict[str, Floats]:
    rows = store.execute("SELECT content, features FROM encoded")
    return {one: np.frombuffer(blob, np.float32).reshape(2, width) for one, blob in rows if one in wanted}


def _encode_new(
    pictures: Sequence[LabelledPicture],
    known: dict[str, Floats],
    encoder: PictureEncoder,
    store: sqlite3.Connection,
    report: ReportProgress,
) -> dict[str, ErrorCode]:
    unreadable: dict[str, ErrorCode] = {}
    waiting: dict[str, Pixels] = {}
    with Opener() as opened:
        for number, one in enumerate(pictures, start=1):
            if one.content not in known and one.content not in waiting:
                try:
                    waiting[one.content] = _pixels(one.source, encoder.size, opened)
                except (MmbmError, OSError) as error:
                    unreadable[one.source.name] = getattr(error, "code", ErrorCode.IMAGE_BROKEN)
            if len(waiting) == _AT_ONCE or number == len(pictures):
                known |= _kept(waiting, encoder, store)
                waiting = {}
            report(number, len(pictures))
    return unreadable


def _pixels(source: PictureSource, size: int, opened: Opener) -> Pixels:
    """Return a picture as it is seen in use, (size, size, 3)."""
    if source.member:
        return squashed(opened(source), size)
    return load_pixels(source.path, size, DEFAULT_PIXEL_LIMIT)


def _kept(waiting: Mapping[str, Pixels], encoder: PictureEncoder, store: sqlite3.Connection) -> dict[str, Floats]:
    """Return the features of pictures by content, and store them."""
    if not waiting:
        return {}
    plain = list(waiting.values())
    both = encoder.features([*plain, *(one[:, ::-1] for one in plain)]).reshape(2, len(plain), -1)
    new = dict(zip(waiting, both.transpose(1, 0, 2), strict=True))
    with store:
        store.executemany("INSERT OR REPLACE INTO encoded VALUES (?, ?)", [(c, f.tobytes()) for c, f in new.items()])
    return new
