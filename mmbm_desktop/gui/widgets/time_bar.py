"""A painted strip that shows where in a recording something is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.theme import Theme

_HEIGHT, _RADIUS = 8, 4
_NARROWEST = 8.0
"""Pixels; a shorter stretch would not be seen."""


class TimeBar(QWidget):
    """The whole recording as a dim line, one stretch of it in the accent colour. Times are in seconds."""

    def __init__(
        self, theme: Theme, start_s: float, end_s: float, duration_s: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        whole = max(duration_s, end_s)
        self.stretch = (max(0.0, start_s / whole), min(1.0, end_s / whole)) if whole > 0 else (0.0, 1.0)
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(8 * _HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(30 * _HEIGHT, _HEIGHT)

    def stretch_area(self) -> QRectF:
        """Return where the stretch is painted, in this widget's pixels."""
        start, end = (part * self.width() for part in self.stretch)
        wide = min(max(end - start, _NARROWEST), float(self.width()))
        return QRectF(min(start, self.width() - wide), 0.0, wide, float(self.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("line"))
        painter.drawRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(self.stretch_area(), _RADIUS, _RADIUS)
