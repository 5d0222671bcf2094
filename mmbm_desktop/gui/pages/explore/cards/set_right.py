"""Sets a class right: another of the classes that came into question, or one that the person types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget

from mmbm_desktop.gui.widgets.basics import Button, Label

if TYPE_CHECKING:
    from collections.abc import Sequence


class SetRight(QWidget):
    """A button with a menu of classes, and a line for others; `chosen` carries the class."""

    chosen = Signal(str)

    def __init__(self, labels: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels, self._chosen = tuple(labels), ""
        self.said, self.editor = Label(kind="good"), QLineEdit()
        self.button, self.menu = Button(), QMenu(self)
        self.button.setMenu(self.menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.said, self.editor, self.button):
            layout.addWidget(widget)
        self.editor.hide()
        self.said.hide()
        self.editor.returnPressed.connect(self._typed)
        self.retranslate()

    def _fill(self) -> None:
        self.menu.clear()
        for label in self._labels[1:]:
            action = self.menu.addAction(" ".join(label.split()).replace("&", "&&"))
            action.setData(label)
            action.triggered.connect(self._picked)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Another class …"), self._type)

    @Slot()
    def _picked(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._choose(str(action.data()))

    @Slot()
    def _type(self) -> None:
        self.said.hide()
        self.editor.show()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _typed(self) -> None:
        label = self.editor.text().strip()
        self.editor.hide()
        if label:
            self._choose(label)

    def _choose(self, label: str) -> None:
        self._chosen = label
        self.retranslate()
        self.chosen.emit(label)

    def retranslate(self) -> None:
        """Set every text again."""
        self.button.setText(self.tr("Set right"))
        self.button.setToolTip(self.tr("Say which class it is; models learn from it under Train, My corrections"))
        self.editor.setPlaceholderText(self.tr("Name of the class"))
        self.editor.setAccessibleName(self.editor.placeholderText())
        self.said.setText(self.tr("You: {label}").format(label=self._chosen))
        self.said.setVisible(bool(self._chosen))
        self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.editor.isVisible():
            self.editor.hide()
            self.said.setVisible(bool(self._chosen))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
