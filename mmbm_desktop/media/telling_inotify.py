"""watchdog's reader of inotify, saying what it otherwise only logs: lost events, and folders that cannot be watched.

Linux only. watchdog is pinned; `tests/media/test_watching.py` shows that these are the places.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyEmitter
from watchdog.observers.inotify_c import CallbackId, InotifyEvent, InotifyFD, Mask, WatchCallback, WatchDescriptor

if TYPE_CHECKING:
    from collections.abc import Callable


class TellingInotify(InotifyFD):
    """Calls `lost` when the kernel dropped events, `limited(folder)` when there may be no more watches."""

    def __init__(self, lost: Callable[[], None], limited: Callable[[str], None]) -> None:
        super().__init__()
        self._lost = lost
        self._limited = limited

    def handle_event(self, event: InotifyEvent) -> None:
        """Handle an event; tell of an overflow when the watches were set up again."""
        super().handle_event(event)
        if event.is_queue_overflow:
            self._lost()

    def add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
        """Watch one folder.

        Raises:
            OSError: it cannot be watched; watchdog passes over it where it is not the topmost.
        """
        try:
            return super().add_callback(path, mask, callback, id_)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EMFILE):
                self._limited(os.fsdecode(path))
            raise


class TellingObserver(BaseObserver):
    """watchdog's observer for Linux, with a `TellingInotify`."""

    def __init__(self, lost: Callable[[], None], limited: Callable[[str], None]) -> None:
        self.source = TellingInotify(lost, limited)
        self.source.start()
        super().__init__(InotifyEmitter, inotify_fd=self.source)

    def on_thread_stop(self) -> None:
        """End the reader with the observer."""
        super().on_thread_stop()
        self.source.stop()
        self.source.join()
