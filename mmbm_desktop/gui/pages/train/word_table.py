"""Which words of transcripts were written down as others, left out or made up; a click asks for the recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.training import WordChange

_ROW, _MOST_ROWS, _WIDEST = 30, 10, 560
_TIMES = 2
"""The column of the counts."""


class WordTable(QTableWidget):
    """One row a change, the most frequent first; `change_asked` carries the words (said, written)."""

    change_asked = Signal(str, str)

    def __init__(self, changes: Sequence[WordChange], parent: QWidget | None = None) -> None:
        super().__init__(len(changes), 3, parent)
        self._changes = tuple(changes)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setFixedHeight((min(len(changes), _MOST_ROWS) + 1) * _ROW + 12)
        self.setMaximumWidth(_WIDEST)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.cellClicked.connect(self._ask)
        self.cellActivated.connect(self._ask)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text again."""
        for column, text in enumerate((self.tr("Said"), self.tr("Written down"), self.tr("Times"))):
            head = QTableWidgetItem(text)
            side = Qt.AlignmentFlag.AlignHCenter if column == _TIMES else Qt.AlignmentFlag.AlignLeft
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, head)
        nothing = self.tr("(nothing)")
        for row, one in enumerate(self._changes):
            for column, text in enumerate((one.said or nothing, one.written or nothing, f"{one.count:,}")):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column == _TIMES:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self.setItem(row, column, item)

    @Slot(int, int)
    def _ask(self, row: int, column: int) -> None:
        del column
        self.change_asked.emit(self._changes[row].said, self._changes[row].written)
