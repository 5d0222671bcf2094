"""The classes that are captured into: chosen by a click, added, renamed or removed while they are empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from mmbm_desktop.gui.theme.icons import icon
from mmbm_desktop.gui.widgets.basics import Button, ElidedLabel, Label

if TYPE_CHECKING:
    from mmbm_desktop.gui.state.capture import CaptureDesk
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.capture import ClassFolder

_ROW_HEIGHT = 38


class ClassRow(QWidget):
    """One class: its name and how much is in it."""

    chosen = Signal(str)
    rename_asked = Signal(str)
    remove_asked = Signal(str)

    def __init__(self, label: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = label
        self.choose, self.count = Button(kind="choice"), Label(kind="small")
        self.rename, self.remove = Button(kind="quiet"), Button(kind="quiet")
        self.choose.setCheckable(True)
        self.choose.setMinimumHeight(_ROW_HEIGHT)
        name = ElidedLabel(label)
        inside = QHBoxLayout(self.choose)
        inside.setContentsMargins(12, 0, 12, 0)
        for widget in (name, self.count):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside.addWidget(name, 1)
        inside.addWidget(self.count)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.choose, 1)
        row.addWidget(self.rename)
        row.addWidget(self.remove)
        self.rename.setIcon(icon("pencil", theme.tokens.dim, edge=16))
        self.remove.setIcon(icon("trash-2", theme.tokens.dim, edge=16))
        self.choose.clicked.connect(self._choose)
        self.rename.clicked.connect(self._rename)
        self.remove.clicked.connect(self._remove)

    def show_class(self, found: ClassFolder, *, chosen: bool) -> None:
        """Show how many there are; only an empty class is renamed or removed."""
        self.choose.setChecked(chosen)
        self.count.setText(f"{found.items:,}")
        self.choose.setAccessibleName(f"{self.label}, {found.items}")
        for button, text in ((self.rename, self.tr("Rename")), (self.remove, self.tr("Remove"))):
            button.setVisible(found.items == 0)
            button.setToolTip(text)
            button.setAccessibleName(f"{text}: {self.label}")

    @Slot()
    def _choose(self) -> None:
        self.choose.setChecked(True)
        self.chosen.emit(self.label)

    @Slot()
    def _rename(self) -> None:
        self.rename_asked.emit(self.label)

    @Slot()
    def _remove(self) -> None:
        self.remove_asked.emit(self.label)


class CaptureClasses(QWidget):
    """The rows and the field for a new class."""

    chosen = Signal()
    """The person chose or added a class: what comes next is taking."""

    def __init__(self, desk: CaptureDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._theme = desk, theme
        self.rows: list[ClassRow] = []
        self.dialog: QInputDialog | None = None
        self._heading, self.name, self.add = Label(kind="heading"), QLineEdit(), Button()
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 4, 0)
        self._list.setSpacing(4)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(scroll, 1)
        layout.addLayout(row)
        self.name.returnPressed.connect(self._add)
        self.add.clicked.connect(self._add)
        desk.classes_changed.connect(self._changed)
        desk.shot_taken.connect(self._changed)
        self.retranslate()

    @Slot()
    def _changed(self) -> None:
        classes = self._desk.classes
        if [row.label for row in self.rows] != [one.label for one in classes]:
            self._rebuild()
        for row, found in zip(self.rows, classes, strict=True):
            row.show_class(found, chosen=row.label == self._desk.chosen)
        usable = bool(self._desk.folder) and self._desk.blocked is None
        self.name.setEnabled(usable)
        self.add.setEnabled(usable)

    def _rebuild(self) -> None:
        for row in self.rows:
            self._list.removeWidget(row)
            row.deleteLater()
        self.rows = [ClassRow(one.label, self._theme) for one in self._desk.classes]
        for number, row in enumerate(self.rows):
            self._list.insertWidget(number, row)
            row.chosen.connect(self._choose)
            row.rename_asked.connect(self._ask_name)
            row.remove_asked.connect(self._desk.remove)

    @Slot(str)
    def _choose(self, label: str) -> None:
        self._desk.choose(label)
        self.chosen.emit()

    @Slot()
    def _add(self) -> None:
        if name := self.name.text().strip():
            self._desk.add(name)
            self.name.clear()
            self.chosen.emit()

    @Slot(str)
    def _ask_name(self, label: str) -> None:
        self.dialog = QInputDialog(self)
        self.dialog.setWindowTitle(self.tr("Rename"))
        self.dialog.setLabelText(self.tr("New name of the class:"))
        self.dialog.setTextValue(label)
        self.dialog.setProperty("label", label)
        self.dialog.textValueSelected.connect(self._rename)
        self.dialog.open()

    @Slot(str)
    def _rename(self, name: str) -> None:
        if self.dialog is not None:
            self._desk.rename(str(self.dialog.property("label")), name)

    def retranslate(self) -> None:
        """Set every text again."""
        self._heading.setText(self.tr("Classes"))
        self.name.setPlaceholderText(self.tr("Name of a new class"))
        self.name.setAccessibleName(self.name.placeholderText())
        self.add.setText(self.tr("Add"))
        self._changed()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
