"""What can be done with the files of items outside the window: open them, show them in the file manager, copy paths."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QMimeData, QObject, QProcess, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

if TYPE_CHECKING:
    from collections.abc import Sequence


def copy_paths(paths: Sequence[str]) -> None:
    """Put paths on the clipboard: as text, one a line, and as files for a file manager."""
    mime = QMimeData()
    mime.setText("\n".join(QDir.toNativeSeparators(path) for path in paths))
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    QGuiApplication.clipboard().setMimeData(mime)


def open_file(path: str) -> bool:
    """Open a file with the program the system has for it; return whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(path))


class FolderRevealer(QObject):
    """Shows a file in the system's file manager, selected where the system can do that."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = ""
        self._asking = QProcess(self)
        self._asking.finished.connect(self._answered)

    def reveal(self, path: str) -> None:
        """Open the file manager at a file."""
        self._path = path
        if sys.platform == "darwin":
            QProcess.startDetached("open", ["-R", path])
        elif sys.platform == "win32":
            QProcess.startDetached("explorer", ["/select,", QDir.toNativeSeparators(path)])
        elif shutil.which("dbus-send") and self._asking.state() is QProcess.ProcessState.NotRunning:
            self._asking.start("dbus-send", _show_items(path))
        else:
            self._open_folder()

    @Slot(int)
    def _answered(self, exit_code: int) -> None:
        if exit_code:
            self._open_folder()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._path).parent)))


def _show_items(path: str) -> list[str]:
    """Return the call of https://www.freedesktop.org/wiki/Specifications/file-manager-interface for one file."""
    address = QUrl.fromLocalFile(path).toString(QUrl.ComponentFormattingOption.FullyEncoded).replace(",", "%2C")
    return [
        "--session",
        "--print-reply",
        "--reply-timeout=2000",
        "--dest=org.freedesktop.FileManager1",
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1.ShowItems",
        f"array:string:{address}",
        "string:",
    ]
