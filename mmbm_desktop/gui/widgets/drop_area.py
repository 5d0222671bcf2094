"""A dashed area that files are dropped on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from mmbm_desktop.gui.widgets.basics import set_kind

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent


class DropArea(QFrame):
    """A dashed area that takes drops and lights up under what hangs over it; a click or Enter asks for a dialog."""

    dropped = Signal(object)
    """The `QMimeData`, to be used before the slot returns."""
    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "drop")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()
            set_kind(self, "drop-over")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        set_kind(self, "drop")
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        set_kind(self, "drop")
        event.acceptProposedAction()
        self.dropped.emit(event.mimeData())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)
