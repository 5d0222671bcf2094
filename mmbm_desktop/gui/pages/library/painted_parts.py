"""Small parts of tiles as pixmaps that are painted once: labels, and the cards that stand for what has no picture.

Each call of a painter from Python gives Python's lock away and waits for it again, beside a busy thread for a moment
each; a part that is a pixmap is one call, whatever is on it.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from mmbm_desktop.gui.widgets.blank_pixmap import blank_pixmap

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

PILL_HEIGHT, PILL_PIXELS = 18, 11
_PILL_BACK, _PILL_TEXT = QColor(0, 0, 0, 150), QColor(255, 255, 255)
_PILL_RADIUS, _CARD_MARGIN = 6, 12
_KEPT = 300


class PaintedParts:
    """Remembers the last few hundred parts. `colour` gives the theme's colours; `forget` when they have changed."""

    def __init__(self, colour: Callable[[str], QColor]) -> None:
        self._colour = colour
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()

    def forget(self) -> None:
        """Paint everything anew."""
        self._kept.clear()

    def pill(self, text: str, font: QFont, ratio: float) -> QPixmap:
        """Return a small dark label, as wide as its text needs; `ratio` is device pixels a pixel."""
        return self._part(("pill", text, ratio), lambda: _pill(text, font, ratio))

    def card(self, words: str, size: tuple[int, int], radius: int, font: QFont, ratio: float) -> QPixmap:
        """Return a card of (width, height) with words on it, or nothing."""
        key = ("card", words, size, ratio)
        return self._part(key, lambda: self._card(words, size, radius, font, ratio))

    def _part(self, key: Hashable, paint: Callable[[], QPixmap]) -> QPixmap:
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = paint()
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found

    def _card(self, words: str, size: tuple[int, int], radius: int, font: QFont, ratio: float) -> QPixmap:
        pixmap, area = blank_pixmap(QSize(*size), ratio), QRect(0, 0, *size)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colour("line"), 1))
        painter.setBrush(self._colour("panel"))
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if words:
            painter.setPen(self._colour("text"))
            painter.setFont(font)
            inner = area.adjusted(_CARD_MARGIN, _CARD_MARGIN, -_CARD_MARGIN, -_CARD_MARGIN - PILL_HEIGHT)
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, words)
        painter.end()
        return pixmap


def _pill(text: str, font: QFont, ratio: float) -> QPixmap:
    small = QFont(font)
    small.setPixelSize(PILL_PIXELS)
    area = QRect(0, 0, QFontMetrics(small).horizontalAdvance(text) + 12, PILL_HEIGHT)
    pixmap = blank_pixmap(area.size(), ratio)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_PILL_BACK)
    painter.drawRoundedRect(area, _PILL_RADIUS, _PILL_RADIUS)
    painter.setPen(_PILL_TEXT)
    painter.setFont(small)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return pixmap
