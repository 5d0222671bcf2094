"""A picture and what was made of it, painted side by side: the whole one at the left, its variants beside it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

COLUMNS = 5
_GAP, _RADIUS, _SMALLEST, _LARGEST = 4, 4.0, 24, 88
_WORDS = 18
"""Height of what is written below a tile."""


class VariantRow(QWidget):
    """Shows PNG files in Base64, as squares, or else as wide as there is room for: spectrograms.

    Args:
        whole: the picture at the left.
        variants: those beside it.
        square: whether they are squares.
        words: what is written below the whole and each variant; none where empty.
        parent: as of every widget.
    """

    def __init__(
        self,
        whole: str,
        variants: Sequence[str],
        *,
        square: bool,
        words: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.words = tuple(words)
        self.whole = _image(whole)
        self.variants = [_image(one) for one in variants]
        self._square = square
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self._set_height()

    def sizeHint(self) -> QSize:
        return QSize(COLUMNS * (_LARGEST + _GAP), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._set_height()
        super().resizeEvent(event)

    @property
    def _tile(self) -> QSize:
        width = max(_SMALLEST, (self.width() - (COLUMNS - 1) * _GAP) // COLUMNS)
        return QSize(min(width, _LARGEST), min(width, _LARGEST)) if self._square else QSize(width, 64)

    def _set_height(self) -> None:
        lines = max(1, -(-len(self.variants) // (COLUMNS - 1)))
        self.setFixedHeight(lines * self._pitch - _GAP)

    @property
    def _pitch(self) -> int:
        """From one line of tiles to the next."""
        return self._tile.height() + _GAP + (_WORDS if self.words else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for number, image in enumerate((self.whole, *self.variants)):
            line, column = divmod(number - 1, COLUMNS - 1) if number else (0, -1)
            area = self._area(column + 1, line)
            self._paint(painter, image, area)
            if number < len(self.words):
                self._write(painter, self.words[number], area)

    def _area(self, column: int, line: int) -> QRectF:
        tile = self._tile
        return QRectF(column * (tile.width() + _GAP), line * self._pitch, tile.width(), tile.height())

    def _write(self, painter: QPainter, words: str, area: QRectF) -> None:
        painter.setClipping(False)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        below = QRectF(area.left(), area.bottom(), area.width(), _WORDS)
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint(self, painter: QPainter, image: QImage, area: QRectF) -> None:
        path = QPainterPath()
        path.addRoundedRect(area, _RADIUS, _RADIUS)
        painter.setClipPath(path)
        painter.drawImage(area, image)


def _image(png: str) -> QImage:
    return QImage.fromData(base64.b64decode(png))
