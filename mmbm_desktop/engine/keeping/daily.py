"""The automatic copies: one a day, the newest few kept. Says what is due; making the copy is a job like any other."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mmbm_desktop.base import paths

if TYPE_CHECKING:
    from mmbm_desktop.protocol.keeping import LibraryInfo

_FREE_FOR_ONE = 20
"""A copy is made only where the disk has this many times its size free: it must never fill a disk."""


def kept_copies(library: Path) -> list[Path]:
    """Return the automatic copies of a library, the newest first."""
    folder = paths.backups_dir()
    return sorted(folder.glob(f"{library.stem}-????-??-??.db"), reverse=True) if folder.is_dir() else []


def due_copy(info: LibraryInfo, kept: int, now_s: float) -> Path | None:
    """Return the file of today's copy; None where there is one, nothing to keep, no wish for it, or little room."""
    day = time.strftime("%Y-%m-%d", time.localtime(now_s))
    library = Path(info.path)
    target = paths.backups_dir() / f"{library.stem}-{day}.db"
    if not kept or not info.items or target.exists():
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    return target if shutil.disk_usage(target.parent).free > _FREE_FOR_ONE * info.bytes else None


def drop_old(library: Path, kept: int) -> None:
    """Delete the automatic copies beyond the newest `kept`; none is deleted where no copies are wanted."""
    for old in kept_copies(library)[kept:] if kept else ():
        with contextlib.suppress(OSError):
            old.unlink()
