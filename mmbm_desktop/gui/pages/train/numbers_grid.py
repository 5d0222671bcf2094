"""Numbers of one or several runs in columns, the best of each line marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from mmbm_desktop.gui.widgets.basics import Label, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QLayoutItem

_COLUMN = 112


class NumbersGrid(QWidget):
    """A head and lines of texts, filled anew by `fill`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self.texts: list[tuple[str, ...]] = []
        self._content: object = None

    def fill(self, head: Sequence[str], rows: Sequence[tuple[str, Sequence[str], frozenset[int]]]) -> None:
        """Show rows of (name, a text a column, the columns with the best one); no head where it is empty."""
        content = (tuple(head), tuple((name, tuple(values), best) for name, values, best in rows))
        if content == self._content:
            return
        self._content = content
        self._clear()
        self.texts = [(name, *values) for name, values, _ in rows]
        self._grid.setColumnStretch(0, 1)
        for column, text in enumerate(head, start=1):
            self._grid.addWidget(_cell(text, "small"), 0, column)
        for number, (name, values, best) in enumerate(rows):
            row = 1 + 2 * number
            self._grid.addWidget(Line(), row, 0, 1, -1)
            self._grid.addWidget(Label(name, wrap=True), row + 1, 0)
            for column, text in enumerate(values):
                self._grid.addWidget(_cell(text, "best" if column in best else ""), row + 1, column + 1)
        for child in self.findChildren(QWidget):
            child.show()
        self.setAccessibleName("; ".join(f"{name}: {', '.join(values)}" for name, values, _ in rows))

    def _clear(self) -> None:
        while self._grid.count():
            item: QLayoutItem | None = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()


def _cell(text: str, kind: str) -> Label:
    """Return a text at the right of its column, cut where it is longer."""
    label = Label(kind=kind)
    label.setText(label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, _COLUMN))
    label.setToolTip(text if label.text() != text else "")
    label.setAlignment(Qt.AlignmentFlag.AlignRight)
    label.setFixedWidth(_COLUMN)
    return label
