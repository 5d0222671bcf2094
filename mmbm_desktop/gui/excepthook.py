"""Catches what nobody caught, in any thread: to the log, and to the window as a signal in the main thread."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from typing import TYPE_CHECKING, TextIO

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

log = logging.getLogger(__name__)


class UncaughtErrors(QObject):
    """Installs the hooks; `caught` carries the traceback's text."""

    caught = Signal(str)

    def __init__(self, crash_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._crash_file: TextIO | None = None
        try:
            crash_file.parent.mkdir(parents=True, exist_ok=True)
            self._crash_file = crash_file.open("a", encoding="utf-8")
        except OSError as error:
            log.warning("no crash file: %s", error)
        if self._crash_file is not None:
            faulthandler.enable(self._crash_file)
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook
        sys.unraisablehook = self._unraisable_hook

    def close(self) -> None:
        """Put Python's own hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        if self._crash_file is not None:
            faulthandler.disable()
            self._crash_file.close()
            self._crash_file = None

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        log.error("uncaught: %s", text)
        self.caught.emit(text)

    def _thread_hook(self, event: threading.ExceptHookArgs) -> None:
        if event.exc_value is not None:
            self._hook(event.exc_type, event.exc_value, event.exc_traceback)

    def _unraisable_hook(self, event: sys.UnraisableHookArgs) -> None:
        log.error("unraisable in %r: %s", event.object, event.exc_value)
