"""A picture and what was made of it, painted side by side: the whole one at the left, its variants beside it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

COLUMNS = 5
_GAP, _RADIUS, _SMALLEST, _LARGEST = 4, 4.0, 24, 88


class VariantRow(QWidget):
    """Shows PNG files in Base64, as squares, or else as wide as there is room for: spectrograms."""

    def __init__(self, whole: str, variants: Sequence[str], *, square: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self.setFixedHeight(lines * (self._tile.height() + _GAP) - _GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint(painter, self.whole, 0, 0)
        for number, image in enumerate(self.variants):
            line, column = divmod(number, COLUMNS - 1)
            self._paint(painter, image, column + 1, line)

    def _paint(self, painter: QPainter, image: QImage, column: int, line: int) -> None:
        tile = self._tile
        left, top = column * (tile.width() + _GAP), line * (tile.height() + _GAP)
        area = QRectF(left, top, tile.width(), tile.height())
        path = QPainterPath()
        path.addRoundedRect(area, _RADIUS, _RADIUS)
        painter.setClipPath(path)
        painter.drawImage(area, image)


def _image(png: str) -> QImage:
    return QImage.fromData(base64.b64decode(png))
