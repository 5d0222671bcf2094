"""Painted rows of classes: name, count, and a bar as long as the class is large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.dataset import ClassCount

ROW = 28
_BAR_HEIGHT, _GAP = 6, 12
_MOST_NAME, _BAR_SHARE = 0.5, 0.3


class ClassBars(QWidget):
    """As many rows as there are counts; thousands cost no more than what is seen of them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts: tuple[ClassCount, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_counts(self, counts: Sequence[ClassCount]) -> None:
        """Show these classes, the largest of which has the whole bar."""
        self._counts = tuple(counts)
        self.setAccessibleName(", ".join(f"{one.label} {one.items}" for one in self._counts[:50]))
        self.setFixedHeight(ROW * len(self._counts))
        self.updateGeometry()
        self.update()

    @property
    def counts(self) -> tuple[ClassCount, ...]:
        """What is shown."""
        return self._counts

    def sizeHint(self) -> QSize:
        return QSize(240, ROW * len(self._counts))

    def bar(self, row: int) -> QRectF:
        """Return where a row's filled bar is painted."""
        most = max((one.items for one in self._counts), default=1) or 1
        whole = self.width() * _BAR_SHARE
        long = whole * self._counts[row].items / most
        return QRectF(self.width() - whole, row * ROW + (ROW - _BAR_HEIGHT) / 2, long, _BAR_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last = event.rect().top() // ROW, event.rect().bottom() // ROW
        for row in range(max(0, first), min(last + 1, len(self._counts))):
            self._paint_row(painter, row)

    def _paint_row(self, painter: QPainter, row: int) -> None:
        one, top, width = self._counts[row], row * ROW, self.width()
        name_width = round(width * _MOST_NAME) - _GAP
        metrics = painter.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self._theme.colour("text"))
        text = metrics.elidedText(one.label, Qt.TextElideMode.ElideRight, name_width)
        painter.drawText(QRect(0, top, name_width, ROW), middle | Qt.AlignmentFlag.AlignLeft, text)
        count_width = round(width * (1 - _MOST_NAME - _BAR_SHARE)) - _GAP
        place = QRect(round(width * _MOST_NAME), top, count_width, ROW)
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, f"{one.items:,}")
        bar = self.bar(row)
        whole = QRectF(bar.topLeft(), QPointF(width, bar.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        for area, colour in ((whole, "line"), (bar, "accent")):
            painter.setBrush(self._theme.colour(colour))
            painter.drawRoundedRect(area, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
