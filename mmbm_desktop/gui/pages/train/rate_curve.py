"""Paints the loss over growing learning rates, with the proposal marked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from mmbm_desktop.gui.training_words import number

if TYPE_CHECKING:
    from mmbm_desktop.gui.theme.theme import Theme
    from mmbm_desktop.protocol.results import FindRateResult

_HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 150, 44, 8, 10, 22
_ABOVE = 1.5
"""How far above the losses at the start the painted part reaches, in their distance to the lowest; a loss that
diverges leaves it, or the dip could not be seen."""


class RateCurve(QWidget):
    """Loss upwards, rate to the right on a logarithmic scale."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.found: FindRateResult | None = None
        self._until: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        theme.changed.connect(self.update)

    def show_found(self, found: FindRateResult, until: float | None = None) -> None:
        """Show another curve; one that is still growing has a place for the rates up to `until`."""
        self.found, self._until = found, until
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, _HEIGHT)

    @property
    def area(self) -> QRectF:
        """Where the curve is painted."""
        return QRectF(_LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM)

    def place(self, rate: float, loss: float) -> QPointF:
        """Return where a rate and a loss are painted."""
        low, high = self._losses()
        first, last = self._decades()
        along = (math.log10(rate) - first) / (last - first)
        area = self.area
        return QPointF(area.left() + along * area.width(), area.bottom() - (loss - low) / (high - low) * area.height())

    def _losses(self) -> tuple[float, float]:
        losses = self.found.losses if self.found is not None and self.found.losses else (0.0, 1.0)
        low, start = min(losses), losses[0]
        reach = low + _ABOVE * max(start - low, 0.05 * abs(start), 1e-6)
        high = min(max(losses), reach)
        return low, high if high > low else low + 1.0

    def _decades(self) -> tuple[int, int]:
        rates = self.found.rates if self.found is not None and self.found.rates else (1e-6, 1.0)
        first = math.floor(math.log10(rates[0]) + 1e-9)
        return first, max(first + 1, math.ceil(math.log10(self._until or rates[-1]) - 1e-9))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        if self.found is not None:
            self._paint_curve(painter, self.found)
            if self.found.proposal is not None:
                self._paint_proposal(painter, self.found.proposal)

    def _paint_axes(self, painter: QPainter) -> None:
        area, (low, high), (first, last) = self.area, self._losses(), self._decades()
        metrics = painter.fontMetrics()
        for exponent in range(first, last + 1):
            x = self.place(10.0**exponent, low).x()
            painter.setPen(self._theme.colour("line"))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(self._theme.colour("dim"))
            text = f"{10.0**exponent:g}".replace("e-0", "e-")
            wide = metrics.horizontalAdvance(text)
            left = min(max(x - wide / 2, 0.0), self.width() - wide)
            painter.drawText(QPointF(left, self.height() - 6), text)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for loss, down in ((low, -18), (high, -2)):
            y = self.place(10.0**first, loss).y()
            painter.drawText(QRectF(0, y + down, _LEFT - 6, 20), middle, number(loss))

    def _paint_curve(self, painter: QPainter, found: FindRateResult) -> None:
        painter.save()
        painter.setClipRect(self.area.adjusted(-2, -2, 2, 2))
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        points = [self.place(rate, loss) for rate, loss in zip(found.rates, found.losses, strict=True)]
        painter.drawPolyline(QPolygonF(points))
        painter.restore()

    def _paint_proposal(self, painter: QPainter, proposal: float) -> None:
        area = self.area
        x = self.place(proposal, self._losses()[0]).x()
        painter.setPen(QPen(self._theme.colour("warning"), 2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        text = f"{proposal:g}"
        wide = painter.fontMetrics().horizontalAdvance(text)
        left = x + 6 if x + 6 + wide < area.right() else x - 6 - wide
        painter.drawText(QPointF(left, area.top() + painter.fontMetrics().ascent()), text)

    def _describe(self) -> None:
        """Say to a screen reader what the curve shows."""
        text = self.tr("Loss at growing learning rates")
        if self.found is not None and self.found.lowest_at is not None:
            text += ": " + self.tr("lowest at {rate}").format(rate=f"{self.found.lowest_at:.2g}")
        self.setAccessibleName(text)
        self.setToolTip(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self._describe()
        super().changeEvent(event)
