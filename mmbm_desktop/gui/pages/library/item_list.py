"""The list of items: a Qt table with rows of one height, so that only the visible ones ever cost anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from mmbm_desktop.base.giving_way import window_moves
from mmbm_desktop.gui.pages.library.item_keys import pressed
from mmbm_desktop.gui.pages.library.row_painter import MARGIN, THUMBNAIL_WIDTH, RowLayout, RowPainter
from mmbm_desktop.gui.state.library_item_model import Column, LibraryItemModel
from mmbm_desktop.protocol.order import Order, SortKey

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.gui.pages.library.thumbnails import Thumbnails
    from mmbm_desktop.gui.theme.theme import Theme

ROW_HEIGHT = 48
_PREFETCH_SCREENS = 2
_WIDTHS = {Column.NAME: 200, Column.KIND: 84, Column.DATE: 132, Column.SIZE: 76, Column.SCORE: 66}
_NARROW = 740
"""Below so many pixels the kind, which the picture shows as well, leaves its room to the caption."""
_KEYS = {Column.NAME: SortKey.NAME, Column.DATE: SortKey.DATE, Column.SIZE: SortKey.SIZE}
_ASCENDING_FIRST = (SortKey.NAME,)


class ItemList(QTableView):
    """Rows with a thumbnail and what is known of each item; a click on a column's name sorts.

    `order_asked` carries an `Order`, or None for the usual one: the newest, or the best hits, first.
    """

    opened = Signal(QModelIndex)
    preview_wanted = Signal(QModelIndex)
    copy_wanted = Signal()
    remove_wanted = Signal()
    order_asked = Signal(object)

    def __init__(self, thumbnails: Thumbnails, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = RowPainter(thumbnails, theme)
        self._order: Order | None = None
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.doubleClicked.connect(self.opened)
        self.verticalScrollBar().valueChanged.connect(self._fetch_ahead)
        theme.changed.connect(self.viewport().update)

    def lay_out_columns(self) -> None:
        """Give the columns their widths; the caption takes what is left. Needs a model."""
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(Column.CAPTION, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setMinimumHeight(28)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        header.sectionClicked.connect(self.sort_by)

    def show_order(self, order: Order | None, *, scored: bool) -> None:
        """Show by an arrow how the rows are sorted; the score is a column of hits only."""
        self._order = order
        header = self.horizontalHeader()
        shown = order or (None if scored else Order())
        column = Column.SCORE if shown is None else next(one for one, key in _KEYS.items() if key is shown.key)
        descending = shown is None or shown.descending
        header.setSortIndicatorShown(True)
        header.setSortIndicator(column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
        self.setColumnHidden(Column.SCORE, not scored)

    @Slot(int)
    def sort_by(self, column: int) -> None:
        """Sort by a column, or the other way round where it is sorted by already; the score has one way only."""
        if column == Column.SCORE:
            self.order_asked.emit(None)
        elif column in _KEYS:
            key = _KEYS[Column(column)]
            same = self._order is not None and self._order.key is key
            descending = not self._order.descending if same and self._order else key not in _ASCENDING_FIRST
            self.order_asked.emit(Order(key, descending))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out a column where there is no room."""
        super().resizeEvent(event)
        self.setColumnHidden(Column.KIND, self.viewport().width() < _NARROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are to be painted again, all of them at once."""
        model, offset, exposed = self.model(), self.verticalScrollBar().value(), event.rect()
        if not isinstance(model, LibraryItemModel):
            return
        chosen = self.selectionModel() if self.selectionModel().hasSelection() else None
        rows = [
            (row, row * ROW_HEIGHT - offset, chosen is not None and chosen.isSelected(model.index(row, 0)))
            for row in self._rows_between(exposed.top(), exposed.bottom())
        ]
        columns = tuple(
            (column, self.columnViewportPosition(column), self.columnWidth(column))
            for column in Column
            if not self.isColumnHidden(column)
        )
        layout = RowLayout(columns, ROW_HEIGHT, self.viewport().width(), self.devicePixelRatioF())
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._rows.paint(painter, model, rows, layout, self.font())
        painter.end()

    def repaint_items(self, paths: Collection[str]) -> None:
        """Paint those rows again whose pictures have come."""
        model, offset = self.model(), self.verticalScrollBar().value()
        left = self.columnViewportPosition(Column.NAME)
        if isinstance(model, LibraryItemModel):
            for row in self._rows_between(0, self.viewport().height() - 1):
                if model.item(row).path in paths:
                    self.viewport().update(left, row * ROW_HEIGHT - offset, THUMBNAIL_WIDTH + 2 * MARGIN, ROW_HEIGHT)

    def _rows_between(self, top: int, bottom: int) -> range:
        """Return the rows that touch a stretch of the viewport."""
        offset = self.verticalScrollBar().value()
        first, last = (top + offset) // ROW_HEIGHT, (bottom + offset) // ROW_HEIGHT
        return range(max(0, first), min(last + 1, self.model().rowCount()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space previews, Copy copies paths, Delete removes; the rest is Qt's."""
        if not pressed(self, event):
            super().keyPressEvent(event)

    @Slot()
    def _fetch_ahead(self) -> None:
        """Ask for the next page well before its place comes into sight, and for room for painting what moves."""
        window_moves()
        bar = self.verticalScrollBar()
        if self.isVisible() and bar.maximum() - bar.value() < _PREFETCH_SCREENS * self.viewport().height():
            self.model().fetchMore(QModelIndex())
