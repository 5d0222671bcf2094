"""Copies of the library's file: made while it is in use, checked before they count, put in its place. Whole or not.

A copy is written under another name in the same folder, checked by SQLite's `integrity_check`, and only then renamed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import EnvironmentFault, ErrorCode, InputFault, MmbmError
from mmbm_desktop.base.files import os_errors_sorted
from mmbm_desktop.base.progress import no_progress
from mmbm_desktop.library.failures import sqlite_errors_sorted
from mmbm_desktop.library.interface import LibraryFacts
from mmbm_desktop.library.migrations import MIGRATIONS, acknowledged_version, migrate
from mmbm_desktop.library.places import index_folder
from mmbm_desktop.library.window_lock import lock_file

if TYPE_CHECKING:
    from collections.abc import Generator

    from mmbm_desktop.base.progress import CancelToken, ReportProgress

_PAGES_AT_ONCE = 256
_STEPS_BETWEEN_LOOKS = 10_000
_BUSY_S = 10.0
_SIDE_FILES = ("-wal", "-shm")


def facts_of_library(file: Path) -> LibraryFacts:
    """Look into a library's file without changing it.

    Raises:
        InputFault: FILE_NOT_FOUND; LIBRARY_FOREIGN, it is no library of this program.
        EnvironmentFault: LIBRARY_TOO_NEW and what SQLite meets.
    """
    with _opened(file) as connection:
        version = acknowledged_version(connection, file)
        if version == 0:
            raise InputFault(ErrorCode.LIBRARY_FOREIGN, "no tables", path=str(file))
        (items,) = connection.execute("SELECT COUNT(*) FROM items WHERE missing = 0").fetchone()
        (folders,) = connection.execute("SELECT COUNT(*) FROM folders").fetchone()
    return LibraryFacts(_bytes(file), items, folders, version)


def copy_library(
    source: Path, target: Path, progress: ReportProgress = no_progress, token: CancelToken | None = None
) -> None:
    """Copy a library that may be in use, as it is at this moment, to `target`, which is replaced.

    Progress is counted in kB copied; checking the copy is the last of it.

    Raises:
        Cancelled: nothing was written.
        MmbmError: DISK_FULL, PERMISSION_DENIED, LIBRARY_DAMAGED: the copy, and so the library, is not sound.
    """
    need_room(target.parent, _bytes(source))
    partial = target.with_name(f".{target.name}.part")
    try:
        with os_errors_sorted(target), sqlite_errors_sorted(target):
            partial.unlink(missing_ok=True)
            partial.touch()
            _copy_pages(source, partial, progress, token)
            _check(partial, source, token)
            _flush(partial)
            _remove_logs(target)
            partial.replace(target)
    finally:
        for suffix in ("", *_SIDE_FILES, "-journal"):
            partial.with_name(partial.name + suffix).unlink(missing_ok=True)


def _copy_pages(source: Path, partial: Path, progress: ReportProgress, token: CancelToken | None) -> None:
    with _opened(source) as reading, closing(sqlite3.connect(partial)) as copy:
        page_kb = reading.execute("PRAGMA page_size").fetchone()[0] / 1024

        def advance(status: int, remaining: int, total: int) -> None:
            del status
            if token is not None:
                token.check()
            progress(round((total - remaining) * page_kb), round(total * page_kb))

        # One moment is copied: without this SQLite would begin again whenever another process writes.
        reading.execute("BEGIN")
        reading.execute("SELECT 1 FROM sqlite_master").fetchone()
        reading.backup(copy, pages=_PAGES_AT_ONCE, progress=advance, sleep=0.001)
        copy.execute("PRAGMA journal_mode = DELETE")


def _check(copy: Path, source: Path, token: CancelToken | None) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        if token is not None:
            connection.set_progress_handler(lambda: int(token.cancelled), _STEPS_BETWEEN_LOOKS)
        try:
            complaints = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        except sqlite3.OperationalError:
            if token is not None:
                token.check()
            raise
    if complaints != ["ok"]:
        raise EnvironmentFault(ErrorCode.LIBRARY_DAMAGED, "; ".join(complaints[:5]), path=str(source))


def prepared_from(source: Path, place: Path, progress: ReportProgress, token: CancelToken | None) -> Path:
    """Return a checked copy of `source` beside the library `place`, brought to this program's version.

    Raises:
        Cancelled, MmbmError: as `facts_of_library` and `copy_library`; nothing was written.
    """
    facts_of_library(source)
    remove_library(place.with_name(f".{place.name}.restoring"))
    prepared = place.with_name(f".{place.name}.restoring")
    try:
        copy_library(source, prepared, progress, token)
        with sqlite_errors_sorted(prepared), closing(sqlite3.connect(prepared, isolation_level=None)) as connection:
            migrate(connection, prepared)
    except BaseException:
        remove_library(prepared)
        raise
    prepared.with_name(f"{prepared.name}.before-v{len(MIGRATIONS)}").unlink(missing_ok=True)
    return prepared


def put_in_place(prepared: Path, place: Path, aside: Path) -> None:
    """Replace the library `place`, if there is one, by `prepared`, having set it aside.

    A sound library is copied aside and overwritten in one transaction: other programs that have it open see the new
    one. What is no sound library is renamed, its log with it.

    Raises:
        MmbmError: the former library is still in its place.
    """
    if place.exists() and _is_sound(place):
        copy_library(place, aside)
        _overwrite(place, prepared)
        remove_library(prepared)
        return
    with os_errors_sorted(place):
        for suffix in ("", *_SIDE_FILES):
            old = place.with_name(place.name + suffix)
            if old.exists():
                old.replace(aside.with_name(aside.name + suffix))
        _remove_logs(place)
        prepared.replace(place)
    remove_caches(place)


def _remove_logs(file: Path) -> None:
    """Delete the log of a database that is about to be replaced: SQLite would replay it into the new one."""
    for suffix in _SIDE_FILES:
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _is_sound(file: Path) -> bool:
    try:
        facts_of_library(file)
    except MmbmError:
        return False
    return True


def _overwrite(place: Path, prepared: Path) -> None:
    with (
        sqlite_errors_sorted(place),
        closing(sqlite3.connect(prepared, isolation_level=None)) as source,
        closing(sqlite3.connect(place, timeout=_BUSY_S)) as target,
    ):
        (counter,) = target.execute("SELECT value FROM counters WHERE name = 'vectors'").fetchone()
        # Whoever keeps vectors in memory must see that they are others.
        source.execute("UPDATE counters SET value = MAX(value, ?) + 1 WHERE name = 'vectors'", (counter,))
        source.backup(target)
    remove_caches(place)


@contextlib.contextmanager
def writers_waiting(file: Path) -> Generator[None]:
    """Let every other writer of a library wait, in whatever program, while the block runs."""
    with sqlite_errors_sorted(file), closing(sqlite3.connect(file, timeout=_BUSY_S, isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        yield
        held.execute("ROLLBACK")


def remove_library(file: Path) -> None:
    """Delete a library's file with all that belongs to it; what cannot be deleted stays."""
    remove_caches(file)
    for suffix in ("", *_SIDE_FILES):
        with contextlib.suppress(OSError):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        lock_file(file).unlink(missing_ok=True)


