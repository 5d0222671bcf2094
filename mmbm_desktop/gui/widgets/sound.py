"""Painted sound: a level meter and a waveform. Values are 0..1 of full scale."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mmbm_desktop.gui.theme.theme import Theme

_BAR, _GAP = 3, 2
_LOUD, _TOO_LOUD = 0.7, 0.97


class LevelMeter(QWidget):
    """A bar as long as the sound is loud, on a decibel scale from -60 dB to full."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._peak = 0.0
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def fraction(self) -> float:
        """How much of the bar is filled, 0..1."""
        from math import log10

        return max(0.0, min(1.0, 1.0 + log10(self._peak) / 3.0)) if self._peak > 0 else 0.0

    def set_level(self, peak: float) -> None:
        """Show a loudness, 0..1 of full scale."""
        self._peak = peak
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        painter.setBrush(self._theme.colour("line"))
        painter.drawRoundedRect(area, 3, 3)
        name = "danger" if self._peak >= _TOO_LOUD else "warning" if self._peak >= _LOUD else "accent"
        painter.setBrush(self._theme.colour(name))
        area.setWidth(area.width() * self.fraction)
        painter.drawRoundedRect(area, 3, 3)


class Waveform(QWidget):
    """Bars of a sound's peaks; new ones push the oldest out on the left."""

    def __init__(self, theme: Theme, colour: str = "accent", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._colour = theme, colour
        self._peaks: deque[float] = deque(maxlen=2000)
        self.setMinimumHeight(32)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(128, 48)

    @property
    def peaks(self) -> tuple[float, ...]:
        """What is shown, oldest first."""
        return tuple(self._peaks)

    def push(self, peaks: Iterable[float]) -> None:
        """Add peaks at the right end."""
        self._peaks.extend(peaks)
        self.update()

    def set_peaks(self, peaks: Iterable[float]) -> None:
        """Show these peaks instead of what was there."""
        self._peaks.clear()
        self.push(peaks)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(self._colour))
        bars = self.width() // (_BAR + _GAP)
        shown = [0.0] * max(0, bars - len(self._peaks)) + list(self._peaks)[-bars:]
        middle, half = self.height() / 2, self.height() / 2 - 1
        for number, peak in enumerate(shown):
            height = max(1.0, half * min(1.0, peak**0.6))
            painter.drawRoundedRect(QRectF(number * (_BAR + _GAP), middle - height, _BAR, 2 * height), 1.5, 1.5)
