"""Finds pictures, recordings and notes below a folder, one at a time; what cannot be read is told and passed over."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault
from mmbm_desktop.base.files import os_errors_sorted, sha256_of, sorted_os_error
from mmbm_desktop.base.giving_way import give_way
from mmbm_desktop.media.formats import FileKind, kind_by_name
from mmbm_desktop.media.mounts import is_drive_away
from mmbm_desktop.media.notes import is_sidecar
from mmbm_desktop.protocol.failure import Failure, ItemFailure
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    _Kinds = Mapping[FileKind, MediaKind]

_KINDS = {FileKind.PHOTO: MediaKind.PHOTO, FileKind.RECORDING: MediaKind.RECORDING}
_WITH_NOTES = {**_KINDS, FileKind.TEXT: MediaKind.TEXT}


@dataclass(frozen=True)
class ScannedFile:
    """A file that is a picture, a recording or a note by its name."""

    path: str
    kind: MediaKind
    size_bytes: int
    modified_s: float
    inode: int


def scan(folder: Path, *, notes: bool = False) -> Iterator[ScannedFile | ItemFailure]:
    """Yield pictures and recordings below `folder` in name order, a failure for each unreadable sub-folder.

    With `notes` text files, too, but for those that belong to a picture or recording. Hidden files and folders are
    passed over; a folder reached twice through links is visited once.

    Raises:
        InputFault: FOLDER_NOT_FOUND, also where its drive is away, FOLDER_UNREADABLE for `folder` itself.
    """
    if not folder.is_dir() or is_drive_away(folder):
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(folder))
    try:
        with os.scandir(folder):
            pass
    except OSError as error:
        raise InputFault(ErrorCode.FOLDER_UNREADABLE, str(error), path=str(folder)) from error
    yield from _scan(folder, set(), _WITH_NOTES if notes else _KINDS)


def _scan(folder: Path, visited: set[tuple[int, int]], kinds: _Kinds) -> Iterator[ScannedFile | ItemFailure]:
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
    names = _Names(entries)
    for entry in entries:
        give_way()
        if not entry.name.startswith(".") and not names.has_sidecar(entry.name, kinds):
            yield from _visit(entry, visited, kinds)


class _Names:
    """The names in a folder, by stem: asking each text about each picture would take the square of their number."""

    def __init__(self, entries: list[os.DirEntry[str]]) -> None:
        self._entries = entries
        self._by_stem: dict[str, set[str]] | None = None

    def has_sidecar(self, name: str, kinds: _Kinds) -> bool:
        """Whether a name is that of a text that belongs to another file here."""
        if kinds.get(kind_by_name(name)) is not MediaKind.TEXT:
            return False
        if self._by_stem is None:
            self._by_stem = {}
            for entry in self._entries:
                self._by_stem.setdefault(entry.name.rpartition(".")[0], set()).add(entry.name)
        stem = name.rpartition(".")[0]
        near = self._by_stem.get(stem, set()) | self._by_stem.get(stem.rpartition(".")[0], set())
        return is_sidecar(name, near)


def _visit(
    entry: os.DirEntry[str], visited: set[tuple[int, int]], kinds: _Kinds
) -> Iterator[ScannedFile | ItemFailure]:
    try:
        if entry.is_dir():
            yield from _scan(Path(entry.path), visited, kinds)
            return
        kind = kinds.get(kind_by_name(entry.name))
        if kind is None:
            return
        facts = entry.stat()
    except OSError as error:
        yield ItemFailure(entry.path, Failure.of(sorted_os_error(error, Path(entry.path))))
        return
    if stat.S_ISREG(facts.st_mode):
        yield ScannedFile(entry.path, kind, facts.st_size, facts.st_mtime, facts.st_ino)


def scanned_file(path: Path, *, notes: bool = False) -> ScannedFile:
    """Return one file as `scan` would.

    Raises:
        InputFault: FILE_NOT_FOUND, UNSUPPORTED_TYPE.
    """
    with os_errors_sorted(path):
        facts = path.stat()
    kind = (_WITH_NOTES if notes else _KINDS).get(kind_by_name(path))
    beside = kind is MediaKind.TEXT and is_sidecar(path.name, os.listdir(path.parent))  # noqa: PTH208 - names
    if kind is None or beside or not stat.S_ISREG(facts.st_mode):
        raise InputFault(ErrorCode.UNSUPPORTED_TYPE, path=str(path), suffix=path.suffix.lower())
    return ScannedFile(str(path), kind, facts.st_size, facts.st_mtime, facts.st_ino)


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits; that of no bytes for an empty file.

    Raises:
        MmbmError: the file cannot be read.
    """
    return sha256_of(path) if path.stat().st_size else hashlib.sha256().hexdigest()
