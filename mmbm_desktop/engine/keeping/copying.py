"""Opens two libraries, wherever they are, and copies one into the other. What is copied, `library.carrying` says."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import ErrorCode, InputFault, MmbmError
from mmbm_desktop.library import copies
from mmbm_desktop.library.address import is_server, without_password
from mmbm_desktop.protocol.keeping import KeepingResult

if TYPE_CHECKING:
    from mmbm_desktop.base.progress import CancelToken, ReportProgress
    from mmbm_desktop.library.connection import Connections


def copy_everything(source: str, target: str, progress: ReportProgress, token: CancelToken) -> KeepingResult:
    """Copy a library, a file or an address, into an empty one; a file is made where there is none.

    Raises:
        Cancelled: nothing was changed.
        InputFault: FILE_NOT_FOUND, FOLDER_NOT_FOUND; SAME_PLACE; LIBRARY_NOT_EMPTY; LIBRARY_ON_SERVER: between two
            servers it would be lost whose files are whose, and `pg_dump` loses nothing.
        MmbmError: see `Library`; nothing was changed.
    """
    shown = without_password(target)
    if is_server(source) and is_server(target):
        raise InputFault(ErrorCode.LIBRARY_ON_SERVER, path=shown)
    if not is_server(source):
        copies.facts_of_library(Path(source))
    if is_server(target):
        items = _carried(source, target, progress, token)
        return KeepingResult(shown, _bytes_on_server(target), items)
    file = Path(target)
    if not is_server(source) and file.exists() and file.samefile(source):
        raise InputFault(ErrorCode.SAME_PLACE, path=target)
    copies.need_room(file.parent, 0)
    made = not file.exists()
    try:
        items = _carried(source, target, progress, token)
    except BaseException:
        if made:
            copies.remove_library(file)
        raise
    return KeepingResult(target, copies.facts_of_library(file).bytes, items)


def file_with_something(file: str) -> str:
    """Return a library's file if it holds anything, else ""."""
    try:
        facts = copies.facts_of_library(Path(file))
    except MmbmError:
        return ""
    return file if facts.items or facts.folders else ""


def _carried(source: str, target: str, progress: ReportProgress, token: CancelToken) -> int:
    from mmbm_desktop.library.carrying import carry  # NumPy comes with it, which a start need not wait for

    with closing(_opened(source)) as there, closing(_opened(target)) as here:
        return carry(there, here, without_password(target), time.time(), progress, token)


def _opened(place: str) -> Connections:
    if not is_server(place):
        from mmbm_desktop.library.connections import Connections as FileConnections

        return FileConnections(Path(place))
    from mmbm_desktop.library.postgres.connections import PostgresConnections
    from mmbm_desktop.library.postgres.postgres_library import this_place

    return PostgresConnections(place, this_place())


def _bytes_on_server(address: str) -> int:
    from mmbm_desktop.library.postgres.postgres_library import PostgresLibrary

    with closing(PostgresLibrary(address)) as library:
        return library.facts().bytes
