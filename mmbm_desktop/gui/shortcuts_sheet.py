"""The sheet of keyboard shortcuts (F1)."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from mmbm_desktop.gui.widgets.basics import Badge, Button, Label


class ShortcutsSheet(QDialog):
    """What each key does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for row, (keys, text) in enumerate(self._rows()):
            grid.addWidget(Badge(keys), row, 0)
            grid.addWidget(Label(text), row, 1)
        close = Button(self.tr("Close"), "primary")
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(grid)
        layout.addWidget(close)

    def _rows(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Ctrl+1 … 5", self.tr("Explore, Library, Train, Models, Activity")),
            ("Ctrl+O", self.tr("Open files or a folder")),
            ("Ctrl+V", self.tr("Paste a picture, text or files")),
            ("Ctrl+R", self.tr("Start or stop recording")),
            ("Ctrl+Enter", self.tr("Search pictures with the text")),
            ("Ctrl+Shift+Enter", self.tr("Translate the text")),
            ("Ctrl+F", self.tr("Search")),
            ("Ctrl+C", self.tr("Copy the answer or the paths in focus")),
            ("Ctrl+Z · Ctrl+Shift+Z", self.tr("Undo or redo an edit of the library")),
            ("Ctrl+A", self.tr("Select everything that is loaded")),
            ("Ctrl+T", self.tr("Tag the selected items")),
            ("Ctrl+L", self.tr("Library: grid or list")),
            ("Ctrl+E · Ctrl+I", self.tr("Library: export what was found, import from a folder")),
            ("Del", self.tr("Remove the card in focus, or the selected items from the library")),
            ("Ctrl+,", self.tr("Settings")),
            ("Ctrl+Q", self.tr("Quit")),
        )
