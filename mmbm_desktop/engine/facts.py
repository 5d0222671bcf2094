"""What the engine notes of a file before any model sees it: which one it is, hash, size in pixels or seconds."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.library.interface import FileFacts
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mmbm_desktop.media.scan import ScannedFile
    from mmbm_desktop.protocol.results import Item


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
    elif file.kind is MediaKind.RECORDING:
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


def facts_of_item(item: Item, inode: int) -> FileFacts:
    """Return what is stored of an item's file."""
    return FileFacts(
        path=item.path,
        kind=item.kind,
        content_hash=item.content_hash,
        size_bytes=item.size_bytes,
        modified_s=item.modified_s,
        inode=inode,
        width=item.width,
        height=item.height,
        duration_s=item.duration_s,
    )


def note_of(file: ScannedFile) -> str | None:
    """Return the text of a note; None for other files.

    Raises:
        MmbmError: see `read_note`.
    """
    from mmbm_desktop.media.notes import read_note

    return read_note(Path(file.path)) if file.kind is MediaKind.TEXT else None


def files_at(path: str, folders: Sequence[str]) -> Iterator[ScannedFile | ItemFailure]:
    """Yield the file at a path below some folders, or the files below it; nothing if gone, hidden or no use."""
    from mmbm_desktop.media.scan import scan, scanned_file

    folder = next((one for one in folders if PurePath(path).is_relative_to(one)), None)
    if folder is None or any(part.startswith(".") for part in PurePath(path).relative_to(folder).parts):
        return
    try:
        if Path(path).is_dir():
            yield from scan(Path(path), notes=True)
        else:
            yield scanned_file(Path(path), notes=True)
    except MmbmError as error:
        if error.code not in (ErrorCode.FILE_NOT_FOUND, ErrorCode.FOLDER_NOT_FOUND, ErrorCode.UNSUPPORTED_TYPE):
            yield ItemFailure(path, Failure.of(error))


def _picture_size(path: Path, pixel_limit: int) -> tuple[int, int]:
    from mmbm_desktop.media.images import image_size

    width, height = image_size(path)
    if width * height > pixel_limit:
        raise InputFault(ErrorCode.IMAGE_TOO_LARGE, path=str(path), width=width, height=height, limit=pixel_limit)
    return width, height
