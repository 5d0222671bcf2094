"""A pixmap to paint on, as sharp as the screen it will be seen on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap

if TYPE_CHECKING:
    from PySide6.QtCore import QSize


def blank_pixmap(size: QSize, ratio: float) -> QPixmap:
    """Return a transparent pixmap; `size` is in logical pixels, of `ratio` device pixels each."""
    pixmap = QPixmap((size.toSizeF() * ratio).toSize())
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
