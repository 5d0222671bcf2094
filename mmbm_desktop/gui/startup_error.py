"""What is shown when the window cannot be opened: the reason in plain words, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from mmbm_desktop.gui.error_texts import ErrorTexts
from mmbm_desktop.protocol.failure import Failure

if TYPE_CHECKING:
    from mmbm_desktop.base.errors import MmbmError


def show_startup_error(error: MmbmError) -> QMessageBox:
    """Show a message box with the error's words and return it; the application ends when it is closed."""
    box = QMessageBox(QMessageBox.Icon.Critical, "MMBM Desktop", ErrorTexts().with_file(Failure.of(error)))
    box.setDetailedText(error.detail)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    _shown.append(box)
    return box


_shown: list[QMessageBox] = []
"""Keeps the box alive while the event loop runs."""
