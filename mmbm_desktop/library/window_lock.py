"""The lock that one window holds on a library, kept by the operating system: whatever ends the process frees it.

It is an empty file beside the database, never the database itself, which SQLite locks in its own way. Programs without
a window, such as `mmbm index`, do not take it to write: SQLite orders their transactions. They take it to move or
replace the file.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

log = logging.getLogger(__name__)

_SUFFIX = ".lock"


def lock_file(library: Path) -> Path:
    """Return the lock's file; one library has one, by whatever link it is reached."""
    real = library.resolve()
    return real.with_name(f"{real.name}{_SUFFIX}")


class WindowLock:
    """A lock held until `release`, or until the process is gone."""

    def __init__(self, handle: int | None) -> None:
        self._handle = handle

    @classmethod
    def taken(cls, library: Path) -> WindowLock | None:
        """Take the lock of a library; None where another window holds it.

        Where there can be no lock (no such folder, a file system without them), a lock that holds nothing is returned:
        whatever is wrong with the place shows when the database is opened.
        """
        try:
            handle = os.open(lock_file(library), os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            log.info("no lock beside %s: %s", library, error)
            return cls(None)
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            return None
        except OSError as error:
            log.warning("the file system of %s has no locks: %s", library, error)
        return cls(handle)

    def release(self) -> None:
        """Give the lock back; safe to call twice."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def is_free(library: Path) -> bool:
    """Whether no window holds the lock now."""
    lock = WindowLock.taken(library)
    if lock is not None:
        lock.release()
    return lock is not None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
