"""The confusion matrix: a table whose cells are as strong in colour as they are full; a click asks for the items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.training import Assessment

_CELL, _WIDEST, _ROW, _MOST_ROWS = 64, 140, 30, 14
_Index = QModelIndex | QPersistentModelIndex


class ConfusionModel(QAbstractTableModel):
    """Rows are what people say, columns what the network says."""

    def __init__(self, assessment: Assessment, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._assessment, self._theme = assessment, theme

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._assessment.confusion)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._assessment.labels)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        count = self._assessment.confusion[row][column]
        truth, guess = self._assessment.labels[row], self._assessment.labels[column]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{count:,}" if count else "·"
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("{truth} taken for {guess}: {count}").format(truth=truth, guess=guess, count=count)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
            case Qt.ItemDataRole.ForegroundRole:
                return self._theme.colour("text" if count else "dim")
        return None

    def ground(self, row: int, column: int) -> QColor | None:
        """Return the colour of a cell: the fuller of its row, the stronger."""
        count = self._assessment.confusion[row][column]
        if not count:
            return None
        whole = sum(self._assessment.confusion[row]) or 1
        colour = self._theme.colour("good" if row == column else "danger")
        colour.setAlphaF(0.08 + 0.42 * count / whole)
        return colour

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        del orientation
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._assessment.labels[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        return None


class CellDelegate(QStyledItemDelegate):
    """Paints a cell's colour below its number, which a style sheet's items would not."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        ground = model.ground(index.row(), index.column()) if isinstance(model, ConfusionModel) else None
        if ground is not None:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 4, 4)  # pyright: ignore[reportAttributeAccessIssue]
            painter.restore()
        super().paint(painter, option, index)


class ConfusionTable(QTableView):
    """Emits `cell_asked` (truth, guess) for a click, or Enter on a cell."""

    cell_asked = Signal(str, str)

    def __init__(self, assessment: Assessment, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._assessment = assessment
        self.setModel(ConfusionModel(assessment, theme, self))
        self.setItemDelegate(CellDelegate(self))
        self.setProperty("kind", "matrix")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        widest = max((self.fontMetrics().horizontalAdvance(label) for label in assessment.labels), default=0)
        self._widest = min(_WIDEST, max(_CELL, widest + 16))
        across.setDefaultSectionSize(self._widest)
        for header in (across, down):
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
        down.setFixedWidth(min(_WIDEST, widest + 24))
        down.setDefaultSectionSize(_ROW)
        rows = min(len(assessment.labels), _MOST_ROWS)
        self.setFixedHeight((rows + 1) * _ROW + 16)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._ask)
        self.activated.connect(self._ask)
        theme.changed.connect(self.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the columns narrower where all of them then fit."""
        share = self.viewport().width() // max(1, len(self._assessment.labels))
        self.horizontalHeader().setDefaultSectionSize(share if _CELL <= share < self._widest else self._widest)
        super().resizeEvent(event)

    @Slot(QModelIndex)
    def _ask(self, index: QModelIndex) -> None:
        labels = self._assessment.labels
        self.cell_asked.emit(labels[index.row()], labels[index.column()])
