"""Sorts what was dropped, pasted or opened: photos, recordings, texts, folders, and the refused with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.media.formats import FileKind, recognise
from mmbm_desktop.protocol.failure import Failure, ItemFailure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QUrl


@dataclass(frozen=True)
class Intake:
    """Absolute paths by what they are, in the order given, and the refused ones with their reasons."""

    photos: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    refused: tuple[ItemFailure, ...] = ()


def sort_urls(urls: Iterable[QUrl]) -> Intake:
    """Sort dropped addresses; those that are no files of this computer are refused."""
    local, refused = [], []
    for url in urls:
        if url.isLocalFile():
            local.append(url.toLocalFile())
        else:
            fault = InputFault(ErrorCode.UNSUPPORTED_TYPE, "not a file of this computer", path=url.toString())
            refused.append(ItemFailure(url.toString(), Failure.of(fault)))
    sorted_paths = sort_paths(local)
    return Intake(
        sorted_paths.photos,
        sorted_paths.recordings,
        sorted_paths.texts,
        sorted_paths.folders,
        (*refused, *sorted_paths.refused),
    )


def sort_paths(paths: Iterable[str]) -> Intake:
    """Sort paths by their first bytes. A few dozen files take milliseconds."""
    found: dict[FileKind | str, list[str]] = {}
    refused = []
    for path in dict.fromkeys(str(Path(path).absolute()) for path in paths):
        try:
            kind = "folder" if Path(path).is_dir() else recognise(Path(path))
        except MmbmError as error:
            refused.append(ItemFailure(path, Failure.of(error)))
        else:
            found.setdefault(kind, []).append(path)
    return Intake(
        tuple(found.get(FileKind.PHOTO, ())),
        tuple(found.get(FileKind.RECORDING, ())),
        tuple(found.get(FileKind.TEXT, ())),
        tuple(found.get("folder", ())),
        tuple(refused),
    )
