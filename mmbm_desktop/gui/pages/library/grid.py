"""The grid of tiles: a Qt list view whose geometry is arithmetic, so that its cost does not grow with its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from mmbm_desktop.base.giving_way import window_moves
from mmbm_desktop.gui.pages.library.grid_geometry import GAP, GridGeometry
from mmbm_desktop.gui.pages.library.item_keys import pressed
from mmbm_desktop.gui.state.library_item_model import LibraryItemModel

if TYPE_CHECKING:
    from collections.abc import Collection

    from mmbm_desktop.gui.pages.library.tile_delegate import TileDelegate

_PREFETCH_SCREENS = 2
_Step = QAbstractItemView.CursorAction


class ThumbnailGrid(QListView):
    """Tiles in as many columns as fit, a divider before the unlikely ones; only visible rows are ever touched.

    It is a `QListView` for its selection, keyboard and accessibility; where tiles lie comes from `GridGeometry`.
    """

    opened = Signal(QModelIndex)
    preview_wanted = Signal(QModelIndex)
    copy_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, delegate: TileDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = delegate
        self._geometry = GridGeometry(1, 0, 0)
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self.setItemDelegate(delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self.opened)
        self.verticalScrollBar().valueChanged.connect(self._fetch_ahead)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show a library model."""
        super().setModel(model)
        if isinstance(model, LibraryItemModel):
            model.boundary_changed.connect(self._lay_out)
            model.rowsAboutToBeInserted.connect(self._remember_place)
            model.rowsAboutToBeRemoved.connect(self._remember_place)
            model.rowsInserted.connect(self._return_to_place)
            model.rowsRemoved.connect(self._return_to_place)
        self._lay_out()

    @property
    def visible_rows(self) -> range:
        """The rows that can be seen now, even in part."""
        top = self.verticalOffset()
        return self._geometry.rows_between(top, top + self.viewport().height() - 1)

    def visualRect(self, index: QModelIndex | QPersistentModelIndex) -> QRect:
        """Return where a tile lies in the viewport."""
        if not index.isValid() or index.row() >= self._geometry.count:
            return QRect()
        return self._geometry.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the tile at a point of the viewport."""
        row = self._geometry.row_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self.model().index(row, 0)

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll as little as needed to show a whole tile, or to its place in the viewport that `hint` names."""
        rect = self.visualRect(index)
        if rect.isNull():
            return
        bar, room = self.verticalScrollBar(), self.viewport().height()
        match hint:
            case QAbstractItemView.ScrollHint.PositionAtTop:
                delta = rect.top()
            case QAbstractItemView.ScrollHint.PositionAtBottom:
                delta = rect.bottom() + 1 - room
            case QAbstractItemView.ScrollHint.PositionAtCenter:
                delta = rect.center().y() - room // 2
            case _:
                delta = min(rect.top(), 0) or max(rect.bottom() + 1 - room, 0)
        bar.setValue(bar.value() + delta)

    def moveCursor(self, action: _Step, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Return where a key leads from the current tile."""
        count = self._geometry.count
        if not count:
            return QModelIndex()
        current = self.currentIndex()
        if not current.isValid():
            return self.model().index(self.visible_rows.start if self.visible_rows else 0, 0)
        return self.model().index(self._row_after(current.row(), action, count - 1), 0)

    def _row_after(self, row: int, action: _Step, last: int) -> int:
        page = max(1, self.viewport().height() // (self._geometry.tile.height() + GAP))
        lines = {_Step.MoveDown: 1, _Step.MoveUp: -1, _Step.MovePageDown: page, _Step.MovePageUp: -page}
        if action in lines:
            return self._geometry.row_beside(row, lines[action])
        if action in (_Step.MoveHome, _Step.MoveEnd):
            return 0 if action is _Step.MoveHome else last
        return min(row + 1, last) if action in (_Step.MoveRight, _Step.MoveNext) else max(row - 1, 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select the tiles that a rectangle of the viewport touches, or with Shift those between two tiles."""
        area = rect.normalized().translated(0, self.verticalOffset())
        selection = QItemSelection()
        for run in self._selected_runs(rect, area):
            last = self.model().columnCount() - 1
            selection.select(self.model().index(run.start, 0), self.model().index(run.stop - 1, last))
        self.selectionModel().select(selection, command)

    def _selected_runs(self, rect: QRect, area: QRect) -> list[range]:
        """A rubber band takes what it touches; a rectangle from tile to tile takes everything between them."""
        if self.state() is QAbstractItemView.State.DragSelectingState:
            return self._geometry.rows_in(area)
        first = self._geometry.row_at(rect.left(), rect.top() + self.verticalOffset())
        last = self._geometry.row_at(rect.right(), rect.bottom() + self.verticalOffset())
        if first is None or last is None:
            return self._geometry.rows_in(area)
        return [range(min(first, last), max(first, last) + 1)]

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return what to paint again when a selection changes: at most the viewport."""
        return QRegion() if selection.isEmpty() else QRegion(self.viewport().rect())

    def horizontalOffset(self) -> int:
        """The grid never scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:
        """Return how far the grid is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        """No tile is ever hidden."""
        return False

    def doItemsLayout(self) -> None:
        """Take the new number of tiles; Qt's own layout of every item is left out."""
        self._lay_out()
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        """Give the scroll bar its range."""
        self._set_geometry()
        room = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._geometry.height - room))
        bar.setPageStep(room)
        bar.setSingleStep(max(1, self._geometry.tile.height() // 3))
        QAbstractItemView.updateGeometries(self)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted and paint only what came into sight."""
        self.viewport().scroll(dx, dy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the topmost tile in sight while columns come and go."""
        self._remember_place()
        QAbstractItemView.resizeEvent(self, event)
        self._lay_out()
        self._return_to_place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tiles that can be seen."""
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._delegate.begin_painting()
        offset = self.verticalOffset()
        exposed = event.rect().translated(0, offset)
        rows = self._geometry.rows_between(exposed.top(), exposed.bottom())
        model, font, ratio = self.model(), self.font(), self.devicePixelRatioF()
        if isinstance(model, LibraryItemModel):
            for row in rows:
                left, top, width, height = self._geometry.place(row)
                self._delegate.paint_tile(painter, (left, top - offset, width, height), model, row, font, ratio)
            self._paint_frames(painter, rows, offset)
        divider = self._geometry.divider.translated(0, -offset)
        if divider.intersects(event.rect()):
            self._delegate.paint_divider(painter, divider, self.font(), nothing=self._geometry.boundary == 0)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space previews, Copy copies paths, Delete removes; the rest is Qt's."""
        if not pressed(self, event):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Lay out again when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._lay_out()

    def repaint_items(self, paths: Collection[str]) -> None:
        """Paint those tiles again whose pictures have come."""
        model, offset = self.model(), self.verticalOffset()
        if isinstance(model, LibraryItemModel):
            for row in self.visible_rows:
                if model.item(row).path in paths:
                    self.viewport().update(self._geometry.rect(row).translated(0, -offset))

    def _paint_frames(self, painter: QPainter, rows: range, offset: int) -> None:
        """Paint what says which tiles are selected, and where the keyboard is."""
        selection, current = self.selectionModel(), self.currentIndex().row() if self.hasFocus() else -1
        any_selected = selection.hasSelection()
        for row in rows if any_selected else (row for row in rows if row == current):
            selected = any_selected and selection.isSelected(self.model().index(row, 0))
            rect = self._geometry.rect(row).translated(0, -offset)
            self._delegate.paint_frame(painter, rect, selected=selected, focused=row == current)

    @Slot()
    def _lay_out(self) -> None:
        self.updateGeometries()
        self.viewport().update()

    def _set_geometry(self) -> None:
        model = self.model()
        count = model.rowCount() if model else 0
        boundary = model.first_unlikely if isinstance(model, LibraryItemModel) else count
        self._geometry = GridGeometry(self.viewport().width(), count, boundary)

    @Slot()
    def _remember_place(self) -> None:
        """Hold on to the topmost visible tile; at the very top hold nothing, so that new tiles come into sight."""
        rows = self.visible_rows
        self._anchor = None
        if self.verticalOffset() > 0 and rows:
            index = self.model().index(rows.start, 0)
            self._anchor = QPersistentModelIndex(index), self.visualRect(index).top()

    @Slot()
    def _return_to_place(self) -> None:
        self._lay_out()
        if self._anchor is None:
            return
        index, top = self._anchor
        if index.isValid():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(index).top() - top)

    @Slot()
    def _fetch_ahead(self) -> None:
        """Ask for the next page well before its place comes into sight, and for room for painting what moves."""
        window_moves()
        bar = self.verticalScrollBar()
        if bar.maximum() - bar.value() < _PREFETCH_SCREENS * self.viewport().height():
            self.model().fetchMore(QModelIndex())
