"""Where a new run begins: the data and what is seen of them, beside the form, or above it where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from mmbm_desktop.gui.pages.train.data_panel import DataPanel
    from mmbm_desktop.gui.pages.train.form_panel import FormPanel
    from mmbm_desktop.gui.pages.train.preview_panel import PreviewPanel

_NARROW = 720


class Column(QScrollArea):
    """Cards below each other in a scrolled column."""

    def __init__(self, *cards: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        self.row = QBoxLayout(QBoxLayout.Direction.TopToBottom, inner)
        self.row.setContentsMargins(0, 0, 6, 0)
        self.row.setSpacing(14)
        for card in cards:
            self.row.addWidget(card)
        self.row.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)


class SetupView(Column):
    """Data and form side by side."""

    def __init__(self, data: DataPanel, preview: PreviewPanel, form: FormPanel, parent: QWidget | None = None) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(data)
        column.addWidget(preview)
        super().__init__(left, form, parent=parent)
        self.row.setStretch(0, 5)
        self.row.setStretch(1, 6)
        self.row.setStretch(2, 0)
        self._cards = (left, form)

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < _NARROW
        sideways, stacked = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self.row.setDirection(stacked if narrow else sideways)
        top = Qt.AlignmentFlag(0) if narrow else Qt.AlignmentFlag.AlignTop
        for card in self._cards:
            self.row.setAlignment(card, top)
        super().resizeEvent(event)
