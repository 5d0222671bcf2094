"""The list of items: a Qt table with rows of one height, so that only the visible ones ever cost anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from mmbm_desktop.gui.pages.library.item_keys import pressed
from mmbm_desktop.gui.state.library_item_model import Column, ItemRole
from mmbm_desktop.gui.theme import icons
from mmbm_desktop.gui.widgets.tile_image import TileShape
from mmbm_desktop.protocol.order import Order, SortKey
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from mmbm_desktop.gui.pages.library.thumbnails import Thumbnails
    from mmbm_desktop.gui.theme.theme import Theme

ROW_HEIGHT = 48
_THUMBNAIL = QSize(48, 36)
_RADIUS, _MARGIN = 4, 8
_PREFETCH_SCREENS = 2
_UNLIKELY_OPACITY = 0.55
_WIDTHS = {Column.NAME: 200, Column.KIND: 84, Column.DATE: 132, Column.SIZE: 76, Column.SCORE: 66}
_NARROW = 740
"""Below so many pixels the kind, which the picture shows as well, leaves its room to the caption."""
_KEYS = {Column.NAME: SortKey.NAME, Column.DATE: SortKey.DATE, Column.SIZE: SortKey.SIZE}
_ASCENDING_FIRST = (SortKey.NAME,)


class CellDelegate(QStyledItemDelegate):
    """Paints a cell: the first with its thumbnail and file name, all dim where a row is probably not what was meant."""

    def __init__(self, thumbnails: Thumbnails, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails, self._theme = thumbnails, theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one cell."""
        rect, selected = option.rect, bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(rect, self._theme.colour("accent_soft"))
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setOpacity(_UNLIKELY_OPACITY if index.data(ItemRole.UNLIKELY) else 1.0)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        inner = rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        if index.column() == Column.NAME:
            self._paint_thumbnail(painter, inner, index)
            inner.setLeft(inner.left() + _THUMBNAIL.width() + _MARGIN)
            text = index.data(ItemRole.ITEM).path.replace("\\", "/").rpartition("/")[2]
        painter.setPen(self._theme.colour("text" if index.column() in (Column.NAME, Column.CAPTION) else "dim"))
        painter.setFont(option.font)
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | _side(Column(index.column())), shown)
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, inner: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        item = index.data(ItemRole.ITEM)
        place = QRect(inner.left(), inner.center().y() - _THUMBNAIL.height() // 2, *_THUMBNAIL.toTuple())
        ratio = painter.device().devicePixelRatioF()
        if item.kind is MediaKind.PHOTO:
            shape = TileShape((_THUMBNAIL.toSizeF() * ratio).toSize(), _RADIUS * ratio)
            pixmap = self._thumbnails.pixmap(item, shape)
            if pixmap is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawPixmap(place, pixmap)
                return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.colour("hover"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(place), _RADIUS, _RADIUS)
        if item.kind is not MediaKind.PHOTO:
            picture = icons.pixmap("audio-lines", self._theme.tokens.dim, 18, max(1, round(ratio)))
            painter.drawPixmap(place.center().x() - 8, place.center().y() - 8, picture)


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
        self._thumbnails = thumbnails
        self._order: Order | None = None
        self.setItemDelegate(CellDelegate(thumbnails, theme, self))
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
        """Paint the rows that can be seen."""
        self._thumbnails.begin_painting()
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space previews, Copy copies paths, Delete removes; the rest is Qt's."""
        if not pressed(self, event):
            super().keyPressEvent(event)

    @Slot()
    def _fetch_ahead(self) -> None:
        """Ask for the next page well before its place comes into sight."""
        bar = self.verticalScrollBar()
        if self.isVisible() and bar.maximum() - bar.value() < _PREFETCH_SCREENS * self.viewport().height():
            self.model().fetchMore(QModelIndex())


def _side(column: Column) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column is Column.SIZE else Qt.AlignmentFlag.AlignLeft
