"""Small pictures cached on disk, keyed by what the file was then. Safe from several threads and processes."""

from __future__ import annotations

import contextlib
import hashlib
import io
from typing import TYPE_CHECKING

from mmbm_desktop.base.files import os_errors_sorted, write_atomically
from mmbm_desktop.media.images import DEFAULT_PIXEL_LIMIT, open_image

if TYPE_CHECKING:
    from pathlib import Path

_QUALITY = 82


def thumbnail(path: Path, edge: int, cache: Path, *, pixel_limit: int = DEFAULT_PIXEL_LIMIT) -> Path:
    """Return the cached JPEG of a picture, its longer edge at most `edge` pixels, made now if it is missing.

    Raises:
        MmbmError: the picture cannot be opened (see `open_image`), or the cache cannot be written.
    """
    target = cache_file(path, edge, cache)
    if not target.exists():
        small = open_image(path, pixel_limit=pixel_limit, max_edge=edge)
        encoded = io.BytesIO()
        small.save(encoded, "JPEG", quality=_QUALITY)
        write_atomically(target, encoded.getvalue())
    return target


def cache_file(path: Path, edge: int, cache: Path) -> Path:
    """Return where a picture's thumbnail lies; another size, time or edge gives another file.

    Raises:
        MmbmError: the picture is gone.
    """
    with os_errors_sorted(path):
        facts = path.stat()
    key = f"{path.absolute()}\0{facts.st_size}\0{facts.st_mtime_ns}\0{edge}"
    digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
    return cache / digest[:2] / f"{digest}.jpg"


def prune(cache: Path, limit_bytes: int) -> int:
    """Delete the thumbnails used longest ago until the cache is at most `limit_bytes`; return how many went."""
    files = []
    for file in cache.glob("*/*.jpg"):
        with contextlib.suppress(OSError):
            facts = file.stat()
            files.append((max(facts.st_atime, facts.st_mtime), facts.st_size, file))
    excess, gone = sum(size for _, size, _ in files) - limit_bytes, 0
    for _, size, file in sorted(files, key=lambda entry: entry[0]):
        if excess <= 0:
            break
        with contextlib.suppress(OSError):
            file.unlink()
            excess, gone = excess - size, gone + 1
    return gone
