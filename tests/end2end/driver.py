"""Drives a real window: real engine, real worker, real events. Runs in a process of its own; see `steps.py`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication, QEventLoop, QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from mmbm_desktop.app import Desktop
from mmbm_desktop.engine.local import LocalEngine

PATIENCE_S = 60.0


class Driver:
    """A window on the screen that `DISPLAY` names."""

    def __init__(self, size: tuple[int, int] = (1280, 800)) -> None:
        self.app = QApplication.instance() or QApplication([])
        assert isinstance(self.app, QApplication)
        self.desktop = Desktop(self.app, partial(LocalEngine, window=True))
        self.window = self.desktop.window
        self.engine = self.desktop.context.engine
        self.window.resize(*size)
        self.desktop.show()
        self.until(self.window.isVisible, "the window is shown")

    @property
    def explore(self) -> object:
        """The Explore page, brought into view."""
        self.window.show_page("explore")
        return self.window.page

    @property
    def library(self) -> object:
        """The Library page, brought into view."""
        self.window.show_page("library")
        return self.window.page

    @property
    def train(self) -> object:
        """The Train page, brought into view."""
        self.window.show_page("train")
        return self.window.page

    def until(self, condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
        """Let the window live until `condition` holds."""
        deadline = time.monotonic() + patience_s
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain until {what}"
            QTest.qWait(20)

    def rest(self, milliseconds: int) -> None:
        """Let the window and every thread live for a while; `QTest.qWait` would keep Python's other threads waiting."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def drop(self, widget: QWidget, *paths: Path) -> None:
        """Drop files on a widget, as a file manager would."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        centre = QPointF(widget.rect().center())
        left, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
        QCoreApplication.sendEvent(widget, QDragEnterEvent(centre.toPoint(), copy, mime, left, none))
        QCoreApplication.sendEvent(widget, QDropEvent(centre, copy, mime, left, none))

    def type_into(self, widget: QWidget, text: str) -> None:
        """Type text; Chinese is committed as an input method would."""
        widget.setFocus()
        if text.isascii():
            QTest.keyClicks(widget, text)
        else:
            from PySide6.QtGui import QInputMethodEvent

            event = QInputMethodEvent()
            event.setCommitString(text)
            QCoreApplication.sendEvent(widget, event)

    def workers(self) -> list[psutil.Process]:
        """Return the worker processes that are alive."""
        children = psutil.Process().children(recursive=True)
        return [child for child in children if child.status() != psutil.STATUS_ZOMBIE and _is_worker(child)]

    def quit(self) -> None:
        """Close the window as a person does and wait for the end of the loop."""
        self.window.close()
        self.app.exec()
        left = [child for child in psutil.Process().children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]
        assert left == [], f"processes are left: {left}"

    def shoot(self, file: Path) -> None:
        """Write what the window shows to a picture."""
        QTest.qWait(300)
        file.parent.mkdir(parents=True, exist_ok=True)
        assert self.window.grab().save(str(file))


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "mmbm_desktop.worker" in " ".join(process.cmdline())
    except psutil.Error:
        return False


def home() -> Path:
    """Return the folder that everything personal lies in."""
    return Path(os.environ["MMBM_HOME"])
