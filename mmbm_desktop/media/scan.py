"""Finds pictures and recordings below a folder, one at a time; what cannot be read is told and passed over."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted, sha256_of, sorted_os_error
from mmbm_desktop.media.formats import FileKind, kind_by_name
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = {FileKind.PHOTO: MediaKind.PHOTO, FileKind.RECORDING: MediaKind.RECORDING}


@dataclass(frozen=True)
class ScannedFile:
    """A file that is a picture or a recording by its name."""

    path: str
    kind: MediaKind
    size_bytes: int
    modified_s: float
    inode: int


def scan(folder: Path) -> Iterator[ScannedFile | ItemFailure]:
    """Yield pictures and recordings below `folder` in name order, a failure for each unreadable sub-folder.

    Hidden files and folders are passed over; a folder reached twice through links is visited once.

    Raises:
        InputFault: FOLDER_NOT_FOUND, FOLDER_UNREADABLE for `folder` itself.
    """
    if not folder.is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(folder))
    try:
        with os.scandir(folder):
            pass
    except OSError as error:
        raise InputFault(ErrorCode.FOLDER_UNREADABLE, str(error), path=str(folder)) from error
    yield from _scan(folder, set())


def _scan(folder: Path, visited: set[tuple[int, int]]) -> Iterator[ScannedFile | ItemFailure]:
    try:
        facts = folder.stat()
        key = (facts.st_dev, facts.st_ino)
        if key in visited:
            return
        visited.add(key)
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        fault = InputFault(ErrorCode.FOLDER_UNREADABLE, str(error), path=str(folder))
        yield ItemFailure(str(folder), Failure.of(fault))
        return
    for entry in entries:
        if not entry.name.startswith("."):
            yield from _visit(entry, visited)


def _visit(entry: os.DirEntry[str], visited: set[tuple[int, int]]) -> Iterator[ScannedFile | ItemFailure]:
    path = Path(entry.path)
    try:
        if entry.is_dir():
            yield from _scan(path, visited)
            return
        kind = _KINDS.get(kind_by_name(entry.name))
        if kind is None:
            return
        facts = entry.stat()
    except OSError as error:
        yield ItemFailure(str(path), Failure.of(sorted_os_error(error, path)))
        return
    if stat.S_ISREG(facts.st_mode):
        yield ScannedFile(str(path), kind, facts.st_size, facts.st_mtime, facts.st_ino)


def scanned_file(path: Path) -> ScannedFile:
    """Return one file as `scan` would.

    Raises:
        InputFault: FILE_NOT_FOUND, UNSUPPORTED_TYPE.
    """
    with os_errors_sorted(path):
        facts = path.stat()
    kind = _KINDS.get(kind_by_name(path))
    if kind is None or not stat.S_ISREG(facts.st_mode):
        raise InputFault(ErrorCode.UNSUPPORTED_TYPE, path=str(path), suffix=path.suffix.lower())
    return ScannedFile(str(path), kind, facts.st_size, facts.st_mtime, facts.st_ino)


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits; that of no bytes for an empty file.

    Raises:
        MmbmError: the file cannot be read.
    """
    return sha256_of(path) if path.stat().st_size else hashlib.sha256().hexdigest()
