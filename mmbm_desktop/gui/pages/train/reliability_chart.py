"""A painted chart of how far probabilities can be believed: what a model said, and how often it was right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mmbm_desktop.gui.theme.tokens import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.training import Believed

_SIDE, _LEFT, _BELOW, _BARS = 220, 52, 24, 10
_MARKS = (0.0, 0.5, 1.0)


class ReliabilityChart(QWidget):
    """A bar a tenth of the probabilities, as high as the share that was right; on the diagonal both agree."""

    def __init__(self, bins: Sequence[Believed], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bins, self._theme = tuple(bins), theme
        font = self.font()
        font.setPixelSize(SMALL)
        self.setFont(font)
        self.setFixedSize(_LEFT + _SIDE + 24, _SIDE + _BELOW + 8)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip("\n".join(self._lines()))
        self.setAccessibleName("; ".join(self._lines()))
        theme.changed.connect(self.update)

    def _lines(self) -> list[str]:
        return [
            self.tr("said {said} %, right {right} %: {count}").format(
                said=round(100 * one.said), right=round(100 * one.right), count=one.items
            )
            for one in self.bins
        ]

    def bar(self, one: Believed) -> QRectF:
        """Return where a bar is painted."""
        wide = _SIDE / _BARS
        place = min(_BARS - 1, int(one.said * _BARS))
        return QRectF(_LEFT + place * wide + 1, 8 + _SIDE * (1 - one.right), wide - 2, _SIDE * one.right)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour("line"))
        painter.drawRect(QRectF(_LEFT, 8, _SIDE, _SIDE))
        painter.setPen(Qt.PenStyle.NoPen)
        most = max((one.items for one in self.bins), default=1)
        for one in self.bins:
            colour = self._theme.colour("accent")
            colour.setAlphaF(0.3 + 0.7 * one.items / most)
            painter.setBrush(colour)
            painter.drawRect(self.bar(one))
        painter.setPen(QPen(self._theme.colour("dim"), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(_LEFT, 8 + _SIDE), QPointF(_LEFT + _SIDE, 8))
        self._write_marks(painter)

    def _write_marks(self, painter: QPainter) -> None:
        painter.setPen(self._theme.colour("dim"))
        for mark in _MARKS:
            text = f"{round(100 * mark)} %"
            across, down = QRectF(0, 0, _LEFT - 6, 16), QRectF(0, 0, _LEFT, 16)
            across.moveCenter(QPointF((_LEFT - 6) / 2, 8 + _SIDE * (1 - mark)))
            down.moveCenter(QPointF(_LEFT + _SIDE * mark, 8 + _SIDE + 12))
            painter.drawText(across, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            painter.drawText(down, Qt.AlignmentFlag.AlignCenter, text)
