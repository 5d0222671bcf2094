"""Tells which files below some folders changed, as the operating system says. What lies behind links is not watched.

On Linux the two ways in which inotify falls silent are told: its queue overflowed, or a folder could not be watched
because the system's limit is reached. Otherwise both would show nowhere but in a log.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING

import psutil
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from mmbm_desktop.media.formats import FileKind, kind_by_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

NETWORK_DRIVE = "network-drive"
WATCH_LIMIT = "watch-limit"
EVENTS_LOST = "events-lost"
UNWATCHABLE = "unwatchable"
_LIMITS = (errno.ENOSPC, errno.EMFILE, errno.ENFILE)
_EVENTS = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
_REMOTE = "9p afs afpfs cifs davfs fuse.rclone fuse.s3fs fuse.sshfs glusterfs ncpfs nfs nfs4 smb2 smb3 smbfs webdav"
_SHARED = "prl_fs vboxsf virtiofs"
_WITHOUT_EVENTS = frozenset(f"{_REMOTE} {_SHARED}".split())
"""File systems that other computers write to without our system's knowing."""


class FolderWatcher:
    """Watches folders until it is closed.

    Args:
        changed: takes the path of a file that came, changed, went or was moved, or of a folder that went.
        silent: takes WATCH_LIMIT and the folder that cannot be watched, or EVENTS_LOST and "" for any folder.

    Both are called in threads of the watcher and must return at once.
    """

    def __init__(self, changed: Callable[[str], None], silent: Callable[[str, str], None]) -> None:
        self._handler = _Handler(changed)
        self._watches: dict[str, ObservedWatch] = {}
        self._observer = _observer(silent)
        self._observer.start()

    def watch(self, folder: str) -> str | None:
        """Watch a folder and all below it; return why that is impossible, None where it is done."""
        if is_network_drive(folder):
            return NETWORK_DRIVE
        try:
            watch = self._observer.schedule(self._handler, folder, recursive=True, event_filter=_EVENTS)
        except OSError as error:
            return WATCH_LIMIT if error.errno in _LIMITS else UNWATCHABLE
        self._watches[folder] = watch
        return None

    def leave(self, folder: str) -> None:
        """Watch a folder no longer."""
        watch = self._watches.pop(folder, None)
        if watch is not None:
            self._observer.unschedule(watch)

    @property
    def folders(self) -> tuple[str, ...]:
        """What is watched."""
        return tuple(self._watches)

    def close(self) -> None:
        """End, and wait for the threads."""
        self._observer.stop()
        self._observer.join()


class _Handler(FileSystemEventHandler):
    def __init__(self, changed: Callable[[str], None]) -> None:
        self._changed = changed

    def dispatch(self, event: FileSystemEvent) -> None:
        """Pass on what concerns pictures, recordings and folders."""
        for place in (event.src_path, event.dest_path):
            path = os.fsdecode(place)
            if not path:
                continue
            if not event.is_directory:
                if kind_by_name(path) is not FileKind.OTHER:
                    self._changed(path)
            elif not os.path.isdir(path):  # noqa: PTH112 - thousands of times
                self._changed(path)
            else:
                for file in _files_below(path):
                    self._changed(file)


def _files_below(folder: str) -> Iterator[str]:
    """Yield the files of a folder that has just come, some of which may have come before it was watched."""
    for root, _, names in os.walk(folder):
        yield from (os.path.join(root, name) for name in names if kind_by_name(name) is not FileKind.OTHER)  # noqa: PTH118


def _observer(silent: Callable[[str, str], None]) -> BaseObserver:
    if sys.platform != "linux":
        return Observer()
    from mmbm_desktop.media.telling_inotify import TellingObserver

    return TellingObserver(lambda: silent(EVENTS_LOST, ""), lambda path: silent(WATCH_LIMIT, path))


def is_network_drive(folder: str) -> bool:
    """Whether a folder lies on a file system that others write to without events arriving here."""
    try:
        parts = psutil.disk_partitions(all=True)
    except (OSError, psutil.Error):
        return False
    place = PurePath(folder)
    holding = [part for part in parts if place.is_relative_to(part.mountpoint)]
    if not holding:
        return False
    own = max(holding, key=lambda part: len(part.mountpoint))
    return own.fstype.lower() in _WITHOUT_EVENTS or "remote" in own.opts.split(",")
