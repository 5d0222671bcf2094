"""How a tile of the grid is painted: the picture, its badge, what stands for it while it is not there, the divider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mmbm_desktop.gui.fact_words import duration_text
from mmbm_desktop.gui.hit_words import HitWords
from mmbm_desktop.gui.pages.library.thumbnails import Thumbnails, TileShape
from mmbm_desktop.gui.state.library_item_model import ItemRole
from mmbm_desktop.protocol.results import Item
from mmbm_desktop.protocol.tasks import MediaKind

if TYPE_CHECKING:
    from collections.abc import Callable

RADIUS = 10
UNLIKELY_OPACITY = 0.45
_PILL_HEIGHT = 18
_PILL_MARGIN = 6
_PILL_BACK = QColor(0, 0, 0, 150)
_PILL_TEXT = QColor(255, 255, 255)


class TileDelegate(QStyledItemDelegate):
    """Paints tiles in the theme's colours. The badge's pill is dark in both themes: it lies on a photo."""

    def __init__(self, thumbnails: Thumbnails, colour: Callable[[str], QColor], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._colour = colour
        self._words = HitWords(self)

    def begin_painting(self) -> None:
        """Say that the tiles painted next are the ones in sight."""
        self._thumbnails.begin_painting()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one tile."""
        item: Item = index.data(ItemRole.ITEM)
        unlikely = bool(index.data(ItemRole.UNLIKELY))
        rect = option.rect
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(UNLIKELY_OPACITY if unlikely and not _is(option, QStyle.StateFlag.State_MouseOver) else 1.0)
        self._paint_picture(painter, rect, item, index.data(Qt.ItemDataRole.DisplayRole), option.font)
        self._paint_pills(painter, rect, item, index.data(ItemRole.BADGE), option.font)
        painter.setOpacity(1.0)
        self._paint_frame(painter, option)
        painter.restore()

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

    def _paint_picture(self, painter: QPainter, rect: QRect, item: Item, title: str, font: QFont) -> None:
        if item.kind is MediaKind.PHOTO:
            ratio = painter.device().devicePixelRatioF()
            shape = TileShape((rect.size().toSizeF() * ratio).toSize(), RADIUS * ratio)
            pixmap = self._thumbnails.pixmap(item, shape)
            if pixmap is not None:
                painter.drawPixmap(rect, pixmap)
                return
        painter.setPen(QPen(self._colour("line"), 1))
        painter.setBrush(self._colour("panel"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if item.kind is not MediaKind.PHOTO:
            self._paint_words(painter, rect, item.text or title, font)
        elif self._thumbnails.broken(item):
            self._paint_words(painter, rect, self.tr("No preview"), font)

    def _paint_words(self, painter: QPainter, rect: QRect, words: str, font: QFont) -> None:
        painter.setPen(self._colour("text"))
        painter.setFont(font)
        inner = rect.adjusted(12, 12, -12, -12 - _PILL_HEIGHT)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, words)

    def _paint_pills(self, painter: QPainter, rect: QRect, item: Item, badge: str, font: QFont) -> None:
        small = QFont(font)
        small.setPixelSize(11)
        left, bottom = rect.left() + _PILL_MARGIN, rect.bottom() - _PILL_MARGIN
        if badge:
            left += self._paint_pill(painter, left, bottom, badge, small) + 4
        if item.kind is MediaKind.RECORDING:
            self._paint_pill(painter, left, bottom, duration_text(item.duration_s), small)

    def _paint_pill(self, painter: QPainter, left: int, bottom: int, text: str, font: QFont) -> int:
        """Paint a small dark label and return its width."""
        width = QFontMetrics(font).horizontalAdvance(text) + 12
        pill = QRect(left, bottom - _PILL_HEIGHT + 1, width, _PILL_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_PILL_BACK)
        painter.drawRoundedRect(pill, 6, 6)
        painter.setPen(_PILL_TEXT)
        painter.setFont(font)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        return width

    def _paint_frame(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """Paint what says that a tile is selected, and where the keyboard is."""
        selected, focused = _is(option, QStyle.StateFlag.State_Selected), _is(option, QStyle.StateFlag.State_HasFocus)
        if not selected and not focused:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._colour("accent"), 3 if selected else 1))
        inset = 1.5 if selected else 0.5
        painter.drawRoundedRect(QRectF(option.rect).adjusted(inset, inset, -inset, -inset), RADIUS - 1, RADIUS - 1)
        if selected and focused:
            painter.setPen(QPen(self._colour("panel"), 1))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(3.5, 3.5, -3.5, -3.5), RADIUS - 3, RADIUS - 3)


def _is(option: QStyleOptionViewItem, flag: QStyle.StateFlag) -> bool:
    return bool(option.state & flag)
