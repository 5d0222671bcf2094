"""Text that is edited in place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from mmbm_desktop.gui.widgets.basics import Label


class EditableText(QWidget):
    """A text that turns into an editor in place: Enter keeps the new text, Escape the old one."""

    edited = Signal(str)

    def __init__(self, text: str, kind: str = "answer", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = Label(text, kind, wrap=True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.editor = QLineEdit(text)
        self.editor.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label)
        layout.addWidget(self.editor)
        self.editor.returnPressed.connect(self._keep)

    @property
    def text(self) -> str:
        """The text of the moment."""
        return self.label.text()

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.label.setText(text)

    @Slot()
    def start_editing(self) -> None:
        """Open the editor with the text selected."""
        self.editor.setText(self.text)
        self.label.hide()
        self.editor.show()
        self.editor.setFocus()
        self.editor.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.editor.isVisible():
            self._close()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _keep(self) -> None:
        text = self.editor.text().strip()
        self._close()
        if text and text != self.text:
            self.set_text(text)
            self.edited.emit(text)

    def _close(self) -> None:
        self.editor.hide()
        self.label.show()
