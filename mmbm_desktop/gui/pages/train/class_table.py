"""Per class: how many items, precision, recall, F1, AUROC; sorted by a click on a heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.protocol.training import ClassNumbers

_ROW, _MOST_ROWS = 30, 12


class _NumberItem(QTableWidgetItem):
    """A cell that sorts by its number."""

    def __init__(self, value: float | None, text: str) -> None:
        super().__init__(text)
        self.value = -1.0 if value is None else value
        self.setTextAlignment(Qt.AlignmentFlag.AlignCenter)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        return self.value < other.value if isinstance(other, _NumberItem) else super().__lt__(other)


class ClassTable(QTableWidget):
    """One row a class."""

    def __init__(self, classes: Sequence[ClassNumbers], parent: QWidget | None = None) -> None:
        super().__init__(len(classes), 6, parent)
        for row, one in enumerate(classes):
            self.setItem(row, 0, QTableWidgetItem(one.label))
            self.setItem(row, 1, _NumberItem(one.items, f"{one.items:,}"))
            for column, value in enumerate((one.precision, one.recall, one.f1, one.auroc), start=2):
                self.setItem(row, column, _NumberItem(value, "–" if value is None else f"{value:.2f}"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.setFixedHeight((min(len(classes), _MOST_ROWS) + 1) * _ROW + 12)
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicatorShown(False)
        self.sortByColumn(4, Qt.SortOrder.AscendingOrder)
        self.retranslate()

    def retranslate(self) -> None:
        """Set the headings again."""
        heads = (
            (self.tr("Class"), ""),
            (self.tr("Items"), ""),
            (self.tr("Precision"), self.tr("Of the items given this class, the share that belongs to it")),
            (self.tr("Recall"), self.tr("Of the items of this class, the share that was given it")),
            (self.tr("F1"), self.tr("Precision and recall in one number")),
            (self.tr("AUROC"), self.tr("How well its score orders items: 1 always right, 0.5 by chance")),
        )
        for column, (text, tip) in enumerate(heads):
            item = QTableWidgetItem(text)
            item.setToolTip(tip)
            side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignHCenter
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, item)
