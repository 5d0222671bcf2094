"""Sorts SQLite's errors once: the computer's fault (full disk, lock, damage) or a bug of ours."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from mmbm_desktop.base.errors import BugFault, EnvironmentFault, ErrorCode, MmbmError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_CODES = {
    sqlite3.SQLITE_FULL: ErrorCode.DISK_FULL,
    sqlite3.SQLITE_BUSY: ErrorCode.LIBRARY_LOCKED,
    sqlite3.SQLITE_LOCKED: ErrorCode.LIBRARY_LOCKED,
    sqlite3.SQLITE_PROTOCOL: ErrorCode.LIBRARY_LOCKED,
    sqlite3.SQLITE_READONLY: ErrorCode.PERMISSION_DENIED,
    sqlite3.SQLITE_PERM: ErrorCode.PERMISSION_DENIED,
    sqlite3.SQLITE_AUTH: ErrorCode.PERMISSION_DENIED,
    sqlite3.SQLITE_CANTOPEN: ErrorCode.PERMISSION_DENIED,
    sqlite3.SQLITE_CORRUPT: ErrorCode.LIBRARY_DAMAGED,
    sqlite3.SQLITE_NOTADB: ErrorCode.LIBRARY_DAMAGED,
    sqlite3.SQLITE_NOMEM: ErrorCode.OUT_OF_MEMORY,
    sqlite3.SQLITE_IOERR: ErrorCode.LIBRARY_DAMAGED,
}
_EXTENDED = {
    # Writes that failed for another reason than ENOSPC: a quota, a file size limit.
    sqlite3.SQLITE_IOERR_WRITE: ErrorCode.DISK_FULL,
    sqlite3.SQLITE_IOERR_FSYNC: ErrorCode.DISK_FULL,
    sqlite3.SQLITE_IOERR_TRUNCATE: ErrorCode.DISK_FULL,
    sqlite3.SQLITE_IOERR_SHMSIZE: ErrorCode.DISK_FULL,
    sqlite3.SQLITE_IOERR_LOCK: ErrorCode.LIBRARY_LOCKED,
    sqlite3.SQLITE_IOERR_SHMLOCK: ErrorCode.LIBRARY_LOCKED,
    sqlite3.SQLITE_IOERR_NOMEM: ErrorCode.OUT_OF_MEMORY,
    sqlite3.SQLITE_IOERR_ACCESS: ErrorCode.PERMISSION_DENIED,
}


def sorted_sqlite_error(error: sqlite3.Error, file: Path) -> MmbmError:
    """Return the typed error for one of SQLite's (https://www.sqlite.org/rescode.html)."""
    extended = getattr(error, "sqlite_errorcode", None)
    detail = f"{getattr(error, 'sqlite_errorname', type(error).__name__)}: {error}"
    if extended is None:
        return BugFault(ErrorCode.BUG, detail)
    code = _EXTENDED.get(extended, _CODES.get(extended & 0xFF))
    if code is None:
        return BugFault(ErrorCode.BUG, detail)
    return EnvironmentFault(code, detail, path=str(file))


@contextlib.contextmanager
def sqlite_errors_sorted(file: Path) -> Generator[None]:
    """Turn any `sqlite3.Error` of the block into a typed one.

    Raises:
        MmbmError: see `sorted_sqlite_error`.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise sorted_sqlite_error(error, file) from error
