"""How a tile of the grid is painted: the picture, its badge, what stands for it while it is not there, the divider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mmbm_desktop.gui.fact_words import duration_text
from mmbm_desktop.gui.hit_words import HitWords
from mmbm_desktop.gui.pages.library.painted_parts import PILL_HEIGHT, PaintedParts
from mmbm_desktop.gui.pages.library.thumbnails import Thumbnails, TileShape
from mmbm_desktop.gui.state.library_item_model import LibraryItemModel
from mmbm_desktop.protocol.results import Item
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from mmbm_desktop.gui.theme.theme import Theme

RADIUS = 10
UNLIKELY_OPACITY = 0.45
_PILL_MARGIN = 6
Place = tuple[int, int, int, int]
"""Left, top, width and height."""


class TileDelegate(QStyledItemDelegate):
    """Paints tiles in the theme's colours. The badge's pill is dark in both themes: it lies on a photo."""

    def __init__(self, thumbnails: Thumbnails, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._colour: Callable[[str], QColor] = theme.colour
        self._words = HitWords(self)
        self._parts = PaintedParts(theme.colour)
        self._shape = TileShape(QSize(), 0.0)
        theme.changed.connect(self._parts.forget)

    def begin_painting(self) -> None:
        """Say that the tiles painted next are the ones in sight."""
        self._thumbnails.begin_painting()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one tile where Qt asks for it, as under the mouse while tiles are dragged."""
        model, rect = index.model(), option.rect
        if isinstance(model, LibraryItemModel):
            ratio = painter.device().devicePixelRatioF()
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            place = (rect.left(), rect.top(), rect.width(), rect.height())
            self.paint_tile(painter, place, model, index.row(), option.font, ratio)
            self.paint_frame(painter, rect, selected=selected, focused=focused)

    def paint_tile(
        self, painter: QPainter, place: Place, model: LibraryItemModel, row: int, font: QFont, ratio: float
    ) -> None:
        """Paint the tile of a row with as few calls of the painter as there can be; see `painted_parts`."""
        item, unlikely = model.item(row), model.is_unlikely(row)
        if unlikely:
            painter.setOpacity(UNLIKELY_OPACITY)
        self._paint_picture(painter, place, item, model.title(row), font, ratio)
        left, bottom = place[0] + _PILL_MARGIN, place[1] + place[3] - _PILL_MARGIN
        sound = duration_text(item.duration_s) if item.kind is MediaKind.RECORDING else ""
        for text in filter(None, (model.badge(row), sound)):
            pill = self._parts.pill(text, font, ratio)
            painter.drawPixmap(left, bottom - PILL_HEIGHT, pill)
            left += round(pill.width() / ratio) + 4
        if unlikely:
            painter.setOpacity(1.0)

    def paint_frame(self, painter: QPainter, rect: QRect, *, selected: bool, focused: bool) -> None:
        """Paint what says that a tile is selected, and where the keyboard is."""
        if not selected and not focused:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._colour("accent"), 3 if selected else 1))
        inset = 1.5 if selected else 0.5
        painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), RADIUS - 1, RADIUS - 1)
        if selected and focused:
            painter.setPen(QPen(self._colour("panel"), 1))
            painter.drawRoundedRect(QRectF(rect).adjusted(3.5, 3.5, -3.5, -3.5), RADIUS - 3, RADIUS - 3)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the size of the tile: the grid decides it."""
        return option.rect.size()

    def paint_divider(self, painter: QPainter, rect: QRect, font: QFont, *, nothing: bool = False) -> None:
        """Paint the line before the unlikely, with its words in the middle; `nothing` likely lies before it."""
        text = self._words.nothing() if nothing else self.tr("probably not what you meant")
        metrics = QFontMetrics(font)
        half = metrics.horizontalAdvance(text) // 2 + 12
        middle = rect.center()
        painter.setPen(QPen(self._colour("line"), 1))
        painter.drawLine(rect.left(), middle.y(), middle.x() - half, middle.y())
        painter.drawLine(middle.x() + half, middle.y(), rect.right(), middle.y())
        painter.setPen(self._colour("dim"))
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_picture(
        self, painter: QPainter, place: Place, item: Item, title: str, font: QFont, ratio: float
    ) -> None:
        words = ""
        if item.kind is MediaKind.PHOTO:
            pixmap = self._thumbnails.pixmap(item, self._shape_of(place, ratio))
            if pixmap is not None:
                painter.drawPixmap(*place, pixmap)
                return
            if self._thumbnails.broken(item):
                words = self.tr("No preview")
        else:
            words = item.text or title
        painter.drawPixmap(place[0], place[1], self._parts.card(words, place[2:], RADIUS, font, ratio))

    def _shape_of(self, place: Place, ratio: float) -> TileShape:
        """Return the shape of a tile's picture: the same one as before, as all tiles are equal."""
        size = (round(place[2] * ratio), round(place[3] * ratio))
        if self._shape.key != (*size, RADIUS * ratio):
            self._shape = TileShape(QSize(*size), RADIUS * ratio)
        return self._shape