def remove_caches(file: Path) -> None:
    """Delete what lies beside a library and can be made again from it."""
    shutil.rmtree(index_folder(file), ignore_errors=True)


def dated(file: Path, what: str) -> Path:
    """Return a name beside `file` with today's date that is not taken."""
    stem = f"{file.stem}-{what}-{time.strftime('%Y-%m-%d-%H%M%S')}"
    names = (file.with_name(f"{stem}{'' if n == 0 else f'-{n}'}{file.suffix or '.db'}") for n in range(1000))
    return next(name for name in names if not name.exists())


def need_room(folder: Path, size: int) -> None:
    """Raise where a folder cannot take `size` bytes more.

    Raises:
        MmbmError: DISK_FULL, FOLDER_NOT_FOUND.
    """
    if not folder.is_dir():
        raise InputFault(ErrorCode.FOLDER_NOT_FOUND, path=str(folder))
    with os_errors_sorted(folder):
        free = shutil.disk_usage(folder).free
    if free < size:
        raise EnvironmentFault(ErrorCode.DISK_FULL, f"{free} of {size} bytes", path=str(folder))


@contextlib.contextmanager
def _opened(file: Path) -> Generator[sqlite3.Connection]:
    with os_errors_sorted(file):
        file.open("rb").close()
    with sqlite_errors_sorted(file):
        connection = sqlite3.connect(file, timeout=_BUSY_S, isolation_level=None)
        try:
            yield connection
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
                raise InputFault(ErrorCode.LIBRARY_FOREIGN, str(error), path=str(file)) from error
            raise
        finally:
            connection.close()


def _bytes(file: Path) -> int:
    with os_errors_sorted(file):
        size = file.stat().st_size
    with contextlib.suppress(OSError):
        size += file.with_name(f"{file.name}-wal").stat().st_size
    return size


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
