"""What the engine notes of a file before any model sees it: content hash, size in pixels or seconds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.library.interface import FileFacts
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from mmbm_desktop.media.scan import ScannedFile


def facts_of(file: ScannedFile, pixel_limit: int) -> FileFacts:
    """Read a file's header and hash its content; what cannot be opened is found here, before a worker is asked.

    Raises:
        MmbmError: the file is gone, unreadable, empty, broken, not what its name says, or a picture of more than
            `pixel_limit` pixels.
    """
    from mmbm_desktop.media.scan import content_hash

    path = Path(file.path)
    width, height, duration_s = 0, 0, 0.0
    if file.kind is MediaKind.PHOTO:
        width, height = _picture_size(path, pixel_limit)
    else:
        from mmbm_desktop.media.audio import probe_audio

        duration_s = probe_audio(path).duration_s
    return FileFacts(
        path=file.path,
        kind=file.kind,
        content_hash=content_hash(path),
        size_bytes=file.size_bytes,
        modified_s=file.modified_s,
        inode=file.inode,
        width=width,
        height=height,
        duration_s=duration_s,
    )


def _picture_size(path: Path, pixel_limit: int) -> tuple[int, int]:
    from mmbm_desktop.media.images import image_size

    width, height = image_size(path)
    if width * height > pixel_limit:
        raise InputFault(ErrorCode.IMAGE_TOO_LARGE, path=str(path), width=width, height=height, limit=pixel_limit)
    return width, height
